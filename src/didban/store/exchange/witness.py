"""Checkpoints of other logs that we cosigned, and cosignatures under ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.store.tables.exchange_witness import cosignature, seen_log, witness_refusal

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLog:
    """The largest checkpoint of a log that we cosigned; `size` 0 before the first one."""

    origin: str
    node: str
    size: int
    root: bytes
    note: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """One line of a witness under the checkpoint of our log of this size."""

    origin: str
    node: str
    size: int
    line: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a witness does not cosign, and how many entries it says that it saw."""

    origin: str
    node: str
    fault: str
    size: int
    since: datetime


def lock_seen(tx: Transaction, new: SeenLog) -> SeenLog:
    """Return what we saw of a log, which nobody else moves before this transaction ends.

    - `new`: what is kept where nothing is known of it yet.
    """
    values = {name: getattr(new, name) for name in SeenLog.__dataclass_fields__}
    tx.execute(upsert(seen_log).values(values).on_conflict_do_nothing())
    query = select(seen_log).where(seen_log.c.origin == new.origin).with_for_update()
    return _seen(tx.execute(query).one())


def move_seen(tx: Transaction, moved: SeenLog) -> None:
    """Keep a larger checkpoint of a log that is locked."""
    values = {name: getattr(moved, name) for name in SeenLog.__dataclass_fields__}
    tx.execute(update(seen_log).where(seen_log.c.origin == moved.origin).values(values))


def seen(tx: Transaction) -> list[SeenLog]:
    """Return what we saw of the logs of others, by origin."""
    return [_seen(row) for row in tx.execute(select(seen_log).order_by(seen_log.c.origin))]


def keep(tx: Transaction, new: Cosignature) -> None:
    """Keep a cosignature; a newer one under the same checkpoint takes its place."""
    values = {name: getattr(new, name) for name in Cosignature.__dataclass_fields__}
    add = upsert(cosignature).values(values)
    moved = {"line": add.excluded.line, "seen_at": add.excluded.seen_at}
    tx.execute(add.on_conflict_do_update(index_elements=["origin", "node", "size"], set_=moved))
    is_it = (witness_refusal.c.origin == new.origin) & (witness_refusal.c.node == new.node)
    tx.execute(delete(witness_refusal).where(is_it))


def newest(tx: Transaction, origin: str) -> dict[str, Cosignature]:
    """Return the newest cosignature of each witness under a log of ours."""
    rows = tx.execute(
        select(cosignature)
        .ext(distinct_on(cosignature.c.node))
        .where(cosignature.c.origin == origin)
        .order_by(cosignature.c.node, cosignature.c.size.desc())
    )
    return {row.node: _cosignature(row) for row in rows}


def under(tx: Transaction, origin: str, size: int) -> list[Cosignature]:
    """Return who cosigned one checkpoint, by node."""
    is_it = (cosignature.c.origin == origin) & (cosignature.c.size == size)
    rows = tx.execute(select(cosignature).where(is_it).order_by(cosignature.c.node))
    return [_cosignature(row) for row in rows]


def refuse(tx: Transaction, new: Refusal) -> bool:
    """Note that a witness does not cosign; return whether that is new."""
    values = {name: getattr(new, name) for name in Refusal.__dataclass_fields__}
    add = upsert(witness_refusal).values(values)
    told = add.on_conflict_do_update(
        index_elements=["origin", "node"],
        set_={"fault": add.excluded.fault, "size": add.excluded.size},
    )
    since = tx.scalar(told.returning(witness_refusal.c.since))
    return bool(since == new.since)


def refusals(tx: Transaction, origin: str) -> dict[str, Refusal]:
    """Return which witnesses do not cosign a log of ours."""
    rows = tx.execute(select(witness_refusal).where(witness_refusal.c.origin == origin))
    names = Refusal.__dataclass_fields__
    return {row.node: Refusal(**{name: getattr(row, name) for name in names}) for row in rows}


def count(tx: Transaction, origin: str, size: int) -> int:
    """Return how many witnesses cosigned the log of at least this size."""
    is_it = (cosignature.c.origin == origin) & (cosignature.c.size >= size)
    query = select(func.count(cosignature.c.node.distinct())).where(is_it)
    return tx.scalar(query) or 0


def _seen(row: Any) -> SeenLog:
    values = {name: getattr(row, name) for name in SeenLog.__dataclass_fields__}
    return SeenLog(**{**values, "root": bytes(row.root)})


def _cosignature(row: Any) -> Cosignature:
    return Cosignature(**{name: getattr(row, name) for name in Cosignature.__dataclass_fields__})
