"""Messages that leave: cleared, sealed for one recipient, and published with the deed itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from didban import clock
from didban.casework.messages import arriving
from didban.casework.messages.clearing import DraftPart, Way, cleared, recipient_of
from didban.casework.messages.steps import advance, locked
from didban.casework.nodes import node_of, publish, require_pinned
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.guard import access, audit
from didban.ids import new_id
from didban.model.deeds import Deed
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.letters import MAX_FILES_BYTES, MAX_PARTS, Letter
from didban.model.exchange.messages import (
    MOVED_BY_REPLY,
    MessageEvent,
    MessageKind,
    MessageState,
    MessageUrgency,
    RefusalGround,
    Side,
    Topic,
)
from didban.model.permissions import Permission
from didban.model.purposes import serves
from didban.store import messages
from didban.store.messages import Message

if TYPE_CHECKING:
    from didban.casework.messages.steps import Mail
    from didban.model.actors import Actor
    from didban.model.exchange.letters import Part
    from didban.model.marking import Confidentiality
    from didban.store.database import Transaction

_FIRST = (MessageKind.REQUEST, MessageKind.SPONTANEOUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message before it is sealed. `thread`: one that it goes on with, or None for a new one."""

    kind: MessageKind
    recipient: str
    topic: Topic
    parts: tuple[DraftPart, ...]
    urgency: MessageUrgency = MessageUrgency.NORMAL
    thread: str | None = None


def send(tx: Transaction, actor: Actor, mail: Mail, draft: Draft) -> Message:
    """Send a request or information to one authority, and return it as it stands: queued.

    Raises InvalidInput; NotPermitted, which says what may not leave and by which rule; Conflict
    where this node has no keys for others, or does not speak with the recipient's now.
    """
    access.require(actor, Permission.CASEWORK_MESSAGE_WRITE)
    if draft.kind not in _FIRST:
        raise InvalidInput("kind: a reply is given to a request")
    recipient = recipient_of(tx, actor, draft.recipient)
    if draft.thread is not None:
        _require_thread(tx, actor, draft.thread, recipient.code)
    way = Way(kind=draft.kind, topic=draft.topic, recipient=recipient)
    letter = _letter(tx, actor, way, draft.parts, urgency=draft.urgency, thread=draft.thread)
    return _seal(tx, actor, mail, letter)


def reply(  # noqa: PLR0913 - who replies to what, how, with what
    tx: Transaction,
    actor: Actor,
    mail: Mail,
    request_id: str,
    *,
    kind: MessageKind,
    parts: tuple[DraftPart, ...],
    ground: RefusalGround | None = None,
) -> Message:
    """Answer a request, in part or whole, or refuse it on a ground; return the reply.

    Raises Conflict for a request that nobody took into work, or that is answered; NotFound; and as
    `send`.
    """
    access.require(actor, Permission.CASEWORK_MESSAGE_WRITE)
    event = MOVED_BY_REPLY.get(kind)
    if event is None or (kind is MessageKind.REFUSAL) != (ground is not None):
        raise InvalidInput("kind: answer, partial_answer, or refusal with its ground")
    request = locked(tx, actor, request_id, Side.RECEIVED)
    if request.kind is not MessageKind.REQUEST:
        raise Conflict("this message asks for nothing: there is nothing to reply to")
    if actor.purpose is None or not serves(request.purpose, actor.purpose):
        raise NotPermitted("it was asked for another purpose than yours (PR-06)", "purpose")
    way = Way(kind=kind, topic=request.topic, recipient=recipient_of(tx, actor, request.sender))
    letter = _letter(tx, actor, way, parts, urgency=request.urgency, thread=request.thread)
    letter = replace(letter, in_reply_to=request.id, ground=ground)
    facts = {"reply": letter.id} | ({"code": ground.value} if ground else {})
    advance(tx, actor, request, event, letter.sent_at, facts=facts)
    return _seal(tx, actor, mail, letter)


def preview(tx: Transaction, actor: Actor, draft: Draft) -> tuple[Part, ...]:
    """Return the parts of a message or reply as its recipient would get them; nothing leaves.

    Raises InvalidInput, NotFound, NotPermitted as `send` does.
    """
    access.require(actor, Permission.CASEWORK_MESSAGE_WRITE)
    recipient = recipient_of(tx, actor, draft.recipient)
    way = Way(kind=draft.kind, topic=draft.topic, recipient=recipient)
    return _cleared(tx, actor, way, draft.parts)[0]


def _require_thread(tx: Transaction, actor: Actor, thread: str, recipient: str) -> None:
    known = messages.in_thread(tx, thread, actor.authority, actor.clearance)
    if not known or any(one.other != recipient for one in known):
        raise NotFound("there is no such thread with this authority")


def _letter(
    tx: Transaction,
    actor: Actor,
    way: Way,
    drafts: tuple[DraftPart, ...],
    *,
    urgency: MessageUrgency,
    thread: str | None,
) -> Letter:
    if actor.purpose is None:
        raise RuntimeError("access was asked first")
    parts, confidentiality = _cleared(tx, actor, way, drafts)
    return Letter(
        id=new_id("msg"),
        thread=thread or new_id("thr"),
        kind=way.kind,
        topic=way.topic,
        urgency=urgency,
        sender=actor.authority,
        recipient=way.recipient.code,
        purpose=actor.purpose,
        sent_at=clock.now(),
        parts=parts,
        confidentiality=confidentiality,
    )


def _cleared(
    tx: Transaction, actor: Actor, way: Way, drafts: tuple[DraftPart, ...]
) -> tuple[tuple[Part, ...], Confidentiality]:
    if not 0 < len(drafts) <= MAX_PARTS:
        raise InvalidInput(f"parts: 1 to {MAX_PARTS}")
    if sum(len(draft.file[2]) for draft in drafts if draft.file) > MAX_FILES_BYTES:
        raise InvalidInput(f"parts: the files are more than {MAX_FILES_BYTES} bytes")
    return cleared(tx, actor, way, drafts)


def _seal(tx: Transaction, actor: Actor, mail: Mail, letter: Letter) -> Message:
    """Publish a cleared message for the node of its recipient, or bring it before a desk here."""
    at, node = letter.sent_at, node_of(tx, letter.recipient)
    if node is not None:
        require_pinned(tx, node)
    feed, seq = publish(tx, mail.me, node, _item(letter), at) if node else (None, None)
    new = Message.of(
        letter, side=Side.SENT, state=MessageState.COMPOSING, at=at,
        node=node, sent_by=actor.user, feed=feed, seq=seq,
    )  # fmt: skip
    messages.add(tx, new)
    until = at + timedelta(hours=mail.terms.undeliverable_hours)
    queued = advance(tx, actor, new, MessageEvent.SEAL, at, undeliverable_at=until)
    facts = {"kind": letter.kind.value, "recipient": letter.recipient, "topic": letter.topic.value}
    audit.enter(tx, actor, Deed.MESSAGE_SENT, subject=letter.id, facts=facts)
    if node is None:
        arriving.deliver(tx, mail, letter, node=None, now=at)
        return messages.get(tx, letter.id, Side.SENT) or queued
    return queued


def _item(letter: Letter) -> Item:
    content = letter.to_json()
    return Item(kind=Kind.MESSAGE, content=content, record=letter.id, handling=letter.handling)
