"""The rights of persons: their requests, the owners asked, and who must hear of a correction."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata

_WHEN = DateTime(timezone=True)

subject_request = Table(
    "subject_request",
    metadata,
    Column("id", Text, primary_key=True),
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("subject", JSONB),  # of `DataSubject`; null once its time is over
    Column("asks", Text, nullable=False),  # in the person's words; empty once its time is over
    Column("received_at", _WHEN, nullable=False),
    Column("round", SmallInteger, nullable=False),
    Column("proof", Text),
    Column("acknowledged_at", _WHEN),
    Column("scoped_by", Text),
    Column("deciders", ARRAY(Text), nullable=False),
    Column("answer", Text),
    Column("decided_at", _WHEN),
    Column("notified_at", _WHEN),
    Column("closed_at", _WHEN),
    Column("overdue", ARRAY(Text), nullable=False),  # clocks whose end was reported
    Index(None, "authority", "received_at"),
    Index(None, "state"),
)

consultation = Table(
    "consultation",
    metadata,
    Column("request", ForeignKey("subject_request.id"), nullable=False),
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column("round", SmallInteger, nullable=False),
    Column("asked_at", _WHEN, nullable=False),
    Column("due_at", _WHEN, nullable=False),
    Column("answered_at", _WHEN),
    Column("answered_by", Text),
    Column("finding", Text),
    Column("records", ARRAY(Text), nullable=False),
    Column("ground", Text, nullable=False),
    PrimaryKeyConstraint("request", "owner", "round"),
    Index(None, "owner", "round", postgresql_where=text("finding is null")),
)

# One for each authority to which a record had been disclosed when its owner changed it (PR-47).
correction_notice = Table(
    "correction_notice",
    metadata,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("recipient", ForeignKey("authority.code"), nullable=False),
    Column("change", Text, nullable=False),
    Column("entry", BigInteger, nullable=False),  # number of the audit entry of the change
    Column("changed_at", _WHEN, nullable=False),
    Column("told_at", _WHEN, nullable=False),
    Column("acknowledged_at", _WHEN),
    Column("acknowledged_by", Text),
    UniqueConstraint("entry", "recipient"),
    Index(None, "recipient", "told_at"),
)

# How far the sealed log has been followed for changes that must be told. One row.
correction_position = Table(
    "correction_position",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("leaf", BigInteger, nullable=False),
)
