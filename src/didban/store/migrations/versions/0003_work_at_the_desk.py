"""Work at the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# Older code would let in whose access has ended, and would erase a record and keep what was said of it
# where it was answered together with others.
COMPAT = 3  # the oldest SCHEMA_VERSION whose code may still open the bank


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "kept_view",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("user", "page", "name", name=op.f("kept_view_pkey")),
    )
    op.create_table(
        "retention_batch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("retention_batch_pkey")),
        sa.UniqueConstraint("drawn_by", name=op.f("retention_batch_drawn_by_key")),
    )
    op.create_table(
        "retention_batch_record",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_sampled", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch"],
            ["retention_batch.id"],
            name=op.f("retention_batch_record_batch_fkey"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("record", name=op.f("retention_batch_record_pkey")),
    )
    op.create_index(
        op.f("retention_batch_record_batch_idx"), "retention_batch_record", ["batch"], unique=False
    )
    op.create_table(
        "shelved_record",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("watched_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["record"], ["record.id"], name=op.f("shelved_record_record_fkey"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("user", "record", name=op.f("shelved_record_pkey")),
    )
    op.create_index(
        op.f("shelved_record_opened_at_idx"), "shelved_record", ["opened_at"], unique=False
    )
    op.create_index(op.f("shelved_record_record_idx"), "shelved_record", ["record"], unique=False)
    op.add_column("hit", sa.Column("assignee", sa.Text(), nullable=True))
    op.add_column("hit", sa.Column("aside_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "user_account", sa.Column("access_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "audit_entry_landmark_idx",
        "audit_entry",
        ["deed", "number"],
        unique=False,
        postgresql_where=sa.text("deed in ('audit.verified', 'node.backed_up', 'node.restored')"),
    )


def downgrade() -> None:
    """Go down again."""
    op.drop_index(
        "audit_entry_landmark_idx",
        table_name="audit_entry",
        postgresql_where=sa.text("deed in ('audit.verified', 'node.backed_up', 'node.restored')"),
    )
    op.drop_column("user_account", "access_until")
    op.drop_column("hit", "aside_until")
    op.drop_column("hit", "assignee")
    op.drop_index(op.f("shelved_record_record_idx"), table_name="shelved_record")
    op.drop_index(op.f("shelved_record_opened_at_idx"), table_name="shelved_record")
    op.drop_table("shelved_record")
    op.drop_index(op.f("retention_batch_record_batch_idx"), table_name="retention_batch_record")
    op.drop_table("retention_batch_record")
    op.drop_table("retention_batch")
    op.drop_table("kept_view")
