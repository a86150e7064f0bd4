"""Suspensions: why a record asks nothing for the time being. Several causes may stand at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from didban import ids
from didban.errors import Conflict
from didban.model.bank import RecordState, SuspensionCause
from didban.model.document_life import RECORD_LIFE, LifeEvent
from didban.store import records
from didban.store.tables.attached import suspension
from didban.store.tables.records import record

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.store.database import Transaction


def suspend(  # noqa: PLR0913 - who, why and until when belong to a suspension
    tx: Transaction,
    kept: BankRecord,
    cause: SuspensionCause,
    actor: Actor,
    *,
    at: datetime,
    reason: str,
    review_due_at: datetime | None = None,
) -> BankRecord:
    """Return the record's next version, suspended for one more cause.

    Suspending again for a cause that stands changes nothing. Raises Conflict where the record's
    state does not allow it.
    """
    target = RECORD_LIFE.transition(kept.state, LifeEvent.SUSPEND).target
    if cause in kept.suspensions:
        return kept
    made = records.set_state(tx, kept, target, at=at, by=actor.user, reason=reason)
    return note(tx, made, cause, actor, reason=reason, review_due_at=review_due_at)


def note(
    tx: Transaction,
    made: BankRecord,
    cause: SuspensionCause,
    actor: Actor,
    *,
    reason: str,
    review_due_at: datetime | None = None,
) -> BankRecord:
    """Note why a version that was just entered is suspended, and return it with the cause."""
    values = {
        "id": ids.new_id("sus"),
        "record": made.id,
        "cause": cause,
        "reason": reason,
        "suspended_at": made.recorded_at,
        "suspended_by": actor.user,
        "authority": actor.authority,
        "review_due_at": review_due_at,
    }
    tx.execute(insert(suspension).values(values))
    return replace(made, suspensions=made.suspensions | {cause})


def lift(
    tx: Transaction,
    kept: BankRecord,
    cause: SuspensionCause,
    actor: Actor,
    *,
    at: datetime,
    reason: str,
) -> BankRecord:
    """Return the record's next version without that cause.

    What else differs in `kept` from the present version is kept with it. The record is active again
    when no other cause remains, or under review while a dispute is open. Raises Conflict when it is
    not suspended for that cause.
    """
    if cause not in kept.suspensions:
        raise Conflict(f"the record is not suspended for '{cause}'")
    remaining = kept.suspensions - {cause}
    event = LifeEvent.LIFT_PARTLY if remaining else LifeEvent.LIFT
    if kept.is_disputed and not remaining:
        event = LifeEvent.LIFT_INTO_REVIEW
    target = RECORD_LIFE.transition(kept.state, event).target
    made = records.set_state(tx, kept, target, at=at, by=actor.user, reason=reason)
    tx.execute(
        update(suspension)
        .where(
            suspension.c.record == kept.id,
            suspension.c.cause == cause,
            suspension.c.lifted_at.is_(None),
        )
        .values(lifted_at=made.recorded_at, lifted_by=actor.user, lifted_reason=reason)
    )
    return replace(made, suspensions=remaining)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A suspension that its record's owner has to review. `due_at` is None where nothing presses."""

    id: str
    record: str
    cause: SuspensionCause
    suspended_at: datetime
    due_at: datetime | None


def open_for(tx: Transaction, owner: str, *, after: str = "", limit: int) -> list[Review]:
    """Return the suspensions of an owner's records that stand, from behind one identifier on."""
    query = (
        select(suspension)
        .join(record, record.c.id == suspension.c.record)
        .where(
            record.c.owner == owner,
            record.c.state == RecordState.SUSPENDED,
            suspension.c.lifted_at.is_(None),
            suspension.c.id > after,
        )
    )
    return [
        Review(
            id=row.id,
            record=row.record,
            cause=SuspensionCause(row.cause),
            suspended_at=row.suspended_at,
            due_at=row.review_due_at,
        )
        for row in tx.execute(query.order_by(suspension.c.id).limit(limit))
    ]


def suspended_by(tx: Transaction, record_id: str, cause: SuspensionCause) -> str | None:
    """Return the user who suspended a record for a cause that still stands, or None."""
    return tx.scalar(
        select(suspension.c.suspended_by).where(
            suspension.c.record == record_id,
            suspension.c.cause == cause,
            suspension.c.lifted_at.is_(None),
        )
    )
