"""Devices in the database: their keys, what each of them holds, and what each confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql as pg

from didban.model.devices import Device, DeviceKeys, DeviceState
from didban.model.exchange.feeds import START, Cursor
from didban.model.marking import Confidentiality
from didban.model.purposes import Purpose
from didban.store.record_rows import present, record_of
from didban.store.tables.devices import device, device_entry, device_held, device_receipt
from didban.store.tables.exchange_records import copy
from didban.store.tables.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from didban.model.bank import BankRecord
    from didban.model.exchange.envelopes import Envelope
    from didban.store.database import Transaction

_BATCH = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A record that a device holds. `withdrawn_in`: the package that takes it out, if one was made."""

    digest: bytes
    withdrawn_in: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A device's word that a package is in force there.

    - `edition`: the number of the package; `records`: what it holds; `deleted`: what it took out.
    """

    device: str
    seq: int
    epoch: int
    edition: int
    records: int
    deleted: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Deletions that a device has not confirmed: how many, and since when the oldest is due."""

    device: str
    count: int
    since: datetime


def add(tx: Transaction, new: Device) -> bool:
    """Register a device; return whether its keys were new here."""
    values = {
        name: getattr(new, name)
        for name in ("id", "label", "authority", "purpose", "place", "state")
    }
    values |= {
        "clearance": int(new.clearance),
        "signing": new.keys.signing,
        "suite": new.keys.suite,
        "sealing": new.keys.sealing,
        "registered_by": new.registered_by,
        "registered_at": new.registered_at,
        "sent_head": START,
        "returned_head": START,
    }
    added = pg.insert(device).values(values).on_conflict_do_nothing()
    return tx.scalar(added.returning(device.c.id)) is not None


def get(
    tx: Transaction, device_id: str, authority: str | None, *, to_change: bool = False
) -> Device | None:
    """Return a device, or None where there is none of that authority (None: of any)."""
    query = select(device).where(device.c.id == device_id)
    if authority is not None:
        query = query.where(device.c.authority == authority)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return _device_of(row) if row else None


def listed(tx: Transaction, authority: str | None, *, after: str, limit: int) -> list[Device]:
    """Return the devices of an authority (None: of all) in the order of their identifiers."""
    query = select(device).where(device.c.id > after)
    if authority is not None:
        query = query.where(device.c.authority == authority)
    return [_device_of(row) for row in tx.execute(query.order_by(device.c.id).limit(limit))]


def move(tx: Transaction, device_id: str, state: DeviceState, *, by: str, now: datetime) -> None:
    """Keep what a person decided about a device."""
    who, when = (
        ("confirmed_by", "confirmed_at")
        if state is DeviceState.ACTIVE
        else ("revoked_by", "revoked_at")
    )
    values = {"state": state, who: by, when: now}
    tx.execute(update(device).where(device.c.id == device_id).values(values))


def note_sent(tx: Transaction, device_id: str, sent: Cursor) -> None:
    """Keep which package is the newest."""
    values = {"sent_epoch": sent.epoch, "sent_seq": sent.seq, "sent_head": sent.head}
    tx.execute(update(device).where(device.c.id == device_id).values(values))


def note_returned(tx: Transaction, device_id: str, returned: Cursor, now: datetime) -> None:
    """Keep up to where its entries were taken in."""
    values = {"returned_seq": returned.seq, "returned_head": returned.head, "seen_at": now}
    tx.execute(update(device).where(device.c.id == device_id).values(values))


def note_entries(tx: Transaction, device_id: str, hashes: Mapping[int, bytes]) -> None:
    """Keep which entries of a device were taken in, by their places."""
    rows = [{"device": device_id, "seq": seq, "hash": one} for seq, one in hashes.items()]
    if rows:
        tx.execute(insert(device_entry), rows)


def entries(tx: Transaction, device_id: str, first: int) -> dict[int, bytes]:
    """Return the hashes of what was taken in from a device, from one place on."""
    query = select(device_entry.c.seq, device_entry.c.hash)
    of_it = (device_entry.c.device == device_id) & (device_entry.c.seq >= first)
    return {row.seq: bytes(row.hash) for row in tx.execute(query.where(of_it))}


def suspect(tx: Transaction, device_id: str, now: datetime) -> None:
    """Keep that a device brought back what cannot be so."""
    tx.execute(update(device).where(device.c.id == device_id).values(suspect_since=now))


# ------------------------------------------------------------------------------ what it holds


def candidates(
    tx: Transaction, open_to: frozenset[int], *, after: int, most: int
) -> list[tuple[int, BankRecord]]:
    """Return records that can be found, among what is open to who asks, with rising numbers."""
    query = present().where(
        record.c.is_searchable, record.c.visibility.in_(open_to), record.c.number > after
    )
    rows = tx.execute(query.order_by(record.c.number).limit(most))
    return [(row.number, record_of(row)) for row in rows]


def leases(tx: Transaction, records: Sequence[str]) -> dict[str, datetime]:
    """Return until when other nodes let us have these records of theirs; ours have no such end."""
    query = select(copy.c.record, copy.c.valid_until).where(copy.c.record.in_(records))
    return {row.record: row.valid_until for row in tx.execute(query)}


def held(tx: Transaction, device_id: str) -> dict[str, Held]:
    """Return what a device holds, by record."""
    query = select(device_held.c.record, device_held.c.digest, device_held.c.withdrawn_in)
    rows = tx.execute(query.where(device_held.c.device == device_id))
    return {
        row.record: Held(digest=bytes(row.digest), withdrawn_in=row.withdrawn_in) for row in rows
    }


def given(tx: Transaction, device_id: str, records: Iterable[str]) -> set[str]:
    """Return which of these records a device was given, and has not confirmed to be gone."""
    query = select(device_held.c.record).where(device_held.c.device == device_id)
    return set(tx.scalars(query.where(device_held.c.record.in_(list(records)))))


def note_held(tx: Transaction, device_id: str, put: Iterable[tuple[str, bytes]]) -> None:
    """Keep what a package puts on a device."""
    rows = [{"device": device_id, "record": key, "digest": digest} for key, digest in put]
    for start in range(0, len(rows), _BATCH):
        added = pg.insert(device_held).values(rows[start : start + _BATCH])
        values = {"digest": added.excluded.digest, "gone_at": None, "withdrawn_in": None}
        tx.execute(added.on_conflict_do_update(index_elements=["device", "record"], set_=values))


def note_withdrawn(
    tx: Transaction, device_id: str, records: Sequence[str], *, edition: int, now: datetime
) -> None:
    """Keep what a package takes out of a device. When it was due stays as it was, if it was known."""
    for start in range(0, len(records), _BATCH):
        of_it = device_held.c.record.in_(records[start : start + _BATCH])
        tx.execute(
            update(device_held)
            .where(device_held.c.device == device_id, of_it)
            .values(withdrawn_in=edition, gone_at=func.coalesce(device_held.c.gone_at, now))
        )


def settle(tx: Transaction, device_id: str, edition: int) -> int:
    """Forget what a device says is gone from it since this package; return how many."""
    gone = (device_held.c.device == device_id) & (device_held.c.withdrawn_in <= edition)
    tx.execute(update(device).where(device.c.id == device_id).values(warned_at=None))
    return tx.execute(delete(device_held).where(gone)).rowcount


def note_gone(tx: Transaction, now: datetime) -> int:
    """Mark what devices hold and the bank no longer has for anybody; return how many that are.

    What came back meanwhile, and no package took out, is not gone.
    """
    is_there = exists().where(record.c.id == device_held.c.record, record.c.is_searchable)
    back = update(device_held).where(
        device_held.c.gone_at.is_not(None), device_held.c.withdrawn_in.is_(None), is_there
    )
    tx.execute(back.values(gone_at=None))
    gone = update(device_held).where(device_held.c.gone_at.is_(None), ~is_there)
    return tx.execute(gone.values(gone_at=now)).rowcount


def owed(tx: Transaction, authority: str | None) -> list[Owed]:
    """Return the deletions that devices have not confirmed, the longest due first."""
    oldest = func.min(device_held.c.gone_at)
    query = (
        select(device_held.c.device, func.count().label("owed"), oldest.label("since"))
        .join(device, device.c.id == device_held.c.device)
        .where(device_held.c.gone_at.is_not(None))
    )
    if authority is not None:
        query = query.where(device.c.authority == authority)
    rows = tx.execute(query.group_by(device_held.c.device).order_by(oldest))
    return [Owed(device=row.device, count=row.owed, since=row.since) for row in rows]


def warn(tx: Transaction, device_id: str, now: datetime) -> bool:
    """Keep that somebody was told of an overdue deletion; return whether nobody was before."""
    first = device.c.warned_at.is_(None) & (device.c.id == device_id)
    return tx.execute(update(device).where(first).values(warned_at=now)).rowcount > 0


def forget(tx: Transaction, record_id: str) -> int:
    """Empty what was kept of a record's content (PR-31). That a device holds it must stay known."""
    of_it = update(device_held).where(device_held.c.record == record_id)
    return tx.execute(of_it.values(digest=b"")).rowcount


# ----------------------------------------------------------------------------------- receipts


def add_receipt(tx: Transaction, new: Receipt, envelope: Envelope, now: datetime) -> None:
    """Keep a receipt with the device's own signature."""
    values = {name: getattr(new, name) for name in Receipt.__dataclass_fields__}
    values |= {"taken_at": now, "header": envelope.header, "signature": envelope.signature}
    tx.execute(insert(device_receipt).values(values))


def receipts(tx: Transaction, device_id: str, *, most: int) -> list[Receipt]:
    """Return what a device confirmed, the latest first."""
    query = select(device_receipt).where(device_receipt.c.device == device_id)
    rows = tx.execute(query.order_by(device_receipt.c.seq.desc()).limit(most))
    return [
        Receipt(**{name: getattr(row, name) for name in Receipt.__dataclass_fields__})
        for row in rows
    ]


def _device_of(row: Any) -> Device:
    return Device(
        id=row.id,
        label=row.label,
        authority=row.authority,
        purpose=Purpose(row.purpose),
        place=row.place,
        clearance=Confidentiality(row.clearance),
        keys=DeviceKeys(signing=bytes(row.signing), suite=row.suite, sealing=bytes(row.sealing)),
        state=DeviceState(row.state),
        registered_by=row.registered_by,
        registered_at=row.registered_at,
        confirmed_by=row.confirmed_by,
        revoked_at=row.revoked_at,
        sent=Cursor(epoch=row.sent_epoch, seq=row.sent_seq, head=bytes(row.sent_head)),
        returned=Cursor(epoch=1, seq=row.returned_seq, head=bytes(row.returned_head)),
        seen_at=row.seen_at,
        suspect_since=row.suspect_since,
    )
