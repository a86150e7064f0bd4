"""Judgements about pairs of records. A file is what they connect, and is kept nowhere."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Table,
    Text,
    text,
)

from didban.store.tables.base import metadata

_STANDS = text("undone_at is null")

judged_pair = Table(
    "judged_pair",
    metadata,
    Column("id", Text, primary_key=True),
    Column("left", Text, nullable=False),
    Column("right", Text, nullable=False),
    Column("judgement", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("undone_at", DateTime(timezone=True)),
    Column("undone_by", Text),
    Column("undone_reason", Text, nullable=False),
    CheckConstraint('"left" < "right"', name="order"),
    # One judgement about a pair stands.
    Index("judged_pair_standing", "left", "right", unique=True, postgresql_where=_STANDS),
    Index("judged_pair_standing_right", "right", postgresql_where=_STANDS),
    Index(None, "left"),
    Index(None, "right"),
)
