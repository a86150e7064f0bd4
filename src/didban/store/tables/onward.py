"""What owners let others hand on."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, ForeignKey, Index, Table, Text

from didban.store.tables.base import metadata

onward_consent = Table(
    "onward_consent",
    metadata,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("use", Text, nullable=False),
    Column("recipient", Text, nullable=False, server_default=""),
    Column("until", Date, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Index(None, "record"),
)
