"""A hit: from the match that a human takes up to its outcome (state-machines 4.2), as data.

A match is not a hit and a hit is not a decision. `HIT` has no arrow into `confirmed` but the
owner's answer, the current text of a public list that a second person compared, and the recorded
procedure for an owner that cannot be reached; and none into `action_taken` but the decision of a
human about a confirmed hit.

Guards are names here; `casework.guards` has one function for each, and `casework.steps` asks them
all before anything moves. `CLOCKS` says which deadlines run in which states.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.model.alerts import Action
from didban.model.machines import Machine, Transition

if TYPE_CHECKING:
    from collections.abc import Mapping


class HitState(StrEnum):
    """Where a hit stands. `match`: taken up by a human, who has not said anything yet."""

    MATCH = "match"
    DISMISSED = "dismissed"
    SECOND_LINE = "second_line"
    REFUTED = "refuted"
    CONFIRMATION_REQUESTED = "confirmation_requested"
    WAITING = "waiting"
    ESCALATED = "escalated"
    RELEASED_UNCONFIRMED = "released_unconfirmed"
    CONFIRMED = "confirmed"
    ACTION_TAKEN = "action_taken"
    ACTION_NOT_TAKEN = "action_not_taken"
    OUTCOME_RECORDED = "outcome_recorded"
    FEEDBACK_SENT = "feedback_sent"
    CLOSED = "closed"
    REOPENED = "reopened"


class HitEvent(StrEnum):
    """What moves a hit from one state to another."""

    DISMISS = "dismiss"
    REFER = "refer"
    REFUTE = "refute"
    ISSUE_TOKEN = "issue_token"  # noqa: S105 - a non-match token is no password
    ASK_OWNER = "ask_owner"
    OWNER_CONFIRMS = "owner_confirms"
    OWNER_REFUTES = "owner_refutes"
    OWNER_NAMES_TIME = "owner_names_time"
    ASK_AGAIN = "ask_again"
    ESCALATE = "escalate"
    RELEASE = "release"
    CONFIRM_PUBLIC = "confirm_public"
    CONFIRM_UNREACHABLE = "confirm_unreachable"
    TAKE_ACTION = "take_action"
    CANNOT_ACT = "cannot_act"
    RECORD_OUTCOME = "record_outcome"
    SEND_FEEDBACK = "send_feedback"
    WITHHOLD_FEEDBACK = "withhold_feedback"
    CLOSE = "close"
    REOPEN = "reopen"


class HitNote(StrEnum):
    """What is entered in a hit's history without moving it."""

    TAKEN_UP = "taken_up"
    VIEWED = "viewed"
    COMPARED = "compared"
    QUESTION_DRAFTED = "question_drafted"  # the gate of PR-53 asks for a second person
    QUESTION_TAKEN_BACK = "question_taken_back"  # by who drafted it, or sent back by another
    CURRENT_TEXT_SHOWN = "current_text_shown"
    UNREACHABLE_RECORDED = "unreachable_recorded"
    QUESTION_RECEIVED = "question_received"  # the owner's node has it, and its clock runs
    OWNER_HAS_NO_RECORD = "owner_has_no_record"  # gone, or not for us; the owner does not say which
    LATE_ANSWER = "late_answer"  # the owner answered when nothing depended on it any more
    SUPPLEMENT_ASKED = "supplement_asked"
    SUPPLEMENT_GIVEN = "supplement_given"
    ASSIGNED = "assigned"  # to a colleague, or to nobody any more
    PUT_ASIDE = "put_aside"  # until a moment, or taken up again
    RECORD_CHANGED = "record_changed"
    RECORD_GONE = "record_gone"  # withdrawn, erased, or not open to this authority any more
    DEADLINE_PASSED = "deadline_passed"
    CONTENT_ERASED = "content_erased"  # its retention ended


class Guard(StrEnum):
    """What whoever causes an event must have shown to hold."""

    REASON = "reason"  # a reason code of the event's own list
    WORDS = "words"  # a reason in words
    EVIDENCE_SEEN = "evidence_seen"  # every piece of evidence acknowledged by this person (PR-26)
    DWELL = "dwell"  # this person had the hit open for long enough (PR-26)
    SECOND_PERSON = "second_person"  # nobody who checked, took up, referred or asked (PR-28)
    GATE_PASSED = "gate_passed"  # the desk answered, and its answers let the question leave (PR-53)
    FROM_OWNER = "from_owner"  # said for the authority that owns the record
    TIME_AHEAD = "time_ahead"  # the named time lies ahead, and not too far
    ROUNDS_LEFT = "rounds_left"
    NO_ROUNDS_LEFT = "no_rounds_left"
    GROUND = "ground"  # a ground for letting go without confirmation, and it is so
    PUBLIC_SOURCE = "public_source"  # the owner publishes its list
    CURRENT_TEXT = "current_text"  # this person was shown the text that stands now
    PROCEDURE_RECORDED = "procedure_recorded"  # another person recorded how the owner was tried
    LEGAL_BASIS = "legal_basis"
    WITHIN_REQUEST = "within_request"  # what is asked now, or less
    FEEDBACK_ALLOWED = "feedback_allowed"  # the owner was asked (PR-53)
    FEEDBACK_BARRED = "feedback_barred"


_S, _E, _G = HitState, HitEvent, Guard
_Arrow = Transition[HitState, HitEvent]


def _arrow(source: HitState, event: HitEvent, target: HitState, *guards: Guard) -> _Arrow:
    return Transition(source=source, event=event, target=target, guards=guards)


def _answers(source: HitState) -> tuple[_Arrow, ...]:
    """Return what an owner may answer while a hit stands at `source`."""
    return (
        _arrow(source, _E.OWNER_CONFIRMS, _S.CONFIRMED, _G.FROM_OWNER, _G.SECOND_PERSON),
        _arrow(source, _E.OWNER_REFUTES, _S.REFUTED, _G.FROM_OWNER, _G.SECOND_PERSON, _G.WORDS),
    )


_DECIDED = (_G.SECOND_PERSON, _G.EVIDENCE_SEEN, _G.DWELL)

HIT: Final = Machine(
    name="hit",
    initial=_S.MATCH,
    final=frozenset(),  # a new fact reopens whatever is closed
    transitions=(
        _arrow(_S.MATCH, _E.DISMISS, _S.DISMISSED, _G.REASON),
        _arrow(_S.MATCH, _E.REFER, _S.SECOND_LINE),
        _arrow(_S.SECOND_LINE, _E.REFUTE, _S.REFUTED, _G.REASON, _G.WORDS, _G.EVIDENCE_SEEN),
        _arrow(_S.SECOND_LINE, _E.ASK_OWNER, _S.CONFIRMATION_REQUESTED, _G.GATE_PASSED),
        _arrow(
            _S.SECOND_LINE, _E.CONFIRM_PUBLIC, _S.CONFIRMED,
            _G.PUBLIC_SOURCE, _G.SECOND_PERSON, _G.CURRENT_TEXT,
        ),
        _arrow(_S.SECOND_LINE, _E.RELEASE, _S.RELEASED_UNCONFIRMED, _G.GROUND),
        _arrow(_S.REFUTED, _E.ISSUE_TOKEN, _S.CLOSED),
        *_answers(_S.CONFIRMATION_REQUESTED),
        _arrow(
            _S.CONFIRMATION_REQUESTED, _E.OWNER_NAMES_TIME, _S.WAITING,
            _G.FROM_OWNER, _G.TIME_AHEAD,
        ),
        _arrow(
            _S.CONFIRMATION_REQUESTED, _E.ASK_AGAIN, _S.CONFIRMATION_REQUESTED, _G.ROUNDS_LEFT
        ),
        _arrow(_S.CONFIRMATION_REQUESTED, _E.ESCALATE, _S.ESCALATED, _G.NO_ROUNDS_LEFT),
        _arrow(_S.CONFIRMATION_REQUESTED, _E.RELEASE, _S.RELEASED_UNCONFIRMED, _G.GROUND),
        *_answers(_S.WAITING),
        _arrow(_S.WAITING, _E.ASK_AGAIN, _S.CONFIRMATION_REQUESTED, _G.ROUNDS_LEFT),
        _arrow(_S.WAITING, _E.ESCALATE, _S.ESCALATED, _G.NO_ROUNDS_LEFT),
        _arrow(_S.WAITING, _E.RELEASE, _S.RELEASED_UNCONFIRMED, _G.GROUND),
        *_answers(_S.ESCALATED),
        _arrow(
            _S.ESCALATED, _E.CONFIRM_UNREACHABLE, _S.CONFIRMED,
            _G.PROCEDURE_RECORDED, _G.SECOND_PERSON, _G.WORDS,
        ),
        _arrow(_S.ESCALATED, _E.RELEASE, _S.RELEASED_UNCONFIRMED, _G.GROUND),
        _arrow(
            _S.CONFIRMED, _E.TAKE_ACTION, _S.ACTION_TAKEN,
            *_DECIDED, _G.LEGAL_BASIS, _G.WITHIN_REQUEST,
        ),
        _arrow(_S.CONFIRMED, _E.CANNOT_ACT, _S.ACTION_NOT_TAKEN, *_DECIDED, _G.REASON, _G.WORDS),
        _arrow(_S.ACTION_TAKEN, _E.RECORD_OUTCOME, _S.OUTCOME_RECORDED),
        _arrow(_S.ACTION_NOT_TAKEN, _E.RECORD_OUTCOME, _S.OUTCOME_RECORDED),
        _arrow(_S.RELEASED_UNCONFIRMED, _E.RECORD_OUTCOME, _S.OUTCOME_RECORDED),
        _arrow(_S.OUTCOME_RECORDED, _E.SEND_FEEDBACK, _S.FEEDBACK_SENT, _G.FEEDBACK_ALLOWED),
        _arrow(_S.OUTCOME_RECORDED, _E.WITHHOLD_FEEDBACK, _S.CLOSED, _G.FEEDBACK_BARRED),
        _arrow(_S.FEEDBACK_SENT, _E.CLOSE, _S.CLOSED),
        _arrow(_S.CLOSED, _E.REOPEN, _S.REOPENED, _G.WORDS),
        _arrow(_S.DISMISSED, _E.REOPEN, _S.REOPENED, _G.WORDS),
        _arrow(_S.REOPENED, _E.REFER, _S.SECOND_LINE),
    ),
)  # fmt: skip
"""The whole life. Beyond the letter of 4.2, so that no hit is left hanging:

- an owner that answers after the escalation is still heard;
- a hit is let go without confirmation from any state before it, when the longest hold is reached,
  the gate lets no question leave, or the record is gone; its outcome is recorded like any other;
- a dismissal can be reopened, as a closed hit can.
"""


CONFIRMING: Final = frozenset({_E.OWNER_CONFIRMS, _E.CONFIRM_PUBLIC, _E.CONFIRM_UNREACHABLE})
"""The only events that confirm."""

UNCONFIRMED: Final = frozenset(
    {_S.SECOND_LINE, _S.CONFIRMATION_REQUESTED, _S.WAITING, _S.ESCALATED}
)
"""States in which a person may be held while nobody has confirmed anything."""

ASKED: Final = frozenset({_S.CONFIRMATION_REQUESTED, _S.WAITING, _S.ESCALATED})
"""States in which the owner's answer is awaited."""

ACTED: Final = frozenset({_S.ACTION_TAKEN, _S.ACTION_NOT_TAKEN})

TALKING: Final = ASKED | ACTED | {_S.CONFIRMED, _S.OUTCOME_RECORDED}
"""States in which the owner may be asked for more."""

ENDED: Final = frozenset({_S.CLOSED, _S.DISMISSED})
"""States that a hit rests in, until its content is erased or a new fact reopens it."""

OPEN: Final = HIT.states() - ENDED
"""States in which somebody still has something to do."""


class Clock(StrEnum):
    """A deadline. `CLOCKS` says where each runs; the settings say how long."""

    REPLY = "reply"
    NAMED_TIME = "named_time"
    SUPPLEMENT = "supplement"
    HOLD_WARNING = "hold_warning"
    HOLD_LIMIT = "hold_limit"
    FEEDBACK = "feedback"
    FINAL_OUTCOME = "final_outcome"
    REMINDER = "reminder"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """Where a clock runs, and what it moves when it runs out.

    - `runs_in`: leaving these states stops it.
    - `moves`: events tried in this order; none means that the duty officer is told and no more.
    - `repeats`: it starts again after it ran out, for as long as the hit stays in its states.
    - `is_told`: whether the duty officer hears of it.
    """

    runs_in: frozenset[HitState]
    moves: tuple[HitEvent, ...] = ()
    repeats: bool = False
    is_told: bool = True


_UNFINISHED = frozenset({*ACTED, _S.RELEASED_UNCONFIRMED, _S.OUTCOME_RECORDED})
_AGAIN = (_E.ASK_AGAIN, _E.ESCALATE)

CLOCKS: Final = {
    Clock.REPLY: ClockRule(runs_in=frozenset({_S.CONFIRMATION_REQUESTED}), moves=_AGAIN),
    Clock.NAMED_TIME: ClockRule(runs_in=frozenset({_S.WAITING}), moves=_AGAIN),
    Clock.SUPPLEMENT: ClockRule(runs_in=TALKING),
    Clock.HOLD_WARNING: ClockRule(runs_in=UNCONFIRMED),
    Clock.HOLD_LIMIT: ClockRule(runs_in=UNCONFIRMED, moves=(_E.RELEASE,)),
    Clock.FEEDBACK: ClockRule(runs_in=_UNFINISHED),
    Clock.FINAL_OUTCOME: ClockRule(runs_in=_UNFINISHED),
    Clock.REMINDER: ClockRule(runs_in=_UNFINISHED, repeats=True),
    Clock.RETENTION: ClockRule(runs_in=ENDED, is_told=False),
}


class Urgency(StrEnum):
    """How soon the owner owes a reply or a time: U 10 minutes, R 60 minutes."""

    URGENT = "U"
    ROUTINE = "R"


class Whose(StrEnum):
    """Whose work a hit is."""

    MINE = "mine"  # assigned to who asks, or to nobody and worked on by them
    NOBODYS = "nobodys"  # assigned to nobody, and not worked on by who asks


class Barrier(StrEnum):
    """Why a hit is not assigned, put aside or given back as it was."""

    GONE = "gone"  # not there for who asks
    ENDED = "ended"
    PERSON_WAITS = "person_waits"
    DEADLINE_SOONER = "deadline_sooner"
    CHANGED_SINCE = "changed_since"  # by somebody else, or there is nothing to take back


class DismissReason(StrEnum):
    """Why the first line dismisses a match."""

    OTHER_SEX = "other_sex"
    OTHER_AGE = "other_age"
    OTHER_APPEARANCE = "other_appearance"
    OTHER_DOCUMENT = "other_document"
    MISREAD = "misread"


class RefuteReason(StrEnum):
    """Why a hit does not concern the person or thing that was checked."""

    NAMESAKE = "namesake"
    OTHER_IDENTIFIERS = "other_identifiers"
    MISUSED_IDENTITY = "misused_identity"
    NOT_ON_THE_LIST = "not_on_the_list"
    SAID_BY_OWNER = "said_by_owner"


class NotActedReason(StrEnum):
    """Why the action asked for is not taken (4.2; glossary: `flag`)."""

    LAW = "law"
    FLAG = "flag"
    EXPIRED = "expired"
    NO_CAPACITY = "no_capacity"


class ReleaseGround(StrEnum):
    """Why a hit is let go without confirmation. No adverse action stays based on it."""

    HOLD_LIMIT = "hold_limit"
    NO_QUESTION = "no_question"  # the gate of PR-53 lets none leave
    RECORD_GONE = "record_gone"


class Outcome(StrEnum):
    """What became of it (glossary: `outcome`)."""

    ARRESTED = "arrested"
    LOCATED = "located"
    EXTRADITED = "extradited"
    DOCUMENT_SEIZED = "document_seized"
    SEIZURE = "seizure"
    NO_ACTION = "no_action"
    RELEASED = "released"
    NOT_IDENTICAL = "not_identical"


REASONS: Final[Mapping[HitEvent, type[StrEnum]]] = {
    HitEvent.DISMISS: DismissReason,
    HitEvent.REFUTE: RefuteReason,
    HitEvent.CANNOT_ACT: NotActedReason,
    HitEvent.RELEASE: ReleaseGround,
}
"""The reason codes of the events that need one."""

_A = Action

LESSER: Final[Mapping[Action, frozenset[Action]]] = {
    _A.ARREST: frozenset(
        {_A.LOCATE, _A.SPECIFIC_CHECK, _A.INQUIRY_CHECK, _A.DISCREET_CHECK, _A.IDENTIFY, _A.INFORM}
    ),
    _A.LOCATE: frozenset({_A.IDENTIFY, _A.INFORM}),
    _A.SPECIFIC_CHECK: frozenset({_A.INQUIRY_CHECK, _A.DISCREET_CHECK, _A.IDENTIFY, _A.INFORM}),
    _A.INQUIRY_CHECK: frozenset({_A.DISCREET_CHECK, _A.IDENTIFY, _A.INFORM}),
    _A.DISCREET_CHECK: frozenset({_A.INFORM}),
    _A.REFUSE_ENTRY: frozenset({_A.IDENTIFY, _A.INFORM}),
    _A.SEIZE: frozenset({_A.IDENTIFY, _A.INFORM}),
    _A.PROTECT: frozenset({_A.LOCATE, _A.IDENTIFY, _A.INFORM}),
    _A.IDENTIFY: frozenset({_A.INFORM}),
    _A.INFORM: frozenset(),
}
"""What may be done instead of what the owner asks: always something that weighs less on the person.
Never another thing of the same weight: whom the owner wants found is not refused entry for it."""


def is_within(action: Action, requested: Action) -> bool:
    """Return whether an action is the requested one or a lesser one (4.2)."""
    return action == requested or action in LESSER[requested]
