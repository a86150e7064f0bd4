"""What a user keeps for themselves: the files they opened and watch, and filters of lists by a name.

Nobody else reads it. It names records and says nothing of them: what is shown is read from the bank
anew, as who asks may see it then.
"""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Index, PrimaryKeyConstraint, Table, Text

from didban.store.tables.base import metadata

# The database itself takes the rows away with their record.
shelved_record = Table(
    "shelved_record",
    metadata,
    Column("user", Text, nullable=False),
    Column("record", ForeignKey("record.id", ondelete="cascade"), nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),  # for the last time
    Column("watched_since", DateTime(timezone=True)),
    PrimaryKeyConstraint("user", "record"),
    Index(None, "record"),
    Index(None, "opened_at"),
)

kept_view = Table(
    "kept_view",
    metadata,
    Column("user", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),  # of the address: codes alone
    PrimaryKeyConstraint("user", "page", "name"),
)
