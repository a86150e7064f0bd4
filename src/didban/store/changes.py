"""What changed in the bank since somebody last looked, for the screening index and other followers.

A position is a snapshot of PostgreSQL, as text. What is not visible in the last one is what is to be
read now, whatever the order in which transactions were committed: none is missed, none read twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from didban.model.records import Record
from didban.store.tables.changes import follower, rescreened
from didban.store.tables.operation import node
from didban.store.visibility import visibility_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """A record as the screening index needs it.

    - `visibility`: its number, or None for what everybody may see.
    - `record` has in `datasets` the publication that it came with, or else its owner.
    """

    number: int
    version: int
    visibility: int | None
    record: Record


_POSITION: Final = text("select pg_current_snapshot()::text")
_SINCE: Final = text("""
    select distinct record from change
    where xid >= pg_snapshot_xmin(cast(:position as pg_snapshot))
      and not pg_visible_in_snapshot(xid, cast(:position as pg_snapshot))
    order by record
""")
_COLUMNS: Final = """
    select r.number, r.version, r.owner, r.dataset, r.entity, r.visibility,
           v.audience, v.excluded, v.confidentiality
    from record r join visibility v on v.number = r.visibility
    where r.is_searchable
"""
_THESE: Final = text(f"{_COLUMNS} and r.number = any(:numbers)")
_AFTER: Final = text(f"{_COLUMNS} and r.number > :last order by r.number limit :most")
_IS_PAST: Final = text("""
    select pg_snapshot_xmax(cast(:position as pg_snapshot))
        <= pg_snapshot_xmax(pg_current_snapshot())
""")
_TRIM: Final = text("""
    delete from change where number in (
        select number from change
        where xid < pg_snapshot_xmin(cast(:position as pg_snapshot))
          and xid < all (select pg_snapshot_xmin(cast(position as pg_snapshot)) from rescreened)
        limit :most)
""")


def position(tx: Transaction) -> str:
    """Return the present position. Ask for it before `since`: what comes between is read again."""
    return str(tx.execute(_POSITION).scalar_one())


def since(tx: Transaction, before: str) -> list[int]:
    """Return the numbers of the records that changed since a position, rising, each once."""
    return list(tx.execute(_SINCE, {"position": before}).scalars())


def present(tx: Transaction, numbers: Sequence[int]) -> list[Searchable]:
    """Return those of these records that are to be found now."""
    return [_searchable(row) for row in tx.execute(_THESE, {"numbers": list(numbers)})]


def after(tx: Transaction, last: int, *, most: int) -> list[Searchable]:
    """Return the next records that are to be found, by rising number."""
    return [_searchable(row) for row in tx.execute(_AFTER, {"last": last, "most": most})]


def can_follow(tx: Transaction, name: str, before: str) -> bool:
    """Return whether the index of this name can go on from a position.

    Not when another has followed meanwhile, nor from a time that this database has not seen: it is
    an older one that was restored.
    """
    is_ours = tx.scalar(select(follower.c.name)) == name
    return bool(before) and is_ours and is_past(tx, before)


def is_past(tx: Transaction, before: str) -> bool:
    """Return whether this database has been at a position; a restored one counts anew."""
    return bool(tx.execute(_IS_PAST, {"position": before}).scalar_one())


def follow(tx: Transaction, name: str) -> None:
    """State which index follows from now on."""
    tx.execute(
        insert(follower)
        .values(name=name)
        .on_conflict_do_update(index_elements=["only"], set_={"name": name})
    )


def trim(tx: Transaction, before: str, *, most: int) -> int:
    """Forget what changed before a position, and was rescreened; return how much."""
    return tx.execute(_TRIM, {"position": before, "most": most}).rowcount


def rescreened_to(tx: Transaction) -> str | None:
    """Return how far held checks were asked again, or None where that has not begun."""
    return tx.scalar(select(rescreened.c.position))


def keep_rescreened(tx: Transaction, reached: str) -> None:
    """State how far held checks were asked again."""
    tx.execute(
        insert(rescreened)
        .values(position=reached)
        .on_conflict_do_update(index_elements=["only"], set_={"position": reached})
    )


def is_training(tx: Transaction) -> bool:
    """Return whether this node is for training; a bank without a node is taken for one."""
    stated = tx.scalar(select(node.c.is_training))
    return stated is None or bool(stated)


def _searchable(row: Row[Any]) -> Searchable:
    record = Record.from_json(row.entity)
    is_open = visibility_of(row).is_open_to_all
    return Searchable(
        number=row.number,
        version=row.version,
        visibility=None if is_open else row.visibility,
        record=replace(record, datasets=(row.dataset or row.owner,)),
    )
