"""Doubts about a record: raised by others, answered by its owner; counter-evidence beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.errors import InvalidInput, NotFound
from didban.guard import access, audit
from didban.intake import bank, changes
from didban.model.bank import FOUND, BankRecord
from didban.model.deeds import Deed
from didban.model.disputes import (
    REVIEW_TIME,
    CounterEvidence,
    Decision,
    Dispute,
    DisputedBy,
    Ground,
)
from didban.model.document_life import RECORD_LIFE, LifeEvent
from didban.model.permissions import Permission
from didban.store import attachments, disputes, records
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from datetime import date

    from didban.intake.drafts import Draft
    from didban.model.actors import Actor
    from didban.store.database import Transaction

MAX_TEXT: Final = 10_000  # characters

_EVENTS: Final = {
    Decision.UPHOLD: LifeEvent.UPHOLD,
    Decision.UPHOLD_WITH_CHANGE: LifeEvent.UPHOLD_WITH_CHANGE,
    Decision.WITHDRAW: LifeEvent.WITHDRAW,
}


def dispute(
    tx: Transaction, actor: Actor, record_id: str, *, by: DisputedBy, ground: str
) -> Dispute:
    """Raise a doubt, for the holder or for an authority; the owner answers within fifteen days.

    The record still matches, and every answer says that it is disputed. Raises NotFound,
    InvalidInput, Conflict.
    """
    access.require(actor, Permission.BANK_RECORD_DISPUTE)
    kept = _doubtful(tx, actor, record_id, ground)
    now = clock.now()
    target = RECORD_LIFE.transition(kept.state, LifeEvent.DISPUTE).target
    if kept.state is not target:
        kept = records.set_state(tx, kept, target, at=now, by=actor.user, reason="disputed")
        now = kept.recorded_at
    raised = Dispute(
        id=ids.new_id("dsp"),
        record=record_id,
        raised_by=actor.authority,
        by=by,
        ground=ground,
        raised_at=now,
        due_on=(now + REVIEW_TIME).date(),
    )
    disputes.add(tx, raised)
    facts = {"dispute": raised.id, "by": str(by)}
    audit.enter(tx, actor, Deed.RECORD_DISPUTED, subject=record_id, facts=facts)
    return raised


def decide(  # noqa: PLR0913 - who, over which version, how, why, and what is changed
    tx: Transaction,
    actor: Actor,
    record_id: str,
    decision: Decision,
    *,
    expected: int,
    answer: str,
    draft: Draft | None = None,
    key: bytes | None = None,
) -> BankRecord:
    """Answer, as the owner, every open dispute of a record at once.

    - `draft`: what the record says from now on, where it is upheld with a change.
    - `key`: the secret `refusal`, for a record that is withdrawn.

    Raises NotFound, NotPermitted, InvalidInput, InvalidFields, Conflict.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    if (draft is not None) is not (decision is Decision.UPHOLD_WITH_CHANGE):
        raise InvalidInput("a changed record goes with 'uphold_with_change', and with that alone")
    kept = bank.owned(tx, actor, record_id, expected=expected)
    changes.require_reason(answer)
    event = _EVENTS[decision]
    target = RECORD_LIFE.transition(kept.state, event).target
    if decision is Decision.WITHDRAW:
        made = bank.end(tx, actor, kept, event, ground=Ground.DISPUTED, reason=answer, key=key)
    else:
        made = replace(kept, recorded_at=clock.now(), recorded_by=actor.user, reason=answer)
        if draft is not None:
            made = changes.made_of(tx, actor, kept, draft, reason=answer, state=target)
            changes.require_grade(tx, actor, kept.marking, made.marking, ())
            changes.require_purpose(tx, kept, made.marking, None)
        made = records.replace_record(tx, replace(made, state=target), expected=expected)
    count = disputes.decide_open(
        tx, record_id, decision, at=made.recorded_at, by=actor.user, answer=answer
    )
    if not count:
        raise InvalidInput("nobody disputes this record")
    audit.enter(
        tx,
        actor,
        Deed.RECORD_DISPUTE_DECIDED,
        subject=record_id,
        facts={"decision": decision, "count": count, "version": made.version},
    )
    return replace(made, is_disputed=False)


def give_counter_evidence(
    tx: Transaction, actor: Actor, record_id: str, *, text: str, attachment: str | None = None
) -> CounterEvidence:
    """Attach what speaks against a record; it is shown wherever the record is shown (PR-48).

    - `attachment`: identifier of a file that was attached to this record before.

    Raises NotFound, InvalidInput.
    """
    access.require(actor, Permission.BANK_RECORD_DISPUTE)
    kept = _doubtful(tx, actor, record_id, text)
    file = attachments.get(tx, attachment, kept.id) if attachment is not None else None
    if attachment is not None and (file is None or not file.visibility.is_open_to(actor)):
        raise InvalidInput("the attachment is none of this record; attach the file first")
    given = CounterEvidence(
        id=ids.new_id("cev"),
        given_by=actor.authority,
        text=text,
        given_at=clock.now(),
        attachment=attachment,
    )
    disputes.add_counter_evidence(tx, record_id, given)
    facts = {"counter_evidence": given.id}
    audit.enter(tx, actor, Deed.RECORD_COUNTERED, subject=record_id, facts=facts)
    return given


def of_record(tx: Transaction, actor: Actor, record_id: str) -> list[Dispute]:
    """Return the disputes of a record that the actor may see: its owner all, others their own."""
    access.require(actor, Permission.BANK_RECORD_READ_FULL)
    kept = bank.found(tx, actor, record_id)
    if not bank.is_there_for(kept, actor):
        raise NotFound(bank.NOTHING_THERE)
    raised = disputes.of_record(tx, record_id)
    if kept.owner != actor.authority:
        raised = [each for each in raised if each.raised_by == actor.authority]
    audit.enter(tx, actor, Deed.RECORD_VIEWED, subject=record_id, facts={"disputes": len(raised)})
    return raised


def open_for(
    tx: Transaction, actor: Actor, *, after: tuple[date, str] | None, limit: int
) -> list[Dispute]:
    """Return the disputes that wait for an answer of the actor's authority, the next due first.

    Only those about records that are open to the actor, who may not be cleared for all.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    seen = open_to(tx, actor)
    found = disputes.open_for(tx, actor.authority, seen, after=after, limit=limit)
    audit.enter(tx, actor, Deed.RECORD_VIEWED, facts={"disputes": len(found)})
    return found


def _doubtful(tx: Transaction, actor: Actor, record_id: str, text: str) -> BankRecord:
    """Return a record about which the actor says something in words."""
    if not text.strip() or len(text) > MAX_TEXT:
        raise InvalidInput(f"say what speaks against it, in 1 to {MAX_TEXT} characters")
    kept = bank.found(tx, actor, record_id, to_change=True)
    if kept.state not in FOUND or not bank.is_there_for(kept, actor):
        raise NotFound(bank.NOTHING_THERE)
    return kept
