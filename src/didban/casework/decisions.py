"""What a human decides about a confirmed hit, what became of it, and what the owner is told.

Nothing here is done by the node: who decides is a second person, who had the hit open long enough
and acknowledged each piece of evidence, as it stands now (PR-26, PR-28).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.casework.guards import Step
from didban.casework.steps import advance, locked, start
from didban.errors import Conflict, NotFound
from didban.guard import access
from didban.intake import document_reports
from didban.model.bank import standing
from didban.model.casework import QuestionKind, QuestionState
from didban.model.hits import Clock, HitEvent, NotActedReason, Outcome
from didban.model.notifications import Notification
from didban.model.permissions import Permission
from didban.store import hits, questions, records
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from datetime import datetime

    from didban.casework.ports import Desk
    from didban.model.actors import Actor
    from didban.model.alerts import Action
    from didban.model.casework import Hit
    from didban.store.database import Transaction

LONGEST_STREAK: Final = 20
"""Decisions in a row that are counted."""

_DECIDING: Final = frozenset(
    {HitEvent.REFUTE, HitEvent.ASK_OWNER, HitEvent.RELEASE, HitEvent.TAKE_ACTION}
    | {HitEvent.CANNOT_ACT, HitEvent.CONFIRM_PUBLIC, HitEvent.CONFIRM_UNREACHABLE}
)


def take_action(
    tx: Transaction, actor: Actor, hit_id: str, desk: Desk, *, action: Action, legal_basis: str
) -> Hit:
    """Record that a human decided to take an action about a confirmed hit, and on which provision.

    - `action`: what the record asks now, or something lesser (`model.hits.LESSER`).

    Raises NotPermitted for who checked, referred or asked; Conflict for who has not compared the
    evidence or read for long enough, an action beyond what is asked, and a record that is gone.
    """
    access.require(actor, Permission.CASEWORK_HIT_DECIDE)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(
        tx=tx,
        actor=actor,
        hit=hit,
        event=HitEvent.TAKE_ACTION,
        at=at,
        terms=desk.terms,
        action=action,
        legal_basis=legal_basis,
        words=legal_basis,
        requested=_requested(tx, actor, hit),
    )
    acted = advance(step, facts={"action": action}, action=action)
    start(tx, acted, at, desk.terms, Clock.FEEDBACK, Clock.FINAL_OUTCOME)
    return acted


def cannot_act(
    tx: Transaction,
    actor: Actor,
    hit_id: str,
    desk: Desk,
    *,
    reason: NotActedReason,
    words: str,
) -> Hit:
    """Record that what the owner asks is not done here, and why."""
    access.require(actor, Permission.CASEWORK_HIT_DECIDE)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(
        tx=tx,
        actor=actor,
        hit=hit,
        event=HitEvent.CANNOT_ACT,
        at=at,
        terms=desk.terms,
        reason=reason,
        words=words,
    )
    decided = advance(step)
    start(tx, decided, at, desk.terms, Clock.FEEDBACK, Clock.FINAL_OUTCOME)
    return decided


def record_outcome(
    tx: Transaction, actor: Actor, hit_id: str, desk: Desk, *, outcome: Outcome, words: str = ""
) -> Hit:
    """Record what became of a hit."""
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(
        tx=tx,
        actor=actor,
        hit=hit,
        event=HitEvent.RECORD_OUTCOME,
        at=at,
        terms=desk.terms,
        words=words,
    )
    return advance(step, facts={"outcome": outcome}, outcome=outcome)


def send_feedback(tx: Transaction, actor: Actor, hit_id: str, desk: Desk) -> Hit:
    """Tell the owner the outcome, and close the hit.

    An owner that was not openly asked is told nothing (PR-53): the hit closes without. That a stolen
    or lost document turned up is noted with its record (4.1).
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(tx=tx, actor=actor, hit=hit, event=HitEvent.SEND_FEEDBACK, at=at, terms=desk.terms)
    sent = advance(step)
    _tell_owner(step, desk, at)
    document_reports.sighted(tx, actor, hit.record, hit=hit.id, place=hit.place, at=hit.checked_at)
    return advance(replace(step, hit=sent, event=HitEvent.CLOSE))


def close_without_feedback(tx: Transaction, actor: Actor, hit_id: str, desk: Desk) -> Hit:
    """Close a hit of which the owner may not hear (PR-53), or that has no desk to hear it."""
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    event = HitEvent.WITHHOLD_FEEDBACK
    return advance(Step(tx=tx, actor=actor, hit=hit, event=event, at=at, terms=desk.terms))


def streak(tx: Transaction, actor: Actor) -> tuple[HitEvent | None, int]:
    """Return what the actor decided last, and how often in a row: a habit is no judgement (PR-26).

    At most `LONGEST_STREAK` are counted.
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    last = hits.last_of(tx, actor.user, _DECIDING, most=LONGEST_STREAK)
    same = takewhile(lambda event: event is last[0], last)
    return (last[0], len(list(same))) if last else (None, 0)


def _requested(tx: Transaction, actor: Actor, hit: Hit) -> Action | None:
    """Return what the record asks now. Raises Conflict, NotFound where there is no record to ask."""
    if hit.is_record_gone:
        raise Conflict("the record is gone: nothing is asked any more")
    record = records.get(tx, hit.record, open_to(tx, actor))
    if record is None:
        raise NotFound("the record is not open to you")
    return standing(record, clock.today()).action


def _tell_owner(step: Step, desk: Desk, at: datetime) -> None:
    question = questions.standing(
        step.tx, step.hit.id, QuestionKind.CONFIRMATION,
        QuestionState.ANSWERED, QuestionState.WITHDRAWN, QuestionState.OPEN,
    )  # fmt: skip
    if question is not None:
        told = replace(question, feedback=step.hit.outcome, feedback_at=at)
        questions.save(step.tx, told)
        desk.channel.carry(step.tx, told, Notification.FEEDBACK_GIVEN, at)
