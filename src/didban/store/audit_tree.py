"""The places of entries in the Merkle tree, the hashes kept with them, and the checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, cast, delete, exists, func, insert, literal, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.store.arrays import is_one_of
from didban.store.audit import COLUMNS, entry_of
from didban.store.tables.audit import audit_checkpoint, audit_entry, audit_leaf, audit_position
from didban.store.tables.types import TransactionId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from didban.model.audit import AuditEntry
    from didban.store.database import Transaction

_SEALER: Final = 0x6469_6462_0001  # the advisory lock of whoever seals
_PAGE: Final = 5_000  # leaves read at once when the whole log is gone through


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """The place of an entry.

    - `place`: from 0; `entry`: number of the entry; `found`: what is there under that number, if anything still is.
    - `hashes`: the leaf's own, then those of the complete subtrees that end with it, from below.
    """

    place: int
    entry: int
    hashes: bytes
    marks: bytes
    found: AuditEntry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCheckpoint:
    """A checkpoint as it was given out."""

    size: int
    at: datetime
    text: str


def lock_sealing(tx: Transaction, *, wait: bool) -> bool:
    """Return whether this transaction alone may seal until it ends."""
    if wait:
        tx.execute(select(func.pg_advisory_xact_lock(_SEALER)))
        return True
    return bool(tx.scalar(select(func.pg_try_advisory_xact_lock(_SEALER))))


def unsealed(tx: Transaction, limit: int) -> tuple[list[AuditEntry], int]:
    """Return committed entries that have no leaf, and the position to keep when they have theirs.

    Entries are numbered before their transactions end, in any order, so that the highest number
    seen says nothing about what is still to come. Transactions do: none below the lowest that was
    running when we looked can bring anything more. That one is asked for before the entries are
    read, so that it can only be too low.
    """
    lowest = tx.execute(select(_number(func.pg_snapshot_xmin(func.pg_current_snapshot())))).scalar()
    query = (
        select(*COLUMNS, _number(audit_entry.c.xid).label("xid"))
        .where(audit_entry.c.xid >= _position(tx), ~_has_leaf())
        .order_by(audit_entry.c.xid, audit_entry.c.number)
        .limit(limit)
    )
    rows = tx.execute(query).all()
    reached = int(lowest or 0)
    if len(rows) == limit:
        reached = min(reached, int(rows[-1].xid))
    return [entry_of(row) for row in rows], reached


def slipped_in(tx: Transaction, limit: int) -> list[int]:
    """Return numbers of entries without a leaf whose transactions the sealing has long passed."""
    query = (
        select(audit_entry.c.number)
        .where(audit_entry.c.xid < _position(tx), ~_has_leaf())
        .order_by(audit_entry.c.number)
        .limit(limit)
    )
    return list(tx.scalars(query))


def add_leaves(tx: Transaction, new: Sequence[Leaf], reached: int) -> None:
    """Give entries their places, and keep the position reached."""
    rows = [
        {"leaf": leaf.place, "entry": leaf.entry, "hashes": leaf.hashes, "marks": leaf.marks}
        for leaf in new
    ]
    if rows:
        tx.execute(insert(audit_leaf), rows)
    cluster = _cluster(tx)
    tx.execute(delete(audit_position).where(audit_position.c.cluster != cluster))
    position = upsert(audit_position).values(cluster=cluster, xid=_xid(reached))
    moved = {"xid": position.excluded.xid}
    tx.execute(position.on_conflict_do_update(index_elements=["cluster"], set_=moved))


def size(tx: Transaction) -> int:
    """Return how many entries are sealed."""
    return int(tx.scalar(select(func.max(audit_leaf.c.leaf) + 1)) or 0)


def hashes_at(tx: Transaction, places: Iterable[int]) -> dict[int, bytes]:
    """Return the hashes kept with these leaves."""
    query = select(audit_leaf.c.leaf, audit_leaf.c.hashes).where(
        is_one_of(audit_leaf.c.leaf, set(places))
    )
    return {row.leaf: bytes(row.hashes) for row in tx.execute(query)}


def places_of(tx: Transaction, numbers: Iterable[int]) -> dict[int, int]:
    """Return the leaf of each of these entries, by its number; one that has none is left out."""
    query = select(audit_leaf.c.entry, audit_leaf.c.leaf)
    rows = tx.execute(query.where(is_one_of(audit_leaf.c.entry, set(numbers))))
    return {row.entry: row.leaf for row in rows}


def leaves(tx: Transaction) -> Iterator[Leaf]:
    """Return every leaf in order, with the entry that is found under its number."""
    last = -1
    while True:
        page = (
            select(audit_leaf, *COLUMNS)
            .outerjoin(audit_entry, audit_entry.c.number == audit_leaf.c.entry)
            .where(audit_leaf.c.leaf > last)
            .order_by(audit_leaf.c.leaf)
            .limit(_PAGE)
        )
        rows = tx.execute(page).all()
        if not rows:
            return
        for row in rows:
            yield Leaf(
                place=row.leaf,
                entry=row.entry,
                hashes=bytes(row.hashes),
                marks=bytes(row.marks),
                found=entry_of(row) if row.number is not None else None,
            )
        last = rows[-1].leaf


def keep_checkpoint(tx: Transaction, new: KeptCheckpoint) -> None:
    """Keep a checkpoint; there is one for each size."""
    values = {"size": new.size, "at": new.at, "text": new.text}
    tx.execute(insert(audit_checkpoint).values(values))


def checkpoints(tx: Transaction) -> list[KeptCheckpoint]:
    """Return every checkpoint, by size."""
    query = select(audit_checkpoint).order_by(audit_checkpoint.c.size)
    return [KeptCheckpoint(size=row.size, at=row.at, text=row.text) for row in tx.execute(query)]


def last_checkpoint(tx: Transaction) -> KeptCheckpoint | None:
    """Return the checkpoint of the largest tree, or None before the first."""
    query = select(audit_checkpoint).order_by(audit_checkpoint.c.size.desc()).limit(1)
    row = tx.execute(query).one_or_none()
    return KeptCheckpoint(size=row.size, at=row.at, text=row.text) if row else None


def _position(tx: Transaction) -> ColumnElement[Any]:
    """Return the transaction from which on entries may be without a leaf.

    The numbering of transactions is the cluster's own, so that a bank that was restored into
    another one is looked through from its beginning.
    """
    query = select(_number(audit_position.c.xid)).where(audit_position.c.cluster == _cluster(tx))
    return _xid(int(tx.scalar(query) or 0))


def _cluster(tx: Transaction) -> str:
    return str(tx.scalar(text("select system_identifier from pg_control_system()")))


def _has_leaf() -> ColumnElement[bool]:
    return exists().where(audit_leaf.c.entry == audit_entry.c.number)


def _number(xid: Any) -> ColumnElement[Any]:
    return cast(xid, Text)


def _xid(number: int) -> ColumnElement[Any]:
    return cast(literal(str(number), Text), TransactionId)
