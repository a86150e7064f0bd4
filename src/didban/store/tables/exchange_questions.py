"""Questions to other nodes and from them: hit or no hit, in clear and blind."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata
from didban.store.tables.records import record

_WHEN = DateTime(timezone=True)

# What somebody here asked other nodes. What was looked for is erased when the question is over.
peer_check = Table(
    "peer_check",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("at", _WHEN, nullable=False),
    Column("user", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("case", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("sought", Text, nullable=False),
    Column("asked", JSONB, nullable=False),
    Column("deadline_at", _WHEN, nullable=False),
    Column("closed_at", _WHEN),
    Index(None, "authority", "number"),
    Index("peer_check_open_idx", "deadline_at", postgresql_where=text("closed_at is null")),
)

peer_check_answer = Table(
    "peer_check_answer",
    metadata,
    Column("check", ForeignKey("peer_check.id", ondelete="cascade"), nullable=False),
    Column("node", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sent_at", _WHEN),  # whoever sends it has taken it
    Column("answered_at", _WHEN),
    Column("exists", Boolean),
    Column("owner", Text, nullable=False, server_default=""),
    Column("contact", Text, nullable=False, server_default=""),
    Column("reference", Text, nullable=False, server_default=""),
    Column("fault", Text, nullable=False, server_default=""),
    Column("found", ARRAY(Integer), nullable=False, server_default="{}"),
    Column("asked", Integer, nullable=False, server_default="0"),  # how many, of a blind question
    PrimaryKeyConstraint("check", "node"),
    Index("peer_check_waiting_idx", "check", postgresql_where=text("state = 'waiting'")),
    Index(None, "node", "answered_at"),
)

# What other nodes asked us in clear, and which records are behind the answer.
answered_peer = Table(
    "answered_peer",
    metadata,
    Column("id", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("sought", Text, nullable=False),
    Column("records", ARRAY(Text), nullable=False),
    Column("at", _WHEN, nullable=False),
    Index(None, "at"),
    Index("answered_peer_records_idx", "records", postgresql_using="gin"),
)

# A list of ours that one node may ask about blind, in one epoch. Without the salt there is no key.
blind_list = Table(
    "blind_list",
    metadata,
    Column("node", Text, nullable=False),
    Column("list", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("begins_at", _WHEN, nullable=False),
    Column("ends_at", _WHEN, nullable=False),
    Column("published_at", _WHEN),
    Column("changes", Integer, nullable=False, server_default="0"),
    Column("ended_at", _WHEN),
    PrimaryKeyConstraint("node", "list", "epoch"),
)

# Which version of a record was tagged, whether or not it has a tag of this list.
blind_record = Table(
    "blind_record",
    metadata,
    Column("node", Text, nullable=False),
    Column("list", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("record", Text, nullable=False),
    Column("number", BigInteger, nullable=False),  # of the record, as changes name it
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("node", "list", "epoch", "record"),
    Index(None, "number"),
)

# The tags of records, and of nobody: those have no record.
blind_tag = Table(
    "blind_tag",
    metadata,
    Column("node", Text, nullable=False),
    Column("list", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("tag", BigInteger, nullable=False),
    Column("record", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("node", "list", "epoch", "tag", "record"),
    Index(None, "node", "list", "epoch", "record"),
)

# Lists of other nodes that we may ask about blind.
held_list = Table(
    "held_list",
    metadata,
    Column("node", Text, nullable=False),
    Column("list", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("keys", Integer, nullable=False),  # version of the rules by which keys are made
    Column("valid_from", _WHEN, nullable=False),
    Column("valid_until", _WHEN, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("name", Text, nullable=False),  # of its entries, to erase them by
    Column("parts_held", Integer, nullable=False, server_default="0"),
    Column("changes", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("node", "list", "epoch"),
)

held_tag = Table(
    "held_tag",
    metadata,
    Column("node", Text, nullable=False),
    Column("list", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("tag", BigInteger, nullable=False),
    PrimaryKeyConstraint("node", "list", "epoch", "tag"),
)

# Which records are offered is asked often, by the few visibilities that offer any.
record_visibility_index = Index("record_visibility_idx", record.c.visibility)
