"""What is to be erased, why something is kept longer, and that something was erased."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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
    text,
)

from didban.store.tables.base import metadata

# That something was erased, without what it was: the hash is keyed, so that who has the list of
# erasures alone cannot try out identifiers.
tombstone = Table(
    "tombstone",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("erased_at", DateTime(timezone=True), nullable=False),
    Column("listed_at", DateTime(timezone=True)),  # written to the list that restores obey
)
Index(
    "tombstone_unlisted_idx",
    tombstone.c.erased_at,
    postgresql_where=tombstone.c.listed_at.is_(None),
)

# One row, made with the node: every backup has it.
erasure_key = Table(
    "erasure_key",
    metadata,
    Column("only", Boolean, primary_key=True, server_default="true"),
    Column(
        "key",
        LargeBinary,
        nullable=False,
        server_default=text(
            "sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))"
        ),
    ),
    CheckConstraint('"only"', name="only"),
)

# A record whose time ends soon, from the warning to the answer (4.6: review_due).
retention_review = Table(
    "retention_review",
    metadata,
    Column("record", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("warned_at", DateTime(timezone=True), nullable=False),
    Column("due_on", Date, nullable=False),  # `retention_until` when it was warned of
    Index(None, "owner", "due_on"),
)

# The answers. When the record is erased, `record` and `assessment` are emptied; the rest is counted.
retention_assessment = Table(
    "retention_assessment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("record", Text, index=True),
    Column("owner", Text, nullable=False),
    Column("is_object", Boolean, nullable=False),
    Column("decision", Text, nullable=False),
    Column("assessment", Text, nullable=False),
    Column("assessed_by", Text, nullable=False),
    Column("assessed_at", DateTime(timezone=True), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("kept_until", Date),
    Index(None, "owner", "assessed_at"),
)

# A record whose purpose is achieved: to be deleted or justified by `due_on` (PR-33).
purpose_achieved = Table(
    "purpose_achieved",
    metadata,
    Column("record", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("told_by", Text, nullable=False),
    Column("achieved_at", DateTime(timezone=True), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("suspended_at", DateTime(timezone=True)),
    Index(None, "due_on"),
)

# Several reviews answered together: what was decided, and who decided. It goes when it is done or
# given up; the audit keeps that it was.
retention_batch = Table(
    "retention_batch",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("until", Date),
    Column("assessment", Text, nullable=False),
    Column("drawn_by", Text, nullable=False, unique=True),  # one at a time for each reviewer
    Column("drawn_at", DateTime(timezone=True), nullable=False),
)

# Its records; those of the sample are looked at one by one before the rest may follow.
retention_batch_record = Table(
    "retention_batch_record",
    metadata,
    Column("record", Text, primary_key=True),
    Column("batch", Text, ForeignKey(retention_batch.c.id, ondelete="cascade"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_sampled", Boolean, nullable=False),
    Column("seen_at", DateTime(timezone=True)),
    Index(None, "batch"),
)
