"""What other nodes report of the use of our records. Counts, and the days of documents."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata

# One report of one node on the records of one owner here. It names no record.
node_use = Table(
    "node_use",
    metadata,
    Column("node", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("month", Date, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("step", Integer, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("node", "owner", "month"),
    Index(None, "owner", "month"),
)

# Each use of a document that it tells of; the same may stand twice.
node_document_use = Table(
    "node_document_use",
    metadata,
    Column("node", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("month", Date, nullable=False),
    Column("record", Text, nullable=False, index=True),
    Column("authority", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("on", Date, nullable=False),
    ForeignKeyConstraint(
        ["node", "owner", "month"], ["node_use.node", "node_use.owner", "node_use.month"]
    ),
    Index(None, "node", "owner", "month"),
)
