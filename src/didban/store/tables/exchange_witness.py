"""Witnessed audit: what we saw of the logs of others, and who saw what of ours."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from didban.store.tables.base import metadata

# The largest checkpoint of another node's log that we cosigned. It never goes back.
seen_log = Table(
    "seen_log",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
)

# A line of another node under a checkpoint of ours.
cosignature = Table(
    "cosignature",
    metadata,
    Column("origin", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("line", Text, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),  # as the witness says
    PrimaryKeyConstraint("origin", "node", "size"),
)

# Why a witness does not cosign our log any more.
witness_refusal = Table(
    "witness_refusal",
    metadata,
    Column("origin", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("fault", Text, nullable=False),
    Column("size", BigInteger, nullable=False),  # how much it says that it saw
    Column("since", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("origin", "node"),
)
