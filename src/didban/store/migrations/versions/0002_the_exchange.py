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
        "peer",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pinned_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("node", name=op.f("peer_pkey")),
    )


def downgrade() -> None:
    """Go down again."""
    op.drop_table("peer")
    op.drop_table("own_key")
    op.drop_index(op.f("feed_reader_node_idx"), table_name="feed_reader")
    op.drop_table("feed_reader")
    op.drop_index(op.f("feed_owner_idx"), table_name="feed")
    op.drop_index(
        "feed_audience_key", table_name="feed", postgresql_where=sa.text("audience is not null")
    )
    op.drop_table("feed")
    op.drop_index(op.f("evidence_node_evidence_found_at_idx"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(
        op.f("entry_record_idx"), table_name="entry", postgresql_where=sa.text("record is not null")
    )
    op.drop_table("entry")
    op.drop_table("descriptor")
