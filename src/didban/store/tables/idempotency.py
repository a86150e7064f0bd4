"""Answers that are kept for a day, so that a request sent twice is done once."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from didban.store.tables.base import metadata

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("actor", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    # Empty until the answer is known, which is in the same transaction.
    Column("status", SmallInteger),
    Column("answer", LargeBinary),  # headers and body, sealed by `api`
    Column("mentions", ARRAY(Text), nullable=False, server_default="{}"),
    PrimaryKeyConstraint("actor", "route", "key"),
    Index(None, "made_at"),
)
