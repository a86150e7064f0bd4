"""The shelf of a user in the database: whose it is decides everything, and nobody else is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from didban.model.shelf import RECENT_FOR, WATCHED_FOR, KeptView, Shelved
from didban.store.tables.shelf import kept_view, shelved_record

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from didban.store.database import Transaction

_WATCHED = shelved_record.c.watched_since.is_not(None)


def opened(tx: Transaction, user: str, record_id: str, at: datetime) -> Shelved:
    """Put a record on top of a shelf and return it as it stands there."""
    added = insert(shelved_record).values(user=user, record=record_id, opened_at=at)
    key = ["user", "record"]
    kept = added.on_conflict_do_update(index_elements=key, set_={"opened_at": at})
    row = tx.execute(kept.returning(shelved_record)).one()
    return Shelved(record=row.record, opened_at=row.opened_at, watched_since=row.watched_since)


def watch(tx: Transaction, user: str, record_id: str, since: datetime | None) -> bool:
    """Watch what stands on a shelf, or no more (None); return whether it stands there."""
    mine = (shelved_record.c.user == user) & (shelved_record.c.record == record_id)
    return tx.execute(update(shelved_record).where(mine).values(watched_since=since)).rowcount > 0


def count_watched(tx: Transaction, user: str, at: datetime) -> int:
    """Return how many files a user watches."""
    mine = (shelved_record.c.user == user) & _WATCHED & _stays(at)
    return tx.scalar(select(func.count()).select_from(shelved_record).where(mine)) or 0


def listed(
    tx: Transaction, user: str, at: datetime, *, is_watched: bool, limit: int
) -> list[Shelved]:
    """Return what a user watches, or opened of late; the one that was opened last first."""
    mine = (shelved_record.c.user == user) & _stays(at)
    if is_watched:
        mine &= _WATCHED
    query = select(shelved_record).where(mine).order_by(shelved_record.c.opened_at.desc())
    return [
        Shelved(record=row.record, opened_at=row.opened_at, watched_since=row.watched_since)
        for row in tx.execute(query.limit(limit))
    ]


def clear(tx: Transaction, at: datetime, limit: int) -> int:
    """Take away what stood on any shelf for its time; return how much."""
    key = (shelved_record.c.user, shelved_record.c.record)
    old = select(*key).where(~_stays(at)).order_by(shelved_record.c.opened_at).limit(limit)
    return tx.execute(delete(shelved_record).where(func.row(*key).in_(old))).rowcount


def _stays(at: datetime) -> ColumnElement[bool]:
    return shelved_record.c.opened_at > case((_WATCHED, at - WATCHED_FOR), else_=at - RECENT_FOR)


def keep_view(tx: Transaction, user: str, view: KeptView) -> None:
    """Keep a filter under a name; what bore the name goes."""
    values = {"user": user, "page": view.page, "name": view.name, "query": view.query}
    key = ["user", "page", "name"]
    added = insert(kept_view).values(values)
    tx.execute(added.on_conflict_do_update(index_elements=key, set_={"query": view.query}))


def drop_view(tx: Transaction, user: str, page: str, name: str) -> bool:
    """Keep a filter no more; return whether there was one."""
    mine = (kept_view.c.user == user) & (kept_view.c.page == page) & (kept_view.c.name == name)
    return tx.execute(delete(kept_view).where(mine)).rowcount > 0


def views(tx: Transaction, user: str, page: str) -> list[KeptView]:
    """Return the filters that a user keeps of a list, by name."""
    mine = (kept_view.c.user == user) & (kept_view.c.page == page)
    query = select(kept_view).where(mine).order_by(kept_view.c.name)
    return [KeptView(page=row.page, name=row.name, query=row.query) for row in tx.execute(query)]
