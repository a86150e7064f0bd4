"""Who is still to be sent what was there before it: how far that has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from didban.store.tables.exchange_records import share_backfill

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.store.database import Transaction

_UNSAID: Final = 0  # no class bears this number
_table = share_backfill.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """One node and class, from behind this record on; or what was never said to anybody."""

    class_id: int
    node: str
    after: int

    @property
    def is_unsaid(self) -> bool:
        """Whether it is about what was never said to anybody."""
        return self.class_id == _UNSAID


def begin(tx: Transaction, class_id: int, nodes: Iterable[str]) -> None:
    """Send these nodes all of a class, from the beginning."""
    rows = [{"class": class_id, "node": node, "after": 0} for node in sorted(nodes)]
    if rows:
        add = insert(share_backfill)
        tx.execute(
            add.on_conflict_do_update(index_elements=["class", "node"], set_={"after": 0}), rows
        )


def end(tx: Transaction, class_id: int, nodes: Iterable[str]) -> None:
    """Send these nodes no more of a class."""
    these = (_table["class"] == class_id, _table.node.in_(list(nodes)))
    tx.execute(delete(share_backfill).where(*these))


def begin_unsaid(tx: Transaction) -> None:
    """Look for what was never said."""
    begin(tx, _UNSAID, [""])


def end_unsaid(tx: Transaction) -> None:
    """Look no further."""
    end(tx, _UNSAID, [""])


def next_one(tx: Transaction) -> Backfill | None:
    """Return what is to be sent next; nobody else sends it meanwhile. None where nothing is."""
    query = select(share_backfill).order_by(_table["class"], _table.node).limit(1)
    row = tx.execute(query.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    return Backfill(class_id=row._mapping["class"], node=row.node, after=row.after)  # noqa: SLF001 - the documented name


def move(tx: Transaction, sent: Backfill, after: int) -> None:
    """Go on behind this record."""
    is_it = (_table["class"] == sent.class_id, _table.node == sent.node)
    tx.execute(update(share_backfill).where(*is_it).values(after=after))


def waits(tx: Transaction, class_id: int, node: str) -> bool:
    """Return whether a node has not been sent all of a class yet."""
    is_it = (_table["class"] == class_id, _table.node == node)
    return bool(tx.scalar(select(exists().where(*is_it))))
