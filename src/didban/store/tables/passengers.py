"""Passenger lists that are held for a time, and who may see again what was masked (PR-35)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata

passenger_list = Table(
    "passenger_list",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, Identity(), nullable=False, unique=True),
    Column("name", Text, nullable=False),  # a voyage: carrier, number, day
    Column("at", DateTime(timezone=True), nullable=False),
    Column("user", Text, nullable=False),
    Column("device", Text),
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("clearance", SmallInteger, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("passengers", Integer, nullable=False),
    Column("rejects", Integer, nullable=False),  # lines that could not be read
    Column("mask_at", DateTime(timezone=True), nullable=False),
    Column("masked_at", DateTime(timezone=True)),
    Column("kept_until", Date, nullable=False),  # on this day everything is deleted
    Index(None, "authority", "number"),
    Index(None, "mask_at", postgresql_where=text("masked_at is null")),
    Index(None, "kept_until"),
)

passenger = Table(
    "passenger",
    metadata,
    Column("list", ForeignKey("passenger_list.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("asked", JSONB, nullable=False),  # `Record.to_json`
    Column("check", ForeignKey("check_made.id")),  # where somebody was found
    Column("is_masked", Boolean, nullable=False, server_default="false"),
    PrimaryKeyConstraint("list", "position"),
    Index(None, "check"),
)

passenger_unmasking = Table(
    "passenger_unmasking",
    metadata,
    Column("id", Text, primary_key=True),
    Column("list", ForeignKey("passenger_list.id", ondelete="CASCADE"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Index(None, "list"),
)
