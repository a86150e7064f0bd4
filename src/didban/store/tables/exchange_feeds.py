"""Feeds, ours and those that we read, entry by entry."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from didban.store.tables.base import metadata

# The row is locked while an entry is added: numbers have no gap and rise in the order of commits.
feed = Table(
    "feed",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),  # code of the node
    Column("audience", Text),  # of ours: what it is for
    Column("epoch", Integer, nullable=False),
    Column("head_seq", BigInteger, nullable=False),
    Column("head_hash", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Index(
        "feed_audience_key",
        "audience",
        unique=True,
        postgresql_where=text("audience is not null"),
    ),
    Index(None, "owner"),
)

# Who reads a feed of ours, and how far: the cursor of a pull says what was taken in before it.
feed_reader = Table(
    "feed_reader",
    metadata,
    Column("feed", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("since_seq", BigInteger, nullable=False),
    Column("until_seq", BigInteger),  # null: still a reader
    Column("cursor_seq", BigInteger, nullable=False, server_default="0"),
    Column("seen_at", DateTime(timezone=True)),
    PrimaryKeyConstraint("feed", "node"),
    Index(None, "node"),
)

entry = Table(
    "entry",
    metadata,
    Column("feed", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", Text),
    Column("rev", BigInteger),
    Column("hash", LargeBinary, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("key", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("body", LargeBinary),  # null: erased, or there never was one
    Column("at", DateTime(timezone=True), nullable=False),
    # Behind the last common entry of a later epoch: it counts no longer, and shows what was said.
    Column("is_void", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("feed", "epoch", "seq"),
    Index(None, "record", postgresql_where=text("record is not null")),
)

# What readers put aside of ours, as they said in their own feeds.
feed_refusal = Table(
    "feed_refusal",
    metadata,
    Column("node", Text, nullable=False),  # who refused
    Column("feed", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("fault", Text, nullable=False),  # the code of an error
    # The reader stopped the feed behind this entry; else it put this one aside.
    Column("is_stop", Boolean, nullable=False, server_default=text("false")),
    Column("at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("node", "feed", "epoch", "seq"),
)
