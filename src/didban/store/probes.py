"""What the control desk needs of the bank: a transaction within, that is undone, and some sums."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from didban.store.tables.checks import check_made
from didban.store.tables.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Row

    from didban.store.database import Transaction


@contextmanager
def undone(tx: Transaction) -> Iterator[None]:
    """Undo whatever is done to the bank in the block; nobody else ever sees it."""
    within = tx.begin_nested()
    try:
        yield
    finally:
        within.rollback()


def longest_kept(tx: Transaction) -> list[Row[Any]]:
    """Return the last day of keeping for each kind of record: schema, action, day."""
    action = record.c.alert["action_requested"].astext
    query = select(record.c.schema, action.label("action"), func.max(record.c.retention_until))
    return list(tx.execute(query.group_by(record.c.schema, action)))


def kept_too_long(tx: Transaction, today: date) -> int:
    """Return how many records, and contents of checks, are there although their day has passed."""
    records = select(func.count()).where(record.c.retention_until < today)
    checks = select(func.count()).where(
        check_made.c.kept_until < today, check_made.c.asked.is_not(None)
    )
    return int(tx.scalar(records) or 0) + int(tx.scalar(checks) or 0)


def is_searchable(tx: Transaction, record_id: str) -> bool:
    """Return whether the screening index would hold a record."""
    return bool(tx.scalar(select(record.c.is_searchable).where(record.c.id == record_id)))
