"""When each duty is due next, so that a restart neither forgets one nor does it again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from didban.store.tables.operation import duty

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from didban.store.database import Transaction


def claim(tx: Transaction, name: str, every: timedelta, now: datetime) -> bool:
    """Return whether a duty is due and nobody else took it; it is due again after its interval."""
    first = insert(duty).values(name=name, due_at=now + every, began_at=now)
    if tx.scalar(first.on_conflict_do_nothing().returning(duty.c.name)) is not None:
        return True
    due = select(duty.c.name).where(duty.c.name == name, duty.c.due_at <= now)
    taken = (
        update(duty)
        .where(duty.c.name.in_(due.with_for_update(skip_locked=True)))
        .values(due_at=now + every, began_at=now)
    )
    return tx.scalar(taken.returning(duty.c.name)) is not None


def ended(tx: Transaction, name: str, now: datetime, done: int) -> None:
    """Note that a duty was done, and how much there was."""
    tx.execute(update(duty).where(duty.c.name == name).values(ended_at=now, done=done, failures=0))


def failed(tx: Transaction, name: str, due_at: datetime) -> None:
    """Note that a duty failed, and when it is tried again."""
    values = {"due_at": due_at, "failures": duty.c.failures + 1}
    tx.execute(update(duty).where(duty.c.name == name).values(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyStatus:
    """How a duty stands: when it is due, when it last ended and how much there was, its failures."""

    name: str
    due_at: datetime
    ended_at: datetime | None
    done: int | None
    failures: int


def listed(tx: Transaction) -> list[DutyStatus]:
    """Return every duty that was ever due, by name."""
    names = [field.name for field in fields(DutyStatus)]
    rows = tx.execute(select(*(duty.c[name] for name in names)).order_by(duty.c.name)).mappings()
    return [DutyStatus(**row) for row in rows]
