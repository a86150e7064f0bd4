"""The way of a question to an owner at another node, and of what its desk replies (PR-53).

    ask ──── open ────> QUESTION, with the deed ──> their desk ──> ANSWER ──> the hit moves here
        └─ withheld ──> waits ──> QUESTION, when a lot says so; without place, time and authority

What follows a withheld question would tell something by when it comes, or that it does not: it is
put once, not repeated, not taken back, and no outcome follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from didban.casework import asked as owners_side
from didban.casework import found_apart, notifications
from didban.casework.answers import follow, supplied
from didban.casework.ports import InBank
from didban.casework.steps import lasts, note
from didban.errors import Conflict, HandlingRefused
from didban.exchange import later
from didban.model.actors import Actor, AuthorityKind
from didban.model.casework import AnswerKind, Disclosure, OwnersWord, QuestionKind, QuestionState
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.questions import (
    Encounter,
    Feedback,
    PutQuestion,
    Putting,
    Reply,
    Said,
    ToldNonMatch,
)
from didban.model.hits import Clock, HitNote, HitState
from didban.model.notifications import Notification, Post
from didban.model.permissions import Role
from didban.model.purposes import Purpose
from didban.store import asked, authorities, hits, questions
from didban.store.exchange import copies, peers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from didban.casework.ports import Desk, OwnerChannel
    from didban.exchange.receiving import Handlers
    from didban.model.casework import Hit, Question
    from didban.model.exchange.feeds import Arrived
    from didban.store.database import Database, Transaction


class Sender(Protocol):
    """What publishes in the bilateral feed of a node (`exchange.ports.Exchange`)."""

    def send(self, tx: Transaction, node: str, items: Sequence[Item], now: datetime) -> None:
        """Publish to one node, with the transaction or not at all."""


_STEPS: Final = {
    Notification.QUESTION_PUT: Putting.PUT,
    Notification.QUESTION_REPEATED: Putting.REPEATED,
    Notification.ESCALATED: Putting.ESCALATED,
}
_KINDS: Final = {
    Said.CONFIRMED: AnswerKind.CONFIRMED,
    Said.REFUTED: AnswerKind.REFUTED,
    Said.WILL_BE_CONFIRMED: AnswerKind.WILL_BE_CONFIRMED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerChannel:
    """The way to owners at other nodes; `within`: to those that have their desk in this bank."""

    sender: Sender
    within: OwnerChannel = field(default_factory=InBank)

    def carry(self, tx: Transaction, question: Question, what: Notification, at: datetime) -> None:
        """Bring a question, its repetition or escalation, or the feedback, to the owner's node."""
        node = peers.speaker_of(tx, question.owner)
        if node is None:
            self.within.carry(tx, question, what, at)
        elif what is Notification.FEEDBACK_GIVEN:
            self._give_feedback(tx, node, question, at)
        elif question.disclosure is Disclosure.FULL:
            asked.post(tx, question.id, node, at, sent_at=at)
            self._put(tx, node, question, _STEPS[what], at)
        elif what is Notification.QUESTION_PUT:
            asked.post(tx, question.id, node, question.visible_from or at, sent_at=None)

    def reply(self, tx: Transaction, node: str, reply: Reply, at: datetime) -> None:
        """Send what our desk replies to another node."""
        item = Item(kind=Kind.ANSWER, content=reply.to_json(), record=reply.question)
        self.sender.send(tx, node, [item], at)

    def tell(self, tx: Transaction, nodes: Iterable[str], told: ToldNonMatch, at: datetime) -> None:
        """Let others know who is not the person of a record, when it is due."""
        item = Item(kind=Kind.NON_MATCH, content=told.to_json(), record=told.record)
        for node in nodes:
            later.send(tx, node, [item], at)

    def leave(self, tx: Transaction, now: datetime) -> bool:
        """Let one withheld question leave that is due, unless it was taken back before."""
        due = asked.next_due(tx, now)
        if due is None:
            return False
        node, question = due
        if question is not None:
            self._put(tx, node, question, Putting.PUT, now)
        return True

    def take_back(self, tx: Transaction, now: datetime) -> bool:
        """Tell the owner's node of one open question that is not needed any more."""
        found = asked.next_taken_back(tx, now)
        if found is None:
            return False
        self._put(tx, *found, Putting.WITHDRAWN, now)
        return True

    def _put(
        self, tx: Transaction, node: str, question: Question, step: Putting, at: datetime
    ) -> None:
        put = _as_it_travels(tx, question, step)
        item = Item(kind=Kind.QUESTION, content=put.to_json(), record=question.id)
        self.sender.send(tx, node, [item], at)

    def _give_feedback(self, tx: Transaction, node: str, question: Question, at: datetime) -> None:
        if question.disclosure is Disclosure.FULL and question.feedback is not None:
            told = Feedback(question=question.id, outcome=question.feedback)
            item = Item(kind=Kind.FEEDBACK, content=told.to_json(), record=question.id)
            self.sender.send(tx, node, [item], at)


def _as_it_travels(tx: Transaction, question: Question, step: Putting) -> PutQuestion:
    """Return a question as its owner's node may see it, naming the owner's own version."""
    is_open = question.disclosure is Disclosure.FULL
    met = Encounter(
        authority=question.authority,
        place=question.place,
        met_at=question.checked_at,
        urgency=question.urgency,
    )
    seen = copies.rev_of(tx, question.record, question.record_version)
    hit = hits.lock(tx, question.hit) if is_open else None
    is_whole = step is not Putting.WITHDRAWN
    return PutQuestion(
        id=question.id,
        step=step,
        kind=question.kind,
        record=question.record,
        version=seen[1] if seen else question.record_version,
        round=max(hit.round, 1) if hit else 1,
        identity=replace(question.identity, id="met") if question.identity and is_whole else None,
        words=question.words if is_open and is_whole else "",
        encounter=met if is_open else None,
    )


def take_answers(tx: Transaction, arrived: Sequence[Arrived], now: datetime, desk: Desk) -> None:
    """Let hits follow what owners at other nodes reply; the handler of `Kind.ANSWER`."""
    for each in arrived:
        if each.content is not None:
            _take_answer(tx, each, Reply.from_json(each.content), now, desk)


def _take_answer(
    tx: Transaction, arrived: Arrived, reply: Reply, now: datetime, desk: Desk
) -> None:
    node = arrived.peer.node
    found = asked.put_to_node(tx, reply.question, node)
    if found is None or not arrived.peer.speaks_for(found.owner):
        raise HandlingRefused("no question of ours was put to this node")
    hit = hits.lock(tx, found.hit)
    question = asked.put_to_node(tx, reply.question, node)  # as it is since then
    if hit is None or question is None:
        return
    actor = _owner(tx, node, question)
    if question.state is not QuestionState.OPEN:
        if reply.said is not Said.RECEIVED:
            note(tx, actor, hit, HitNote.LATE_ANSWER, now, facts={"answer": reply.said})
        return
    {
        Said.RECEIVED: _received,
        Said.NO_RECORD: _no_record,
        Said.SUPPLEMENT: _supplied,
    }.get(reply.said, _answered)(_Heard(tx, actor, hit, question, reply, arrived, now, desk))


@dataclass(frozen=True, slots=True)
class _Heard:
    """A reply, and what it is about: all of it held."""

    tx: Transaction
    actor: Actor
    hit: Hit
    question: Question
    reply: Reply
    arrived: Arrived
    now: datetime
    desk: Desk


def _received(heard: _Heard) -> None:
    """Let the clock run from when the question arrived, on the clock of who owes the reply."""
    tx, question, until = heard.tx, heard.question, heard.reply.until
    if question.disclosure is not Disclosure.FULL or until is None:
        return
    is_more = question.kind is QuestionKind.SUPPLEMENT
    which = Clock.SUPPLEMENT if is_more else Clock.REPLY
    if any(running.clock is which for running in hits.clocks(tx, heard.hit.id)):
        latest = heard.now + lasts(heard.desk.terms, which, question.urgency)
        due = min(max(until, heard.now), latest)
        hits.start_clock(tx, heard.hit.id, which, due)
        questions.save(tx, replace(question, reply_by=due))
        note(tx, heard.actor, heard.hit, HitNote.QUESTION_RECEIVED, heard.now)


def _no_record(heard: _Heard) -> None:
    """Tell the desk that the owner does not have the record, for us or for anybody."""
    tx, hit = heard.tx, heard.hit
    note(tx, heard.actor, hit, HitNote.OWNER_HAS_NO_RECORD, heard.now)
    gone = replace(heard.question, answer=AnswerKind.NO_RECORD, state=QuestionState.ANSWERED)
    questions.save(tx, gone)
    post, kind = Post.DUTY_OFFICER, Notification.RECORD_GONE
    notifications.tell(tx, hit.authority, post, kind, hit.id, at=heard.now)


def _supplied(heard: _Heard) -> None:
    if heard.question.kind is not QuestionKind.SUPPLEMENT:
        raise HandlingRefused("what was asked for was a confirmation")
    supplied(heard.tx, heard.actor, heard.question, heard.hit, heard.reply.words, heard.now)


def _answered(heard: _Heard) -> None:
    """Let the hit follow the answer, with the entry that proves it in its history.

    An answer that does not fit where the hit stands by now is kept there and not refused: a refusal
    would tell the owner where it stands (PR-53).
    """
    tx, hit, question = heard.tx, heard.hit, heard.question
    if question.kind is not QuestionKind.CONFIRMATION:
        raise HandlingRefused("what was asked for was more information")
    word = _word(heard)
    if word.until is not None and word.until <= heard.now:
        _note_late(heard, word)  # it has passed while the answer was under way
    elif word.kind is AnswerKind.WILL_BE_CONFIRMED and hit.state is HitState.WAITING:
        _wait_longer(heard, word)
    else:
        try:
            follow(tx, heard.actor, question, hit, heard.desk, word, heard.now)
        except Conflict:
            _note_late(heard, word)


def _note_late(heard: _Heard, word: OwnersWord) -> None:
    facts = {"answer": word.kind, **word.proof}
    what = HitNote.LATE_ANSWER
    note(heard.tx, heard.actor, heard.hit, what, heard.now, facts=facts, words=word.words)


def _word(heard: _Heard) -> OwnersWord:
    """Return what the owner answers; a time that lies too far ahead is the longest that we wait."""
    latest = heard.now + timedelta(hours=heard.desk.terms.longest_wait_hours)
    place, until = heard.arrived.header.place, heard.reply.until
    return OwnersWord(
        kind=_KINDS[heard.reply.said],
        words=heard.reply.words,
        until=min(until, latest) if until else None,
        proof={"feed": place.feed, "seq": place.seq} if place else {},
    )


def _wait_longer(heard: _Heard, word: OwnersWord) -> None:
    """Let a hit wait for another time than the one that was named before."""
    if word.until is not None:
        hits.start_clock(heard.tx, heard.hit.id, Clock.NAMED_TIME, word.until)
        questions.save(heard.tx, replace(heard.question, reply_by=word.until))
        note(
            heard.tx, heard.actor, heard.hit, HitNote.QUESTION_RECEIVED, heard.now,
            facts=dict(word.proof),
        )  # fmt: skip


def _owner(tx: Transaction, node: str, question: Question) -> Actor:
    """Return who answers: a person of the owner's desk, for whom its node vouches by its signature."""
    owner = authorities.get(tx, question.owner)
    return Actor(
        user=f"node:{node}",
        authority=question.owner,
        kind=owner.kind if owner else AuthorityKind.OTHER,
        roles=frozenset({Role.LIAISON_OFFICER}),
        purpose=Purpose.WANTED_OR_MISSING_PERSON,
        reference=question.id,
    )


def handlers(desk: Desk) -> Handlers:
    """Return what is done with entries about hits, by kind."""
    return {
        Kind.QUESTION: partial(owners_side.take_questions, desk=desk),
        Kind.ANSWER: partial(take_answers, desk=desk),
        Kind.FEEDBACK: owners_side.take_feedback,
        Kind.NON_MATCH: found_apart.take,
    }


def run_due(database: Database, now: datetime, desk: Desk) -> int:
    """Let leave what is due, and take back what is not needed; return how many.

    A duty: idempotent, safe in several processes at once.
    """
    channel, done = desk.channel, 0
    if isinstance(channel, PeerChannel):
        for verb in (channel.leave, channel.take_back):
            while _one(database, verb, now):
                done += 1
    return done + owners_side.keep_clocks(database, now, desk)


def _one(database: Database, verb: Callable[[Transaction, datetime], bool], now: datetime) -> bool:
    with database.begin() as tx:
        return verb(tx, now)
