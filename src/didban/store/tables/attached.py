"""What travels with a record: suspensions, disputes, counter-evidence, photos and files.

`record` is the record's identifier without a foreign key: a record may be erased, and
`store.erasure` then takes these with it.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from didban.store.tables.base import metadata

suspension = Table(
    "suspension",
    metadata,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("suspended_at", DateTime(timezone=True), nullable=False),
    Column("suspended_by", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("review_due_at", DateTime(timezone=True)),
    Column("lifted_at", DateTime(timezone=True)),
    Column("lifted_by", Text),
    Column("lifted_reason", Text),
)
# One open suspension of each cause.
Index(
    "suspension_open_idx",
    suspension.c.record,
    suspension.c.cause,
    unique=True,
    postgresql_where=suspension.c.lifted_at.is_(None),
)

dispute = Table(
    "dispute",
    metadata,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False, index=True),
    Column("raised_by", Text, nullable=False),
    Column("disputed_by", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("decision", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    Column("answer", Text, nullable=False, server_default=""),
    CheckConstraint("(decision is null) = (decided_at is null)", name="decided_once"),
)

counter_evidence = Table(
    "counter_evidence",
    metadata,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False, index=True),
    Column("given_by", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("attachment", Text),
    Column("given_at", DateTime(timezone=True), nullable=False),
)

# Contents by their SHA-256: the same photo of two owners is kept once.
blob = Table(
    "blob",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    CheckConstraint("octet_length(sha256) = 32 and octet_length(content) = size", name="whole"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False, index=True),
    Column("sha256", ForeignKey("blob.sha256"), nullable=False, index=True),
    Column("visibility", ForeignKey("visibility.number"), nullable=False),
    Column("role", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("handling", Text, nullable=False),
    Column("attached_at", DateTime(timezone=True), nullable=False),
    Column("attached_by", Text, nullable=False),
)

# What was refused or withdrawn, recognised when it is submitted again (PR-57): keyed hashes of an
# identity, never the identity. It outlives the record, and ends with `until`.
refusal = Table(
    "refusal",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("ground", Text, nullable=False),
    Column("refused_at", DateTime(timezone=True), nullable=False),
    Column("until", Date, nullable=False, index=True),
)

# A stolen document that turned up: the counter of its record, and for its owner where (PR-38).
sighting = Table(
    "sighting",
    metadata,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False, index=True),
    Column("authority", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("hit", Text, unique=True),
    Column("seen_at", DateTime(timezone=True), nullable=False),
)
