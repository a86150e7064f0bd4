"""Signals to the data-protection officer, and the counters that raise them."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
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

# A sliding window: the moments of what one user lately did of one kind, oldest first.
recent_use = Table(
    "recent_use",
    metadata,
    Column("user", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("moments", ARRAY(_WHEN), nullable=False),
    PrimaryKeyConstraint("user", "kind"),
)

# Who looked for the same person how often without a hit. The person is a keyed hash.
lookup = Table(
    "lookup",
    metadata,
    Column("user", Text, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("moments", ARRAY(_WHEN), nullable=False),
    Column("is_told", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("user", "person"),
)
