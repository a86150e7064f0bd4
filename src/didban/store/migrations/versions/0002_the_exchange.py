# ruff: noqa: PLR0915 - drafted by tools.migration; one statement for each table and index
"""The exchange."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

# Older code would ask for action on alerts that nobody here has reviewed, and keep what is withdrawn.
COMPAT = 2  # the oldest SCHEMA_VERSION whose code may still open the bank


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "answered_peer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.Column("records", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("answered_peer_pkey")),
    )
    op.create_index(op.f("answered_peer_at_idx"), "answered_peer", ["at"], unique=False)
    op.create_index(
        "answered_peer_records_idx",
        "answered_peer",
        ["records"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "blind_list",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("node", "list", "epoch", name=op.f("blind_list_pkey")),
    )
    op.create_table(
        "blind_record",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("node", "list", "epoch", "record", name=op.f("blind_record_pkey")),
    )
    op.create_index(op.f("blind_record_number_idx"), "blind_record", ["number"], unique=False)
    op.create_table(
        "blind_tag",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("tag", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint(
            "node", "list", "epoch", "tag", "record", name=op.f("blind_tag_pkey")
        ),
    )
    op.create_index(
        op.f("blind_tag_node_blind_tag_list_blind_tag_epoch_blind_tag_record_idx"),
        "blind_tag",
        ["node", "list", "epoch", "record"],
        unique=False,
    )
    op.create_table(
        "call_nonce",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("node", "nonce", name=op.f("call_nonce_pkey")),
    )
    op.create_index(op.f("call_nonce_at_idx"), "call_nonce", ["at"], unique=False)
    op.create_table(
        "charter",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("signatures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("charter_pkey")),
    )
    op.create_table(
        "copy",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("below", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("copy_pkey")),
    )
    op.create_index(
        "copy_feed_idx", "copy", ["feed"], unique=False, postgresql_where=sa.text("state <> 'gone'")
    )
    op.create_index(
        "copy_lease_idx",
        "copy",
        ["valid_until"],
        unique=False,
        postgresql_where=sa.text("state <> 'gone'"),
    )
    op.create_table(
        "copy_version",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("owner_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("record", "version", name=op.f("copy_version_pkey")),
    )
    op.create_table(
        "cosignature",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("origin", "node", "size", name=op.f("cosignature_pkey")),
    )
    op.create_table(
        "descriptor",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("signatures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("node", "version", name=op.f("descriptor_pkey")),
    )
    op.create_table(
        "drift",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("feed", name=op.f("drift_pkey")),
    )
    op.create_table(
        "entry",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("rev", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_void", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("feed", "epoch", "seq", name=op.f("entry_pkey")),
    )
    op.create_index(
        op.f("entry_record_idx"),
        "entry",
        ["record"],
        unique=False,
        postgresql_where=sa.text("record is not null"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("envelopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("evidence_pkey")),
    )
    op.create_index(
        op.f("evidence_node_evidence_found_at_idx"), "evidence", ["node", "found_at"], unique=False
    )
    op.create_table(
        "expiry_warning",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", "ends_at", "days", name=op.f("expiry_warning_pkey")),
    )
    op.create_table(
        "feed",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("feed_pkey")),
    )
    op.create_index(
        "feed_audience_key",
        "feed",
        ["audience"],
        unique=True,
        postgresql_where=sa.text("audience is not null"),
    )
    op.create_index(op.f("feed_owner_idx"), "feed", ["owner"], unique=False)
    op.create_table(
        "feed_let_go",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("erased", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("feed", name=op.f("feed_let_go_pkey")),
    )
    op.create_table(
        "feed_reader",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("since_seq", sa.BigInteger(), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=True),
        sa.Column("cursor_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("feed", "node", name=op.f("feed_reader_pkey")),
    )
    op.create_index(op.f("feed_reader_node_idx"), "feed_reader", ["node"], unique=False)
    op.create_table(
        "feed_refusal",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("is_stop", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("node", "feed", "epoch", "seq", name=op.f("feed_refusal_pkey")),
    )
    op.create_table(
        "handed_on",
        sa.Column("derived", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("derived", name=op.f("handed_on_pkey")),
    )
    op.create_index(op.f("handed_on_original_idx"), "handed_on", ["original"], unique=False)
    op.create_table(
        "held_list",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("keys", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parts_held", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changes", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("node", "list", "epoch", name=op.f("held_list_pkey")),
    )
    op.create_table(
        "held_tag",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("tag", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("node", "list", "epoch", "tag", name=op.f("held_tag_pkey")),
    )
    op.create_table(
        "later_item",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("rev", sa.BigInteger(), nullable=True),
        sa.Column("handling", sa.Text(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("later_item_pkey")),
    )
    op.create_index(op.f("later_item_due_at_idx"), "later_item", ["due_at"], unique=False)
    op.create_index(op.f("later_item_record_idx"), "later_item", ["record"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=True),
        sa.Column("in_reply_to", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("handling", sa.Text(), nullable=False),
        sa.Column("confidentiality", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("punctuality", sa.Text(), nullable=False),
        sa.Column(
            "letter", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=True),
        sa.Column("undeliverable_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("feed", sa.Text(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", "side", name=op.f("message_pkey")),
        sa.UniqueConstraint("number", name=op.f("message_number_key")),
    )
    op.create_index(
        op.f("message_changed_at_idx"),
        "message",
        ["changed_at"],
        unique=False,
        postgresql_where=sa.text("letter is not null"),
    )
    op.create_index(op.f("message_next_at_idx"), "message", ["next_at"], unique=False)
    op.create_index(
        op.f("message_recipient_message_side_message_number_idx"),
        "message",
        ["recipient", "side", "number"],
        unique=False,
    )
    op.create_index(
        op.f("message_sender_message_side_message_number_idx"),
        "message",
        ["sender", "side", "number"],
        unique=False,
    )
    op.create_index(op.f("message_thread_idx"), "message", ["thread"], unique=False)
    op.create_index(
        op.f("message_undeliverable_at_idx"), "message", ["undeliverable_at"], unique=False
    )
    op.create_index(
        "message_under_way_idx",
        "message",
        ["feed", "seq"],
        unique=False,
        postgresql_where=sa.text("state in ('queued', 'undeliverable', 'delivered')"),
    )
    op.create_table(
        "message_record",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record", "message", name=op.f("message_record_pkey")),
    )
    op.create_index(op.f("message_record_message_idx"), "message_record", ["message"], unique=False)
    op.create_table(
        "node_use",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("node", "owner", "month", name=op.f("node_use_pkey")),
    )
    op.create_index(
        op.f("node_use_owner_node_use_month_idx"), "node_use", ["owner", "month"], unique=False
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "alert", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column(
            "dossier", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("endorsed_by", sa.Text(), nullable=True),
        sa.Column("refused_by", sa.Text(), nullable=True),
        sa.Column("is_appealed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_node", sa.Text(), nullable=True),
        sa.Column("review_rev", sa.BigInteger(), nullable=False),
        sa.Column("cancel_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("notice_pkey")),
        sa.UniqueConstraint("number", name=op.f("notice_number_key")),
    )
    op.create_index(
        op.f("notice_authority_notice_state_notice_number_idx"),
        "notice",
        ["authority", "state", "number"],
        unique=False,
    )
    op.create_index(
        op.f("notice_cancel_due_at_idx"),
        "notice",
        ["cancel_due_at"],
        unique=False,
        postgresql_where=sa.text("cancel_due_at is not null"),
    )
    op.create_index(
        "notice_ends_idx",
        "notice",
        ["ends_on"],
        unique=False,
        postgresql_where=sa.text("state in ('approved', 'published', 'suspended', 'fulfilled')"),
    )
    op.create_index(op.f("notice_record_idx"), "notice", ["record"], unique=False)
    op.create_index(
        op.f("notice_review_due_at_idx"),
        "notice",
        ["review_due_at"],
        unique=False,
        postgresql_where=sa.text("review_due_at is not null"),
    )
    op.create_index(
        "notice_stands_once",
        "notice",
        ["record"],
        unique=True,
        postgresql_where=sa.text("state in ('approved', 'published', 'suspended', 'fulfilled')"),
    )
    op.create_table(
        "notice_case",
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "content", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("confidentiality", sa.Integer(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reviewers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("endorsed_by", sa.Text(), nullable=True),
        sa.Column("refused_by", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("notice", name=op.f("notice_case_pkey")),
        sa.UniqueConstraint("number", name=op.f("notice_case_number_key")),
    )
    op.create_index(
        op.f("notice_case_state_notice_case_number_idx"),
        "notice_case",
        ["state", "number"],
        unique=False,
    )
    op.create_table(
        "own_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("suite", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("own_key_pkey")),
    )
    op.create_table(
        "panel_verdict",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("record", "node", name=op.f("panel_verdict_pkey")),
    )
    op.create_index(
        op.f("panel_verdict_node_panel_verdict_came_at_idx"),
        "panel_verdict",
        ["node", "came_at"],
        unique=False,
    )
    op.create_table(
        "peer",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pinned_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("node", name=op.f("peer_pkey")),
    )
    op.create_table(
        "peer_authority",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("owns", sa.Boolean(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("peer_authority_pkey")),
    )
    op.create_index(op.f("peer_authority_node_idx"), "peer_authority", ["node"], unique=False)
    op.create_table(
        "peer_check",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("peer_check_pkey")),
        sa.UniqueConstraint("id", name=op.f("peer_check_id_key")),
    )
    op.create_index(
        op.f("peer_check_authority_peer_check_number_idx"),
        "peer_check",
        ["authority", "number"],
        unique=False,
    )
    op.create_index(
        "peer_check_open_idx",
        "peer_check",
        ["deadline_at"],
        unique=False,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "peer_link",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("skew_seconds", sa.Float(), nullable=True),
        sa.Column("backlog", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("taken_entries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("taken_bytes", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("peer_link_pkey")),
    )
    op.create_table(
        "question_sent",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("question", name=op.f("question_sent_pkey")),
    )
    op.create_index(
        op.f("question_sent_due_at_idx"),
        "question_sent",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("sent_at is null"),
    )
    op.create_table(
        "received_notice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("let_go_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("received_notice_pkey")),
    )
    op.create_index(op.f("received_notice_record_idx"), "received_notice", ["record"], unique=False)
    op.create_index(
        op.f("received_notice_state_idx"),
        "received_notice",
        ["state"],
        unique=False,
        postgresql_where=sa.text("let_go_at is null"),
    )
    op.create_table(
        "receiver_review_step",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("receiver_review_step_pkey")),
    )
    op.create_index(
        op.f("receiver_review_step_record_receiver_review_step_number_idx"),
        "receiver_review_step",
        ["record", "number"],
        unique=False,
    )
    op.create_table(
        "seen_log",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("seen_log_pkey")),
    )
    op.create_table(
        "share_backfill",
        sa.Column("class", sa.Integer(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("class", "node", name=op.f("share_backfill_pkey")),
    )
    op.create_table(
        "shared_non_match",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("record", "salt", name=op.f("shared_non_match_pkey")),
    )
    op.create_table(
        "told_to_node",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("told_to_node_pkey")),
    )
    op.create_index(op.f("told_to_node_record_idx"), "told_to_node", ["record"], unique=False)
    op.create_table(
        "withdrawal",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased", sa.BigInteger(), nullable=True),
        sa.Column("onward", sa.BigInteger(), nullable=True),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("feed", "seq", "node", name=op.f("withdrawal_pkey")),
    )
    op.create_index(
        "withdrawal_open_idx",
        "withdrawal",
        ["asked_at"],
        unique=False,
        postgresql_where=sa.text("confirmed_at is null"),
    )
    op.create_index(op.f("withdrawal_record_idx"), "withdrawal", ["record"], unique=False)
    op.create_table(
        "withdrawn_unseen",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("below", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("record", "node", name=op.f("withdrawn_unseen_pkey")),
    )
    op.create_table(
        "witness_refusal",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("origin", "node", name=op.f("witness_refusal_pkey")),
    )
    op.create_table(
        "asked_question",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "identity", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("urgency", sa.Text(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner"], ["authority.code"], name=op.f("asked_question_owner_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("asked_question_pkey")),
        sa.UniqueConstraint("number", name=op.f("asked_question_number_key")),
    )
    op.create_index(
        "asked_question_open_idx",
        "asked_question",
        ["record"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("asked_question_owner_asked_question_arrived_at_asked_question_id_idx"),
        "asked_question",
        ["owner", "arrived_at", "id"],
        unique=False,
    )
    op.create_index(op.f("asked_question_record_idx"), "asked_question", ["record"], unique=False)
    op.create_index(
        op.f("asked_question_reply_by_idx"),
        "asked_question",
        ["reply_by"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("asked_question_settled_at_idx"),
        "asked_question",
        ["settled_at"],
        unique=False,
        postgresql_where=sa.text("identity is not null"),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("clearance", sa.SmallInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("signing", sa.LargeBinary(), nullable=False),
        sa.Column("suite", sa.Text(), nullable=False),
        sa.Column("sealing", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sent_head", sa.LargeBinary(), nullable=False),
        sa.Column("returned_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("returned_head", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspect_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> registered_by",
            name=op.f("device_two_persons_check"),
        ),
        sa.ForeignKeyConstraint(
            ["authority"], ["authority.code"], name=op.f("device_authority_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("device_pkey")),
    )
    op.create_index(op.f("device_authority_idx"), "device", ["authority"], unique=False)
    op.create_table(
        "message_event",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message", "side"],
            ["message.id", "message.side"],
            name=op.f("message_event_message_side_fkey"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("message_event_pkey")),
    )
    op.create_index(
        op.f("message_event_message_message_event_side_message_event_number_idx"),
        "message_event",
        ["message", "side", "number"],
        unique=False,
    )
    op.create_table(
        "node_document_use",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["node", "owner", "month"],
            ["node_use.node", "node_use.owner", "node_use.month"],
            name=op.f("node_document_use_node_owner_month_fkey"),
        ),
    )
    op.create_index(
        op.f("node_document_use_node_node_document_use_owner_node_document_use_month_idx"),
        "node_document_use",
        ["node", "owner", "month"],
        unique=False,
    )
    op.create_index(
        op.f("node_document_use_record_idx"), "node_document_use", ["record"], unique=False
    )
    op.create_table(
        "notice_event",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["notice"], ["notice.id"], name=op.f("notice_event_notice_fkey")),
        sa.PrimaryKeyConstraint("number", name=op.f("notice_event_pkey")),
    )
    op.create_index(
        op.f("notice_event_notice_notice_event_number_idx"),
        "notice_event",
        ["notice", "number"],
        unique=False,
    )
    op.create_table(
        "notice_reader",
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("let_go_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["notice"], ["notice.id"], name=op.f("notice_reader_notice_fkey")),
        sa.PrimaryKeyConstraint("notice", "node", name=op.f("notice_reader_pkey")),
    )
    op.create_index(
        op.f("notice_reader_end_told_at_idx"),
        "notice_reader",
        ["end_told_at"],
        unique=False,
        postgresql_where=sa.text("let_go_at is null"),
    )
    op.create_table(
        "peer_check_answer",
        sa.Column("check", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exists", sa.Boolean(), nullable=True),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("fault", sa.Text(), server_default="", nullable=False),
        sa.Column("found", sa.ARRAY(sa.Integer()), server_default="{}", nullable=False),
        sa.Column("asked", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["check"],
            ["peer_check.id"],
            name=op.f("peer_check_answer_check_fkey"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("check", "node", name=op.f("peer_check_answer_pkey")),
    )
    op.create_index(
        op.f("peer_check_answer_node_peer_check_answer_answered_at_idx"),
        "peer_check_answer",
        ["node", "answered_at"],
        unique=False,
    )
    op.create_index(
        "peer_check_waiting_idx",
        "peer_check_answer",
        ["check"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "receiver_review",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doubts", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner"], ["authority.code"], name=op.f("receiver_review_owner_fkey")
        ),
        sa.PrimaryKeyConstraint("record", name=op.f("receiver_review_pkey")),
        sa.UniqueConstraint("id", name=op.f("receiver_review_id_key")),
    )
    op.create_index(
        "receiver_review_open_idx",
        "receiver_review",
        ["opened_at", "id"],
        unique=False,
        postgresql_where=sa.text("state in ('waiting', 'proposed')"),
    )
    op.create_table(
        "awaited_file",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("handling", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Integer(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["visibility"], ["visibility.number"], name=op.f("awaited_file_visibility_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("awaited_file_pkey")),
    )
    op.create_index(op.f("awaited_file_next_at_idx"), "awaited_file", ["next_at"], unique=False)
    op.create_index(op.f("awaited_file_record_idx"), "awaited_file", ["record"], unique=False)
    op.create_table(
        "device_entry",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("device_entry_device_fkey")),
        sa.PrimaryKeyConstraint("device", "seq", name=op.f("device_entry_pkey")),
    )
    op.create_table(
        "device_held",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_in", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("device_held_device_fkey")),
        sa.PrimaryKeyConstraint("device", "record", name=op.f("device_held_pkey")),
    )
    op.create_index(
        "device_held_gone_idx",
        "device_held",
        ["device", "gone_at"],
        unique=False,
        postgresql_where=sa.text("gone_at is not null"),
    )
    op.create_index(op.f("device_held_record_idx"), "device_held", ["record"], unique=False)
    op.create_table(
        "device_receipt",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("device_receipt_device_fkey")),
        sa.PrimaryKeyConstraint("device", "seq", name=op.f("device_receipt_pkey")),
    )
    op.create_table(
        "oversight_advice",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question"],
            ["oversight_question.id"],
            name=op.f("oversight_advice_question_fkey"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("question", "node", name=op.f("oversight_advice_pkey")),
    )
    op.create_table(
        "share_class",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("visibility", sa.Integer(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("protected_from", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("assured", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("feed", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["visibility"], ["visibility.number"], name=op.f("share_class_visibility_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("share_class_pkey")),
        sa.UniqueConstraint(
            "visibility",
            "sort",
            "protected_from",
            "assured",
            name=op.f("share_class_visibility_sort_protected_from_assured_key"),
        ),
    )
    op.create_table(
        "awaited_part",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file"], ["awaited_file.id"], name=op.f("awaited_part_file_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file", "start", name=op.f("awaited_part_pkey")),
    )
    op.create_table(
        "shared_record",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("class", sa.Integer(), nullable=True),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["class"], ["share_class.id"], name=op.f("shared_record_class_fkey")
        ),
        sa.PrimaryKeyConstraint("record", name=op.f("shared_record_pkey")),
    )
    op.create_index(
        op.f("shared_record_class_shared_record_number_idx"),
        "shared_record",
        ["class", "number"],
        unique=False,
    )
    op.create_index(
        op.f("shared_record_class_shared_record_valid_until_idx"),
        "shared_record",
        ["class", "valid_until"],
        unique=False,
    )
    op.create_index(op.f("shared_record_number_idx"), "shared_record", ["number"], unique=False)
    op.drop_index(
        op.f("oversight_question_open_key"),
        table_name="oversight_question",
        postgresql_where="(closed_at IS NULL)",
    )
    op.create_index(
        "oversight_question_open_here_key",
        "oversight_question",
        ["record"],
        unique=True,
        postgresql_where=sa.text("closed_at is null and left(asked_by, 5) <> 'node:'"),
    )
    op.create_index(
        "owner_question_taken_back_idx",
        "owner_question",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'withdrawn' and disclosure = 'full'"),
    )
    op.create_index("record_visibility_idx", "record", ["visibility"], unique=False)
    _programs_may_be("carrier,first_line,passenger_unit,recorder")


def downgrade() -> None:
    """Go down again."""
    op.execute("delete from device_token where 'carrier' = any(roles)")
    _programs_may_be("first_line,passenger_unit,recorder")
    op.drop_index("record_visibility_idx", table_name="record")
    op.drop_index(
        "owner_question_taken_back_idx",
        table_name="owner_question",
        postgresql_where=sa.text("state = 'withdrawn' and disclosure = 'full'"),
    )
    op.drop_index(
        "oversight_question_open_here_key",
        table_name="oversight_question",
        postgresql_where=sa.text("closed_at is null and left(asked_by, 5) <> 'node:'"),
    )
    op.create_index(
        op.f("oversight_question_open_key"),
        "oversight_question",
        ["record"],
        unique=True,
        postgresql_where="(closed_at IS NULL)",
    )
    op.drop_index(op.f("shared_record_number_idx"), table_name="shared_record")
    op.drop_index(
        op.f("shared_record_class_shared_record_valid_until_idx"), table_name="shared_record"
    )
    op.drop_index(op.f("shared_record_class_shared_record_number_idx"), table_name="shared_record")
    op.drop_table("shared_record")
    op.drop_table("awaited_part")
    op.drop_table("share_class")
    op.drop_table("oversight_advice")
    op.drop_table("device_receipt")
    op.drop_index(op.f("device_held_record_idx"), table_name="device_held")
    op.drop_index(
        "device_held_gone_idx",
        table_name="device_held",
        postgresql_where=sa.text("gone_at is not null"),
    )
    op.drop_table("device_held")
    op.drop_table("device_entry")
    op.drop_index(op.f("awaited_file_record_idx"), table_name="awaited_file")
    op.drop_index(op.f("awaited_file_next_at_idx"), table_name="awaited_file")
    op.drop_table("awaited_file")
    op.drop_index(
        "receiver_review_open_idx",
        table_name="receiver_review",
        postgresql_where=sa.text("state in ('waiting', 'proposed')"),
    )
    op.drop_table("receiver_review")
    op.drop_index(
        "peer_check_waiting_idx",
        table_name="peer_check_answer",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index(
        op.f("peer_check_answer_node_peer_check_answer_answered_at_idx"),
        table_name="peer_check_answer",
    )
    op.drop_table("peer_check_answer")
    op.drop_index(
        op.f("notice_reader_end_told_at_idx"),
        table_name="notice_reader",
        postgresql_where=sa.text("let_go_at is null"),
    )
    op.drop_table("notice_reader")
    op.drop_index(op.f("notice_event_notice_notice_event_number_idx"), table_name="notice_event")
    op.drop_table("notice_event")
    op.drop_index(op.f("node_document_use_record_idx"), table_name="node_document_use")
    op.drop_index(
        op.f("node_document_use_node_node_document_use_owner_node_document_use_month_idx"),
        table_name="node_document_use",
    )
    op.drop_table("node_document_use")
    op.drop_index(
        op.f("message_event_message_message_event_side_message_event_number_idx"),
        table_name="message_event",
    )
    op.drop_table("message_event")
    op.drop_index(op.f("device_authority_idx"), table_name="device")
    op.drop_table("device")
    op.drop_index(
        op.f("asked_question_settled_at_idx"),
        table_name="asked_question",
        postgresql_where=sa.text("identity is not null"),
    )
    op.drop_index(
        op.f("asked_question_reply_by_idx"),
        table_name="asked_question",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("asked_question_record_idx"), table_name="asked_question")
    op.drop_index(
        op.f("asked_question_owner_asked_question_arrived_at_asked_question_id_idx"),
        table_name="asked_question",
    )
    op.drop_index(
        "asked_question_open_idx",
        table_name="asked_question",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("asked_question")
    op.drop_table("witness_refusal")
    op.drop_table("withdrawn_unseen")
    op.drop_index(op.f("withdrawal_record_idx"), table_name="withdrawal")
    op.drop_index(
        "withdrawal_open_idx",
        table_name="withdrawal",
        postgresql_where=sa.text("confirmed_at is null"),
    )
    op.drop_table("withdrawal")
    op.drop_index(op.f("told_to_node_record_idx"), table_name="told_to_node")
    op.drop_table("told_to_node")
    op.drop_table("shared_non_match")
    op.drop_table("share_backfill")
    op.drop_table("seen_log")
    op.drop_index(
        op.f("receiver_review_step_record_receiver_review_step_number_idx"),
        table_name="receiver_review_step",
    )
    op.drop_table("receiver_review_step")
    op.drop_index(
        op.f("received_notice_state_idx"),
        table_name="received_notice",
        postgresql_where=sa.text("let_go_at is null"),
    )
    op.drop_index(op.f("received_notice_record_idx"), table_name="received_notice")
    op.drop_table("received_notice")
    op.drop_index(
        op.f("question_sent_due_at_idx"),
        table_name="question_sent",
        postgresql_where=sa.text("sent_at is null"),
    )
    op.drop_table("question_sent")
    op.drop_table("peer_link")
    op.drop_index(
        "peer_check_open_idx",
        table_name="peer_check",
        postgresql_where=sa.text("closed_at is null"),
    )
    op.drop_index(op.f("peer_check_authority_peer_check_number_idx"), table_name="peer_check")
    op.drop_table("peer_check")
    op.drop_index(op.f("peer_authority_node_idx"), table_name="peer_authority")
    op.drop_table("peer_authority")
    op.drop_table("peer")
    op.drop_index(op.f("panel_verdict_node_panel_verdict_came_at_idx"), table_name="panel_verdict")
    op.drop_table("panel_verdict")
    op.drop_table("own_key")
    op.drop_index(op.f("notice_case_state_notice_case_number_idx"), table_name="notice_case")
    op.drop_table("notice_case")
    op.drop_index(
        "notice_stands_once",
        table_name="notice",
        postgresql_where=sa.text("state in ('approved', 'published', 'suspended', 'fulfilled')"),
    )
    op.drop_index(
        op.f("notice_review_due_at_idx"),
        table_name="notice",
        postgresql_where=sa.text("review_due_at is not null"),
    )
    op.drop_index(op.f("notice_record_idx"), table_name="notice")
    op.drop_index(
        "notice_ends_idx",
        table_name="notice",
        postgresql_where=sa.text("state in ('approved', 'published', 'suspended', 'fulfilled')"),
    )
    op.drop_index(
        op.f("notice_cancel_due_at_idx"),
        table_name="notice",
        postgresql_where=sa.text("cancel_due_at is not null"),
    )
    op.drop_index(op.f("notice_authority_notice_state_notice_number_idx"), table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("node_use_owner_node_use_month_idx"), table_name="node_use")
    op.drop_table("node_use")
    op.drop_index(op.f("message_record_message_idx"), table_name="message_record")
    op.drop_table("message_record")
    op.drop_index(
        "message_under_way_idx",
        table_name="message",
        postgresql_where=sa.text("state in ('queued', 'undeliverable', 'delivered')"),
    )
    op.drop_index(op.f("message_undeliverable_at_idx"), table_name="message")
    op.drop_index(op.f("message_thread_idx"), table_name="message")
    op.drop_index(op.f("message_sender_message_side_message_number_idx"), table_name="message")
    op.drop_index(op.f("message_recipient_message_side_message_number_idx"), table_name="message")
    op.drop_index(op.f("message_next_at_idx"), table_name="message")
    op.drop_index(
        op.f("message_changed_at_idx"),
        table_name="message",
        postgresql_where=sa.text("letter is not null"),
    )
    op.drop_table("message")
    op.drop_index(op.f("later_item_record_idx"), table_name="later_item")
    op.drop_index(op.f("later_item_due_at_idx"), table_name="later_item")
    op.drop_table("later_item")
    op.drop_table("held_tag")
    op.drop_table("held_list")
    op.drop_index(op.f("handed_on_original_idx"), table_name="handed_on")
    op.drop_table("handed_on")
    op.drop_table("feed_refusal")
    op.drop_index(op.f("feed_reader_node_idx"), table_name="feed_reader")
    op.drop_table("feed_reader")
    op.drop_table("feed_let_go")
    op.drop_index(op.f("feed_owner_idx"), table_name="feed")
    op.drop_index(
        "feed_audience_key", table_name="feed", postgresql_where=sa.text("audience is not null")
    )
    op.drop_table("feed")
    op.drop_table("expiry_warning")
    op.drop_index(op.f("evidence_node_evidence_found_at_idx"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(
        op.f("entry_record_idx"), table_name="entry", postgresql_where=sa.text("record is not null")
    )
    op.drop_table("entry")
    op.drop_table("drift")
    op.drop_table("descriptor")
    op.drop_table("cosignature")
    op.drop_table("copy_version")
    op.drop_index("copy_lease_idx", table_name="copy", postgresql_where=sa.text("state <> 'gone'"))
    op.drop_index("copy_feed_idx", table_name="copy", postgresql_where=sa.text("state <> 'gone'"))
    op.drop_table("copy")
    op.drop_table("charter")
    op.drop_index(op.f("call_nonce_at_idx"), table_name="call_nonce")
    op.drop_table("call_nonce")
    op.drop_index(
        op.f("blind_tag_node_blind_tag_list_blind_tag_epoch_blind_tag_record_idx"),
        table_name="blind_tag",
    )
    op.drop_table("blind_tag")
    op.drop_index(op.f("blind_record_number_idx"), table_name="blind_record")
    op.drop_table("blind_record")
    op.drop_table("blind_list")
    op.drop_index("answered_peer_records_idx", table_name="answered_peer", postgresql_using="gin")
    op.drop_index(op.f("answered_peer_at_idx"), table_name="answered_peer")
    op.drop_table("answered_peer")


def _programs_may_be(roles: str) -> None:
    """Let programs have these roles. By hand: checks are not compared by what drafts a step."""
    op.drop_constraint(op.f("device_token_roles_check"), "device_token", type_="check")
    op.create_check_constraint(
        op.f("device_token_roles_check"),
        "device_token",
        f"cardinality(roles) > 0 AND roles <@ '{{{roles}}}'::text[]",
    )
