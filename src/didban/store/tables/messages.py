"""Messages between authorities: what was sent, what was received, and what happened to each."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata

# Both ends keep a message; where both authorities have their desk in this bank, it stands here twice.
message = Table(
    "message",
    metadata,
    Column("id", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("number", BigInteger, Identity(), nullable=False, unique=True),
    Column("thread", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("node", Text),  # of the other side; null: this one
    Column("in_reply_to", Text),
    Column("purpose", Text, nullable=False),
    Column("handling", Text, nullable=False),
    Column("confidentiality", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("punctuality", Text, nullable=False),
    Column("letter", JSONB(none_as_null=True)),  # null: hidden, recalled or erased
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("sent_by", Text),  # a user of ours; never told
    Column("undeliverable_at", DateTime(timezone=True)),  # while it is on its way
    Column("accepted_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("next_at", DateTime(timezone=True)),  # when the clock has something to say
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("feed", Text),
    Column("seq", BigInteger),
    PrimaryKeyConstraint("id", "side"),
    Index(None, "recipient", "side", "number"),
    Index(None, "thread"),
    Index(None, "next_at"),
    Index(None, "undeliverable_at"),
    Index(None, "changed_at", postgresql_where=text("letter is not null")),
    Index(None, "sender", "side", "number"),
    Index(
        "message_under_way_idx",
        "feed",
        "seq",
        postgresql_where=text("state in ('queued', 'undeliverable', 'delivered')"),
    ),
)

# Append-only, but for erasure, which empties `words`.
message_event = Table(
    "message_event",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("message", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),  # a user of ours, or the node of the other side
    Column("event", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("words", Text, nullable=False),
    ForeignKeyConstraint(["message", "side"], ["message.id", "message.side"]),
    Index(None, "message", "side", "number"),
)

# Which records the parts of a message are of, so that erasure finds them.
message_record = Table(
    "message_record",
    metadata,
    Column("record", Text, nullable=False),
    Column("message", Text, nullable=False),
    PrimaryKeyConstraint("record", "message"),
    Index(None, "message"),
)
