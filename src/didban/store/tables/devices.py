"""Devices that check without a link: their keys, what each of them holds, what each confirmed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)

from didban.store.tables.base import metadata

_WHEN = DateTime(timezone=True)

device = Table(
    "device",
    metadata,
    Column("id", Text, primary_key=True),  # fingerprint of its keys
    Column("label", Text, nullable=False),
    Column("authority", ForeignKey("authority.code"), nullable=False),
    Column("clearance", SmallInteger, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("signing", LargeBinary, nullable=False),
    Column("suite", Text, nullable=False),
    Column("sealing", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("registered_by", Text, nullable=False),
    Column("registered_at", _WHEN, nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_at", _WHEN),
    Column("revoked_by", Text),
    Column("revoked_at", _WHEN),
    # What was made for it, and what was taken from it, up to where.
    Column("sent_epoch", Integer, nullable=False, server_default="0"),
    Column("sent_seq", BigInteger, nullable=False, server_default="0"),
    Column("sent_head", LargeBinary, nullable=False),
    Column("returned_seq", BigInteger, nullable=False, server_default="0"),
    Column("returned_head", LargeBinary, nullable=False),
    Column("seen_at", _WHEN),
    Column("suspect_since", _WHEN),
    Column("warned_at", _WHEN),  # that a deletion is overdue
    CheckConstraint("confirmed_by IS NULL OR confirmed_by <> registered_by", name="two_persons"),
    Index(None, "authority"),
)

# What a device holds, as far as its node knows. A row goes when the device confirmed the deletion.
device_held = Table(
    "device_held",
    metadata,
    Column("device", ForeignKey("device.id"), nullable=False),
    Column("record", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # of what was sent; empty: erased here since
    Column("gone_at", _WHEN),  # since when it should not be there any more
    Column("withdrawn_in", BigInteger),  # the package that says so
    PrimaryKeyConstraint("device", "record"),
    Index(None, "record"),
    Index(
        "device_held_gone_idx", "device", "gone_at", postgresql_where=text("gone_at is not null")
    ),
)

# What was taken in from a device, place by place: something else in one of them is a fork.
device_entry = Table(
    "device_entry",
    metadata,
    Column("device", ForeignKey("device.id"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("device", "seq"),
)

# What a device said that it holds, in its own signed words.
device_receipt = Table(
    "device_receipt",
    metadata,
    Column("device", ForeignKey("device.id"), nullable=False),
    Column("seq", BigInteger, nullable=False),  # in what it brings back
    Column("epoch", Integer, nullable=False),  # the package that it confirms
    Column("edition", BigInteger, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("deleted", BigInteger, nullable=False),
    Column("at", _WHEN, nullable=False),
    Column("taken_at", _WHEN, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    PrimaryKeyConstraint("device", "seq"),
)
