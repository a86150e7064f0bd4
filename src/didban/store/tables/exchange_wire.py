"""The wire to each node: what it asked of us, how the links are, and what leaves later."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata

# Each call is answered once: its nonce is kept for as long as its time would be accepted.
call_nonce = Table(
    "call_nonce",
    metadata,
    Column("node", Text, nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("node", "nonce"),
    Index(None, "at"),
)

# What is known of the way to and from a node; for the operator. Only how much came in a day decides
# anything: whether more is fetched.
peer_link = Table(
    "peer_link",
    metadata,
    Column("node", Text, primary_key=True),
    Column("called_at", DateTime(timezone=True)),  # when it last called us
    Column("answered_at", DateTime(timezone=True)),  # when it last answered us
    Column("failed_at", DateTime(timezone=True)),
    Column("failures", Integer, nullable=False, server_default="0"),  # since it last answered
    Column("fault", Text),  # the code of the last failure
    Column("skew_seconds", Float),  # by how much its clock is ahead of ours
    Column("backlog", BigInteger, nullable=False, server_default="0"),  # entries still to come
    Column("taken_on", Date),  # the day (UTC) of which the next two are
    Column("taken_entries", BigInteger, nullable=False, server_default="0"),
    Column("taken_bytes", BigInteger, nullable=False, server_default="0"),
)

# What must not leave at the moment of the deed: it is published when it is due.
later_item = Table(
    "later_item",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("node", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", Text),
    Column("rev", BigInteger),
    Column("handling", Text),
    Column("content", JSONB, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Index(None, "due_at"),
    Index(None, "record"),
)
