"""Who follows the changes of the bank, and how far."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Table, Text

from didban.store.tables.base import metadata

# One row: the index whose position decides which changes may be forgotten. Another one that comes
# later is made anew, since it may lack some.
follower = Table(
    "follower",
    metadata,
    Column("only", Boolean, primary_key=True, server_default="true"),
    Column("name", Text, nullable=False),
    CheckConstraint('"only"', name="only"),
)

# How far held checks and passenger lists were asked again; changes are kept until then too.
rescreened = Table(
    "rescreened",
    metadata,
    Column("only", Boolean, primary_key=True, server_default="true"),
    Column("position", Text, nullable=False),
    CheckConstraint('"only"', name="only"),
)
