"""Authorities, records and their history: the bank itself.

`record` holds what is known now; a superseded version moves to `record_version` with the interval in
which it was recorded as true. `change` tells who follows the bank (the screening index, feeds) what
to read again.
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata
from didban.store.tables.types import TransactionId

authority = Table(
    "authority",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("country", Text),
    Column("groups", ARRAY(Text), nullable=False, server_default="{}"),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

# Few rows: records with the same owner, audience, exclusions and classification share one. What an
# actor may see is a set of these numbers, for queries and for the screening index alike.
visibility = Table(
    "visibility",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column("audience", ARRAY(Text), nullable=False),
    Column("excluded", ARRAY(Text), nullable=False),
    Column("confidentiality", SmallInteger, nullable=False),
    UniqueConstraint("owner", "audience", "excluded", "confidentiality"),
)

record = Table(
    "record",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column("visibility", ForeignKey("visibility.number"), nullable=False),
    Column("dataset", Text),  # the publication that it came with, where it did
    Column("schema", Text, nullable=False),
    Column("caption", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("entity", JSONB, nullable=False),  # `Record.to_json`
    Column("marking", JSONB, nullable=False),  # of `Marking`, what has no column here
    Column("alert", JSONB(none_as_null=True)),
    Column(
        "sensitive", JSONB(none_as_null=True)
    ),  # beside the entity, so that no search or index reads it (PR-12)
    Column("is_searchable", Boolean, nullable=False),  # whether the screening index holds it
    Column("verified_on", Date),
    Column("review_due", Date),
    Column("retention_until", Date, nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),  # why this version was made
    Column("digest", LargeBinary, nullable=False),  # SHA-256 of content, marking and alert
    Index(None, "owner", "dataset"),
    Index(None, "retention_until"),
    # Few at any time: what waits for a second person or a review.
    Index(
        "record_waiting_idx",
        "owner",
        "id",
        postgresql_where=text("state in ('reported', 'suspended')"),
    ),
)

record_version = Table(
    "record_version",
    metadata,
    Column("record", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("visibility", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("content", JSONB, nullable=False),  # the other columns of `record`, as they were
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("superseded_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    PrimaryKeyConstraint("record", "version"),
)

# One row for each record that a transaction added, changed or took out. Followers read those whose
# transaction was not over when they last looked (`xid` at or above that snapshot's lowest), so that
# none is missed whatever the order of commits; applying one twice does no harm.
change = Table(
    "change",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("xid", TransactionId, nullable=False, server_default=text("pg_current_xact_id()")),
    Column("record", BigInteger, nullable=False),  # `record.number`, which may be gone by now
    Index(None, "xid"),
)
