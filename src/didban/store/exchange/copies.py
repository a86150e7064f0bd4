"""Copies of other nodes' records: where each stands, and their rows in the bank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.bank import RecordState
from didban.model.exchange.sharing import CopyState
from didban.store.arrays import is_one_of
from didban.store.records import announce_all
from didban.store.tables.exchange_records import (
    copy,
    copy_version,
    feed_let_go,
    withdrawn_unseen,
)
from didban.store.tables.records import record

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Where a copy stands (`model.exchange.sharing.CopyState`).

    - `seq`, `hash`: the entry that it came with; `below`: revisions under it are gone for good.
    """

    record: str
    node: str
    feed: str
    seq: int
    hash: bytes
    rev: int
    state: CopyState
    valid_until: datetime
    below: int = 0


def of(tx: Transaction, record_ids: Collection[str]) -> dict[str, Copy]:
    """Return what is known of these records as copies; nobody else changes it meanwhile."""
    query = select(copy).where(is_one_of(copy.c.record, record_ids)).order_by(copy.c.record)
    return {row.record: _copy(row) for row in tx.execute(query.with_for_update())}


def keep(tx: Transaction, all_copies: Sequence[Copy], now: datetime) -> None:
    """Keep where copies stand from now on."""
    rows = [
        {**{n: getattr(one, n) for n in Copy.__dataclass_fields__}, "changed_at": now}
        for one in all_copies
    ]
    if rows:
        add = upsert(copy)
        again = {name: add.excluded[name] for name in rows[0] if name != "record"}
        tx.execute(add.on_conflict_do_update(index_elements=["record"], set_=again), rows)


def note_withdrawn_early(tx: Transaction, record_id: str, node: str, below: int) -> None:
    """Note up to which revision a node withdrew a record of which nothing had come."""
    add = upsert(withdrawn_unseen).values(record=record_id, node=node, below=below)
    highest = func.greatest(withdrawn_unseen.c.below, add.excluded.below)
    tx.execute(
        add.on_conflict_do_update(index_elements=["record", "node"], set_={"below": highest})
    )


def withdrawn_early(tx: Transaction, record_ids: Collection[str], node: str) -> dict[str, int]:
    """Return below which revisions a node withdrew these records before it said them."""
    mine = (withdrawn_unseen.c.node == node) & is_one_of(withdrawn_unseen.c.record, record_ids)
    query = select(withdrawn_unseen.c.record, withdrawn_unseen.c.below).where(mine)
    return {row.record: row.below for row in tx.execute(query)}


def renew(tx: Transaction, feed: str, before: datetime, until: datetime) -> None:
    """Let the copies that came by a feed, and whose lease ends before a moment, be kept longer."""
    is_held = (copy.c.feed == feed) & (copy.c.state != CopyState.GONE)
    due = update(copy).where(is_held, copy.c.valid_until < before)
    tx.execute(due.values(valid_until=until))


def over(tx: Transaction, now: datetime, limit: int) -> list[Copy]:
    """Return copies whose lease is over, held until the transaction ends."""
    query = select(copy).where(copy.c.state != CopyState.GONE, copy.c.valid_until <= now)
    rows = tx.execute(
        query.order_by(copy.c.valid_until).limit(limit).with_for_update(skip_locked=True)
    )
    return [_copy(row) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """A feed that is not for us any more, and how many copies of it were erased so far."""

    feed: str
    node: str
    seq: int
    erased: int


def hide_feed(tx: Transaction, feed: str, node: str, seq: int) -> None:
    """Let nothing be found any more that came by a feed, at once; `by_feed` has it erased.

    - `seq`: the entry that said so. Where there are several, the last one is what is confirmed.
    """
    held = select(copy.c.record).where(copy.c.feed == feed, copy.c.state == CopyState.LIVE)
    which = record.c.id.in_(held)
    tx.execute(update(record).where(which).values(state=RecordState.WITHDRAWN, is_searchable=False))
    announce_all(tx, select(record.c.number).where(which))
    row = {"feed": feed, "node": node, "seq": seq}
    let_go = upsert(feed_let_go).values(row)
    tx.execute(let_go.on_conflict_do_update(index_elements=["feed"], set_={"seq": seq}))


def let_go_next(tx: Transaction) -> LetGo | None:
    """Return a feed whose copies are to be erased, held until the transaction ends."""
    query = select(feed_let_go).order_by(feed_let_go.c.feed).limit(1)
    row = tx.execute(query.with_for_update(skip_locked=True)).one_or_none()
    return LetGo(feed=row.feed, node=row.node, seq=row.seq, erased=row.erased) if row else None


def let_go_on(tx: Transaction, one: LetGo, erased: int) -> None:
    """Count what was erased of it."""
    is_it = feed_let_go.c.feed == one.feed
    tx.execute(update(feed_let_go).where(is_it).values(erased=one.erased + erased))


def let_go_done(tx: Transaction, one: LetGo) -> None:
    """Say that nothing is left of it."""
    tx.execute(delete(feed_let_go).where(feed_let_go.c.feed == one.feed))


def by_feed(tx: Transaction, feed: str, limit: int) -> list[Copy]:
    """Return copies that came by a feed and are not gone, held until the transaction ends."""
    query = select(copy).where(copy.c.feed == feed, copy.c.state != CopyState.GONE)
    rows = tx.execute(query.order_by(copy.c.record).limit(limit).with_for_update())
    return [_copy(row) for row in rows]


def owners_of(tx: Transaction, record_ids: Collection[str]) -> dict[str, str]:
    """Return who owns what stands in the bank under these identifiers."""
    query = select(record.c.id, record.c.owner).where(is_one_of(record.c.id, record_ids))
    return {row.id: row.owner for row in tx.execute(query)}


def note_versions(tx: Transaction, rows: Sequence[tuple[str, int, int, int]]) -> None:
    """Keep which revision and version of the owner's a version of ours is."""
    names = ("record", "version", "rev", "owner_version")
    if rows:
        tx.execute(insert(copy_version), [dict(zip(names, row, strict=True)) for row in rows])


def rev_of(tx: Transaction, record_id: str, version: int) -> tuple[int, int] | None:
    """Return the revision and the owner's version that a version of our copy is; None for ours."""
    query = select(copy_version.c.rev, copy_version.c.owner_version).where(
        copy_version.c.record == record_id, copy_version.c.version <= version
    )
    row = tx.execute(query.order_by(copy_version.c.version.desc()).limit(1)).one_or_none()
    return (row.rev, row.owner_version) if row else None


def forget(tx: Transaction, record_id: str) -> None:
    """Let go of a record that is erased: of a copy remains that it was there, and is not kept."""
    tx.execute(delete(copy_version).where(copy_version.c.record == record_id))
    dropped = update(copy).where(copy.c.record == record_id, copy.c.state == CopyState.LIVE)
    tx.execute(dropped.values(state=CopyState.DROPPED))


def _copy(row: Any) -> Copy:
    values = {name: getattr(row, name) for name in Copy.__dataclass_fields__}
    return Copy(**{**values, "hash": bytes(row.hash), "state": CopyState(row.state)})
