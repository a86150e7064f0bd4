"""The owner's desk: the questions that were put to it, and its answers.

Who answers sees what `as_owner_sees` leaves of a question and nothing of the hit behind it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from didban import clock
from didban.casework import asked, non_match, notifications
from didban.casework.guards import Step
from didban.casework.steps import advance, note, told_of_record
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit
from didban.guard.disclosure import shown_to
from didban.model.casework import (
    AnswerKind,
    AskedOwner,
    Disclosure,
    OwnersWord,
    Question,
    QuestionKind,
    QuestionState,
    as_owner_sees,
)
from didban.model.deeds import Deed
from didban.model.hits import ASKED, Clock, HitEvent, HitNote, RefuteReason
from didban.model.notifications import Notification, Post
from didban.model.permissions import Permission
from didban.store import asked as store_asked
from didban.store import hits, questions, records
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.casework.ports import Desk
    from didban.model.actors import Actor
    from didban.model.casework import AskedQuestion, Hit
    from didban.store.database import Transaction

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_EVENTS: Final = {
    AnswerKind.CONFIRMED: HitEvent.OWNER_CONFIRMS,
    AnswerKind.REFUTED: HitEvent.OWNER_REFUTES,
    AnswerKind.WILL_BE_CONFIRMED: HitEvent.OWNER_NAMES_TIME,
}


def put_to_us(
    tx: Transaction,
    actor: Actor,
    *,
    states: frozenset[QuestionState] = frozenset({QuestionState.OPEN}),
    limit: int = 50,
    after: tuple[datetime, str] | None = None,
) -> list[AskedOwner]:
    """Return the questions put to the actor's authority, in the order in which they left.

    Those of other nodes stand among them, by when they arrived.

    - `after`: `arrived_at` and `id` of the question after which to go on.
    """
    access.require(actor, Permission.CASEWORK_QUESTION_ANSWER)
    seen = open_to(tx, actor)
    page: dict[str, Any] = {"states": states, "limit": limit, "after": after}
    here = questions.listed(tx, actor.authority, seen, clock.now(), **page)
    elsewhere = store_asked.listed(tx, actor.authority, seen, **page)
    both = [*map(as_owner_sees, here), *(question.seen() for question in elsewhere)]
    found = sorted(both, key=lambda one: (one.arrived_at or _NEVER, one.id))[:limit]
    audit.enter(tx, actor, Deed.QUESTION_LISTED, facts={"count": len(found)})
    return found


def opened(
    tx: Transaction, actor: Actor, question_id: str
) -> tuple[AskedOwner, Mapping[str, Any] | None]:
    """Return a question put to the actor's authority, and what they may see of its record.

    The record is None where it is gone. Raises NotFound.
    """
    access.require(actor, Permission.CASEWORK_QUESTION_ANSWER)
    seen = open_to(tx, actor)
    here = questions.put_to(tx, actor.authority, seen, question_id, clock.now())
    other = None if here else store_asked.put_to(tx, actor.authority, seen, question_id)
    if here is None and other is None:
        raise NotFound("there is no such question")
    question = as_owner_sees(here) if here else cast("AskedQuestion", other).seen()
    audit.enter(tx, actor, Deed.QUESTION_LISTED, subject=question.id, facts={"count": 1})
    record = records.get(tx, question.record, seen)
    return question, shown_to(tx, actor, record) if record else None


def answer(  # noqa: PLR0913 - which question, what, why, until when
    tx: Transaction,
    actor: Actor,
    question_id: str,
    desk: Desk,
    *,
    kind: AnswerKind,
    words: str = "",
    until: datetime | None = None,
    is_shared: bool = False,
) -> AskedOwner:
    """Answer for the owner whether the record is valid and concerns who was met.

    - `kind`: confirmed, refuted (`words` say why), or will be confirmed at a time (`until`).
    - `is_shared`: tell who else holds the record that the two are not one (`found_apart`).

    A withheld question is answered even when nothing depends on it any more: the owner is not to
    notice (PR-53). The hit's history keeps it.

    Raises NotFound for a question that was not put to the actor's authority, Conflict for one that
    is answered or no longer asked, NotPermitted for who took part in asking (PR-28).
    """
    access.require(actor, Permission.CASEWORK_QUESTION_ANSWER)
    if kind not in _EVENTS:
        raise InvalidInput("kind: expected confirmed, refuted or will_be_confirmed")
    word = OwnersWord(kind=kind, words=words, until=until, is_shared=is_shared)
    if other := store_asked.put_to(tx, actor.authority, open_to(tx, actor), question_id):
        return asked.answer(tx, actor, other, desk, word)
    at = clock.now()
    question, hit = _held(tx, actor, question_id, QuestionKind.CONFIRMATION, at)
    return follow(tx, actor, question, hit, desk, word, at)


def follow(  # noqa: PLR0913, PLR0917 - who says what to which question of which hit
    tx: Transaction,
    actor: Actor,
    question: Question,
    hit: Hit,
    desk: Desk,
    word: OwnersWord,
    at: datetime,
) -> AskedOwner:
    """Let a hit follow what its owner answered; both are held. Raises what the guards raise."""
    kind = word.kind
    step = Step(
        tx=tx,
        actor=actor,
        hit=told_of_record(tx, actor, hit, at),
        event=_EVENTS[kind],
        at=at,
        terms=desk.terms,
        reason=RefuteReason.SAID_BY_OWNER if kind is AnswerKind.REFUTED else "",
        words=word.words,
        until=word.until,
    )
    answered = replace(question, answer=kind, state=QuestionState.ANSWERED)
    if question.disclosure is Disclosure.WITHHELD and hit.state not in ASKED:
        facts = {"answer": kind, **word.proof}
        note(tx, actor, hit, HitNote.LATE_ANSWER, at, facts=facts, words=word.words)
        return _settle(tx, actor, answered, at)
    moved = advance(step, facts=word.proof)
    if kind is AnswerKind.REFUTED:
        non_match.issue(replace(step, hit=moved), desk.key)
    if kind is AnswerKind.WILL_BE_CONFIRMED and word.until is not None:
        hits.start_clock(tx, hit.id, Clock.NAMED_TIME, word.until)
        return _settle(tx, actor, replace(question, answer=kind, reply_by=word.until), at)
    return _settle(tx, actor, answered, at)


def supply(tx: Transaction, actor: Actor, question_id: str, words: str, desk: Desk) -> AskedOwner:
    """Supply the supplementary information that was asked for. It stays in the hit's history."""
    access.require(actor, Permission.CASEWORK_QUESTION_ANSWER)
    if not words.strip():
        raise InvalidInput("words: write what is supplied")
    if other := store_asked.put_to(tx, actor.authority, open_to(tx, actor), question_id):
        return asked.supply(tx, actor, other, words, desk)
    at = clock.now()
    question, hit = _held(tx, actor, question_id, QuestionKind.SUPPLEMENT, at)
    return supplied(tx, actor, question, hit, words, at)


def supplied(
    tx: Transaction, actor: Actor, question: Question, hit: Hit, words: str, at: datetime
) -> AskedOwner:
    """Keep what an owner supplied in the history of its hit; both are held."""
    note(tx, actor, hit, HitNote.SUPPLEMENT_GIVEN, at, words=words)
    hits.stop_clocks(tx, hit.id, (Clock.SUPPLEMENT,))
    answered = replace(question, answer=AnswerKind.SUPPLEMENT, state=QuestionState.ANSWERED)
    return _settle(tx, actor, answered, at)


def _settle(tx: Transaction, actor: Actor, question: Question, at: datetime) -> AskedOwner:
    """Keep an answer and tell who asked."""
    questions.save(tx, question)
    facts = {"answer": str(question.answer)}
    audit.enter(tx, actor, Deed.QUESTION_ANSWERED, subject=question.id, facts=facts)
    asker, kind = question.authority, Notification.QUESTION_ANSWERED
    notifications.tell(tx, asker, Post.DUTY_OFFICER, kind, question.hit, at=at)
    return as_owner_sees(question)


def _held(
    tx: Transaction, actor: Actor, question_id: str, kind: QuestionKind, at: datetime
) -> tuple[Question, Hit]:
    """Return an open question put to the actor's authority and its hit, both held."""
    seen = open_to(tx, actor)
    found = questions.put_to(tx, actor.authority, seen, question_id, at)
    hit = hits.lock(tx, found.hit) if found else None
    question = questions.put_to(tx, actor.authority, seen, question_id, at)  # as it is since then
    if hit is None or question is None or question.kind is not kind:
        raise NotFound("there is no such question")
    if question.state is not QuestionState.OPEN:
        raise Conflict("this question is not open any more")
    return question, hit
