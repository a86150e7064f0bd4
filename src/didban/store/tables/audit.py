"""The audit log: entries as they happen, their places in the Merkle tree, signed checkpoints.

All three only grow. Entries are written without any lock; `audit_leaf` orders those that are
committed (`guard.sealing`).
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata
from didban.store.tables.types import TransactionId

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),  # sorted
    Column("device", Text),
    Column("purpose", Text),
    Column("reference", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("deed", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    # 122 random bits: the server has no other source of them.
    Column(
        "salt", LargeBinary, nullable=False, server_default=text("uuid_send(gen_random_uuid())")
    ),
    Column("xid", TransactionId, nullable=False, server_default=text("pg_current_xact_id()")),
    Index(None, "xid", "number"),
    Index(None, "subject", "number"),
    Index(None, "actor", "number"),
    # Some deeds are done to another thing than the record that they disclose.
    Index(
        "audit_entry_record_idx",
        text("(facts ->> 'record')"),
        postgresql_where=text("facts ->> 'record' is not null"),
    ),
    Index(None, "at", postgresql_using="brin"),  # rises with the number, almost
    # Deeds that are rare, and whose last one is shown.
    Index(
        "audit_entry_landmark_idx",
        "deed",
        "number",
        postgresql_where=text("deed in ('audit.verified', 'node.backed_up', 'node.restored')"),
    ),
)

audit_leaf = Table(
    "audit_leaf",
    metadata,
    Column("leaf", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", BigInteger, nullable=False, unique=True),
    # The leaf's hash, then those of the complete subtrees that end with it, from below.
    Column("hashes", LargeBinary, nullable=False),
    Column("marks", LargeBinary, nullable=False),  # `model.audit.field_marks`
)

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("text", Text, nullable=False),  # the signed note, as it is given out
)

# From which transaction on entries may still be without a leaf. Numbers of transactions mean nothing
# in another cluster, so that a restored bank is looked through from its beginning once.
audit_position = Table(
    "audit_position",
    metadata,
    Column("cluster", Text, primary_key=True),
    Column("xid", TransactionId, nullable=False),
)
