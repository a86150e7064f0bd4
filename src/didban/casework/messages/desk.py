"""The desk at either end: reading, taking into work, closing, reopening, recalling.

A message is read by a named person, and from then on its sender knows that somebody has read it.
Parts under conditions (H3) show their conditions first, and the rest once these are acknowledged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.casework.messages.clearing import has_acknowledged
from didban.casework.messages.receipts import clock_of, recalled, tell_other
from didban.casework.messages.steps import advance, locked
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.exchange.letters import Moved, Part
from didban.model.exchange.messages import (
    BY,
    MESSAGE,
    MOVED_BY_REPLY,
    TOLD,
    MessageEvent,
    MessageKind,
    MessageState,
    Side,
)
from didban.model.marking import Handling
from didban.model.permissions import Permission
from didban.model.purposes import serves
from didban.store import consents, messages

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from didban.casework.messages.steps import Mail
    from didban.model.actors import Actor
    from didban.store.database import Transaction
    from didban.store.messages import Message, MessageEntry

MAX_WORDS: Final = 2_000
USEFUL: Final = range(4)
"""How useful an answer was: 0 not at all, to 3 (4.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message as one person sees it.

    - `parts`: by number; of one that is `withheld` only the conditions are there.
    - `possible`: what may happen next at this end.
    """

    message: Message
    parts: tuple[Part, ...]
    withheld: frozenset[int]
    history: tuple[MessageEntry, ...]
    possible: tuple[MessageEvent, ...]


def listed(
    tx: Transaction,
    actor: Actor,
    *,
    side: Side,
    states: Iterable[MessageState],
    limit: int,
    after: int = 0,
) -> list[Message]:
    """Return what the actor's authority sent or received, oldest first; nothing of what it says."""
    access.require(actor, Permission.CASEWORK_MESSAGE_READ)
    found = messages.listed(
        tx, actor.authority, actor.clearance, side=side, states=states, limit=limit, after=after
    )
    audit.enter(tx, actor, Deed.MESSAGE_LISTED, facts={"side": side.value, "count": len(found)})
    return found


def about(
    tx: Transaction, actor: Actor, records: Collection[str], *, limit: int = 100
) -> list[Message]:
    """Return what the actor's authority sent or received with any of these records in it."""
    access.require(actor, Permission.CASEWORK_MESSAGE_READ)
    found = messages.about(tx, actor.authority, actor.clearance, records, limit=limit)
    audit.enter(tx, actor, Deed.MESSAGE_LISTED, facts={"count": len(found)})
    return found


def thread(
    tx: Transaction, actor: Actor, thread_id: str, *, limit: int = 100, after: int = 0
) -> list[Message]:
    """Return messages of a thread, in the order in which they came or left. Raises NotFound.

    - `after`: the number of the last one of the page before.
    """
    access.require(actor, Permission.CASEWORK_MESSAGE_READ)
    found = messages.in_thread(
        tx, thread_id, actor.authority, actor.clearance, limit=limit, after=after
    )
    if not found and not after:
        raise NotFound("there is no such thread")
    audit.enter(tx, actor, Deed.MESSAGE_LISTED, facts={"thread": thread_id, "count": len(found)})
    return found


def read(tx: Transaction, actor: Actor, mail: Mail, message_id: str) -> MessageView:
    """Return a message with its parts. Its sender is told that it was read, the first time.

    Raises NotFound; NotPermitted for a program, and for another purpose than it was sent for.
    """
    access.require(actor, Permission.CASEWORK_MESSAGE_READ)
    _require_person(actor)
    message = locked(tx, actor, message_id)
    if message.side is Side.RECEIVED:
        _require_purpose(actor, message)
        if message.state is MessageState.ACCEPTED:
            message = _move(tx, actor, mail, message, Moved(message=message.id, event=_E.OPEN))
    parts = message.letter.parts if message.letter else ()
    withheld = frozenset(
        number
        for number, part in enumerate(parts)
        if not has_acknowledged(tx, actor, message.id, number, part)
    )
    audit.enter(tx, actor, Deed.MESSAGE_VIEWED, subject=message.id)
    return MessageView(
        message=message,
        parts=tuple(_bare(part) if n in withheld else part for n, part in enumerate(parts)),
        withheld=withheld,
        history=messages.history(tx, message),
        possible=possible(message),
    )


def acknowledge_conditions(tx: Transaction, actor: Actor, message_id: str, number: int) -> None:
    """Note that the actor read the conditions of a part and will keep to them (H3, PR-08).

    Raises NotFound, Conflict for a part without conditions, NotPermitted for a program.
    """
    access.require(actor, Permission.CASEWORK_MESSAGE_READ)
    _require_person(actor)
    message = locked(tx, actor, message_id)
    parts = message.letter.parts if message.letter else ()
    if not 0 <= number < len(parts):
        raise NotFound("there is no such part")
    part = parts[number]
    if part.handling is not Handling.H3:
        raise Conflict("this part has no conditions")
    about = f"{message.id}/{number}"
    consents.acknowledge(tx, about, actor.user, digest=part.digest, now=clock.now())
    audit.enter(tx, actor, Deed.CONDITIONS_ACKNOWLEDGED, subject=message.id, facts={"part": number})


def take(tx: Transaction, actor: Actor, mail: Mail, message_id: str) -> Message:
    """Take a request into work. Raises NotFound, Conflict where it was not read or asks nothing."""
    access.require(actor, Permission.CASEWORK_MESSAGE_WRITE)
    _require_person(actor)
    message = locked(tx, actor, message_id, Side.RECEIVED)
    if message.kind is not MessageKind.REQUEST:
        raise Conflict("this message asks for nothing")
    _require_purpose(actor, message)
    return _move(tx, actor, mail, message, Moved(message=message.id, event=_E.ACKNOWLEDGE))


def close(tx: Transaction, actor: Actor, mail: Mail, message_id: str, *, useful: int) -> Message:
    """Close a request of ours that was replied to, and say how useful that was, from 0 to 3."""
    access.require(actor, Permission.CASEWORK_MESSAGE_WRITE)
    if useful not in USEFUL:
        raise InvalidInput("useful: 0 to 3")
    message = locked(tx, actor, message_id, Side.SENT)
    moved = Moved(message=message.id, event=_E.CLOSE, code=str(useful))
    return _move(tx, actor, mail, message, moved)


def reopen(tx: Transaction, actor: Actor, mail: Mail, message_id: str, *, words: str) -> Message:
    """Ask again, because the reply is not enough; the clock starts anew. Say what is missing."""
    access.require(actor, Permission.CASEWORK_MESSAGE_WRITE)
    message = locked(tx, actor, message_id, Side.SENT)
    moved = Moved(message=message.id, event=_E.REOPEN, words=_words(words))
    return _move(tx, actor, mail, message, moved)


def recall(tx: Transaction, actor: Actor, mail: Mail, message_id: str, *, words: str) -> Message:
    """Take a message back: what it says is erased at both ends, and that it was recalled remains.

    Whether it had been read stands in the history of both. Raises NotFound, Conflict.
    """
    access.require(actor, Permission.CASEWORK_MESSAGE_WRITE)
    message = locked(tx, actor, message_id, Side.SENT)
    recalled(tx, message)
    return _move(
        tx, actor, mail, message, Moved(message=message.id, event=_E.RECALL, words=_words(words))
    )


def possible(message: Message) -> tuple[MessageEvent, ...]:
    """Return what may happen next to a message at this end."""
    replies = set(MOVED_BY_REPLY.values()) | {MessageEvent.ACKNOWLEDGE}
    return tuple(
        event
        for event in MessageEvent
        if event in MESSAGE.events(message.state)
        and BY[event] is message.side
        and event in TOLD | replies
        and (message.kind is MessageKind.REQUEST or event not in replies)
    )


_E = MessageEvent


def _move(tx: Transaction, actor: Actor, mail: Mail, message: Message, moved: Moved) -> Message:
    """Move a message at this end, and tell the other."""
    at = clock.now()
    facts = {"code": moved.code} if moved.code else {}
    timed = clock_of(mail, message, moved, at)
    here = advance(tx, actor, message, moved.event, at, facts=facts, words=moved.words, **timed)
    tell_other(tx, mail, here, moved, at)
    return here


def _require_person(actor: Actor) -> None:
    if actor.device is not None:
        raise NotPermitted("messages are read by a person", "not_a_person")


def _require_purpose(actor: Actor, message: Message) -> None:
    if actor.purpose is None or not serves(message.purpose, actor.purpose):
        text = f"it was sent for '{message.purpose}': another use needs the owner's consent (PR-06)"
        raise NotPermitted(text, "other_purpose")


def _bare(part: Part) -> Part:
    """Return what is shown of a part before its conditions are acknowledged."""
    return replace(
        part, text="", entity=None, name="", media_type="", data=b"", record=None, version=None
    )


def _words(words: str) -> str:
    if not 0 < len(words.strip()) <= MAX_WORDS:
        raise InvalidInput(f"words: say why, in 1 to {MAX_WORDS} characters")
    return words.strip()
