"""Questions about hits between nodes: those that we put to others, and those that others put."""

from __future__ import annotations

from sqlalchemy import (
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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata

_WHEN = DateTime(timezone=True)

# Where a question of ours went, or will go when it is due: a withheld one leaves later (PR-53).
# What leaves is made of the question as it stands then.
question_sent = Table(
    "question_sent",
    metadata,
    Column("question", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("due_at", _WHEN, nullable=False),
    Column("sent_at", _WHEN),
    Column("ended_at", _WHEN),  # that it is not needed any more was told, or nobody may be told
    Index(None, "due_at", postgresql_where=text("sent_at is null")),
)

# That somebody is not the person or thing of a record, as its owner found: a hash with a key of its
# own, so that no two tokens can be compared (PR-25). Our own are those of our desk's answers.
shared_non_match = Table(
    "shared_non_match",
    metadata,
    Column("record", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("node", Text, nullable=False),
    Column("issued_at", _WHEN, nullable=False),
    PrimaryKeyConstraint("record", "salt"),
)

# What another node asks about a record of ours; our desk answers. `authority`, `place`, `met_at`
# and `urgency` are null where the asking side withholds them.
asked_question = Table(
    "asked_question",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, Identity(), nullable=False, unique=True),
    Column("node", Text, nullable=False),
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("record_version", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("identity", JSONB(none_as_null=True)),  # null once erased
    Column("words", Text, nullable=False),
    Column("authority", Text),
    Column("place", Text),
    Column("met_at", _WHEN),
    Column("urgency", Text),
    Column("arrived_at", _WHEN, nullable=False),
    Column("reply_by", _WHEN),
    Column("overdue_at", _WHEN),
    Column("answer", Text),
    Column("answered_at", _WHEN),
    Column("answered_by", Text),
    Column("feedback", Text),
    Column("settled_at", _WHEN),  # when nothing was left to be said; then its retention runs
    Index(None, "owner", "arrived_at", "id"),
    Index(None, "record"),
    Index(None, "reply_by", postgresql_where=text("state = 'open'")),
    Index(None, "settled_at", postgresql_where=text("identity is not null")),
    Index("asked_question_open_idx", "record", postgresql_where=text("state = 'open'")),
)
