"""The node itself: what it is, of which age its schema is, what it has to do and when it did."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata

# Of each of the next two there is one row: `only` can be nothing but true.
node = Table(
    "node",
    metadata,
    Column("only", Boolean, primary_key=True, server_default="true"),
    Column("host", ForeignKey("authority.code"), nullable=False),
    Column("is_training", Boolean, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    CheckConstraint('"only"', name="only"),
)

schema_version = Table(
    "schema_version",
    metadata,
    Column("only", Boolean, primary_key=True, server_default="true"),
    Column("version", Integer, nullable=False),
    Column("compat", Integer, nullable=False),  # the oldest code that may still open it
    CheckConstraint('"only"', name="only"),
)

# What is to be done once. A job whose `attempts` are used up stays as a dead letter.
job = Table(
    "job",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, unique=True),  # of two jobs with one key, the second is the first
    Column("facts", JSONB, nullable=False),  # identifiers only: a job outlives what it speaks of
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("is_dead", Boolean, nullable=False, server_default="false"),
    Column("failure", Text),  # the kind of the last error, never its words
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Index(None, "due_at"),
)

# What is to be done again and again.
duty = Table(
    "duty",
    metadata,
    Column("name", Text, primary_key=True),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("done", Integer),
    Column("failures", Integer, nullable=False, server_default="0"),  # since it last succeeded
)
