"""What owners consented to, and whose conditions were acknowledged by whom."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Index, LargeBinary, PrimaryKeyConstraint, Table, Text

from didban.store.tables.base import metadata

# The owner of a record lets an authority use it for another purpose (PR-06).
consent = Table(
    "consent",
    metadata,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("until", Date, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Index(None, "record"),
)

# A user acknowledged the conditions of a record (H3); other words are to be acknowledged anew.
acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("record", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # of the conditions
    Column("at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("record", "user"),
)
