"""Hits: where each stands, its history, its clocks, the questions to owners, who is told.

A hit keeps its own copy of what was asked and of the evidence, because the check that it came from
has a retention of its own. `store.hits.forget` takes personal content out.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata

hit = Table(
    "hit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, Identity(), nullable=False, unique=True),
    Column("match", Text, nullable=False, unique=True),
    Column("check", Text, nullable=False),
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column("record", Text, nullable=False),
    Column("record_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("checked_by", Text, nullable=False),
    Column("checked_at", DateTime(timezone=True), nullable=False),
    Column("place", Text, nullable=False),
    Column("asked", JSONB(none_as_null=True)),  # `Record.to_json` of what was looked for
    Column("evidence", JSONB, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("round", Integer, nullable=False),
    Column("is_held", Boolean, nullable=False),
    Column("is_record_gone", Boolean, nullable=False),
    Column("action", Text),
    Column("outcome", Text),
    Column("assignee", Text),
    Column("aside_until", DateTime(timezone=True)),
    Index(None, "authority", "state", "number"),
    Index(None, "state"),
    Index(None, "record"),
)

# Append-only: `store.hits` has no function that changes a row, but for erasure, which empties
# `words`.
hit_event = Table(
    "hit_event",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("hit", ForeignKey("hit.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("words", Text, nullable=False),
    Index(None, "hit", "number"),
)

# When a user first had a piece of evidence before them and acknowledged it (PR-26).
hit_seen = Table(
    "hit_seen",
    metadata,
    Column("hit", ForeignKey("hit.id"), nullable=False),
    Column("user", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("hit", "user", "item"),
)

hit_clock = Table(
    "hit_clock",
    metadata,
    Column("hit", ForeignKey("hit.id"), nullable=False),
    Column("clock", Text, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("hit", "clock"),
    Index(None, "due_at"),
)

owner_question = Table(
    "owner_question",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, Identity(), nullable=False, unique=True),
    Column("hit", ForeignKey("hit.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column("record", Text, nullable=False),
    Column("record_version", Integer, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("disclosure", Text, nullable=False),
    Column("identity", JSONB(none_as_null=True)),  # `Record.to_json` of what the owner is shown
    Column("asked_by", Text, nullable=False),
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("place", Text, nullable=False),
    Column("checked_at", DateTime(timezone=True), nullable=False),
    Column("words", Text, nullable=False),
    Column("visible_from", DateTime(timezone=True)),
    Column("reply_by", DateTime(timezone=True)),
    Column("answer", Text),
    Column("feedback", Text),
    Column("feedback_at", DateTime(timezone=True)),
    Index(None, "hit"),
    Index(None, "owner", "visible_from", "id"),
    Index(
        "owner_question_taken_back_idx",
        "id",
        postgresql_where=text("state = 'withdrawn' and disclosure = 'full'"),
    ),
    # One confirmation at a time; a reopened hit may be asked about again.
    Index(
        "owner_question_asked_once",
        "hit",
        "kind",
        unique=True,
        postgresql_where=text("state in ('draft', 'open')"),
    ),
)

# Keyed hashes over both sides' identifying data (PR-25): nobody learns from them who was refuted.
non_match_token = Table(
    "non_match_token",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("hit", ForeignKey("hit.id"), nullable=False),
    Column("record", Text, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Index(None, "digest"),
    Index(None, "hit"),
    Index(None, "record"),
)
