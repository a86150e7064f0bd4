"""A message between two authorities, as data: what it is, its life and its clock (4.4).

A message has one recipient. Who asks several, writes several: each has its own clock and receipts,
and none learns who else was asked. Both ends keep the same message in the same states:

    composing > queued > delivered > accepted > read > in_work > answered > closed

`MESSAGE` is the life; `BY` says which side causes an event. Lateness is a life of its own beside
it (`PUNCTUALITY`): that somebody is late does not undo that it was read.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.model.machines import Machine, Transition

if TYPE_CHECKING:
    from collections.abc import Mapping


class MessageKind(StrEnum):
    """What a message does."""

    REQUEST = "request"
    ANSWER = "answer"
    PARTIAL_ANSWER = "partial_answer"
    REFUSAL = "refusal"
    SPONTANEOUS = "spontaneous"  # information that nobody asked for


class Topic(StrEnum):
    """What a message is about; it decides which fields may travel (PR-42)."""

    DOCUMENT = "document"  # is it genuine, what became of it; never who holds it
    VEHICLE = "vehicle"
    IDENTITY = "identity"  # who somebody is
    WHEREABOUTS = "whereabouts"  # where somebody is
    CASE = "case"  # what somebody did
    COOPERATION = "cooperation"  # how we work together; about nobody


class MessageUrgency(StrEnum):
    """How soon an answer is due; the settings say how long each lasts."""

    FLASH = "flash"
    URGENT = "urgent"
    PRIORITY = "priority"
    NORMAL = "normal"
    HISTORICAL = "historical"


class RefusalGround(StrEnum):
    """Why a request is refused."""

    LAW = "law"  # the law of the requested side does not allow it
    NOT_COMPETENT = "not_competent"
    DISPROPORTIONATE = "disproportionate"
    OWN_PROCEEDINGS = "own_proceedings"
    ESSENTIAL_INTERESTS = "essential_interests"
    PROTECTION = "protection"  # of a person: asylum, Art. 2 or 3, double jeopardy
    INCOMPLETE = "incomplete"  # the request does not say what is needed to answer it


class Side(StrEnum):
    """Which end of a message something stands at, or was caused by."""

    SENT = "sent"
    RECEIVED = "received"


class MessageState(StrEnum):
    """Where a message stands."""

    COMPOSING = "composing"
    QUEUED = "queued"
    UNDELIVERABLE = "undeliverable"
    DELIVERED = "delivered"
    QUARANTINED = "quarantined"
    ACCEPTED = "accepted"
    READ = "read"
    IN_WORK = "in_work"
    PARTIALLY_ANSWERED = "partially_answered"
    ANSWERED = "answered"
    REFUSED = "refused"
    CLOSED = "closed"
    REOPENED = "reopened"
    RECALLED = "recalled"


class MessageEvent(StrEnum):
    """What moves a message. The words travel as they stand here."""

    SEAL = "seal"
    EXPIRE = "expire"
    DELIVER = "deliver"
    QUARANTINE = "quarantine"
    ACCEPT = "accept"
    OPEN = "open"
    ACKNOWLEDGE = "acknowledge"
    ANSWER_PARTLY = "answer_partly"
    ANSWER = "answer"
    REFUSE = "refuse"
    CLOSE = "close"
    REOPEN = "reopen"
    RECALL = "recall"


class MessageGuard(StrEnum):
    """What must hold before an event, beside the machine."""

    CLEARED = "cleared"  # every part may go to this recipient (PR-06, 08, 16, 42, 55)
    VALID = "valid"  # the sender is who it says, and may say this here
    PERSON = "person"  # a named person of the recipient, no program
    GROUND = "ground"  # a ground of `RefusalGround`
    WORDS = "words"


_S, _E, _G = MessageState, MessageEvent, MessageGuard
_Arrow = Transition[MessageState, MessageEvent]


def _arrow(
    source: MessageState, event: MessageEvent, target: MessageState, *guards: MessageGuard
) -> _Arrow:
    return Transition(source=source, event=event, target=target, guards=guards)


_REPLIES = (
    (_E.ANSWER_PARTLY, _S.PARTIALLY_ANSWERED, _G.PERSON),
    (_E.ANSWER, _S.ANSWERED, _G.PERSON),
    (_E.REFUSE, _S.REFUSED, _G.GROUND),
)
_REPLIED = (_S.PARTIALLY_ANSWERED, _S.ANSWERED, _S.REFUSED)
_RECALLABLE = (
    _S.QUEUED, _S.UNDELIVERABLE, _S.DELIVERED, _S.ACCEPTED, _S.READ, _S.IN_WORK, *_REPLIED,
    _S.CLOSED, _S.REOPENED,
)  # fmt: skip

MESSAGE: Final = Machine(
    name="message",
    initial=_S.COMPOSING,
    final=frozenset({_S.QUARANTINED, _S.RECALLED}),
    transitions=(
        _arrow(_S.COMPOSING, _E.SEAL, _S.QUEUED, _G.CLEARED),
        _arrow(_S.QUEUED, _E.DELIVER, _S.DELIVERED),
        _arrow(_S.QUEUED, _E.EXPIRE, _S.UNDELIVERABLE),
        _arrow(_S.UNDELIVERABLE, _E.DELIVER, _S.DELIVERED),
        _arrow(_S.DELIVERED, _E.ACCEPT, _S.ACCEPTED, _G.VALID),
        _arrow(_S.DELIVERED, _E.QUARANTINE, _S.QUARANTINED),
        _arrow(_S.ACCEPTED, _E.OPEN, _S.READ, _G.PERSON),
        _arrow(_S.READ, _E.ACKNOWLEDGE, _S.IN_WORK, _G.PERSON),
        _arrow(_S.REOPENED, _E.ACKNOWLEDGE, _S.IN_WORK, _G.PERSON),
        *(_arrow(_S.IN_WORK, event, target, guard) for event, target, guard in _REPLIES),
        *(_arrow(_S.PARTIALLY_ANSWERED, event, target, guard) for event, target, guard in _REPLIES),
        *(_arrow(state, _E.CLOSE, _S.CLOSED) for state in _REPLIED),
        *(_arrow(state, _E.REOPEN, _S.REOPENED, _G.WORDS) for state in (*_REPLIED, _S.CLOSED)),
        *(_arrow(state, _E.RECALL, _S.RECALLED, _G.WORDS) for state in _RECALLABLE),
    ),
)
"""The whole life. Beyond the letter of 4.4, so that nothing hangs:

- what was given up as undeliverable and arrives all the same, is delivered;
- a partial answer may be followed by another, by the rest, or by a refusal of the rest;
- what was refused can be closed or reopened, as what was answered can.

Information, answers and refusals ask for nothing: their life rests when they were read.
"""

BY: Final[Mapping[MessageEvent, Side]] = {
    _E.SEAL: Side.SENT,
    _E.EXPIRE: Side.SENT,
    _E.DELIVER: Side.RECEIVED,
    _E.QUARANTINE: Side.RECEIVED,
    _E.ACCEPT: Side.RECEIVED,
    _E.OPEN: Side.RECEIVED,
    _E.ACKNOWLEDGE: Side.RECEIVED,
    _E.ANSWER_PARTLY: Side.RECEIVED,
    _E.ANSWER: Side.RECEIVED,
    _E.REFUSE: Side.RECEIVED,
    _E.CLOSE: Side.SENT,
    _E.REOPEN: Side.SENT,
    _E.RECALL: Side.SENT,
}
"""Which side causes an event. What the other side claims to have caused is not believed (PR-07)."""

MOVED_BY_REPLY: Final[Mapping[MessageKind, MessageEvent]] = {
    MessageKind.ANSWER: _E.ANSWER,
    MessageKind.PARTIAL_ANSWER: _E.ANSWER_PARTLY,
    MessageKind.REFUSAL: _E.REFUSE,
}
"""A reply is a message of its own, and moves the request that it replies to by its arrival."""

TOLD: Final = frozenset(
    {_E.ACCEPT, _E.QUARANTINE, _E.OPEN, _E.ACKNOWLEDGE, _E.CLOSE, _E.REOPEN, _E.RECALL}
)
"""Events that are told to the other side by themselves."""

UNREAD: Final = frozenset({_S.QUEUED, _S.UNDELIVERABLE, _S.DELIVERED, _S.ACCEPTED})
"""States in which nobody of the recipient has read it."""


def is_awaited(kind: MessageKind, state: MessageState) -> bool:
    """Return whether its clock runs: a request until it is replied to, all else until it is read."""
    if kind is MessageKind.REQUEST:
        return state in {
            _S.ACCEPTED, _S.READ, _S.IN_WORK, _S.PARTIALLY_ANSWERED, _S.REOPENED,
        }  # fmt: skip
    return state is _S.ACCEPTED


class Punctuality(StrEnum):
    """How a message stands to its deadline."""

    IN_TIME = "in_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ESCALATED = "escalated"  # both sides' superiors are told


class ClockEvent(StrEnum):
    """What the time that has passed since it was accepted moves."""

    NEAR = "near"
    PASSED = "passed"
    LONG_PASSED = "long_passed"


_P, _C = Punctuality, ClockEvent

PUNCTUALITY: Final = Machine(
    name="punctuality",
    initial=_P.IN_TIME,
    final=frozenset({_P.ESCALATED}),
    transitions=(
        Transition(source=_P.IN_TIME, event=_C.NEAR, target=_P.DUE_SOON),
        Transition(source=_P.DUE_SOON, event=_C.PASSED, target=_P.OVERDUE),
        Transition(source=_P.OVERDUE, event=_C.LONG_PASSED, target=_P.ESCALATED),
    ),
)

SHARE: Final[Mapping[ClockEvent, float]] = {_C.NEAR: 0.75, _C.PASSED: 1.0, _C.LONG_PASSED: 1.5}
"""After which part of the time from acceptance to the deadline each happens."""
