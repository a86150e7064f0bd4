# ruff: noqa: PLR0915 - drafted by tools.migration; one statement for each table and index
"""Initial."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from didban.store.tables.types import TransactionId

revision = "0001"
down_revision = None

COMPAT = 1  # the oldest SCHEMA_VERSION whose code may still open the bank


def upgrade() -> None:
    """Go up."""
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "acknowledgement",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("record", "user", name=op.f("acknowledgement_pkey")),
    )
    op.create_table(
        "assurance",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("harm", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("assurance_pkey")),
    )
    op.create_index(op.f("assurance_record_idx"), "assurance", ["record"], unique=False)
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("audit_checkpoint_pkey")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "salt",
            sa.LargeBinary(),
            server_default=sa.text("uuid_send(gen_random_uuid())"),
            nullable=False,
        ),
        sa.Column(
            "xid", TransactionId(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("audit_entry_pkey")),
    )
    op.create_index(
        op.f("audit_entry_actor_audit_entry_number_idx"),
        "audit_entry",
        ["actor", "number"],
        unique=False,
    )
    op.create_index(
        op.f("audit_entry_at_idx"), "audit_entry", ["at"], unique=False, postgresql_using="brin"
    )
    op.create_index(
        "audit_entry_record_idx",
        "audit_entry",
        [sa.literal_column("(facts ->> 'record')")],
        unique=False,
        postgresql_where=sa.text("facts ->> 'record' is not null"),
    )
    op.create_index(
        op.f("audit_entry_subject_audit_entry_number_idx"),
        "audit_entry",
        ["subject", "number"],
        unique=False,
    )
    op.create_index(
        op.f("audit_entry_xid_audit_entry_number_idx"),
        "audit_entry",
        ["xid", "number"],
        unique=False,
    )
    op.create_table(
        "audit_leaf",
        sa.Column("leaf", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("leaf", name=op.f("audit_leaf_pkey")),
        sa.UniqueConstraint("entry", name=op.f("audit_leaf_entry_key")),
    )
    op.create_table(
        "audit_position",
        sa.Column("cluster", sa.Text(), nullable=False),
        sa.Column("xid", TransactionId(), nullable=False),
        sa.PrimaryKeyConstraint("cluster", name=op.f("audit_position_pkey")),
    )
    op.create_table(
        "authority",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("groups", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("authority_pkey")),
    )
    op.create_table(
        "blob",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "octet_length(sha256) = 32 and octet_length(content) = size",
            name=op.f("blob_whole_check"),
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("blob_pkey")),
    )
    op.create_table(
        "change",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "xid", TransactionId(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.Column("record", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("change_pkey")),
    )
    op.create_index(op.f("change_xid_idx"), "change", ["xid"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("consent_pkey")),
    )
    op.create_index(op.f("consent_record_idx"), "consent", ["record"], unique=False)
    op.create_table(
        "correction_position",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("correction_position_pkey")),
    )
    op.create_table(
        "counter_evidence",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attachment", sa.Text(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("counter_evidence_pkey")),
    )
    op.create_index(
        op.f("counter_evidence_record_idx"), "counter_evidence", ["record"], unique=False
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.Column("disputed_by", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(decision is null) = (decided_at is null)", name=op.f("dispute_decided_once_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("dispute_pkey")),
    )
    op.create_index(op.f("dispute_record_idx"), "dispute", ["record"], unique=False)
    op.create_table(
        "duty",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("duty_pkey")),
    )
    op.create_table(
        "erasure_key",
        sa.Column("only", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "key",
            sa.LargeBinary(),
            server_default=sa.text(
                "sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))"
            ),
            nullable=False,
        ),
        sa.CheckConstraint('"only"', name=op.f("erasure_key_only_check")),
        sa.PrimaryKeyConstraint("only", name=op.f("erasure_key_pkey")),
    )
    op.create_table(
        "follower",
        sa.Column("only", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint('"only"', name=op.f("follower_only_check")),
        sa.PrimaryKeyConstraint("only", name=op.f("follower_pkey")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("mentions", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("actor", "route", "key", name=op.f("idempotency_key_pkey")),
    )
    op.create_index(
        op.f("idempotency_key_made_at_idx"), "idempotency_key", ["made_at"], unique=False
    )
    op.create_table(
        "job",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_dead", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("job_pkey")),
        sa.UniqueConstraint("key", name=op.f("job_key_key")),
    )
    op.create_index(op.f("job_due_at_idx"), "job", ["due_at"], unique=False)
    op.create_table(
        "lookup",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("lookup_pkey")),
    )
    op.create_index(op.f("lookup_at_idx"), "lookup", ["at"], unique=False)
    op.create_index(
        op.f("lookup_user_lookup_person_idx"), "lookup", ["user", "person"], unique=False
    )
    op.create_table(
        "partner_assessment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("harm", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("offences", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sources", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assessed_by", sa.Text(), nullable=False),
        sa.Column("review_due", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("partner_assessment_pkey")),
        sa.UniqueConstraint(
            "partner", "harm", "version", name=op.f("partner_assessment_partner_harm_version_key")
        ),
    )
    op.create_table(
        "purpose_achieved",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.Column("achieved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("record", name=op.f("purpose_achieved_pkey")),
    )
    op.create_index(
        op.f("purpose_achieved_due_on_idx"), "purpose_achieved", ["due_on"], unique=False
    )
    op.create_table(
        "recent_use",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("recent_use_pkey")),
    )
    op.create_index(op.f("recent_use_at_idx"), "recent_use", ["at"], unique=False)
    op.create_index(
        op.f("recent_use_user_recent_use_kind_recent_use_at_idx"),
        "recent_use",
        ["user", "kind", "at"],
        unique=False,
    )
    op.create_table(
        "record_version",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record", "version", name=op.f("record_version_pkey")),
    )
    op.create_table(
        "refusal",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "record", name=op.f("refusal_pkey")),
    )
    op.create_index(op.f("refusal_until_idx"), "refusal", ["until"], unique=False)
    op.create_table(
        "rescreened",
        sa.Column("only", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.CheckConstraint('"only"', name=op.f("rescreened_only_check")),
        sa.PrimaryKeyConstraint("only", name=op.f("rescreened_pkey")),
    )
    op.create_table(
        "retention_assessment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("is_object", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("assessed_by", sa.Text(), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("retention_assessment_pkey")),
    )
    op.create_index(
        op.f("retention_assessment_owner_retention_assessment_assessed_at_idx"),
        "retention_assessment",
        ["owner", "assessed_at"],
        unique=False,
    )
    op.create_index(
        op.f("retention_assessment_record_idx"), "retention_assessment", ["record"], unique=False
    )
    op.create_table(
        "retention_review",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("retention_review_pkey")),
    )
    op.create_index(
        op.f("retention_review_owner_retention_review_due_on_idx"),
        "retention_review",
        ["owner", "due_on"],
        unique=False,
    )
    op.create_table(
        "schema_version",
        sa.Column("only", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("compat", sa.Integer(), nullable=False),
        sa.CheckConstraint('"only"', name=op.f("schema_version_only_check")),
        sa.PrimaryKeyConstraint("only", name=op.f("schema_version_pkey")),
    )
    op.create_table(
        "sighting",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("hit", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("sighting_pkey")),
        sa.UniqueConstraint("hit", name=op.f("sighting_hit_key")),
    )
    op.create_index(op.f("sighting_record_idx"), "sighting", ["record"], unique=False)
    op.create_table(
        "sign_in_failure",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("sign_in_failure_pkey")),
    )
    op.create_table(
        "signal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("handled_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("signal_pkey")),
    )
    op.create_index(
        "signal_open_key",
        "signal",
        ["kind", "user"],
        unique=True,
        postgresql_where=sa.text("state = 'raised'"),
    )
    op.create_index(op.f("signal_raised_at_idx"), "signal", ["raised_at"], unique=False)
    op.create_table(
        "suspension",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_by", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("review_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("suspension_pkey")),
    )
    op.create_index(
        "suspension_open_idx",
        "suspension",
        ["record", "cause"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "tombstone",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("tombstone_pkey")),
    )
    op.create_index(
        "tombstone_unlisted_idx",
        "tombstone",
        ["erased_at"],
        unique=False,
        postgresql_where=sa.text("listed_at IS NULL"),
    )
    op.create_table(
        "used_nonce",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("used_nonce_pkey")),
    )
    op.create_table(
        "check_made",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("clearance", sa.SmallInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("chip", sa.Text(), nullable=True),
        sa.Column("lag", sa.Float(), nullable=False),
        sa.Column("is_degraded", sa.Boolean(), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority"], ["authority.code"], name=op.f("check_made_authority_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("check_made_pkey")),
        sa.UniqueConstraint("number", name=op.f("check_made_number_key")),
    )
    op.create_index(
        op.f("check_made_authority_check_made_number_idx"),
        "check_made",
        ["authority", "number"],
        unique=False,
    )
    op.create_index(
        op.f("check_made_authority_check_made_user_check_made_number_idx"),
        "check_made",
        ["authority", "user", "number"],
        unique=False,
    )
    op.create_index(
        op.f("check_made_kept_until_idx"),
        "check_made",
        ["kept_until"],
        unique=False,
        postgresql_where=sa.text("asked is not null"),
    )
    op.create_table(
        "correction_notice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recipient"], ["authority.code"], name=op.f("correction_notice_recipient_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("correction_notice_pkey")),
        sa.UniqueConstraint(
            "entry", "recipient", name=op.f("correction_notice_entry_recipient_key")
        ),
    )
    op.create_index(
        op.f("correction_notice_recipient_correction_notice_told_at_idx"),
        "correction_notice",
        ["recipient", "told_at"],
        unique=False,
    )
    op.create_table(
        "device_token",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("clearance", sa.SmallInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "cardinality(roles) > 0 AND roles <@ '{first_line,passenger_unit,recorder}'::text[]",
            name=op.f("device_token_roles_check"),
        ),
        sa.CheckConstraint("place <> ''", name=op.f("device_token_place_check")),
        sa.ForeignKeyConstraint(
            ["authority"], ["authority.code"], name=op.f("device_token_authority_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("device_token_pkey")),
        sa.UniqueConstraint("digest", name=op.f("device_token_digest_key")),
    )
    op.create_index(op.f("device_token_authority_idx"), "device_token", ["authority"], unique=False)
    op.create_table(
        "duty_contact",
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority"], ["authority.code"], name=op.f("duty_contact_authority_fkey")
        ),
        sa.PrimaryKeyConstraint("authority", "post", "channel", name=op.f("duty_contact_pkey")),
    )
    op.create_table(
        "hit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("match", sa.Text(), nullable=False),
        sa.Column("check", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("checked_by", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("is_record_gone", sa.Boolean(), nullable=False),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["authority"], ["authority.code"], name=op.f("hit_authority_fkey")),
        sa.ForeignKeyConstraint(["owner"], ["authority.code"], name=op.f("hit_owner_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("hit_pkey")),
        sa.UniqueConstraint("match", name=op.f("hit_match_key")),
        sa.UniqueConstraint("number", name=op.f("hit_number_key")),
    )
    op.create_index(
        op.f("hit_authority_hit_state_hit_number_idx"),
        "hit",
        ["authority", "state", "number"],
        unique=False,
    )
    op.create_index(op.f("hit_record_idx"), "hit", ["record"], unique=False)
    op.create_index(op.f("hit_state_idx"), "hit", ["state"], unique=False)
    op.create_table(
        "judged_pair",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("left", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("judgement", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_reason", sa.Text(), nullable=False),
        sa.CheckConstraint('"left" < "right"', name=op.f("judged_pair_order_check")),
        sa.ForeignKeyConstraint(
            ["authority"], ["authority.code"], name=op.f("judged_pair_authority_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("judged_pair_pkey")),
    )
    op.create_index(op.f("judged_pair_left_idx"), "judged_pair", ["left"], unique=False)
    op.create_index(op.f("judged_pair_right_idx"), "judged_pair", ["right"], unique=False)
    op.create_index(
        "judged_pair_standing",
        "judged_pair",
        ["left", "right"],
        unique=True,
        postgresql_where=sa.text("undone_at is null"),
    )
    op.create_index(
        "judged_pair_standing_right",
        "judged_pair",
        ["right"],
        unique=False,
        postgresql_where=sa.text("undone_at is null"),
    )
    op.create_table(
        "node",
        sa.Column("only", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("is_training", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"only"', name=op.f("node_only_check")),
        sa.ForeignKeyConstraint(["host"], ["authority.code"], name=op.f("node_host_fkey")),
        sa.PrimaryKeyConstraint("only", name=op.f("node_pkey")),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority"], ["authority.code"], name=op.f("notification_authority_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("notification_pkey")),
        sa.UniqueConstraint("number", name=op.f("notification_number_key")),
    )
    op.create_index(op.f("notification_subject_idx"), "notification", ["subject"], unique=False)
    op.create_index(
        op.f("notification_authority_notification_given_up_at_idx"),
        "notification",
        ["authority", "given_up_at"],
        unique=False,
        postgresql_where=sa.text("given_up_at is not null"),
    )
    op.create_index(
        op.f("notification_next_try_at_idx"),
        "notification",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("next_try_at is not null"),
    )
    op.create_table(
        "onward_consent",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), server_default="", nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority"], ["authority.code"], name=op.f("onward_consent_authority_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["owner"], ["authority.code"], name=op.f("onward_consent_owner_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("onward_consent_pkey")),
    )
    op.create_index(op.f("onward_consent_record_idx"), "onward_consent", ["record"], unique=False)
    op.create_table(
        "oversight_question",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner"], ["authority.code"], name=op.f("oversight_question_owner_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("oversight_question_pkey")),
    )
    op.create_index(
        "oversight_question_open_key",
        "oversight_question",
        ["record"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index(
        op.f("oversight_question_owner_oversight_question_asked_at_idx"),
        "oversight_question",
        ["owner", "asked_at"],
        unique=False,
    )
    op.create_table(
        "passenger_list",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("clearance", sa.SmallInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("passengers", sa.Integer(), nullable=False),
        sa.Column("rejects", sa.Integer(), nullable=False),
        sa.Column("mask_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("masked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority"], ["authority.code"], name=op.f("passenger_list_authority_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("passenger_list_pkey")),
        sa.UniqueConstraint("number", name=op.f("passenger_list_number_key")),
    )
    op.create_index(
        op.f("passenger_list_authority_passenger_list_number_idx"),
        "passenger_list",
        ["authority", "number"],
        unique=False,
    )
    op.create_index(
        op.f("passenger_list_kept_until_idx"), "passenger_list", ["kept_until"], unique=False
    )
    op.create_index(
        op.f("passenger_list_mask_at_idx"),
        "passenger_list",
        ["mask_at"],
        unique=False,
        postgresql_where=sa.text("masked_at is null"),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("listed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("added", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("withdrawn", sa.Integer(), server_default="0", nullable=False),
        sa.Column("held_back", sa.Integer(), server_default="0", nullable=False),
        sa.Column("barred", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused", sa.Integer(), server_default="0", nullable=False),
        sa.Column("noted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_cut", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint("taken_in_at >= begun_at", name=op.f("publication_in_order_check")),
        sa.ForeignKeyConstraint(["owner"], ["authority.code"], name=op.f("publication_owner_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("publication_pkey")),
    )
    op.create_index(
        op.f("publication_dataset_publication_begun_at_idx"),
        "publication",
        ["dataset", "begun_at"],
        unique=False,
    )
    op.create_table(
        "quality_report",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("faults", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["authority.code"], name=op.f("quality_report_owner_fkey")
        ),
        sa.PrimaryKeyConstraint("owner", "dataset", "month", name=op.f("quality_report_pkey")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("every", sa.Interval(), nullable=False),
        sa.Column("stale_after", sa.Interval(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fresh_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["authority.code"], name=op.f("source_owner_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("source_pkey")),
        sa.UniqueConstraint("dataset", name=op.f("source_dataset_key")),
    )
    op.create_index(op.f("source_due_at_idx"), "source", ["due_at"], unique=False)
    op.create_table(
        "subject_request",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scoped_by", sa.Text(), nullable=True),
        sa.Column("deciders", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority"], ["authority.code"], name=op.f("subject_request_authority_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("subject_request_pkey")),
    )
    op.create_index(
        op.f("subject_request_authority_subject_request_received_at_idx"),
        "subject_request",
        ["authority", "received_at"],
        unique=False,
    )
    op.create_index(op.f("subject_request_state_idx"), "subject_request", ["state"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("clearance", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("enrolment_digest", sa.LargeBinary(), nullable=True),
        sa.Column("enrolment_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("own_person", sa.LargeBinary(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "cardinality(roles) > 0 AND (cardinality(roles) = 1 OR NOT roles && '{administrator,inspector,system,data_protection_officer}'::text[])",
            name=op.f("user_account_roles_check"),
        ),
        sa.ForeignKeyConstraint(
            ["authority"], ["authority.code"], name=op.f("user_account_authority_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("user_account_pkey")),
        sa.UniqueConstraint("enrolment_digest", name=op.f("user_account_enrolment_digest_key")),
        sa.UniqueConstraint("login", name=op.f("user_account_login_key")),
        sa.UniqueConstraint("subject", name=op.f("user_account_subject_key")),
    )
    op.create_index(op.f("user_account_authority_idx"), "user_account", ["authority"], unique=False)
    op.create_table(
        "visibility",
        sa.Column("number", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("audience", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("excluded", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("confidentiality", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["authority.code"], name=op.f("visibility_owner_fkey")),
        sa.PrimaryKeyConstraint("number", name=op.f("visibility_pkey")),
        sa.UniqueConstraint(
            "owner",
            "audience",
            "excluded",
            "confidentiality",
            name=op.f("visibility_owner_audience_excluded_confidentiality_key"),
        ),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("visibility", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("handling", sa.Text(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("attachment_sha256_fkey")),
        sa.ForeignKeyConstraint(
            ["visibility"], ["visibility.number"], name=op.f("attachment_visibility_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("attachment_pkey")),
    )
    op.create_index(op.f("attachment_record_idx"), "attachment", ["record"], unique=False)
    op.create_index(op.f("attachment_sha256_idx"), "attachment", ["sha256"], unique=False)
    op.create_table(
        "consultation",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("records", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["authority.code"], name=op.f("consultation_owner_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["request"], ["subject_request.id"], name=op.f("consultation_request_fkey")
        ),
        sa.PrimaryKeyConstraint("request", "owner", "round", name=op.f("consultation_pkey")),
    )
    op.create_index(
        op.f("consultation_owner_consultation_round_idx"),
        "consultation",
        ["owner", "round"],
        unique=False,
        postgresql_where=sa.text("finding is null"),
    )
    op.create_table(
        "hit_clock",
        sa.Column("hit", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hit"], ["hit.id"], name=op.f("hit_clock_hit_fkey")),
        sa.PrimaryKeyConstraint("hit", "clock", name=op.f("hit_clock_pkey")),
    )
    op.create_index(op.f("hit_clock_due_at_idx"), "hit_clock", ["due_at"], unique=False)
    op.create_table(
        "hit_event",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("hit", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hit"], ["hit.id"], name=op.f("hit_event_hit_fkey")),
        sa.PrimaryKeyConstraint("number", name=op.f("hit_event_pkey")),
    )
    op.create_index(
        op.f("hit_event_hit_hit_event_number_idx"), "hit_event", ["hit", "number"], unique=False
    )
    op.create_table(
        "hit_seen",
        sa.Column("hit", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hit"], ["hit.id"], name=op.f("hit_seen_hit_fkey")),
        sa.PrimaryKeyConstraint("hit", "user", "item", name=op.f("hit_seen_pkey")),
    )
    op.create_table(
        "match_made",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("check", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("prior", sa.Float(), nullable=False),
        sa.Column("origin", sa.SmallInteger(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_silenced", sa.Boolean(), nullable=False),
        sa.Column("is_rescreened", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["check"], ["check_made.id"], name=op.f("match_made_check_fkey")),
        sa.ForeignKeyConstraint(["owner"], ["authority.code"], name=op.f("match_made_owner_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("match_made_pkey")),
        sa.UniqueConstraint(
            "check", "record", "version", name=op.f("match_made_check_record_version_key")
        ),
        sa.UniqueConstraint("number", name=op.f("match_made_number_key")),
    )
    op.create_index(op.f("match_made_record_idx"), "match_made", ["record"], unique=False)
    op.create_index(
        "match_made_silenced_idx",
        "match_made",
        ["number"],
        unique=False,
        postgresql_where=sa.text("is_silenced"),
    )
    op.create_table(
        "non_match_token",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hit", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hit"], ["hit.id"], name=op.f("non_match_token_hit_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("non_match_token_pkey")),
    )
    op.create_index(op.f("non_match_token_digest_idx"), "non_match_token", ["digest"], unique=False)
    op.create_index(op.f("non_match_token_hit_idx"), "non_match_token", ["hit"], unique=False)
    op.create_index(op.f("non_match_token_record_idx"), "non_match_token", ["record"], unique=False)
    op.create_table(
        "owner_question",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("hit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("disclosure", sa.Text(), nullable=False),
        sa.Column("identity", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("visible_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=True),
        sa.Column("feedback_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority"], ["authority.code"], name=op.f("owner_question_authority_fkey")
        ),
        sa.ForeignKeyConstraint(["hit"], ["hit.id"], name=op.f("owner_question_hit_fkey")),
        sa.ForeignKeyConstraint(
            ["owner"], ["authority.code"], name=op.f("owner_question_owner_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("owner_question_pkey")),
        sa.UniqueConstraint("number", name=op.f("owner_question_number_key")),
    )
    op.create_index(
        "owner_question_asked_once",
        "owner_question",
        ["hit", "kind"],
        unique=True,
        postgresql_where=sa.text("state in ('draft', 'open')"),
    )
    op.create_index(op.f("owner_question_hit_idx"), "owner_question", ["hit"], unique=False)
    op.create_index(
        op.f("owner_question_owner_owner_question_visible_from_owner_question_id_idx"),
        "owner_question",
        ["owner", "visible_from", "id"],
        unique=False,
    )
    op.create_table(
        "passenger",
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("check", sa.Text(), nullable=True),
        sa.Column("is_masked", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(["check"], ["check_made.id"], name=op.f("passenger_check_fkey")),
        sa.ForeignKeyConstraint(
            ["list"], ["passenger_list.id"], name=op.f("passenger_list_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list", "position", name=op.f("passenger_pkey")),
    )
    op.create_index(op.f("passenger_check_idx"), "passenger", ["check"], unique=False)
    op.create_table(
        "passenger_unmasking",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["list"],
            ["passenger_list.id"],
            name=op.f("passenger_unmasking_list_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("passenger_unmasking_pkey")),
    )
    op.create_index(
        op.f("passenger_unmasking_list_idx"), "passenger_unmasking", ["list"], unique=False
    )
    op.create_table(
        "record",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=True),
        sa.Column("schema", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entity", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("marking", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("alert", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("sensitive", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("is_searchable", sa.Boolean(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("review_due", sa.Date(), nullable=True),
        sa.Column("retention_until", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["authority.code"], name=op.f("record_owner_fkey")),
        sa.ForeignKeyConstraint(
            ["visibility"], ["visibility.number"], name=op.f("record_visibility_fkey")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("record_pkey")),
        sa.UniqueConstraint("id", name=op.f("record_id_key")),
    )
    op.create_index(
        op.f("record_owner_record_dataset_idx"), "record", ["owner", "dataset"], unique=False
    )
    op.create_index(op.f("record_retention_until_idx"), "record", ["retention_until"], unique=False)
    op.create_index(
        "record_waiting_idx",
        "record",
        ["owner", "id"],
        unique=False,
        postgresql_where=sa.text("state in ('reported', 'suspended')"),
    )
    op.create_index(
        "record_words_idx",
        "record",
        [
            sa.literal_column(
                "(jsonb_to_tsvector('simple'::regconfig, entity - '{id,schema,caption,datasets,first_seen,last_seen,last_change}'::text[], '[\"string\"]'::jsonb) || jsonb_to_tsvector('simple'::regconfig, coalesce(alert, 'null'::jsonb), '[\"string\"]'::jsonb))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "recovery",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> \"user\" AND (decided_by <> requested_by OR starts_with(decided_by, 'operator:'))",
            name=op.f("recovery_two_persons_check"),
        ),
        sa.CheckConstraint('requested_by <> "user"', name=op.f("recovery_not_alone_check")),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("recovery_user_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("recovery_pkey")),
    )
    op.create_index(
        "recovery_open_key",
        "recovery",
        ["user"],
        unique=True,
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reference <> '' OR place <> ''", name=op.f("session_reason_check")),
        sa.ForeignKeyConstraint(["user"], ["user_account.id"], name=op.f("session_user_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("session_pkey")),
        sa.UniqueConstraint("digest", name=op.f("session_digest_key")),
    )
    op.create_index(op.f("session_ends_at_idx"), "session", ["ends_at"], unique=False)
    op.create_index(op.f("session_user_idx"), "session", ["user"], unique=False)
    op.create_table(
        "match_opened",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("match", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["match"], ["match_made.id"], name=op.f("match_opened_match_fkey")),
        sa.PrimaryKeyConstraint("number", name=op.f("match_opened_pkey")),
    )
    op.create_index(op.f("match_opened_match_idx"), "match_opened", ["match"], unique=False)


def downgrade() -> None:
    """Go down again."""
    op.drop_index(op.f("match_opened_match_idx"), table_name="match_opened")
    op.drop_table("match_opened")
    op.drop_index(op.f("session_user_idx"), table_name="session")
    op.drop_index(op.f("session_ends_at_idx"), table_name="session")
    op.drop_table("session")
    op.drop_index(
        "recovery_open_key", table_name="recovery", postgresql_where=sa.text("state = 'requested'")
    )
    op.drop_table("recovery")
    op.drop_index("record_words_idx", table_name="record", postgresql_using="gin")
    op.drop_index(
        "record_waiting_idx",
        table_name="record",
        postgresql_where=sa.text("state in ('reported', 'suspended')"),
    )
    op.drop_index(op.f("record_retention_until_idx"), table_name="record")
    op.drop_index(op.f("record_owner_record_dataset_idx"), table_name="record")
    op.drop_table("record")
    op.drop_index(op.f("passenger_unmasking_list_idx"), table_name="passenger_unmasking")
    op.drop_table("passenger_unmasking")
    op.drop_index(op.f("passenger_check_idx"), table_name="passenger")
    op.drop_table("passenger")
    op.drop_index(
        op.f("owner_question_owner_owner_question_visible_from_owner_question_id_idx"),
        table_name="owner_question",
    )
    op.drop_index(op.f("owner_question_hit_idx"), table_name="owner_question")
    op.drop_index(
        "owner_question_asked_once",
        table_name="owner_question",
        postgresql_where=sa.text("state in ('draft', 'open')"),
    )
    op.drop_table("owner_question")
    op.drop_index(op.f("non_match_token_record_idx"), table_name="non_match_token")
    op.drop_index(op.f("non_match_token_hit_idx"), table_name="non_match_token")
    op.drop_index(op.f("non_match_token_digest_idx"), table_name="non_match_token")
    op.drop_table("non_match_token")
    op.drop_index(
        "match_made_silenced_idx",
        table_name="match_made",
        postgresql_where=sa.text("is_silenced"),
    )
    op.drop_index(op.f("match_made_record_idx"), table_name="match_made")
    op.drop_table("match_made")
    op.drop_table("hit_seen")
    op.drop_index(op.f("hit_event_hit_hit_event_number_idx"), table_name="hit_event")
    op.drop_table("hit_event")
    op.drop_index(op.f("hit_clock_due_at_idx"), table_name="hit_clock")
    op.drop_table("hit_clock")
    op.drop_index(
        op.f("consultation_owner_consultation_round_idx"),
        table_name="consultation",
        postgresql_where=sa.text("finding is null"),
    )
    op.drop_table("consultation")
    op.drop_index(op.f("attachment_sha256_idx"), table_name="attachment")
    op.drop_index(op.f("attachment_record_idx"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_table("visibility")
    op.drop_index(op.f("user_account_authority_idx"), table_name="user_account")
    op.drop_table("user_account")
    op.drop_index(op.f("subject_request_state_idx"), table_name="subject_request")
    op.drop_index(
        op.f("subject_request_authority_subject_request_received_at_idx"),
        table_name="subject_request",
    )
    op.drop_table("subject_request")
    op.drop_index(op.f("source_due_at_idx"), table_name="source")
    op.drop_table("source")
    op.drop_table("quality_report")
    op.drop_index(op.f("publication_dataset_publication_begun_at_idx"), table_name="publication")
    op.drop_table("publication")
    op.drop_index(
        op.f("passenger_list_mask_at_idx"),
        table_name="passenger_list",
        postgresql_where=sa.text("masked_at is null"),
    )
    op.drop_index(op.f("passenger_list_kept_until_idx"), table_name="passenger_list")
    op.drop_index(
        op.f("passenger_list_authority_passenger_list_number_idx"), table_name="passenger_list"
    )
    op.drop_table("passenger_list")
    op.drop_index(
        op.f("oversight_question_owner_oversight_question_asked_at_idx"),
        table_name="oversight_question",
    )
    op.drop_index(
        "oversight_question_open_key",
        table_name="oversight_question",
        postgresql_where=sa.text("closed_at is null"),
    )
    op.drop_table("oversight_question")
    op.drop_index(op.f("onward_consent_record_idx"), table_name="onward_consent")
    op.drop_table("onward_consent")
    op.drop_index(
        op.f("notification_authority_notification_given_up_at_idx"),
        table_name="notification",
        postgresql_where=sa.text("given_up_at is not null"),
    )
    op.drop_index(op.f("notification_subject_idx"), table_name="notification")
    op.drop_index(
        op.f("notification_next_try_at_idx"),
        table_name="notification",
        postgresql_where=sa.text("next_try_at is not null"),
    )
    op.drop_table("notification")
    op.drop_table("node")
    op.drop_index(
        "judged_pair_standing_right",
        table_name="judged_pair",
        postgresql_where=sa.text("undone_at is null"),
    )
    op.drop_index(
        "judged_pair_standing",
        table_name="judged_pair",
        postgresql_where=sa.text("undone_at is null"),
    )
    op.drop_index(op.f("judged_pair_right_idx"), table_name="judged_pair")
    op.drop_index(op.f("judged_pair_left_idx"), table_name="judged_pair")
    op.drop_table("judged_pair")
    op.drop_index(op.f("hit_state_idx"), table_name="hit")
    op.drop_index(op.f("hit_record_idx"), table_name="hit")
    op.drop_index(op.f("hit_authority_hit_state_hit_number_idx"), table_name="hit")
    op.drop_table("hit")
    op.drop_table("duty_contact")
    op.drop_index(op.f("device_token_authority_idx"), table_name="device_token")
    op.drop_table("device_token")
    op.drop_index(
        op.f("correction_notice_recipient_correction_notice_told_at_idx"),
        table_name="correction_notice",
    )
    op.drop_table("correction_notice")
    op.drop_index(
        op.f("check_made_kept_until_idx"),
        table_name="check_made",
        postgresql_where=sa.text("asked is not null"),
    )
    op.drop_index(
        op.f("check_made_authority_check_made_user_check_made_number_idx"), table_name="check_made"
    )
    op.drop_index(op.f("check_made_authority_check_made_number_idx"), table_name="check_made")
    op.drop_table("check_made")
    op.drop_table("used_nonce")
    op.drop_index(
        "tombstone_unlisted_idx",
        table_name="tombstone",
        postgresql_where=sa.text("listed_at IS NULL"),
    )
    op.drop_table("tombstone")
    op.drop_index(
        "suspension_open_idx",
        table_name="suspension",
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_table("suspension")
    op.drop_index(op.f("signal_raised_at_idx"), table_name="signal")
    op.drop_index(
        "signal_open_key", table_name="signal", postgresql_where=sa.text("state = 'raised'")
    )
    op.drop_table("signal")
    op.drop_table("sign_in_failure")
    op.drop_index(op.f("sighting_record_idx"), table_name="sighting")
    op.drop_table("sighting")
    op.drop_table("schema_version")
    op.drop_index(
        op.f("retention_review_owner_retention_review_due_on_idx"), table_name="retention_review"
    )
    op.drop_table("retention_review")
    op.drop_index(op.f("retention_assessment_record_idx"), table_name="retention_assessment")
    op.drop_index(
        op.f("retention_assessment_owner_retention_assessment_assessed_at_idx"),
        table_name="retention_assessment",
    )
    op.drop_table("retention_assessment")
    op.drop_table("rescreened")
    op.drop_index(op.f("refusal_until_idx"), table_name="refusal")
    op.drop_table("refusal")
    op.drop_table("record_version")
    op.drop_index(
        op.f("recent_use_user_recent_use_kind_recent_use_at_idx"), table_name="recent_use"
    )
    op.drop_index(op.f("recent_use_at_idx"), table_name="recent_use")
    op.drop_table("recent_use")
    op.drop_index(op.f("purpose_achieved_due_on_idx"), table_name="purpose_achieved")
    op.drop_table("purpose_achieved")
    op.drop_table("partner_assessment")
    op.drop_index(op.f("lookup_user_lookup_person_idx"), table_name="lookup")
    op.drop_index(op.f("lookup_at_idx"), table_name="lookup")
    op.drop_table("lookup")
    op.drop_index(op.f("job_due_at_idx"), table_name="job")
    op.drop_table("job")
    op.drop_index(op.f("idempotency_key_made_at_idx"), table_name="idempotency_key")
    op.drop_table("idempotency_key")
    op.drop_table("follower")
    op.drop_table("erasure_key")
    op.drop_table("duty")
    op.drop_index(op.f("dispute_record_idx"), table_name="dispute")
    op.drop_table("dispute")
    op.drop_index(op.f("counter_evidence_record_idx"), table_name="counter_evidence")
    op.drop_table("counter_evidence")
    op.drop_table("correction_position")
    op.drop_index(op.f("consent_record_idx"), table_name="consent")
    op.drop_table("consent")
    op.drop_index(op.f("change_xid_idx"), table_name="change")
    op.drop_table("change")
    op.drop_table("blob")
    op.drop_table("authority")
    op.drop_table("audit_position")
    op.drop_table("audit_leaf")
    op.drop_index(op.f("audit_entry_xid_audit_entry_number_idx"), table_name="audit_entry")
    op.drop_index(op.f("audit_entry_subject_audit_entry_number_idx"), table_name="audit_entry")
    op.drop_index(
        "audit_entry_record_idx",
        table_name="audit_entry",
        postgresql_where=sa.text("facts ->> 'record' is not null"),
    )
    op.drop_index(op.f("audit_entry_at_idx"), table_name="audit_entry", postgresql_using="brin")
    op.drop_index(op.f("audit_entry_actor_audit_entry_number_idx"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("audit_checkpoint")
    op.drop_index(op.f("assurance_record_idx"), table_name="assurance")
    op.drop_table("assurance")
    op.drop_table("acknowledgement")
