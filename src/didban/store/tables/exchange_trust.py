"""Whom this node trusts: its own keys, the nodes it knows, what they say of themselves, evidence."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata

# Private keys are sealed under the secret `exchange`; the root key is never here.
own_key = Table(
    "own_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("use", Text, nullable=False),  # signing, or sealing
    Column("suite", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("valid_until", DateTime(timezone=True), nullable=False),
)

descriptor = Table(
    "descriptor",
    metadata,
    Column("node", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),  # `Descriptor.to_bytes`, as it was signed
    Column(
        "signatures", JSONB, nullable=False
    ),  # of the root, and of the root before if it changed
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("node", "version"),
)

# For whom a node may speak here: those of its descriptor that a person of ours agreed to.
# `owns`: it may publish what they own too; a secretariat's own desk writes, and owns nothing.
peer_authority = Table(
    "peer_authority",
    metadata,
    Column("code", Text, primary_key=True),  # no authority is spoken for by two nodes
    Column("node", Text, nullable=False),
    Column("owns", Boolean, nullable=False),
    Column("agreed_at", DateTime(timezone=True), nullable=False),
    Index(None, "node"),
)

peer = Table(
    "peer",
    metadata,
    Column("node", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("root", LargeBinary, nullable=False),  # as it was pinned, or as it came to be since
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("pinned_at", DateTime(timezone=True)),
    Column("pinned_by", Text),
)

charter = Table(
    "charter",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("payload", LargeBinary, nullable=False),  # as it was signed
    Column("signatures", JSONB, nullable=False),
    Column("accepted_at", DateTime(timezone=True), nullable=False),
    Column("accepted_by", Text, nullable=False),
)

# Of which ends somebody was told, and how many days ahead.
expiry_warning = Table(
    "expiry_warning",
    metadata,
    Column("subject", Text, nullable=False),  # whose, and what
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("days", Integer, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("subject", "ends_at", "days"),
)

# What a node did that it must not do, as it can be shown to others.
evidence = Table(
    "evidence",
    metadata,
    Column("id", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("feed", Text),
    Column("fault", Text, nullable=False),  # the code of the error
    Column("what", Text, nullable=False),
    Column("envelopes", JSONB, nullable=False),  # what was signed
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("closed_by", Text),
    Index(None, "node", "found_at"),
)
