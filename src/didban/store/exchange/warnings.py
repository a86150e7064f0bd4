"""Of which ends somebody was told, so that nobody is told twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import insert as upsert

from didban.store.tables.exchange_trust import expiry_warning

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


def add(tx: Transaction, subject: str, ends_at: datetime, days: int, now: datetime) -> bool:
    """Note that somebody is told of an end so many days ahead; return whether they were not yet."""
    values = {"subject": subject, "ends_at": ends_at, "days": days, "told_at": now}
    add_one = upsert(expiry_warning).values(values).on_conflict_do_nothing()
    return tx.scalar(add_one.returning(expiry_warning.c.days)) is not None
