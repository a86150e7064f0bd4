"""The outbox: who must be told of what, written in the transaction of the deed itself."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
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

from didban.store.tables.base import metadata

duty_contact = Table(
    "duty_contact",
    metadata,
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("post", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", Text, nullable=False),
    PrimaryKeyConstraint("authority", "post", "channel"),
)

notification = Table(
    "notification",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, Identity(), nullable=False, unique=True),
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("post", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("subject", Text, nullable=False),  # identifier of the hit or question
    Column("kind", Text, nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", DateTime(timezone=True)),  # null: sent, or given up
    Column("sent_at", DateTime(timezone=True)),
    Column("given_up_at", DateTime(timezone=True)),
    Column("fault", Text, nullable=False),  # what went wrong last, in a word
    Index(None, "subject"),
    Index(None, "next_try_at", postgresql_where=text("next_try_at is not null")),
    Index(None, "authority", "given_up_at", postgresql_where=text("given_up_at is not null")),
)
