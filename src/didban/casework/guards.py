"""The guards of the hit machine: for each name in `model.hits.Guard`, what must be so.

A guard returns when it holds and raises when it does not: InvalidInput for what the caller left
out, NotPermitted for who may not, Conflict for what is not so (yet).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban.errors import Conflict, InvalidInput, NotPermitted, quoted
from didban.guard import access
from didban.model.actors import AuthorityKind
from didban.model.casework import Disclosure, QuestionKind, QuestionState
from didban.model.hits import REASONS, Clock, Guard, HitEvent, HitNote, ReleaseGround, is_within
from didban.settings import Casework
from didban.store import hits, questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.alerts import Action
    from didban.model.casework import Gate, Hit, HitEntry
    from didban.store.database import Transaction

TERMS: Final = Casework()
"""The deadlines that hold where no settings say otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody wants to happen to a hit, with all that the guards may look at.

    - `reason`: a code; `words`: the reason in words.
    - `until`: the time that an owner names.
    - `gate`, `drafted_by`: the desk's answers before a question leaves, and who gave them.
    - `action`, `legal_basis`, `requested`: a decision, and what the record asks now.
    """

    tx: Transaction
    actor: Actor
    hit: Hit
    event: HitEvent
    at: datetime
    terms: Casework = TERMS
    reason: str = ""
    words: str = ""
    until: datetime | None = None
    gate: Gate | None = None
    drafted_by: str | None = None
    action: Action | None = None
    legal_basis: str = ""
    requested: Action | None = None


OPENED: Final = "opened"
"""What a user has seen from the moment they opened a hit: dwell time counts from it."""

_EARLIER: Final = frozenset(
    {HitNote.TAKEN_UP, HitEvent.REFER, HitEvent.ASK_OWNER, HitNote.QUESTION_DRAFTED}
)


def evidence_of(hit: Hit) -> frozenset[str]:
    """Return what is acknowledged before a hit is judged: each feature, and the record as it is."""
    record = () if hit.is_record_gone else (f"record:{hit.record_version}",)
    return frozenset((*(piece.feature for piece in hit.evidence), *record))


def took_part(hit: Hit, history: Iterable[HitEntry]) -> frozenset[str]:
    """Return who checked, took up, referred or asked: none of them is the second person (PR-28)."""
    return frozenset(
        (hit.checked_by, *(entry.actor for entry in history if entry.event in _EARLIER))
    )


def text_item(hit: Hit) -> str:
    """Return what a user has seen who was shown the present text of a public list."""
    return f"text:{hit.record_version}"


def _reason(step: Step) -> None:
    codes = REASONS[step.event]
    if step.reason not in list(codes):
        expected = ", ".join(codes)
        raise InvalidInput(f"reason: {quoted(step.reason)} is none of {expected}")


def _words(step: Step) -> None:
    if not step.words.strip():
        raise InvalidInput("words: say in a sentence why; it stays in the hit's history")


def _evidence_seen(step: Step) -> None:
    known = hits.seen(step.tx, step.hit.id, step.actor.user)
    unseen = sorted(evidence_of(step.hit) - known.keys())
    if unseen:
        raise Conflict(f"not compared by you yet: {', '.join(unseen)} (PR-26)")


def _dwell(step: Step) -> None:
    opened = hits.seen(step.tx, step.hit.id, step.actor.user).get(OPENED)
    least = timedelta(seconds=step.terms.dwell_seconds)
    if opened is None or step.at - opened < least:
        seconds = step.terms.dwell_seconds
        raise Conflict(f"read the hit first: a decision takes at least {seconds:g} s (PR-26)")


def _second_person(step: Step) -> None:
    for user in took_part(step.hit, hits.history(step.tx, step.hit.id)):
        access.require_other_person(step.actor, user, f"to {step.event.replace('_', ' ')}")


def _gate_passed(step: Step) -> None:
    gate = step.gate
    if gate is None:
        raise InvalidInput("gate: answer it before the owner is asked (PR-53)")
    if gate.disclosure is Disclosure.NONE:
        raise Conflict("the desk decided that no question leaves: release the hit (PR-53)")
    if gate.disclosure is Disclosure.FULL:
        if not gate.is_clear:
            message = "with such an answer an open question may not leave (PR-53)"
            raise NotPermitted(message, "gate")
        return
    if step.drafted_by is None:
        raise Conflict("a second person has to agree to a withheld question (PR-53)")
    access.require_other_person(step.actor, step.drafted_by, "a withheld question")


def _from_owner(step: Step) -> None:
    if step.actor.authority != step.hit.owner:
        raise NotPermitted("only the owner of the record can say that", "not_owner")


def _time_ahead(step: Step) -> None:
    longest = timedelta(hours=step.terms.longest_wait_hours)
    if step.until is None or not step.at < step.until <= step.at + longest:
        hours = step.terms.longest_wait_hours
        raise InvalidInput(f"until: name a time that lies ahead, at most {hours:g} hours")


def _rounds_left(step: Step) -> None:
    if step.hit.round >= step.terms.rounds:
        raise Conflict(f"the owner was asked {step.hit.round} times: escalate")


def _no_rounds_left(step: Step) -> None:
    if step.hit.round < step.terms.rounds:
        raise Conflict(f"the owner was asked {step.hit.round} times only: ask again")


def _ground(step: Step) -> None:
    _reason(step)
    if not _GROUNDS[ReleaseGround(step.reason)](step):
        raise Conflict(f"it is not so that: {step.reason.replace('_', ' ')}")


def _is_hold_over(step: Step) -> bool:
    running = hits.clocks(step.tx, step.hit.id)
    return any(c.clock is Clock.HOLD_LIMIT and c.due_at <= step.at for c in running)


def _is_question_barred(step: Step) -> bool:
    gate = step.gate
    return gate is not None and not gate.is_clear and gate.disclosure is Disclosure.NONE


def _is_record_gone(step: Step) -> bool:
    return step.hit.is_record_gone


_GROUNDS: Final = {
    ReleaseGround.HOLD_LIMIT: _is_hold_over,
    ReleaseGround.NO_QUESTION: _is_question_barred,
    ReleaseGround.RECORD_GONE: _is_record_gone,
}


def _public_source(step: Step) -> None:
    if hits.kind_of_owner(step.tx, step.hit.owner) != AuthorityKind.PUBLISHER:
        raise Conflict("the owner of this record is no publisher of a list: ask it")


def _current_text(step: Step) -> None:
    if step.hit.is_record_gone:
        raise Conflict("the list does not hold this record any more")
    if text_item(step.hit) not in hits.seen(step.tx, step.hit.id, step.actor.user):
        raise Conflict("compare with the list's current text first")


def _procedure_recorded(step: Step) -> None:
    since: list[HitEntry] = []
    for entry in hits.history(step.tx, step.hit.id):
        since = [] if entry.event == HitEvent.ESCALATE else [*since, entry]
    recorded = [entry for entry in since if entry.event == HitNote.UNREACHABLE_RECORDED]
    if not recorded:
        raise Conflict("record first how the owner was tried since the escalation")
    for entry in recorded:
        access.require_other_person(step.actor, entry.actor, "confirming without the owner")


def _legal_basis(step: Step) -> None:
    if not step.legal_basis.strip():
        raise InvalidInput("legal_basis: name the provision that allows the action here")


def _within_request(step: Step) -> None:
    if step.requested is None:
        raise Conflict("the record asks for no action now")
    if step.action is None or not is_within(step.action, step.requested):
        raise Conflict(f"'{step.requested}' is asked: '{step.action}' is neither it nor lesser")


def _feedback_allowed(step: Step) -> None:
    if not _may_hear(step):
        raise Conflict("the owner was not openly asked: it hears nothing of the outcome (PR-53)")


def _feedback_barred(step: Step) -> None:
    if _may_hear(step):
        raise Conflict("the owner was asked: it is owed feedback")


def _may_hear(step: Step) -> bool:
    asked = questions.standing(
        step.tx, step.hit.id, QuestionKind.CONFIRMATION,
        QuestionState.OPEN, QuestionState.ANSWERED, QuestionState.WITHDRAWN,
    )  # fmt: skip
    return asked is not None and asked.disclosure is Disclosure.FULL


GUARDS: Final[Mapping[str, Callable[[Step], None]]] = {
    Guard.REASON: _reason,
    Guard.WORDS: _words,
    Guard.EVIDENCE_SEEN: _evidence_seen,
    Guard.DWELL: _dwell,
    Guard.SECOND_PERSON: _second_person,
    Guard.GATE_PASSED: _gate_passed,
    Guard.FROM_OWNER: _from_owner,
    Guard.TIME_AHEAD: _time_ahead,
    Guard.ROUNDS_LEFT: _rounds_left,
    Guard.NO_ROUNDS_LEFT: _no_rounds_left,
    Guard.GROUND: _ground,
    Guard.PUBLIC_SOURCE: _public_source,
    Guard.CURRENT_TEXT: _current_text,
    Guard.PROCEDURE_RECORDED: _procedure_recorded,
    Guard.LEGAL_BASIS: _legal_basis,
    Guard.WITHIN_REQUEST: _within_request,
    Guard.FEEDBACK_ALLOWED: _feedback_allowed,
    Guard.FEEDBACK_BARRED: _feedback_barred,
}
"""Every guard that an arrow names has its function here."""
