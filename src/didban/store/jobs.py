"""What is to be done once: a queue in the database, so that a job stands or falls with its deed.

    with database.begin() as tx:
        hits.confirm(tx, ...)
        jobs.add(tx, "letter", {"hit": hit.id}, now=now)

A job is done in one transaction with its own removal: what it changed in the bank happened once, or
not at all, whoever is killed and when. What it does outside (a delivery) may happen again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from didban.store.tables.operation import job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from didban.store.database import Database, Transaction

    Handler = Callable[[Transaction, Mapping[str, Any]], None]

MAX_ATTEMPTS: Final = 8
_FIRST_WAIT: Final = timedelta(seconds=10)  # doubled at each attempt: the last after 21 minutes
_MAX_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job as it was taken."""

    number: int
    kind: str
    facts: Mapping[str, Any]
    attempts: int


def add(
    tx: Transaction,
    kind: str,
    facts: Mapping[str, str | int | bool],
    *,
    now: datetime,
    due_at: datetime | None = None,
    key: str | None = None,
) -> None:
    """Add a job, to be done when this transaction is committed.

    - `facts`: identifiers and numbers. A job may outlive the record that it speaks of (PR-31).
    - `key`: of two jobs that wait under one key, the second is the first.
    """
    values = {
        "kind": kind,
        "key": key,
        "facts": dict(facts),
        "due_at": due_at or now,
        "made_at": now,
    }
    tx.execute(insert(job).values(values).on_conflict_do_nothing())


def run_due(database: Database, handlers: Mapping[str, Handler], now: datetime) -> int:
    """Do what is due, oldest first; return how many jobs were done.

    A job that fails is tried again, ever later, and is left as a dead letter after `MAX_ATTEMPTS`.
    One that kills its process counts as failed too.
    """
    done = 0
    for _ in range(_MAX_AT_ONCE):
        taken = _take(database, sorted(handlers), now)
        if taken is None:
            break
        done += _do(database, taken, handlers[taken.kind])
    return done


def dead(tx: Transaction) -> int:
    """Return how many dead letters there are."""
    return tx.execute(select(func.count()).where(job.c.is_dead)).scalar_one()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How many jobs of a kind are not done.

    - `waiting`: those that are tried; the oldest of them was made at `since`.
    - `dead`: those that are not tried any more; `failure`: the kind of error of one of them.
    """

    kind: str
    waiting: int
    since: datetime | None
    dead: int
    failure: str | None


def by_kind(tx: Transaction) -> list[Kind]:
    """Return how jobs stand that are not done, by kind."""
    query = select(
        job.c.kind,
        func.count().filter(~job.c.is_dead).label("waiting"),
        func.min(job.c.made_at).filter(~job.c.is_dead).label("since"),
        func.count().filter(job.c.is_dead).label("dead"),
        func.max(job.c.failure).filter(job.c.is_dead).label("failure"),
    )
    rows = tx.execute(query.group_by(job.c.kind).order_by(job.c.kind)).mappings()
    return [Kind(**row) for row in rows]


def _take(database: Database, kinds: list[str], now: datetime) -> Job | None:
    """Take the oldest job that is due, and count the attempt before it begins."""
    due = (
        select(job.c.number)
        .where(job.c.kind.in_(kinds), job.c.due_at <= now, ~job.c.is_dead)
        .order_by(job.c.due_at, job.c.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(job)
        .where(job.c.number.in_(due.scalar_subquery()))
        .values(
            attempts=job.c.attempts + 1,
            due_at=now + _FIRST_WAIT * func.power(2, job.c.attempts),
            is_dead=job.c.attempts + 1 >= MAX_ATTEMPTS,
        )
        .returning(job.c.number, job.c.kind, job.c.facts, job.c.attempts)
    )
    with database.begin() as tx:
        row = tx.execute(taken).one_or_none()
    return Job(**row._asdict()) if row else None


def _do(database: Database, taken: Job, handler: Handler) -> bool:
    """Do a job and take it out, in one transaction; return whether it was done."""
    ours = (job.c.number == taken.number, job.c.attempts == taken.attempts)
    try:
        with database.begin() as tx:
            if tx.scalar(delete(job).where(*ours).returning(job.c.number)) is None:
                return False  # it took so long that another took it
            # What it does outside may take longer than a forgotten transaction may.
            tx.execute(text("set local idle_in_transaction_session_timeout = 0"))
            handler(tx, taken.facts)
    except Exception as error:  # noqa: BLE001 - whatever a job does must not stop the others
        with database.begin() as tx:
            tx.execute(update(job).where(*ours).values(failure=type(error).__name__))
        return False
    return True
