"""Records that we share, and copies of others' records: identifiers and places, never content."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
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
    UniqueConstraint,
    text,
)

from didban.store.tables.base import metadata

# Records that the same nodes may read, and whose leases are as long: each class has its own feed.
share_class = Table(
    "share_class",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("visibility", ForeignKey("visibility.number"), nullable=False),
    Column("sort", Text, nullable=False),
    Column("protected_from", ARRAY(Text), nullable=False),
    Column("assured", ARRAY(Text), nullable=False),
    Column("feed", Text),  # null: nobody reads it, and nobody has
    UniqueConstraint("visibility", "sort", "protected_from", "assured"),
)

# What we said last of each record of ours. It outlives the record, so that no number comes twice.
shared_record = Table(
    "shared_record",
    metadata,
    Column("record", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("class", ForeignKey("share_class.id")),  # null: not shared any more
    Column("rev", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # of what was said
    Column("valid_until", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Index(None, "number"),
    Index(None, "class", "number"),
    Index(None, "class", "valid_until"),
)

# Who is still to be sent what was there before it became a reader.
share_backfill = Table(
    "share_backfill",
    metadata,
    Column("class", Integer, nullable=False),  # 0: what was never said to anybody
    Column("node", Text, nullable=False),
    Column("after", BigInteger, nullable=False),  # `shared_record.number`
    PrimaryKeyConstraint("class", "node"),
)

# Whom we told to let go of a record, and who confirmed that it is gone.
withdrawal = Table(
    "withdrawal",
    metadata,
    Column("feed", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),  # the entry that said so
    Column("node", Text, nullable=False),
    Column("record", Text),  # null: all of the feed
    Column("reason", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("confirmed_at", DateTime(timezone=True)),
    Column("erased", BigInteger),  # copies, as the reader says
    Column("onward", BigInteger),  # those it had handed on, with our consent
    Column("alarmed_at", DateTime(timezone=True)),
    PrimaryKeyConstraint("feed", "seq", "node"),
    Index(None, "record"),
    Index("withdrawal_open_idx", "asked_at", postgresql_where=text("confirmed_at is null")),
)

# Every record of another node that we ever held: whether we hold it now, and up to which revision
# it is gone. A row that is not live keeps what was withdrawn from coming back.
copy = Table(
    "copy",
    metadata,
    Column("record", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("feed", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),  # of the entry's header
    Column("rev", BigInteger, nullable=False),
    Column("below", BigInteger, nullable=False, server_default="0"),
    Column("state", Text, nullable=False),
    Column("valid_until", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index("copy_feed_idx", "feed", postgresql_where=text("state <> 'gone'")),
    Index("copy_lease_idx", "valid_until", postgresql_where=text("state <> 'gone'")),
)

# What nodes withdrew of which nothing had come yet. It binds the node that said it, and no other.
withdrawn_unseen = Table(
    "withdrawn_unseen",
    metadata,
    Column("record", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("below", BigInteger, nullable=False),
    PrimaryKeyConstraint("record", "node"),
)

# Feeds that are not for us any more, while what came by them is being erased; then they are owed a
# receipt.
feed_let_go = Table(
    "feed_let_go",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),  # the entry that did not name us
    Column("erased", BigInteger, nullable=False, server_default="0"),
)

# Which of the owner's versions a version of ours is, so that a question names what was seen.
copy_version = Table(
    "copy_version",
    metadata,
    Column("record", Text, nullable=False),
    Column("version", Integer, nullable=False),  # of our bank
    Column("rev", BigInteger, nullable=False),
    Column("owner_version", Integer, nullable=False),
    PrimaryKeyConstraint("record", "version"),
)

# Records that we handed on with their owner's consent, as our own word with theirs as its origin.
handed_on = Table(
    "handed_on",
    metadata,
    Column("derived", Text, primary_key=True),  # the record of ours
    Column("original", Text, nullable=False, index=True),
    Column("consent", Text, nullable=False),
)

# What owners at other nodes were told: consents of ours, doubts about records of theirs.
told_to_node = Table(
    "told_to_node",
    metadata,
    Column("what", Text, primary_key=True),  # identifier of the consent, dispute or evidence
    Column("record", Text, nullable=False, index=True),
    Column("node", Text, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
)

# Feeds of which we do not hold what their owner says is live, until that is mended.
drift = Table(
    "drift",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("asked_at", DateTime(timezone=True)),
)

# Files of others' records that were too large to go along: fetched part by part, then attached.
awaited_file = Table(
    "awaited_file",
    metadata,
    Column("id", Text, primary_key=True),  # as the attachment has it
    Column("record", Text, nullable=False, index=True),
    Column("node", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("handling", Text, nullable=False),
    Column("visibility", ForeignKey("visibility.number"), nullable=False),
    Column("attached_at", DateTime(timezone=True), nullable=False),
    Column("held", BigInteger, nullable=False),  # bytes that are here
    Column("next_at", DateTime(timezone=True), nullable=False, index=True),
)
awaited_part = Table(
    "awaited_part",
    metadata,
    Column("file", ForeignKey("awaited_file.id", ondelete="CASCADE"), nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("file", "start"),
)
