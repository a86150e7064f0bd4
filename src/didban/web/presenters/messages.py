"""Messages as forms of the desk write them, and as lists and pages show them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from didban.casework.messages.clearing import DraftPart
from didban.errors import DidbanError, NotPermitted
from didban.model.encoding import b64, from_b64
from didban.model.exchange.letters import MAX_TEXT, PartKind, kinds_of_parts
from didban.model.exchange.messages import (
    MessageEvent,
    MessageKind,
    MessageState,
    Punctuality,
    Side,
    Topic,
    is_awaited,
)
from didban.model.marking import Handling, InformationEvaluation, SourceEvaluation
from didban.web.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from starlette.datastructures import QueryParams

    from didban.model.exchange.letters import Part
    from didban.store.messages import Message, MessageEntry
    from didban.web.desk import Desk
    from didban.web.forms import Form

MOST_PARTS: Final = 10
"""Parts of a message that is written at a desk."""

_S = MessageState
_OPEN: Final = (_S.ACCEPTED, _S.READ, _S.IN_WORK, _S.PARTIALLY_ANSWERED, _S.REOPENED)


class What(StrEnum):
    """What a part that is written at a desk is made of."""

    TEXT = "text"
    RECORD = "record"
    FILE = "file"
    PASSED_ON = "passed_on"


_KINDS: Final = {
    "text": PartKind.TEXT,
    "record": PartKind.ENTITY,
    "file": PartKind.FILE,
}
"""What becomes of a part. What is passed on is what it was."""


class Box(NamedTuple):
    """One list of messages. `label`: English; `states`: those that stand in it."""

    label: str
    side: Side
    states: tuple[MessageState, ...]


BOXES: Final[Mapping[str, Box]] = {
    "open": Box(N_("To read and answer"), Side.RECEIVED, _OPEN),
    "received": Box(N_("All received"), Side.RECEIVED, tuple(MessageState)),
    "sent": Box(N_("Sent"), Side.SENT, tuple(MessageState)),
    "awaited": Box(
        N_("Others owe us"), Side.SENT, (_S.QUEUED, _S.UNDELIVERABLE, _S.DELIVERED, *_OPEN)
    ),
    "quarantine": Box(N_("Quarantine"), Side.RECEIVED, (_S.QUARANTINED,)),
}

TONES: Final[Mapping[MessageState, str]] = {
    _S.QUEUED: "open",
    _S.UNDELIVERABLE: "stop",
    _S.QUARANTINED: "stop",
    _S.ACCEPTED: "open",
    _S.READ: "open",
    _S.IN_WORK: "open",
    _S.PARTIALLY_ANSWERED: "warn",
    _S.REOPENED: "warn",
}
LATE: Final = frozenset({Punctuality.OVERDUE, Punctuality.ESCALATED})


def filter_of(query: QueryParams) -> tuple[str, tuple[MessageState, ...]]:
    """Return the box that an address names, and the states in it that are filtered by."""
    box = query.get("box", "")
    key = box if box in BOXES else "open"
    asked = query.getlist("state")
    return key, tuple(one for one in BOXES[key].states if one.value in asked)


def markings(desk: Desk) -> dict[str, Any]:
    """Return what the fields of a part offer for its handling and evaluation."""
    term = desk.speech.term
    return {
        "handling_codes": [(one.value, term(one)) for one in Handling],
        "sources": [(one.value, term(one)) for one in SourceEvaluation],
        "informations": [(one.value, term(one)) for one in InformationEvaluation],
    }


def is_running(message: Message) -> bool:
    """Return whether a deadline of a message runs."""
    return message.due_at is not None and is_awaited(message.kind, message.state)


_WAY: Final = {
    MessageEvent.DELIVER: N_("Received by the other side"),
    MessageEvent.ACCEPT: N_("Checked and accepted"),
    MessageEvent.QUARANTINE: N_("Put aside unread"),
    MessageEvent.OPEN: N_("Read"),
    MessageEvent.ACKNOWLEDGE: N_("Taken into work"),
    MessageEvent.ANSWER: N_("Answered"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How far a message has come, and who vouches for it.

    - `way`: what was reached, in English, and when; None where it is still ahead.
    - `signature`: in the reader's language; `fault`: a code of `MessageFault`, else empty.
    """

    way: list[tuple[str, datetime | None]]
    signature: str
    fault: str


def delivery(desk: Desk, message: Message, history: Sequence[MessageEntry]) -> Delivery:
    """Return how far a message has come, by what this end knows."""
    reached = {entry.event: entry for entry in reversed(history)}
    put_aside = reached.get(MessageEvent.QUARANTINE)
    asks = message.kind is MessageKind.REQUEST
    ahead = [
        event
        for event in _WAY
        if event in reached
        or (event in {MessageEvent.ACCEPT, MessageEvent.OPEN} and put_aside is None)
        or (event is MessageEvent.DELIVER and message.side is Side.SENT and message.node)
        or (event is MessageEvent.ACKNOWLEDGE and asks and put_aside is None)
    ]
    return Delivery(
        way=[(_WAY[event], reached[event].at if event in reached else None) for event in ahead],
        signature=_signature(desk, message, is_sound=put_aside is None),
        fault=str(put_aside.facts.get("code", "")) if put_aside else "",
    )


def _signature(desk: Desk, message: Message, *, is_sound: bool) -> str:
    if message.node is None:
        return desk.gettext(N_("None is needed: both desks are on this node"))
    if message.side is Side.SENT:
        return desk.gettext(N_("Signed by our node; the other node checks it"))
    if is_sound:
        return desk.gettext(N_("Checked: it is of the sender's node, and nobody changed it"))
    return desk.gettext(N_("Checked: it is of the node below, which may not say this"))


def chips(desk: Desk, box: str, states: tuple[MessageState, ...]) -> list[tuple[str, str]]:
    """Return the words of each state that is filtered by, and the address without it."""
    where = desk.url("messages.inbox")
    found = []
    for one in states:
        rest = "".join(f"&state={other.value}" for other in states if other is not one)
        found.append((desk.speech.term(one), f"{where}?box={box}{rest}"))
    return found


def count_of(form: Form) -> int:
    """Return how many parts a form holds."""
    asked = (form.sent.get("parts") or ["1"])[-1]
    known = asked.isdecimal() and len(asked) < len(str(10 * MOST_PARTS))
    return min(max(int(asked), 1), MOST_PARTS) if known else 1


def keep_files(form: Form) -> None:
    """Keep what was attached among the fields, so that it is there after the look at it."""
    for number in range(count_of(form)):
        field = f"p{number}-file"
        if sent := form.files.get(field):
            data = b64(sent.content)
            form.sent[f"{field}-data"] = [data]
            form.sent[f"{field}-name"] = [sent.name[:200]]
            form.sent[f"{field}-type"] = [sent.media_type[:100]]


def parts_of(form: Form, kind: MessageKind | None, topic: Topic | None) -> tuple[DraftPart, ...]:
    """Return the parts that a form holds, once all of it could be read. Raises InvalidFields.

    - `kind`, `topic`: of the message; they decide what its parts may be made of (PR-42).
    """
    found = []
    for number in range(count_of(form)):
        at = f"p{number}-"
        found.append(_part_of(form, at))
        if kind is not None and topic is not None:
            _blame_what(form, at, kinds_of_parts(kind, topic))
    form.require()
    return tuple(part for part in found if part is not None)


def _blame_what(form: Form, at: str, open_to: frozenset[PartKind]) -> None:
    made_of = _KINDS.get(form.text(f"{at}what"))
    if made_of is None or made_of in open_to:
        return
    if made_of is PartKind.ENTITY:
        words = N_("A message about cooperation carries text or files, and no record of somebody.")
    else:
        words = N_(
            "A question about a document or a vehicle carries a record of the bank, of which only"
            " what the question needs leaves. Choose that, and write the number of the record."
        )
    form.blame(f"{at}what", words)


def _part_of(form: Form, at: str) -> DraftPart | None:
    what = form.one_of(f"{at}what", What)
    handling = form.one_of(f"{at}handling", Handling)
    source = form.one_of(f"{at}source", SourceEvaluation)
    information = form.one_of(f"{at}information", InformationEvaluation)
    conditions = form.text(f"{at}conditions", most=4_000)
    if handling is not None and (handling is Handling.H3) != bool(conditions):
        form.blame(f"{at}conditions", N_("Write conditions with H3, and with H3 alone."))
    if what is None or handling is None or source is None or information is None:
        return None
    part = DraftPart(
        handling=handling,
        conditions=conditions,
        source_evaluation=source,
        information_evaluation=information,
        onward_consent=form.text(f"{at}onward", most=200) or None,
        use_consents=form.lines(f"{at}uses"),
    )
    return replace(part, **_content(form, at, what))


def _content(form: Form, at: str, what: What) -> dict[str, Any]:
    if what is What.TEXT:
        return {"text": form.text(f"{at}text", needed=True, most=MAX_TEXT)}
    if what is What.RECORD:
        return {"record": form.text(f"{at}record", needed=True, most=200)}
    if what is What.FILE:
        return {"file": _file(form, f"{at}file")}
    message = form.text(f"{at}message", needed=True, most=200)
    number = form.whole(f"{at}number", range(1, 51))
    return {"passes_on": (message, (number or 1) - 1)}


def _file(form: Form, field: str) -> tuple[str, str, bytes] | None:
    data = (form.sent.get(f"{field}-data") or [""])[-1]
    try:
        content = from_b64(data)
    except ValueError:
        content = b""
    if not content:
        form.blame(field, N_("Choose a file."))
        return None
    return form.text(f"{field}-name"), form.text(f"{field}-type"), content


def answers(form: Form) -> list[tuple[str, str]]:
    """Return what was sent, so that the next form can send it again."""
    left_out = {"token", "do"}
    return [(name, one) for name, sent in form.sent.items() if name not in left_out for one in sent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A recipient, with what they would get, or why nothing may go to them.

    - `barred`: words for which there is a term; `fault`: English, where there are none.
    """

    recipient: str
    parts: tuple[Part, ...] = ()
    barred: tuple[str, ...] = ()
    fault: str = ""

    @property
    def is_open(self) -> bool:
        """Whether all of it may go there."""
        return not self.fault


def barred(recipient: str, error: DidbanError) -> Way:
    """Return a way that is closed, with why."""
    reasons = error.reasons if isinstance(error, NotPermitted) else ()
    return Way(recipient=recipient, barred=reasons, fault=str(error))
