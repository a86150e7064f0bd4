"""Requests of persons about their data: from the letter that comes to the letter that goes.

- Every owner of the bank is asked about every request, whether or not it holds anything, and each
  answers for its own records: nobody searches in another's.
- Where nothing can be told, the answer is the same words on the same day, whether or not anything is
  held (PR-46).
- Who decides is not who scoped, and an appeal is decided by somebody who had no part in it (PR-28).
- A correction is told to everyone who had received the record: `guard.corrections` (PR-47).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from didban import clock, ids
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.guard import access, audit
from didban.guard.access import require_other_person
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.subject_requests import (
    ACKNOWLEDGE_DAYS,
    LANGUAGES,
    OPEN,
    REQUEST,
    Answer,
    Consultation,
    Finding,
    RequestEvent,
    RequestGuard,
    RequestState,
    SubjectRequest,
    answers_that_fit,
    findings_of,
    letter,
    neutral_from,
)
from didban.store import records
from didban.store import subject_requests as requests
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from didban.guard.audit import Facts
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.subject_requests import DataSubject, Proof, RequestKind
    from didban.settings import Rights
    from didban.store.database import Transaction

MAX_ASKS: Final = 4_000  # characters of what is asked, in the person's words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What a guard looks at."""

    tx: Transaction
    actor: Actor
    request: SubjectRequest
    at: datetime
    terms: Rights
    proof: Proof | None = None
    answer: Answer | None = None


def receive(
    tx: Transaction,
    actor: Actor,
    subject: DataSubject,
    *,
    kind: RequestKind,
    asks: str = "",
    language: str = "en",
) -> SubjectRequest:
    """Enter a request; its clocks run from now. Raises InvalidInput, NotPermitted."""
    access.require(actor, Permission.RIGHTS_REQUEST_HANDLE)
    if language not in LANGUAGES:
        raise InvalidInput(f"language: letters are written in {', '.join(LANGUAGES)}")
    if not subject.names or not all(name.strip() for name in subject.names):
        raise InvalidInput("subject.names: at least one name is needed to search for")
    if len(asks) > MAX_ASKS:
        raise InvalidInput(f"asks: at most {MAX_ASKS} characters")
    new = SubjectRequest(
        id=ids.new_id("req"),
        authority=actor.authority,
        kind=kind,
        state=REQUEST.initial,
        language=language,
        subject=subject,
        asks=asks,
        received_at=clock.now(),
    )
    requests.add(tx, new)
    audit.enter(tx, actor, Deed.SUBJECT_REQUEST_RECEIVED, subject=new.id, facts={"kind": kind})
    return new


def listed(
    tx: Transaction,
    actor: Actor,
    *,
    states: Iterable[RequestState] = tuple(OPEN),
    after: tuple[datetime, str] | None = None,
    limit: int,
) -> list[SubjectRequest]:
    """Return requests that the actor's authority answers, the oldest first."""
    access.require(actor, Permission.RIGHTS_REQUEST_HANDLE)
    found = requests.listed(tx, actor.authority, states=states, after=after, limit=limit)
    audit.enter(tx, actor, Deed.SUBJECT_REQUEST_LISTED, facts={"count": len(found)})
    return found


def to_decide(tx: Transaction, actor: Actor, *, limit: int) -> list[SubjectRequest]:
    """Return the requests whose owners have answered, for who decides; the oldest first."""
    access.require(actor, Permission.RIGHTS_REQUEST_DECIDE)
    states = (RequestState.SOURCES_CONSULTED,)
    found = requests.listed(tx, actor.authority, states=states, after=None, limit=limit)
    audit.enter(tx, actor, Deed.SUBJECT_REQUEST_LISTED, facts={"count": len(found)})
    return found


def view(
    tx: Transaction, actor: Actor, request_id: str
) -> tuple[SubjectRequest, list[Consultation]]:
    """Return a request, and what the owners said. Raises NotFound, NotPermitted.

    Open to who decides as well as to who handles it.
    """
    if not access.decide(actor, Permission.RIGHTS_REQUEST_HANDLE).is_allowed:
        access.require(actor, Permission.RIGHTS_REQUEST_DECIDE)
    request = _locked(tx, actor, request_id)
    audit.enter(tx, actor, Deed.SUBJECT_REQUEST_VIEWED, subject=request.id)
    return request, requests.consultations(tx, request.id)


def acknowledge(tx: Transaction, actor: Actor, request_id: str) -> SubjectRequest:
    """Note that the person was told that the request came. Raises Conflict the second time."""
    access.require(actor, Permission.RIGHTS_REQUEST_HANDLE)
    request = _locked(tx, actor, request_id)
    if request.acknowledged_at is not None or request.state not in OPEN:
        raise Conflict("the request was acknowledged before, or is closed")
    told = replace(request, acknowledged_at=clock.now())
    requests.save(tx, told)
    _enter(tx, actor, told, "acknowledge")
    return told


def prove_identity(
    tx: Transaction, actor: Actor, request_id: str, proof: Proof, terms: Rights
) -> SubjectRequest:
    """Note how the person proved who they are."""
    step = _step(tx, actor, request_id, terms, proof=proof)
    return _advance(step, RequestEvent.PROVE_IDENTITY, proof=proof)


def lapse(tx: Transaction, actor: Actor, request_id: str, terms: Rights) -> SubjectRequest:
    """Close a request whose sender did not prove who they are in the time of the first clock."""
    step = _step(tx, actor, request_id, terms)
    return _advance(step, RequestEvent.LAPSE, closed_at=step.at)


def scope(tx: Transaction, actor: Actor, request_id: str, terms: Rights) -> SubjectRequest:
    """Ask every owner what it holds on the person."""
    step = _step(tx, actor, request_id, terms)
    _ask_all(step, step.request.round)
    return _advance(step, RequestEvent.SCOPE, scoped_by=actor.user)


def consult(tx: Transaction, actor: Actor, request_id: str, terms: Rights) -> SubjectRequest:
    """Go on once every owner has answered, or had its time."""
    return _advance(_step(tx, actor, request_id, terms), RequestEvent.CONSULT)


def decide(
    tx: Transaction, actor: Actor, request_id: str, answer: Answer, terms: Rights
) -> SubjectRequest:
    """Decide a request, as another person than who scoped it.

    Raises NotPermitted for the same person, Conflict for an answer that does not fit what the
    owners found: the message names those that do.
    """
    access.require(actor, Permission.RIGHTS_REQUEST_DECIDE)
    request = _locked(tx, actor, request_id)
    step = _Step(tx=tx, actor=actor, request=request, at=clock.now(), terms=terms, answer=answer)
    deciders = (*request.deciders, actor.user)
    return _advance(step, RequestEvent.DECIDE, answer=answer, decided_at=step.at, deciders=deciders)


def notify(
    tx: Transaction, actor: Actor, request_id: str, terms: Rights
) -> tuple[SubjectRequest, str]:
    """Note that the answer left, and return the words of the letter.

    Raises Conflict for a neutral answer before its day: all neutral answers leave equally late.
    """
    step = _step(tx, actor, request_id, terms)
    told = _advance(step, RequestEvent.NOTIFY, notified_at=step.at)
    if told.answer is None:
        raise RuntimeError("a request was decided without an answer")
    return told, letter(told.answer, told.language)


def enclosure(tx: Transaction, actor: Actor, request_id: str) -> list[BankRecord]:
    """Return the records that their owners disclose to the person, once it was so decided.

    They leave the bank: each is entered as exported. Raises NotFound, Conflict, NotPermitted.
    """
    access.require(actor, Permission.RIGHTS_REQUEST_HANDLE)
    request = _locked(tx, actor, request_id)
    if request.answer not in {Answer.ACCESS_FULL, Answer.ACCESS_PARTIAL}:
        raise Conflict("nothing is disclosed to this person")
    found: list[BankRecord] = []
    for asked in requests.consultations(tx, request.id):
        if asked.round == request.round and asked.finding is Finding.DISCLOSE:
            own = open_to(tx, access.system_actor(asked.owner, "subject-request"))
            found += records.many(tx, asked.records, own).values()
    for record in found:
        audit.enter(
            tx, actor, Deed.RECORD_EXPORTED, subject=record.id, facts={"request": request.id}
        )
    return found


def appeal(tx: Transaction, actor: Actor, request_id: str, terms: Rights) -> SubjectRequest:
    """Note that the person appeals; possible once."""
    return _advance(_step(tx, actor, request_id, terms), RequestEvent.APPEAL)


def consult_again(tx: Transaction, actor: Actor, request_id: str, terms: Rights) -> SubjectRequest:
    """Ask every owner again, after an appeal."""
    step = _step(tx, actor, request_id, terms)
    again = step.request.round + 1
    _ask_all(step, again)
    return _advance(step, RequestEvent.CONSULT_AGAIN, round=again, scoped_by=actor.user)


def close(tx: Transaction, actor: Actor, request_id: str, terms: Rights) -> SubjectRequest:
    """Close a request that was answered and not appealed."""
    step = _step(tx, actor, request_id, terms)
    return _advance(step, RequestEvent.CLOSE, closed_at=step.at)


def _step(
    tx: Transaction, actor: Actor, request_id: str, terms: Rights, *, proof: Proof | None = None
) -> _Step:
    access.require(actor, Permission.RIGHTS_REQUEST_HANDLE)
    request = _locked(tx, actor, request_id)
    return _Step(tx=tx, actor=actor, request=request, at=clock.now(), terms=terms, proof=proof)


def _locked(tx: Transaction, actor: Actor, request_id: str) -> SubjectRequest:
    found = requests.lock(tx, request_id, actor.authority)
    if found is None:
        raise NotFound("there is no such request")
    return found


def _advance(step: _Step, event: RequestEvent, **changes: Any) -> SubjectRequest:
    """Move a request: the machine allows it, the guards hold, the audit remembers."""
    arrow = REQUEST.transition(step.request.state, event)
    for guard in arrow.guards:
        GUARDS[RequestGuard(guard)](step)
    moved = replace(step.request, state=arrow.target, **changes)
    requests.save(step.tx, moved)
    _enter(step.tx, step.actor, moved, event)
    return moved


def _enter(tx: Transaction, actor: Actor, request: SubjectRequest, what: str) -> None:
    facts: Facts = {"event": what, "to": request.state, "round": request.round}
    audit.enter(tx, actor, Deed.SUBJECT_REQUEST_MOVED, subject=request.id, facts=facts)


def _ask_all(step: _Step, number: int) -> None:
    due = step.at + timedelta(days=step.terms.source_days)
    for owner in requests.owners(step.tx):
        asked = Consultation(
            request=step.request.id, owner=owner, round=number, asked_at=step.at, due_at=due
        )
        requests.ask(step.tx, asked)


def _proof(step: _Step) -> None:
    if step.proof is None:
        raise InvalidInput("proof: say how the person proved who they are")


def _proof_overdue(step: _Step) -> None:
    if step.at < step.request.received_at + timedelta(days=ACKNOWLEDGE_DAYS):
        raise Conflict(f"the person has {ACKNOWLEDGE_DAYS} days to prove who they are")


def _all_asked(step: _Step) -> None:
    last = requests.consultations(step.tx, step.request.id)
    asked = {c.owner for c in last if c.asked_at == step.at}
    if asked != set(requests.owners(step.tx)):
        raise RuntimeError("an owner was not asked")


def _all_answered(step: _Step) -> None:
    waiting = [
        asked.owner
        for asked in requests.consultations(step.tx, step.request.id)
        if asked.round == step.request.round and asked.finding is None and asked.due_at > step.at
    ]
    if waiting:
        raise Conflict(f"still asked, and in time: {', '.join(waiting)}")


def _second_person(step: _Step) -> None:
    require_other_person(step.actor, step.request.scoped_by or "", "the decision")
    if step.actor.user in step.request.deciders:
        raise NotPermitted("an appeal is decided by somebody else (PR-28)", "same_person")


def _fitting_answer(step: _Step) -> None:
    found = findings_of(requests.consultations(step.tx, step.request.id))
    fitting = answers_that_fit(step.request.kind, found)
    if step.answer not in fitting:
        raise Conflict(f"what the owners found allows: {', '.join(sorted(fitting))}")


def _neutral_time(step: _Step) -> None:
    leaves = neutral_from(step.request, step.terms.neutral_days)
    if step.request.answer is Answer.NEITHER_CONFIRM_NOR_DENY and step.at < leaves:
        raise Conflict(f"every neutral answer leaves equally late: this one on {leaves:%Y-%m-%d}")


def _first_appeal(step: _Step) -> None:
    if step.request.round > 1:
        raise Conflict("the appeal was decided: what remains is the court or the inspector")


GUARDS: Final[Mapping[RequestGuard, Callable[[_Step], None]]] = {
    RequestGuard.PROOF: _proof,
    RequestGuard.PROOF_OVERDUE: _proof_overdue,
    RequestGuard.ALL_ASKED: _all_asked,
    RequestGuard.ALL_ANSWERED: _all_answered,
    RequestGuard.SECOND_PERSON: _second_person,
    RequestGuard.FITTING_ANSWER: _fitting_answer,
    RequestGuard.NEUTRAL_TIME: _neutral_time,
    RequestGuard.FIRST_APPEAL: _first_appeal,
}
