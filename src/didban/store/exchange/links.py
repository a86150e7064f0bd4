"""The way to each node: nonces of its calls, when it was last heard, what leaves to it later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.store.tables.exchange_wire import call_nonce, later_item, peer_link

if TYPE_CHECKING:
    from datetime import date, datetime

    from didban.store.database import Transaction

BELL: Final = "didban_peer"
"""The channel on which a node is named that has just called: it can be reached again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How the way to a node is. Times are of this node's clock.

    - `skew_seconds`: by how much the other clock is ahead; None before anything was heard.
    - `failures`: since it last answered; `fault`: the code of the last one.
    - `backlog`: entries that it said it has for us, behind those we hold.
    """

    node: str
    called_at: datetime | None = None
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    failures: int = 0
    fault: str | None = None
    skew_seconds: float | None = None
    backlog: int = 0


def burn(tx: Transaction, node: str, nonce: bytes, now: datetime) -> bool:
    """Note the nonce of a call; return whether it is new."""
    new = upsert(call_nonce).values(node=node, nonce=nonce, at=now).on_conflict_do_nothing()
    return tx.scalar(new.returning(call_nonce.c.at)) is not None


def forget_nonces(tx: Transaction, before: datetime) -> int:
    """Forget calls whose time would not be accepted any more; return how many."""
    return tx.execute(delete(call_nonce).where(call_nonce.c.at < before)).rowcount


def called(tx: Transaction, node: str, skew: float, now: datetime) -> None:
    """Note that a node called us, and tell whoever waits to reach it."""
    _note(tx, node, {"called_at": now, "skew_seconds": skew})
    tx.execute(select(func.pg_notify(BELL, node)))


def answered(tx: Transaction, node: str, skew: float, backlog: int, now: datetime) -> None:
    """Note that a node answered us."""
    seen = {"answered_at": now, "skew_seconds": skew, "backlog": backlog}
    _note(tx, node, {**seen, "failures": 0, "fault": None})


def failed(tx: Transaction, node: str, fault: str, now: datetime, skew: float | None) -> None:
    """Note that a node did not answer as it must, and by how much its clock seems to be ahead."""
    seen = {"failed_at": now, "fault": fault}
    _note(tx, node, seen if skew is None else {**seen, "skew_seconds": skew})
    tally = update(peer_link).where(peer_link.c.node == node)
    tx.execute(tally.values(failures=peer_link.c.failures + 1))


def links(tx: Transaction) -> dict[str, Link]:
    """Return how the way to each node is, by its code."""
    columns = [peer_link.c[name] for name in Link.__dataclass_fields__]
    rows = tx.execute(select(*columns)).mappings()
    return {row["node"]: Link(**row) for row in rows}


def take(tx: Transaction, node: str, entries: int, size: int, day: date) -> None:
    """Count what was fetched from a node in a day: entries, and bytes."""
    new = upsert(peer_link).values(node=node, taken_on=day, taken_entries=entries, taken_bytes=size)
    before, is_same = peer_link.c, peer_link.c.taken_on == day
    sums = {
        name: case((is_same, before[name] + new.excluded[name]), else_=new.excluded[name])
        for name in ("taken_entries", "taken_bytes")
    }
    tx.execute(new.on_conflict_do_update(index_elements=["node"], set_={"taken_on": day, **sums}))


def taken(tx: Transaction, node: str, day: date) -> tuple[int, int]:
    """Return how many entries and bytes were fetched from a node in a day."""
    query = select(peer_link.c.taken_entries, peer_link.c.taken_bytes)
    row = tx.execute(query.where(peer_link.c.node == node, peer_link.c.taken_on == day)).first()
    return (row.taken_entries, row.taken_bytes) if row else (0, 0)


def _note(tx: Transaction, node: str, seen: dict[str, Any]) -> None:
    new = upsert(peer_link).values(node=node, **seen)
    tx.execute(new.on_conflict_do_update(index_elements=["node"], set_=seen))


def add_later(tx: Transaction, node: str, item: Item, due_at: datetime) -> None:
    """Keep what is to be published to a node when it is due."""
    about = {name: getattr(item, name) for name in ("kind", "record", "rev", "handling")}
    values = {**about, "node": node, "content": dict(item.content or {}), "due_at": due_at}
    tx.execute(insert(later_item).values(values))


def take_due(tx: Transaction, now: datetime, most: int) -> list[tuple[str, Item]]:
    """Take out what is due, the oldest first, with the node that it is for."""
    due = select(later_item.c.number).where(later_item.c.due_at <= now)
    due = due.order_by(later_item.c.due_at).limit(most).with_for_update(skip_locked=True)
    taken = delete(later_item).where(later_item.c.number.in_(due)).returning(later_item)
    rows = sorted(tx.execute(taken), key=lambda row: (row.due_at, row.number))
    return [(row.node, _item(row)) for row in rows]


def forget(tx: Transaction, record_id: str) -> None:
    """Forget what would have been said later of a record."""
    tx.execute(delete(later_item).where(later_item.c.record == record_id))


def _item(row: Any) -> Item:
    return Item(
        kind=Kind(row.kind),
        content=row.content,
        record=row.record,
        rev=row.rev,
        handling=row.handling,
    )
