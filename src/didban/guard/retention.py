"""Keeping a record longer, or not: warned of in time, assessed one by one, by another person.

The machine is `model.retention.RETENTION` (state-machines 4.6). A record whose purpose is achieved
is deleted or justified within fifteen days (PR-33). What nobody answers for is erased on its day
(`guard.erasing`).
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit
from didban.guard.reach import reach_of
from didban.model.bank import SuspensionCause
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.retention import (
    RETENTION,
    ErasureReason,
    RetentionEvent,
    RetentionPolicy,
    RetentionState,
    is_object,
    maximum_for,
)
from didban.store import erasure, records, retention, suspensions
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from datetime import date

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.settings import Retention
    from didban.store.database import Transaction
    from didban.store.retention import Answered, Review

LEAST_WORDS: Final = 20  # characters of an assessment; "keep" is none
MOST_WORDS: Final = 4_000


def policy_of(settings: Retention) -> RetentionPolicy:
    """Return the policy that the settings lay down."""
    return RetentionPolicy(**asdict(settings))


def due(
    tx: Transaction, actor: Actor, *, after: tuple[date, str] | None = None, limit: int
) -> list[Review]:
    """Return the records of the actor's authority that wait for a review, the soonest first.

    Only those that are open to the actor, who may not be cleared for all.
    """
    access.require(actor, Permission.RETENTION_RECORD_REVIEW)
    seen = open_to(tx, actor)
    found = retention.open_reviews(tx, actor.authority, seen, after=after, most=limit)
    audit.enter(tx, actor, Deed.RETENTION_VIEWED, facts={"count": len(found)})
    return found


def keep(
    tx: Transaction,
    actor: Actor,
    record_id: str,
    *,
    until: date,
    assessment: str,
    policy: RetentionPolicy,
) -> BankRecord:
    """Keep a record beyond its day, after an individual assessment by another person (PR-32).

    - `until`: at most the policy's maximum, counted from today (PR-30).

    Raises NotFound, NotPermitted; Conflict where no review is open; InvalidInput.
    """
    kept = to_review(tx, actor, record_id, assessment)
    require_open(tx, kept, delete=False)
    require_day(kept, until, policy)
    made = replace(
        kept,
        marking=replace(kept.marking, retention_until=until),
        recorded_at=clock.now(),
        recorded_by=actor.user,
        reason="kept longer",
    )
    made = records.replace_record(tx, made, expected=kept.version)
    retention.answer(tx, _assessment(actor, kept, "keep", assessment) | {"kept_until": until})
    audit.enter(
        tx,
        actor,
        Deed.RETENTION_EXTENDED,
        subject=record_id,
        facts={"until": until.isoformat(), "version": made.version},
    )
    return made


def drop(tx: Transaction, actor: Actor, record_id: str, *, assessment: str) -> None:
    """Erase a record that a review found not to be needed any more (PR-32, PR-33).

    Raises NotFound, NotPermitted, InvalidInput; Conflict where no review is open.
    """
    kept = to_review(tx, actor, record_id, assessment)
    require_open(tx, kept, delete=True)
    retention.answer(tx, _assessment(actor, kept, "delete", assessment))
    erasure.erase(tx, record_id, ErasureReason.NOT_NEEDED, clock.now())
    facts = {"reason": ErasureReason.NOT_NEEDED, "schema": kept.entity.schema}
    audit.enter(tx, actor, Deed.RECORD_ERASED, subject=record_id, facts=facts)


def note_achieved(tx: Transaction, actor: Actor, record_id: str, policy: RetentionPolicy) -> date:
    """Note that a record's purpose is achieved; return the day by which it is deleted or justified.

    By its owner: the person was found, the document is back, the case is closed (PR-33). Noting it
    again changes nothing. Raises NotFound, NotPermitted.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    kept = _owned(tx, actor, record_id)
    now = clock.now()
    due_on = now.date() + timedelta(days=policy.justify_days)
    values = {
        "record": record_id,
        "owner": kept.owner,
        "told_by": actor.user,
        "achieved_at": now,
        "due_on": due_on,
    }
    if retention.add_achieved(tx, values):
        audit.enter(tx, actor, Deed.RECORD_PURPOSE_ACHIEVED, subject=record_id)
    return retention.achieved(tx, record_id) or due_on


def justify(tx: Transaction, actor: Actor, record_id: str, *, assessment: str) -> None:
    """Say why a record is needed although its purpose is achieved; ends its suspension (PR-33).

    Raises NotFound, NotPermitted, InvalidInput; Conflict where that is not asked.
    """
    kept = to_review(tx, actor, record_id, assessment)
    if retention.achieved(tx, record_id) is None:
        raise Conflict("nobody said that the purpose of this record is achieved")
    if SuspensionCause.PURPOSE_ACHIEVED in kept.suspensions:
        cause = SuspensionCause.PURPOSE_ACHIEVED
        suspensions.lift(tx, kept, cause, actor, at=clock.now(), reason="justified")
    retention.answer(tx, _assessment(actor, kept, "justify", assessment))
    audit.enter(tx, actor, Deed.RECORD_JUSTIFIED, subject=record_id)


def statistics(tx: Transaction, actor: Actor, *, since: date) -> list[Answered]:
    """Return how reviews were answered, by owner and month: of all for the host's people (PR-32)."""
    access.require(actor, Permission.RETENTION_STATISTICS_READ)
    found = retention.answers(tx, reach_of(tx, actor), since)
    audit.enter(tx, actor, Deed.RETENTION_VIEWED, facts={"count": len(found)})
    return found


def require_open(tx: Transaction, kept: BankRecord, *, delete: bool) -> None:
    """Return if a review of the record is open that may be answered so. Raises Conflict.

    A record whose purpose is achieved may be deleted at any time (PR-33).
    """
    if delete and retention.achieved(tx, kept.id) is not None:
        return
    event = RetentionEvent.DELETE if delete else RetentionEvent.KEEP
    RETENTION.transition(_state(retention.review_of(tx, kept.id)), event)


def require_day(kept: BankRecord, until: date, policy: RetentionPolicy) -> None:
    """Return if a record may be kept until that day (PR-30). Raises InvalidInput."""
    action = kept.alert.action_requested if kept.alert else None
    latest = maximum_for(kept.entity.schema, action, clock.today(), policy)
    if not kept.marking.retention_until < until <= latest:
        raise InvalidInput(f"a record is kept beyond its day and until {latest} at most (PR-30)")


def _state(due_on: date | None) -> RetentionState:
    return RetentionState.RECORDED if due_on is None else RetentionState.REVIEW_DUE


def to_review(tx: Transaction, actor: Actor, record_id: str, assessment: str) -> BankRecord:
    """Return a record that this person may decide about, with these words.

    Raises NotFound, NotPermitted, InvalidInput.
    """
    access.require(actor, Permission.RETENTION_RECORD_REVIEW)
    if not LEAST_WORDS <= len(assessment.strip()) <= MOST_WORDS:
        raise InvalidInput(
            f"an assessment says in {LEAST_WORDS} to {MOST_WORDS} characters why this one record is"
            " needed, or not (PR-32)"
        )
    kept = _owned(tx, actor, record_id)
    recorder = retention.first_recorder(tx, record_id)
    for earlier in filter(None, (kept.recorded_by, recorder)):
        access.require_other_person(actor, earlier, "the review")
    return kept


def _owned(tx: Transaction, actor: Actor, record_id: str) -> BankRecord:
    kept = records.get(tx, record_id, open_to(tx, actor), to_change=True)
    if kept is None:
        raise NotFound("there is no such record")
    access.require_owner(actor, kept)
    return kept


def _assessment(actor: Actor, kept: BankRecord, decision: str, words: str) -> dict[str, object]:
    return {
        "id": ids.new_id("asm"),
        "record": kept.id,
        "owner": kept.owner,
        "is_object": is_object(kept.entity.schema),
        "decision": decision,
        "assessment": words.strip(),
        "assessed_by": actor.user,
        "assessed_at": clock.now(),
        "due_on": kept.marking.retention_until,
    }
