"""The life of a record, and of a stolen document's record above all (state-machines 4.1).

One machine serves every kind of record: what is not a document is never `reported` nor `recovered`.
Suspension is ours, of PR-15, PR-22, PR-33 and PR-57; it stands beside a dispute, never above it.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from didban.model.alerts import DocumentStatus
from didban.model.bank import RecordState
from didban.model.machines import Machine, Transition

NATURAL_LIFE: Final = timedelta(days=3653)
"""A document's record lives ten years, leap days counted, past the document's own expiry."""

BULK: Final = 100
"""More documents than this in one report wait for a second person."""


class LifeEvent(StrEnum):
    """What can happen to a record."""

    VALIDATE = "validate"
    REJECT = "reject"
    HIT = "hit"
    CORRECT = "correct"
    DISPUTE = "dispute"
    UPHOLD = "uphold"
    UPHOLD_WITH_CHANGE = "uphold_with_change"
    SUSPEND = "suspend"
    LIFT_PARTLY = "lift_partly"  # another cause remains
    LIFT_INTO_REVIEW = "lift_into_review"  # a dispute is open
    LIFT = "lift"
    FOUND_AND_RETURNED = "found_and_returned"
    INVALIDATE = "invalidate"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    PURGE = "purge"


class Guard(StrEnum):
    """Conditions that whoever causes an event must have shown to hold."""

    OWNER = "owner"  # PR-07
    SECOND_PERSON = "second_person"  # another user than who reported it
    ANSWERED = "answered"  # with a reason in words


_STATE, _EVENT = RecordState, LifeEvent


def _arrows() -> tuple[Transition[RecordState, LifeEvent], ...]:
    owner, another = (Guard.OWNER,), (Guard.OWNER, Guard.SECOND_PERSON)
    answered = (Guard.OWNER, Guard.ANSWERED)
    rows: list[tuple[RecordState, LifeEvent, RecordState, tuple[str, ...]]] = [
        (_STATE.REPORTED, _EVENT.VALIDATE, _STATE.ACTIVE, another),
        (_STATE.REPORTED, _EVENT.REJECT, _STATE.REJECTED, answered),
        (_STATE.ACTIVE, _EVENT.DISPUTE, _STATE.UNDER_REVIEW, ()),
        (_STATE.UNDER_REVIEW, _EVENT.DISPUTE, _STATE.UNDER_REVIEW, ()),
        (_STATE.SUSPENDED, _EVENT.DISPUTE, _STATE.SUSPENDED, ()),
        (_STATE.UNDER_REVIEW, _EVENT.UPHOLD, _STATE.ACTIVE, answered),
        (_STATE.UNDER_REVIEW, _EVENT.UPHOLD_WITH_CHANGE, _STATE.ACTIVE, answered),
        (_STATE.SUSPENDED, _EVENT.UPHOLD, _STATE.SUSPENDED, answered),
        (_STATE.SUSPENDED, _EVENT.UPHOLD_WITH_CHANGE, _STATE.SUSPENDED, answered),
        (_STATE.SUSPENDED, _EVENT.LIFT_PARTLY, _STATE.SUSPENDED, (Guard.ANSWERED,)),
        (_STATE.SUSPENDED, _EVENT.LIFT_INTO_REVIEW, _STATE.UNDER_REVIEW, (Guard.ANSWERED,)),
        (_STATE.SUSPENDED, _EVENT.LIFT, _STATE.ACTIVE, (Guard.ANSWERED,)),
        (_STATE.RECOVERED, _EVENT.INVALIDATE, _STATE.ACTIVE, owner),
        (_STATE.RECOVERED, _EVENT.WITHDRAW, _STATE.WITHDRAWN, answered),
    ]
    for state in (_STATE.ACTIVE, _STATE.UNDER_REVIEW, _STATE.SUSPENDED):
        rows += [
            (state, _EVENT.HIT, state, ()),
            (state, _EVENT.CORRECT, state, owner),
            (state, _EVENT.SUSPEND, _STATE.SUSPENDED, ()),
            (state, _EVENT.FOUND_AND_RETURNED, _STATE.RECOVERED, owner),
            (state, _EVENT.WITHDRAW, _STATE.WITHDRAWN, answered),
            (state, _EVENT.EXPIRE, _STATE.EXPIRED, ()),
        ]
    rows.append((_STATE.RECOVERED, _EVENT.EXPIRE, _STATE.EXPIRED, ()))
    for state in (_STATE.WITHDRAWN, _STATE.EXPIRED, _STATE.REJECTED):
        rows.append((state, _EVENT.PURGE, _STATE.ERASED, ()))
    return tuple(
        Transition(source=source, event=event, target=target, guards=guards)
        for source, event, target, guards in rows
    )


RECORD_LIFE: Final = Machine(
    name="record",
    initial=RecordState.REPORTED,
    final=frozenset({RecordState.ERASED}),
    transitions=_arrows(),
)


def needs_second_person(statuses: frozenset[DocumentStatus], documents: int) -> bool:
    """Return whether a report waits for a second person: stolen blanks, and more than a hundred."""
    return DocumentStatus.STOLEN_BLANK in statuses or documents > BULK


def ended_by(today: date) -> date:
    """Return the day before which a document must have expired for its record to have ended."""
    return today - NATURAL_LIFE
