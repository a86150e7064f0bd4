"""Asking the owner, with a clock; what the owner's desk does is in `answers`.

A question leaves only through the gate of PR-53: the desk says first whether the person claims
protection, has refugee papers, or an Art. 2 or 3 flag lies on the record or its owner. If any is
so, a second person must agree and the owner is told neither where, when nor by whom the person was
met, or no question leaves at all.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.casework import notifications
from didban.casework.gate import require_honest
from didban.casework.guards import Step
from didban.casework.steps import advance, lasts, locked, note, start
from didban.errors import Conflict, InvalidInput, NotPermitted
from didban.guard import access
from didban.ids import new_id
from didban.model.actors import AuthorityKind
from didban.model.casework import (
    Disclosure,
    Question,
    QuestionKind,
    QuestionState,
)
from didban.model.hits import (
    TALKING,
    Clock,
    HitEvent,
    HitNote,
    HitState,
    ReleaseGround,
    Urgency,
)
from didban.model.identity import identity_of
from didban.model.notifications import Notification, Post
from didban.model.permissions import Permission
from didban.store import hits, questions

if TYPE_CHECKING:
    from datetime import datetime

    from didban.casework.ports import Desk
    from didban.model.actors import Actor
    from didban.model.casework import Gate, Hit
    from didban.store.database import Transaction

_UNANSWERED: Final = (QuestionState.DRAFT, QuestionState.OPEN)


def ask(
    tx: Transaction, actor: Actor, hit_id: str, desk: Desk, *, urgency: Urgency, gate: Gate
) -> Hit:
    """Ask the owner whether the record is valid and concerns who was met; return the hit.

    - An open question leaves at once, and its clock runs.
    - A withheld one waits as a draft for a second person (`agree`): the hit stays where it is.
    - With `Disclosure.NONE` the hit is released: no adverse action stays based on it.

    Raises NotPermitted for an open question where the gate's answers bar it, Conflict for a hit
    that is not at the second line, is asked about already, or whose record is gone or public.
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(
        tx=tx, actor=actor, hit=hit, event=HitEvent.ASK_OWNER, at=at, terms=desk.terms, gate=gate
    )
    if gate.disclosure is Disclosure.NONE:
        step = replace(step, event=HitEvent.RELEASE, reason=ReleaseGround.NO_QUESTION)
        released = advance(step, facts=_facts(gate))
        take_back(tx, hit, at)
        return released
    _check_askable(tx, hit)
    require_honest(tx, actor, hit, gate)
    draft = _question(step, QuestionKind.CONFIRMATION, urgency)
    if gate.disclosure is Disclosure.WITHHELD:
        questions.insert_question(tx, draft)
        note(tx, actor, hit, HitNote.QUESTION_DRAFTED, at, facts=_facts(gate))
        return hit
    return _leave(step, draft, desk, is_new=True)


def agree(tx: Transaction, actor: Actor, hit_id: str, desk: Desk, *, gate: Gate) -> Hit:
    """Let a withheld question leave: the second person whom the gate asks for.

    - `gate`: the answers as this person gives them.

    It leaves at a moment drawn by lot, so that the owner cannot tell when the person was met.
    Raises NotPermitted for who drafted it, Conflict where none is drafted.
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    draft = questions.standing(tx, hit.id, QuestionKind.CONFIRMATION, QuestionState.DRAFT)
    if draft is None:
        raise Conflict("no question of this hit waits for a second person")
    require_honest(tx, actor, hit, gate)
    step = Step(
        tx=tx,
        actor=actor,
        hit=hit,
        event=HitEvent.ASK_OWNER,
        at=at,
        terms=desk.terms,
        gate=replace(gate, disclosure=Disclosure.WITHHELD),
        drafted_by=draft.asked_by,
    )
    return _leave(step, draft, desk, is_new=False)


def withdraw_draft(tx: Transaction, actor: Actor, hit_id: str, words: str = "") -> Hit:
    """Take back a question that waits for a second person, so that the hit can go another way.

    - `words`: why, for who drafted it: needed of everybody else, who sends it back (PR-53).
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    draft = questions.standing(tx, hit.id, QuestionKind.CONFIRMATION, QuestionState.DRAFT)
    if draft is None:
        raise Conflict("no question of this hit waits for a second person")
    if draft.asked_by != actor.user and not words.strip():
        raise InvalidInput("words: say why the question is sent back")
    take_back(tx, hit, at)
    note(tx, actor, hit, HitNote.QUESTION_TAKEN_BACK, at, words=words)
    return hit


def ask_more(
    tx: Transaction, actor: Actor, hit_id: str, desk: Desk, *, words: str, gate: Gate
) -> Hit:
    """Ask the owner for supplementary information, which is due in 12 hours.

    Only where the owner was asked openly, and the gate still bars nothing: a request for more tells
    the owner that the matter is alive.
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    if hit.state not in TALKING:
        raise Conflict(f"an owner is not asked for more while a hit stands at '{hit.state}'")
    asked = questions.standing(
        tx, hit.id, QuestionKind.CONFIRMATION, QuestionState.OPEN, QuestionState.ANSWERED
    )
    if asked is None or asked.disclosure is not Disclosure.FULL or not gate.is_clear:
        message = "supplementary information is asked only of an owner that was openly asked"
        raise NotPermitted(message, "gate")
    require_honest(tx, actor, hit, gate)
    if not words.strip():
        raise InvalidInput("words: say what is needed")
    _check_not_asked_yet(tx, hit, QuestionKind.SUPPLEMENT)
    step = Step(tx=tx, actor=actor, hit=hit, event=HitEvent.ASK_OWNER, at=at, gate=gate)
    due = at + lasts(desk.terms, Clock.SUPPLEMENT)
    question = replace(
        _question(step, QuestionKind.SUPPLEMENT, asked.urgency),
        state=QuestionState.OPEN,
        identity=None,
        words=words.strip(),
        visible_from=at,
        reply_by=due,
    )
    questions.insert_question(tx, question)
    hits.start_clock(tx, hit.id, Clock.SUPPLEMENT, due)
    note(tx, actor, hit, HitNote.SUPPLEMENT_ASKED, at)
    desk.channel.carry(tx, question, Notification.QUESTION_PUT, at)
    return hit


def _check_askable(tx: Transaction, hit: Hit) -> None:
    if hit.is_record_gone:
        raise Conflict("the record is gone: there is nothing to confirm")
    if hits.kind_of_owner(tx, hit.owner) == AuthorityKind.PUBLISHER:
        raise Conflict("a published list is not asked: compare with its current text")
    if hit.state is HitState.SECOND_LINE:
        _check_not_asked_yet(tx, hit, QuestionKind.CONFIRMATION)


def _check_not_asked_yet(tx: Transaction, hit: Hit, kind: QuestionKind) -> None:
    if questions.standing(tx, hit.id, kind, *_UNANSWERED):
        raise Conflict("such a question of this hit is still unanswered")


def _question(step: Step, kind: QuestionKind, urgency: Urgency) -> Question:
    if step.gate is None:
        raise RuntimeError("a question is made behind its gate")
    hit = step.hit
    return Question(
        id=new_id("qst"),
        hit=hit.id,
        kind=kind,
        state=QuestionState.DRAFT,
        owner=hit.owner,
        record=hit.record,
        record_version=hit.record_version,
        urgency=urgency,
        disclosure=step.gate.disclosure,
        identity=identity_of(hit.asked) if hit.asked else None,
        asked_by=step.actor.user,
        authority=hit.authority,
        place=hit.place,
        checked_at=hit.checked_at,
    )


def _leave(step: Step, draft: Question, desk: Desk, *, is_new: bool) -> Hit:
    """Let a question leave, and start its clock; the guards of the machine decide whether it may."""
    leaves = step.at + _delay(draft.disclosure, desk)
    due = leaves + lasts(desk.terms, Clock.REPLY, draft.urgency)
    question = replace(draft, state=QuestionState.OPEN, visible_from=leaves, reply_by=due)
    facts = {**(_facts(step.gate) if step.gate else {}), "urgency": draft.urgency, "round": 1}
    asked = advance(step, facts=facts, round=1)
    (questions.insert_question if is_new else questions.save)(step.tx, question)
    hits.start_clock(step.tx, asked.id, Clock.REPLY, due)
    desk.channel.carry(step.tx, question, Notification.QUESTION_PUT, step.at)
    return asked


def _delay(disclosure: Disclosure, desk: Desk) -> timedelta:
    """Return how long a question waits before it leaves: by lot where the encounter is withheld."""
    if disclosure is Disclosure.FULL:
        return timedelta()
    most = int(desk.terms.withheld_delay_hours * 3600)
    return timedelta(seconds=secrets.randbelow(most + 1))


def _facts(gate: Gate) -> dict[str, str | int | bool]:
    return {
        "claim_for_protection": gate.claim_for_protection,
        "refugee_papers": gate.refugee_papers,
        "flagged": gate.flagged,
        "disclosure": gate.disclosure,
    }


def take_back(tx: Transaction, hit: Hit, at: datetime) -> None:
    """Take back the questions of a hit that are not answered, as far as that tells nothing."""
    for question_id in questions.withdraw(tx, hit.id, at):
        notifications.drop(tx, question_id)


def ask_again(step: Step, desk: Desk) -> Hit:
    """Put the question again when its clock ran out; n rises."""
    hit = step.hit
    question = questions.standing(step.tx, hit.id, QuestionKind.CONFIRMATION, QuestionState.OPEN)
    asked = advance(step, facts={"round": hit.round + 1}, round=hit.round + 1)
    if question is not None:
        due = step.at + lasts(desk.terms, Clock.REPLY, question.urgency)
        again = replace(question, reply_by=due)
        questions.save(step.tx, again)
        hits.start_clock(step.tx, hit.id, Clock.REPLY, due)
        desk.channel.carry(step.tx, again, Notification.QUESTION_REPEATED, step.at)
    return asked


def escalate(step: Step, desk: Desk) -> Hit:
    """Tell both sides' superiors that the owner did not answer."""
    escalated = advance(step)
    hit, tx, at = step.hit, step.tx, step.at
    question = questions.standing(tx, hit.id, QuestionKind.CONFIRMATION, QuestionState.OPEN)
    running = {running.clock for running in hits.clocks(tx, hit.id)}
    if Clock.HOLD_LIMIT not in running:
        start(tx, escalated, at, desk.terms, Clock.HOLD_LIMIT)
    notifications.tell(tx, hit.authority, Post.SUPERVISOR, Notification.ESCALATED, hit.id, at=at)
    if question is not None:
        desk.channel.carry(tx, question, Notification.ESCALATED, at)
    return escalated
