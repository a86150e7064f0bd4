"""Notices and diffusions: ours, who was ever told of them, those of others, and those we review."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from didban.store.tables.base import metadata

notice = Table(
    "notice",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, Identity(), nullable=False, unique=True),
    Column("authority", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("colour", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),  # of what was published; 0 before
    Column("alert", JSONB(none_as_null=True)),  # null: erased
    Column("dossier", JSONB(none_as_null=True)),
    Column("audience", ARRAY(Text), nullable=False),
    Column("flags", ARRAY(Text), nullable=False),
    Column("is_urgent", Boolean, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("submitted_by", Text),
    Column("endorsed_by", Text),
    Column("refused_by", Text),
    Column("is_appealed", Boolean, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("review_due_at", DateTime(timezone=True)),  # while it is reviewed, and not told yet
    Column("review_node", Text),  # the secretariat that it was handed to last
    Column("review_rev", BigInteger, nullable=False),  # of what was handed in; 0: nothing yet
    Column("cancel_due_at", DateTime(timezone=True)),  # once it is fulfilled
    Column("ends_on", Date),
    Index(None, "authority", "state", "number"),
    Index(None, "record"),
    # What a duty looks for every few seconds.
    Index(None, "review_due_at", postgresql_where=text("review_due_at is not null")),
    Index(None, "cancel_due_at", postgresql_where=text("cancel_due_at is not null")),
    Index(
        "notice_ends_idx",
        "ends_on",
        postgresql_where=text("state in ('approved', 'published', 'suspended', 'fulfilled')"),
    ),
    # One notice of a record at a time.
    Index(
        "notice_stands_once",
        "record",
        unique=True,
        postgresql_where=text("state in ('approved', 'published', 'suspended', 'fulfilled')"),
    ),
)

# Append-only, but for erasure, which empties `words`.
notice_event = Table(
    "notice_event",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("notice", ForeignKey("notice.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("words", Text, nullable=False),
    Index(None, "notice", "number"),
)

# Every node that was ever told of a notice: it is told of the end too, and confirms it.
notice_reader = Table(
    "notice_reader",
    metadata,
    Column("notice", ForeignKey("notice.id"), nullable=False),
    Column("node", Text, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
    Column("end_told_at", DateTime(timezone=True)),
    Column("let_go_at", DateTime(timezone=True)),  # as it said itself
    PrimaryKeyConstraint("notice", "node"),
    Index(None, "end_told_at", postgresql_where=text("let_go_at is null")),
)

received_notice = Table(
    "received_notice",
    metadata,
    Column("id", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("colour", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("ends_on", Date),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("let_go_at", DateTime(timezone=True)),  # when we confirmed that its record is gone
    Index(None, "state", postgresql_where=text("let_go_at is null")),
    Index(None, "record"),
)

# Notices of other authorities that this node, their secretariat, reviews or reviewed.
notice_case = Table(
    "notice_case",
    metadata,
    Column("notice", Text, primary_key=True),
    Column("number", BigInteger, Identity(), nullable=False, unique=True),
    Column("node", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("content", JSONB(none_as_null=True)),  # as it came; null: reviewed, and erased
    Column("confidentiality", Integer, nullable=False),
    Column("is_urgent", Boolean, nullable=False),
    Column("flags", ARRAY(Text), nullable=False),
    Column("reviewers", ARRAY(Text), nullable=False),  # our users; others know their number
    Column("endorsed_by", Text),
    Column("refused_by", Text),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True)),  # while it waits, and is not late
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index(None, "state", "number"),
)
