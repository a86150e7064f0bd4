"""The receiver's review of alerts that other nodes sent (PR-52)."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from didban.store.tables.base import metadata

# One row for each record of another node that asks for something.
receiver_review = Table(
    "receiver_review",
    metadata,
    Column("record", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column("state", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # of what was judged
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("doubts", ARRAY(Text), nullable=False),
    Column("ground", Text),
    Column("proposed_by", Text),
    Column("decided_by", Text),
    Column("decided_at", DateTime(timezone=True)),
    Index(
        "receiver_review_open_idx",
        "opened_at",
        "id",
        postgresql_where=text("state in ('waiting', 'proposed')"),
    ),
)

# Append-only, but for erasure: what was accepted when is asked again later (PR-39).
receiver_review_step = Table(
    "receiver_review_step",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("record", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("words", Text, nullable=False),
    Index(None, "record", "number"),
)

# What a panel decided of a record that is not here yet, or not as the panel read it. By its age it
# is forgotten.
panel_verdict = Table(
    "panel_verdict",
    metadata,
    Column("record", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("ground", Text),  # null: accepted
    Column("came_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("record", "node"),
    Index(None, "node", "came_at"),
)
