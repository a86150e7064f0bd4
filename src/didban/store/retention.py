"""What is to be reviewed or erased, and how reviews were answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, false, func, insert, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.bank import FOUND
from didban.store.tables.records import record, record_version
from didban.store.tables.retention import (
    purpose_achieved,
    retention_assessment,
    retention_batch_record,
    retention_review,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A record that is to be reviewed by a day: its time ends, or its purpose is achieved."""

    record: str
    owner: str
    due_on: date
    told_at: datetime
    is_purpose_achieved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How many reviews of one month were answered in one way, or by nobody."""

    owner: str
    month: date
    is_object: bool
    decision: str
    count: int


def warn(tx: Transaction, until: date, now: datetime, *, most: int) -> dict[str, int]:
    """Open the review of records whose time ends by then; return how many, by owner.

    What came with a list is confirmed or withdrawn by its publications, and has nobody to ask.
    """
    ends = record.c.retention_until
    is_told = select(retention_review.c.record).where(retention_review.c.record == record.c.id)
    ending = select(record.c.id, record.c.owner, ends).where(
        ends <= until,
        record.c.dataset.is_(None),
        record.c.state.in_(sorted(FOUND)),
        ~is_told.where(retention_review.c.due_on == ends).exists(),
    )
    counts: dict[str, int] = {}
    for row in tx.execute(ending.order_by(ends).limit(most)):
        values = {"record": row.id, "owner": row.owner, "warned_at": now}
        values["due_on"] = row.retention_until
        added = upsert(retention_review).values(values)
        tx.execute(added.on_conflict_do_update(index_elements=["record"], set_=values))
        counts[row.owner] = counts.get(row.owner, 0) + 1
    return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A record whose time is over. `due_on`: the day of a review that nobody answered."""

    record: str
    owner: str
    schema: str
    due_on: date | None


def ended(tx: Transaction, today: date, *, most: int) -> list[Ended]:
    """Return records whose time is over; other processes leave them alone meanwhile."""
    asked = retention_review.c
    over = (
        select(record.c.id.label("record"), record.c.owner, record.c.schema, asked.due_on)
        .outerjoin(retention_review, asked.record == record.c.id)
        .where(record.c.retention_until <= today)
        .order_by(record.c.retention_until)
        .limit(most)
        .with_for_update(of=record, skip_locked=True)
    )
    return [Ended(**row._asdict()) for row in tx.execute(over)]


def open_reviews(
    tx: Transaction,
    owner: str,
    open_to: frozenset[int],
    *,
    after: tuple[date, str] | None,
    most: int,
) -> list[Review]:
    """Return the reviews of an owner's open records, the soonest first, from behind one on."""
    asked, told = retention_review.c, purpose_achieved.c
    both = (
        select(asked.record, asked.owner, asked.due_on, asked.warned_at.label("told_at"),
               false().label("is_purpose_achieved"))
        .union_all(select(told.record, told.owner, told.due_on, told.achieved_at, true()))
        .subquery()
    )  # fmt: skip
    is_open = (record.c.id == both.c.record) & record.c.visibility.in_(open_to)
    query = select(both).where(both.c.owner == owner, exists().where(is_open))
    if after is not None:
        day, last = after
        query = query.where(
            (both.c.due_on > day) | ((both.c.due_on == day) & (both.c.record > last))
        )
    rows = tx.execute(query.order_by(both.c.due_on, both.c.record).limit(most))
    return [Review(**row._asdict()) for row in rows]


def review_of(tx: Transaction, record_id: str) -> date | None:
    """Return the day by which the review of a record is to be answered, if one is open."""
    query = select(retention_review.c.due_on).where(retention_review.c.record == record_id)
    return tx.scalar(query.with_for_update())


def first_recorder(tx: Transaction, record_id: str) -> str | None:
    """Return who recorded the first version of a record that has older versions."""
    query = select(record_version.c.recorded_by).where(record_version.c.record == record_id)
    return tx.scalar(query.order_by(record_version.c.version).limit(1))


def answer(tx: Transaction, values: dict[str, Any]) -> None:
    """Keep an assessment, and close what it answers."""
    tx.execute(insert(retention_assessment).values(values))
    for asked in (retention_review, purpose_achieved, retention_batch_record):
        tx.execute(delete(asked).where(asked.c.record == values["record"]))


def add_achieved(tx: Transaction, values: dict[str, Any]) -> bool:
    """Note that a record's purpose is achieved; return whether that was new."""
    added = upsert(purpose_achieved).values(values).on_conflict_do_nothing()
    return bool(tx.execute(added).rowcount)


def achieved(tx: Transaction, record_id: str) -> date | None:
    """Return by when a record whose purpose is achieved is to be deleted or justified, if it is."""
    query = select(purpose_achieved.c.due_on).where(purpose_achieved.c.record == record_id)
    return tx.scalar(query.with_for_update())


def unanswered(tx: Transaction, today: date, *, most: int) -> Sequence[tuple[str, str]]:
    """Return (identifier, owner) of records that were neither deleted nor justified in time."""
    late = select(purpose_achieved.c.record, purpose_achieved.c.owner).where(
        purpose_achieved.c.due_on < today, purpose_achieved.c.suspended_at.is_(None)
    )
    rows = tx.execute(late.limit(most).with_for_update(skip_locked=True))
    return [(row.record, row.owner) for row in rows]


def note_suspended(tx: Transaction, record_id: str, now: datetime) -> None:
    """Note that a record was suspended because nobody answered."""
    one = purpose_achieved.c.record == record_id
    tx.execute(update(purpose_achieved).where(one).values(suspended_at=now))


def note_lapsed(tx: Transaction, values: dict[str, Any]) -> None:
    """Count a record that was erased because nobody answered; nothing of it is kept."""
    tx.execute(insert(retention_assessment).values(values))


def answers(tx: Transaction, owner: str | None, since: date) -> list[Answered]:
    """Return how reviews were answered since a day, by owner (None: of all) and month."""
    given = retention_assessment.c
    month = func.date_trunc("month", given.assessed_at)
    keys = (given.owner, month.label("month"), given.is_object, given.decision)
    query = select(*keys, func.count().label("found")).where(given.assessed_at >= since)
    if owner is not None:
        query = query.where(given.owner == owner)
    rows = tx.execute(query.group_by(*keys).order_by(*keys))
    return [
        Answered(
            owner=row.owner,
            month=row.month.date(),
            is_object=row.is_object,
            decision=row.decision,
            count=row.found,
        )
        for row in rows
    ]
