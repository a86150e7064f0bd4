"""A hit at the first and second line: taken up, dismissed, referred, compared, refuted, reopened.

A hit begins when a human takes a match up; a device or another program cannot. Whose hit it is, is
whose check it came from: for everyone else it is not there (PR-09).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.casework import non_match, reading
from didban.casework.guards import OPENED, Step, evidence_of, text_item, took_part
from didban.casework.questions import take_back
from didban.casework.steps import advance, locked, note, start
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted, quoted
from didban.guard import access, audit
from didban.guard.disclosure import shown_to
from didban.ids import new_id
from didban.model.actors import AuthorityKind
from didban.model.bank import standing
from didban.model.casework import Hit, HitsWanted, QuestionKind, QuestionState
from didban.model.deeds import Deed
from didban.model.hits import (
    ENDED,
    HIT,
    Clock,
    HitEvent,
    HitNote,
    ReleaseGround,
)
from didban.model.permissions import Permission
from didban.store import checks, hits, questions, records
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from didban.casework.ports import Desk
    from didban.model.actors import Actor
    from didban.model.bank import Standing
    from didban.model.casework import Evidence, HitEntry, Question, RunningClock
    from didban.model.marking import Confidentiality
    from didban.store.database import Transaction

_EARLIER_HITS: Final = 10
_EVERY_OPEN: Final = HitsWanted()
_STANDING: Final = (QuestionState.DRAFT, QuestionState.OPEN, QuestionState.ANSWERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """A hit with all that the second line works with.

    - `standing`: what the record asks now, and what to know before that is read (PR-29); `shown`:
      what who looks may see of the record (PR-02). Both None where the record is gone.
    - `evidence`: what the match was made of, as far as the record's identity is shown.
    - `unseen`: the evidence that who looks has not acknowledged; `possible`: what may happen next.
    - `question`: the last one to the owner that stands, also as a draft for a second person.
    - `is_published`: the record is of a published list; `has_read_text`: who looks was shown its text.
    - `took_part`: who cannot be the second person (PR-28).
    - `earlier`: other hits of this authority about the same record, newest first.
    """

    hit: Hit
    evidence: tuple[Evidence, ...]
    standing: Standing | None
    shown: Mapping[str, Any] | None
    history: tuple[HitEntry, ...]
    clocks: tuple[RunningClock, ...]
    unseen: tuple[str, ...]
    possible: tuple[HitEvent, ...]
    question: Question | None
    is_published: bool
    has_read_text: bool
    took_part: frozenset[str]
    earlier: tuple[Hit, ...]
    confidentiality: Confidentiality | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A hit as one row of an inbox.

    - `due`: its next deadline; `confidentiality`: of its record, None where that is gone.
    """

    number: int
    hit: Hit
    due: RunningClock | None
    confidentiality: Confidentiality | None


def take_up(tx: Transaction, actor: Actor, match_id: str) -> Hit:
    """Begin a hit: a human takes up a match that a check of their own authority made.

    Raises NotFound for a match that is not theirs, or whose record is not open to them; Conflict
    where it was taken up already; NotPermitted for a device.
    """
    access.require(actor, Permission.CASEWORK_HIT_TAKE_UP)
    if actor.device is not None:
        raise NotPermitted("a match is taken up by a person", "not_a_person")
    seen = open_to(tx, actor)
    match = checks.taken(tx, match_id, actor.authority, seen)
    record = records.get(tx, match.record, seen) if match else None
    if match is None or record is None:
        raise NotFound("there is no such match")
    at = clock.now()
    hit = Hit(
        id=new_id("hit"),
        match=match.id,
        check=match.check,
        authority=actor.authority,
        owner=record.owner,
        record=match.record,
        record_version=match.record_version,
        state=HIT.initial,
        score=match.score,
        checked_by=match.asked_by,
        checked_at=match.asked_at,
        place=match.place,
        asked=match.asked,
        evidence=match.evidence,
        opened_at=at,
        changed_at=at,
    )
    if not hits.insert_hit(tx, hit):
        raise Conflict("this match was taken up already")
    note(tx, actor, hit, HitNote.TAKEN_UP, at, facts={"match": match.id})
    return hit


def dismiss(
    tx: Transaction, actor: Actor, hit_id: str, desk: Desk, *, reason: str, words: str = ""
) -> Hit:
    """Dismiss a match at the first line, for a reason of `DismissReason`.

    It can be reopened while its content is kept, which is not for long.
    """
    access.require(actor, Permission.CASEWORK_HIT_TAKE_UP)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(
        tx=tx,
        actor=actor,
        hit=hit,
        event=HitEvent.DISMISS,
        at=at,
        terms=desk.terms,
        reason=reason,
        words=words,
    )
    return advance(step)


def refer(tx: Transaction, actor: Actor, hit_id: str, desk: Desk, *, is_held: bool = False) -> Hit:
    """Give a hit, or a reopened one, to the second line.

    - `is_held`: a person is kept waiting meanwhile. Then a warning and the longest hold run.
    """
    access.require(actor, Permission.CASEWORK_HIT_TAKE_UP)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(tx=tx, actor=actor, hit=hit, event=HitEvent.REFER, at=at, terms=desk.terms)
    referred = advance(step, facts={"held": is_held}, is_held=is_held)
    if is_held:
        start(tx, referred, at, desk.terms, Clock.HOLD_WARNING, Clock.HOLD_LIMIT)
    return referred


def view(tx: Transaction, actor: Actor, hit_id: str) -> HitView:
    """Return a hit with its evidence and its record. From here on the actor has it open (PR-26)."""
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    hits.see(tx, hit.id, actor.user, (OPENED,), at)
    note(tx, actor, hit, HitNote.VIEWED, at)
    return _view(tx, actor, hit)


def compare(tx: Transaction, actor: Actor, hit_id: str, seen: Collection[str]) -> HitView:
    """Keep which pieces of evidence the actor compared, value by value (PR-26).

    - `seen`: features of the match, and `record:<version>` for the record as it stands.

    Says nothing about identity: that is `refute`, or the owner's answer. Raises InvalidInput for
    what is no piece of evidence of this hit, Conflict for who has not opened it.
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    known = evidence_of(hit)
    for item in seen:
        if item not in known:
            raise InvalidInput(f"seen: {quoted(item)} is none of {', '.join(sorted(known))}")
    if OPENED not in hits.seen(tx, hit.id, actor.user):
        raise Conflict("open the hit before you compare")
    hits.see(tx, hit.id, actor.user, seen, at)
    note(tx, actor, hit, HitNote.COMPARED, at, facts={"items": len(seen)})
    return _view(tx, actor, hit)


def unseen(tx: Transaction, actor: Actor, hit_id: str) -> frozenset[str]:
    """Return the pieces of evidence that the actor has not compared yet (PR-26)."""
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    hit = locked(tx, actor, hit_id, clock.now())
    return evidence_of(hit) - hits.seen(tx, hit.id, actor.user).keys()


def refute(
    tx: Transaction, actor: Actor, hit_id: str, desk: Desk, *, reason: str, words: str
) -> Hit:
    """Find that a hit does not concern who was checked; issue its non-match token and close it.

    - `reason`: a code of `RefuteReason`.
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(
        tx=tx,
        actor=actor,
        hit=hit,
        event=HitEvent.REFUTE,
        at=at,
        terms=desk.terms,
        reason=reason,
        words=words,
    )
    return non_match.issue(replace(step, hit=advance(step)), desk.key)


def release(tx: Transaction, actor: Actor, hit_id: str, ground: ReleaseGround) -> Hit:
    """Let a hit go without confirmation. Nothing adverse stays based on it.

    That no question may leave is said where the owner would be asked (`questions.ask`).
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(tx=tx, actor=actor, hit=hit, event=HitEvent.RELEASE, at=at, reason=ground)
    released = advance(step)
    take_back(tx, hit, at)
    return released


def reopen(tx: Transaction, actor: Actor, hit_id: str, words: str) -> Hit:
    """Take up a closed or dismissed hit again, on a new fact. Its non-match token ends.

    Everything is looked at anew: what was compared, asked and decided counts no more. Raises
    Conflict where its content is erased: then a new check makes a new match.
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(tx=tx, actor=actor, hit=hit, event=HitEvent.REOPEN, at=at, words=words)
    if hit.state in ENDED and hit.asked is None:
        raise Conflict("the content of this hit is erased: check again")
    reopened = advance(step, round=0, action=None, outcome=None, is_held=False)
    hits.unsee(tx, hit.id)
    take_back(tx, hit, at)
    non_match.revoke(tx, hit.id, at)
    return reopened


def listed(
    tx: Transaction,
    actor: Actor,
    wanted: HitsWanted = _EVERY_OPEN,
    *,
    limit: int = 50,
    after: int = 0,
) -> list[tuple[int, Hit]]:
    """Return hits of the actor's authority with their numbers, oldest first."""
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    seen, at = open_to(tx, actor), clock.now()
    found = hits.listed(
        tx, actor.authority, seen, wanted, user=actor.user, at=at, limit=limit, after=after
    )
    audit.enter(tx, actor, Deed.HIT_LISTED, facts={"count": len(found)})
    return found


def waiting(
    tx: Transaction,
    actor: Actor,
    wanted: HitsWanted = _EVERY_OPEN,
    *,
    limit: int = 50,
    after: int = 0,
) -> list[Waiting]:
    """Return hits as an inbox shows them: each with its deadline and marking; see `listed`."""
    found = listed(tx, actor, wanted, limit=limit, after=after)
    due = hits.soonest(tx, [hit.id for _, hit in found])
    present = records.many(tx, [hit.record for _, hit in found], open_to(tx, actor))
    return [
        Waiting(
            number=number,
            hit=hit,
            due=due.get(hit.id),
            confidentiality=(
                present[hit.record].marking.visibility.confidentiality
                if hit.record in present
                else None
            ),
        )
        for number, hit in found
    ]


def of_matches(tx: Transaction, actor: Actor, matches: Collection[str]) -> dict[str, Hit]:
    """Return which of these matches were taken up, and the hit that each became."""
    access.require(actor, Permission.CASEWORK_HIT_TAKE_UP)
    found = hits.of_matches(tx, actor.authority, open_to(tx, actor), matches)
    audit.enter(tx, actor, Deed.HIT_LISTED, facts={"count": len(found)})
    return {hit.match: hit for hit in found}


def of_checks(tx: Transaction, actor: Actor, checks: Collection[str]) -> dict[str, list[Hit]]:
    """Return what was taken up of what these checks found, by check."""
    access.require(actor, Permission.CASEWORK_HIT_TAKE_UP)
    found = hits.of_checks(tx, actor.authority, open_to(tx, actor), checks)
    audit.enter(tx, actor, Deed.HIT_LISTED, facts={"count": len(found)})
    by_check: dict[str, list[Hit]] = {}
    for hit in found:
        by_check.setdefault(hit.check, []).append(hit)
    return by_check


def about(tx: Transaction, actor: Actor, records: Collection[str]) -> list[Hit]:
    """Return hits of the actor's authority about these records, the newest of each first."""
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    seen = open_to(tx, actor)
    found = [
        hit
        for name in records
        for hit in hits.about(tx, actor.authority, seen, name, limit=_EARLIER_HITS)
    ]
    audit.enter(tx, actor, Deed.HIT_LISTED, facts={"count": len(found)})
    return found


def _view(tx: Transaction, actor: Actor, hit: Hit) -> HitView:
    seen = hits.seen(tx, hit.id, actor.user)
    readable = open_to(tx, actor)
    record = None if hit.is_record_gone else records.get(tx, hit.record, readable)
    shown = shown_to(tx, actor, record) if record else None
    history = hits.history(tx, hit.id)
    about = hits.about(tx, hit.authority, readable, hit.record, limit=_EARLIER_HITS)
    return HitView(
        hit=hit,
        evidence=reading.evidence(hit, shown),
        standing=standing(record, clock.today()) if record else None,
        shown=shown,
        history=history,
        clocks=hits.clocks(tx, hit.id),
        unseen=tuple(sorted(evidence_of(hit) - seen.keys())),
        possible=tuple(sorted(HIT.events(hit.state))),
        question=questions.standing(tx, hit.id, QuestionKind.CONFIRMATION, *_STANDING),
        is_published=hits.kind_of_owner(tx, hit.owner) == AuthorityKind.PUBLISHER,
        has_read_text=text_item(hit) in seen,
        took_part=took_part(hit, history),
        earlier=tuple(one for one in about if one.id != hit.id),
        confidentiality=record.marking.visibility.confidentiality if record else None,
    )
