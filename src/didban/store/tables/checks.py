"""Checks made in the bank, and what they found.

What was asked and which values agreed is personal content with a time of its own (PR-30): it is
emptied on `kept_until`, or when the record is erased, and the row stays.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata

check_made = Table(
    "check_made",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, Identity(), nullable=False, unique=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("user", Text, nullable=False),
    Column("device", Text),
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("clearance", SmallInteger, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("asked", JSONB(none_as_null=True)),  # null once erased
    Column("chip", Text),
    Column("lag", Float, nullable=False),  # seconds that the index may have been behind
    Column("is_degraded", Boolean, nullable=False),
    Column("kept_until", Date, nullable=False),
    Index(None, "authority", "number"),
    Index(None, "authority", "user", "number"),
    Index(None, "kept_until", postgresql_where=text("asked is not null")),
)

match_made = Table(
    "match_made",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, Identity(), nullable=False, unique=True),
    Column("check", ForeignKey("check_made.id"), nullable=False),
    Column("record", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column("visibility", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("prior", Float, nullable=False),
    Column("origin", SmallInteger, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("is_silenced", Boolean, nullable=False),
    Column("is_rescreened", Boolean, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("check", "record", "version"),
    Index(None, "record"),
    Index("match_made_silenced_idx", "number", postgresql_where=text("is_silenced")),
)

# The second, reasoned step: who opened the record behind a match, and why.
match_opened = Table(
    "match_opened",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("match", ForeignKey("match_made.id"), nullable=False),
    Column("user", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "match"),
)
