"""What became of the person: an event that suspends the record until its owner reviewed it (PR-15)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import InvalidInput, NotPermitted
from didban.guard import access, audit
from didban.intake import bank, changes
from didban.model.bank import BankRecord, SuspensionCause
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.schemata import is_a
from didban.store import suspensions

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.store.database import Transaction

REVIEW_WITHIN: Final = timedelta(hours=24)


class StatusEvent(StrEnum):
    """What may happen to a person that takes the ground from under an alert."""

    CHARGES_DROPPED = "charges_dropped"
    ACQUITTED = "acquitted"
    SENTENCE_SERVED = "sentence_served"
    WARRANT_LIFTED = "warrant_lifted"
    RECOGNISED_AS_VICTIM = "recognised_as_victim"


def change(
    tx: Transaction,
    actor: Actor,
    record_id: str,
    event: StatusEvent,
    *,
    expected: int,
    reason: str,
) -> BankRecord:
    """Enter what became of a person: from now on nothing is asked, and a review is due in a day.

    The review ends it by `lift`, after a correction of the status, or by a withdrawal. Raises
    NotFound, NotPermitted, InvalidInput, Conflict.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    kept = bank.owned(tx, actor, record_id, expected=expected)
    if not is_a(kept.entity.schema, "Person"):
        raise InvalidInput("only a person has such a status")
    changes.require_reason(reason)
    now = clock.now()
    made = suspensions.suspend(
        tx,
        kept,
        SuspensionCause.STATUS_CHANGED,
        actor,
        at=now,
        reason=f"{event}: {reason}",
        review_due_at=now + REVIEW_WITHIN,
    )
    facts = {"cause": "status_changed", "event": event.value}
    audit.enter(tx, actor, Deed.RECORD_SUSPENDED, subject=record_id, facts=facts)
    return made


LIFTED_HERE: Final = frozenset({SuspensionCause.STATUS_CHANGED, SuspensionCause.REFUSED_BEFORE})
"""Causes that the owner's review ends. Silence ends by `bank.confirm`, a purpose that was achieved by
its justification (PR-33), and what oversight doubts by oversight alone (PR-57)."""


def lift(
    tx: Transaction,
    actor: Actor,
    record_id: str,
    cause: SuspensionCause,
    *,
    expected: int,
    reason: str,
) -> BankRecord:
    """End a suspension after the owner's review, by another person than who caused it (PR-28).

    Raises NotFound, NotPermitted, InvalidInput, Conflict.
    """
    access.require(actor, Permission.BANK_RECORD_VALIDATE)
    kept = bank.owned(tx, actor, record_id, expected=expected)
    changes.require_reason(reason)
    if cause not in LIFTED_HERE:
        raise NotPermitted(f"a suspension for '{cause}' is not the owner's to lift", "not_yours")
    earlier = suspensions.suspended_by(tx, record_id, cause)
    if earlier is not None:
        access.require_other_person(actor, earlier, "the review of a suspension")
    made = suspensions.lift(tx, kept, cause, actor, at=clock.now(), reason=reason)
    audit.enter(
        tx,
        actor,
        Deed.RECORD_LIFTED,
        subject=record_id,
        facts={"cause": cause, "version": made.version},
    )
    return made
