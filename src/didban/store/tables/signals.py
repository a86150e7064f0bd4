"""Signals to the data-protection officer, and the counters that raise them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from didban.store.tables.base import metadata

_WHEN = DateTime(timezone=True)

signal = Table(
    "signal",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("raised_at", _WHEN, nullable=False),
    Column("last_at", _WHEN, nullable=False),
    Column("verdict", Text),
    Column("handled_by", Text),
    Index(
        "signal_open_key", "kind", "user", unique=True, postgresql_where=text("state = 'raised'")
    ),
    Index(None, "raised_at"),
)

# What users lately did, for sliding windows: so many of a kind at a moment.
recent_use = Table(
    "recent_use",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("user", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", _WHEN, nullable=False),
    Column("amount", Integer, nullable=False),
    Index(None, "user", "kind", "at"),
    Index(None, "at"),
)

# Who looked for whom and made no hit of it. The person is a keyed hash.
lookup = Table(
    "lookup",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("user", Text, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("at", _WHEN, nullable=False),
    Index(None, "user", "person"),
    Index(None, "at"),
)
