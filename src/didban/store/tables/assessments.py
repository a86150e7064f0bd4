"""The register of partner assessments, assurances, and what the oversight role asks of owners."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from didban.store.tables.base import metadata

_WHEN = DateTime(timezone=True)

# Every version stays: what was held of a partner when something was shared can be shown later.
partner_assessment = Table(
    "partner_assessment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("partner", Text, nullable=False),
    Column("harm", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("offences", ARRAY(Text), nullable=False),
    Column("reason", Text, nullable=False),
    Column("sources", ARRAY(Text), nullable=False),
    Column("version", Integer, nullable=False),
    Column("assessed_at", _WHEN, nullable=False),
    Column("assessed_by", Text, nullable=False),
    Column("review_due", Date, nullable=False),
    UniqueConstraint("partner", "harm", "version"),
)

assurance = Table(
    "assurance",
    metadata,
    Column("id", Text, primary_key=True),
    Column("partner", Text, nullable=False),
    Column("harm", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("recorded_at", _WHEN, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("accepted_at", _WHEN),
    Column("accepted_by", Text),
    Index(None, "record"),
)

# The oversight role suspended a record and asked its owner why it should stand: once here, and once
# at each other node that doubts a record of ours.
oversight_question = Table(
    "oversight_question",
    metadata,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column("words", Text, nullable=False),
    Column("asked_at", _WHEN, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("due_at", _WHEN, nullable=False),
    Column("answer", Text),
    Column("answered_at", _WHEN),
    Column("answered_by", Text),
    Column("outcome", Text),
    Column("closed_at", _WHEN),
    Column("closed_by", Text),
    Index(None, "owner", "asked_at"),
    Index(
        "oversight_question_open_here_key", "record", unique=True,
        postgresql_where=text("closed_at is null and left(asked_by, 5) <> 'node:'"),
    ),
)  # fmt: skip

# What panels of our network say to a question of ours, beside the owner's answer.
oversight_advice = Table(
    "oversight_advice",
    metadata,
    Column("question", ForeignKey("oversight_question.id", ondelete="cascade"), nullable=False),
    Column("node", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("said_at", _WHEN, nullable=False),
    PrimaryKeyConstraint("question", "node"),
)
