"""The owner's desk: what other nodes ask about our records, and what we reply.

    QUESTION ── the record is ours and open to who asks ──> kept, told to the desk, its clock begins
             └─ it is gone, or never was open to them ────> NO_RECORD, and nothing is kept (PR-09)
    the desk answers ──> ANSWER; the outcome comes back as FEEDBACK

The clock of a reply runs on this side, from the arrival. Where the asking side withheld the
encounter there is no clock: nothing here may tell when somebody was met (PR-53).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.casework import found_apart, notifications
from didban.casework.steps import lasts
from didban.errors import Conflict, HandlingRefused, InvalidInput, NotFound
from didban.exchange.records import readers
from didban.guard import access, audit
from didban.model.alerts import ACTING_STATUSES
from didban.model.bank import FOUND
from didban.model.casework import AnswerKind, AskedQuestion, QuestionKind, QuestionState
from didban.model.deeds import Deed
from didban.model.exchange.questions import Feedback, PutQuestion, Putting, Reply, Said
from didban.model.exchange.sharing import is_shareable
from didban.model.hits import Clock
from didban.model.identity import identity_of
from didban.model.notifications import Notification, Post
from didban.store import asked, records, sightings
from didban.store.exchange import peers
from didban.store.visibility import every_number, open_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.casework.ports import Desk
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.casework import AskedOwner, OwnersWord
    from didban.model.exchange.feeds import Arrived
    from didban.model.exchange.peers import Peer
    from didban.store.database import Database, Transaction

_SAID: Final = {
    AnswerKind.CONFIRMED: Said.CONFIRMED,
    AnswerKind.REFUTED: Said.REFUTED,
    AnswerKind.WILL_BE_CONFIRMED: Said.WILL_BE_CONFIRMED,
    AnswerKind.SUPPLEMENT: Said.SUPPLEMENT,
}
_DUTY: Final = "questions"


# ------------------------------------------------------------------ what arrives


def take_questions(tx: Transaction, arrived: Sequence[Arrived], now: datetime, desk: Desk) -> None:
    """Keep what other nodes ask; the handler of `Kind.QUESTION`. Raises PeerFault."""
    for each in arrived:
        if each.content is not None:
            _take_question(tx, each.peer, PutQuestion.from_json(each.content), now, desk)


def _take_question(
    tx: Transaction, peer: Peer, put: PutQuestion, now: datetime, desk: Desk
) -> None:
    if put.encounter is not None and not peer.speaks_for(put.encounter.authority):
        raise HandlingRefused("a node asks for the authorities that it speaks for")
    if put.identity is not None and put.identity != identity_of(put.identity):
        raise HandlingRefused("a question says more than what identifies who was met (PR-42)")
    if asked.is_taken(tx, put.id, peer.node):
        raise HandlingRefused("a question of this identifier is somebody else's")
    known = asked.lock(tx, put.id)
    if put.step is Putting.WITHDRAWN:
        if known is not None and known.state is QuestionState.OPEN:
            asked.save(tx, replace(known, state=QuestionState.WITHDRAWN, settled_at=now))
        return
    record = _ours(tx, peer, put.record)
    if record is None:
        desk.channel.reply(tx, peer.node, Reply(question=put.id, said=Said.NO_RECORD), now)
        return
    kept = known or _new(peer, put, record, now)
    is_escalated = put.step is Putting.ESCALATED
    if kept.state is not QuestionState.OPEN:
        return  # answered meanwhile
    if known and put.round <= known.round and not is_escalated:
        return  # said before
    kept = replace(kept, round=put.round, reply_by=_owed_by(put, now, desk), overdue_at=None)
    (asked.save if known else asked.add)(tx, kept)
    actor = access.system_actor(kept.owner, _DUTY)
    facts: audit.Facts = {"node": peer.node, "round": kept.round}
    audit.enter(tx, actor, Deed.QUESTION_RECEIVED, subject=kept.id, facts=facts)
    desk.channel.reply(
        tx, peer.node, Reply(question=put.id, said=Said.RECEIVED, until=kept.reply_by), now
    )
    _tell(tx, kept, put.step, now)


def _new(peer: Peer, put: PutQuestion, record: BankRecord, now: datetime) -> AskedQuestion:
    met = put.encounter
    return AskedQuestion(
        id=put.id,
        node=peer.node,
        owner=record.owner,
        kind=put.kind,
        state=QuestionState.OPEN,
        record=record.id,
        record_version=min(put.version, record.version),
        round=put.round,
        identity=put.identity,
        words=put.words,
        authority=met.authority if met else None,
        place=met.place if met else None,
        met_at=met.met_at if met else None,
        urgency=met.urgency if met else None,
        arrived_at=now,
    )


def _owed_by(put: PutQuestion, now: datetime, desk: Desk) -> datetime | None:
    """Return by when our desk owes its reply; None where nothing may tell how soon (PR-53)."""
    if put.encounter is None:
        return None
    which = Clock.SUPPLEMENT if put.kind is QuestionKind.SUPPLEMENT else Clock.REPLY
    return now + lasts(desk.terms, which, put.encounter.urgency)


def _ours(tx: Transaction, peer: Peer, record_id: str) -> BankRecord | None:
    """Return a record of our own that the node may know of and that stands, or None."""
    record = records.get(tx, record_id, every_number(tx))
    if record is None or not is_shareable(record) or peers.speaker_of(tx, record.owner):
        return None
    reader = next((one for one in readers.nodes(tx) if one.node == peer.node), None)
    marking = record.marking
    if reader is None or not reader.may_know_of(marking.visibility, marking.protected_from):
        return None
    return record


def _tell(tx: Transaction, kept: AskedQuestion, step: Putting, now: datetime) -> None:
    post, kind = {
        Putting.REPEATED: (Post.DUTY_OFFICER, Notification.QUESTION_REPEATED),
        Putting.ESCALATED: (Post.BUREAU_HEAD, Notification.ESCALATED),
    }.get(step, (Post.DUTY_OFFICER, Notification.QUESTION_PUT))
    notifications.tell(tx, kept.owner, post, kind, kept.id, at=now, due_at=kept.reply_by)


def take_feedback(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
    """Keep what became of what our desk was asked about; the handler of `Kind.FEEDBACK`."""
    for each in arrived:
        if each.content is None:
            continue
        feedback = Feedback.from_json(each.content)
        known = asked.lock(tx, feedback.question)
        if known is None or known.node != each.peer.node or known.authority is None:
            raise HandlingRefused("feedback is given on what was openly asked")
        asked.save(tx, replace(known, feedback=feedback.outcome, settled_at=now))
        _note_sighting(tx, known)
        kind, post = Notification.FEEDBACK_GIVEN, Post.DUTY_OFFICER
        notifications.tell(tx, known.owner, post, kind, known.id, at=now)


def _note_sighting(tx: Transaction, known: AskedQuestion) -> None:
    """Note with the record of a stolen or lost document that it turned up; of nothing else (PR-53)."""
    record = records.get(tx, known.record, every_number(tx))
    if record is None or record.state not in FOUND or not record.is_document:
        return
    if record.document_status in ACTING_STATUSES and known.authority and known.met_at:
        where, met_at = known.place or "", known.met_at
        sightings.add(
            tx, record.id, authority=known.authority, place=where, hit=known.id, at=met_at
        )


# ------------------------------------------------------------------ what the desk replies


def answer(
    tx: Transaction, actor: Actor, question: AskedQuestion, desk: Desk, word: OwnersWord
) -> AskedOwner:
    """Answer another node for the owner; see `answers.answer`.

    Raises Conflict also for a record that is gone: its withdrawal says so by itself.
    """
    at, kind = clock.now(), word.kind
    _require(question, QuestionKind.CONFIRMATION)
    reply = Reply(question=question.id, said=_SAID[kind], words=word.words.strip())
    if kind is AnswerKind.REFUTED and not reply.words:
        raise InvalidInput("words: say in a sentence why; it stays in the hit's history")
    if kind is AnswerKind.CONFIRMED and _standing(tx, actor, question) is None:
        raise Conflict("the record is gone: there is nothing to confirm")
    if kind is AnswerKind.REFUTED:
        found_apart.note(tx, question, desk, at, is_shared=word.is_shared)
    if kind is not AnswerKind.WILL_BE_CONFIRMED:
        return _say(tx, actor, _answered(actor, question, kind, at), reply, desk)
    hours = desk.terms.longest_wait_hours
    if word.until is None or not at < word.until <= at + timedelta(hours=hours):
        raise InvalidInput(f"until: name a time that lies ahead, at most {hours:g} hours")
    waiting = replace(question, answer=kind, reply_by=word.until, overdue_at=None)
    return _say(tx, actor, waiting, replace(reply, until=word.until), desk)


def supply(
    tx: Transaction, actor: Actor, question: AskedQuestion, words: str, desk: Desk
) -> AskedOwner:
    """Supply another node with what it asked for beyond the record; see `answers.supply`."""
    at, kind = clock.now(), AnswerKind.SUPPLEMENT
    _require(question, QuestionKind.SUPPLEMENT)
    reply = Reply(question=question.id, said=_SAID[kind], words=words.strip())
    return _say(tx, actor, _answered(actor, question, kind, at), reply, desk)


def _answered(
    actor: Actor, question: AskedQuestion, kind: AnswerKind, at: datetime
) -> AskedQuestion:
    return replace(
        question,
        answer=kind,
        state=QuestionState.ANSWERED,
        answered_at=at,
        answered_by=actor.user,
        settled_at=at,
    )


def _require(question: AskedQuestion, kind: QuestionKind) -> None:
    if question.kind is not kind:
        raise NotFound("there is no such question")
    if question.state is not QuestionState.OPEN:
        raise Conflict("this question is not open any more")


def _standing(tx: Transaction, actor: Actor, question: AskedQuestion) -> BankRecord | None:
    record = records.get(tx, question.record, open_to(tx, actor))
    return record if record and is_shareable(record) else None


def _say(
    tx: Transaction, actor: Actor, question: AskedQuestion, reply: Reply, desk: Desk
) -> AskedOwner:
    """Keep what was answered and let it leave with the same transaction."""
    asked.save(tx, question)
    desk.channel.reply(tx, question.node, reply, clock.now())
    facts = {"answer": str(question.answer)}
    audit.enter(tx, actor, Deed.QUESTION_ANSWERED, subject=question.id, facts=facts)
    return question.seen()


# ------------------------------------------------------------------ what is due


def keep_clocks(database: Database, now: datetime, desk: Desk) -> int:
    """Tell of overdue replies, answer for records that are gone, erase old content; return how many.

    Part of the duty of `peer_channel`: idempotent, safe in several processes at once.
    """
    done = 0
    while _one_overdue(database, now):
        done += 1
    while _one_without_record(database, now, desk):
        done += 1
    kept_for = timedelta(days=desk.terms.dismissed_days)
    with database.begin() as tx:
        return done + asked.empty_older(tx, now - kept_for)


def _one_overdue(database: Database, now: datetime) -> bool:
    with database.begin() as tx:
        question = asked.next_overdue(tx, now)
        if question is None:
            return False
        asked.save(tx, replace(question, overdue_at=now))
        kind, post = Notification.QUESTION_OVERDUE, Post.SUPERVISOR
        notifications.tell(tx, question.owner, post, kind, question.id, at=now)
        return True


def _one_without_record(database: Database, now: datetime, desk: Desk) -> bool:
    with database.begin() as tx:
        question = asked.next_without_record(tx)
        if question is None:
            return False
        gone = AnswerKind.NO_RECORD
        actor = access.system_actor(question.owner, _DUTY)
        asked.save(tx, _answered(actor, question, gone, now))
        desk.channel.reply(tx, question.node, Reply(question=question.id, said=Said.NO_RECORD), now)
        facts = {"answer": gone}
        audit.enter(tx, actor, Deed.QUESTION_ANSWERED, subject=question.id, facts=facts)
        return True
