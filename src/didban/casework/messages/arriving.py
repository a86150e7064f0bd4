"""What comes from other authorities: accepted or quarantined, once, and both sides know which.

A message is accepted where its node writes for who sends it, as a secretariat does for itself, its
recipient has a desk here, what it replies to was asked, and it holds no more than its topic allows.
Then the recipient's clock runs.
Whatever cannot be read as a message is refused by the feed itself, with its evidence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban.casework.messages.receipts import apply, tell_other
from didban.casework.messages.steps import advance, duty_actor, lasts, notify
from didban.casework.nodes import node_of
from didban.errors import Malformed, Replayed
from didban.guard import audit
from didban.model.deeds import Deed
from didban.model.exchange.letters import (
    Letter,
    MessageFault,
    Moved,
    fields_beyond,
    kinds_of_parts,
)
from didban.model.exchange.messages import (
    MOVED_BY_REPLY,
    MessageEvent,
    MessageKind,
    MessageState,
    Side,
)
from didban.model.marking import Handling
from didban.model.notifications import Notification
from didban.store import authorities, messages
from didban.store import node as node_row
from didban.store.messages import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.casework.messages.steps import Mail
    from didban.model.exchange.feeds import Arrived
    from didban.model.exchange.peers import Peer
    from didban.store.database import Transaction

_APART: Final = timedelta(minutes=5)  # of the time it was sealed and the time it was published


def take_in(tx: Transaction, arrived: Sequence[Arrived], now: datetime, *, mail: Mail) -> None:
    """Take in messages (`Kind.MESSAGE`). Raises PeerFault for what is none."""
    for each in arrived:
        if each.content is None:
            continue  # recalled or erased before it came
        letter = Letter.from_json(each.content)
        header = each.header
        if (header.record, header.handling) != (letter.id, letter.handling):
            raise Malformed("the header is of another message than the body")
        fault = _fault(tx, letter, each.peer, header.time)
        deliver(tx, mail, letter, node=each.peer.node, now=now, fault=fault)


def deliver(
    tx: Transaction,
    mail: Mail,
    letter: Letter,
    *,
    node: str | None,
    now: datetime,
    fault: MessageFault | None = None,
) -> None:
    """Put a message before its recipient, or put it aside; tell the other side which.

    The same message again is acknowledged and dropped. Raises Replayed where another node sends
    what stands here under that name.
    """
    new = Message.of(letter, side=Side.RECEIVED, state=MessageState.DELIVERED, at=now, node=node)
    if fault is not None:
        new = replace(new, letter=None)  # the entry in the feed is the evidence
    if not messages.add(tx, new):
        _again(tx, mail, new, now)
        return
    actor = duty_actor(new)
    facts = {"kind": new.kind.value, "sender": new.sender, "topic": new.topic.value}
    audit.enter(tx, actor, Deed.MESSAGE_RECEIVED, subject=new.id, facts=facts)
    if fault is not None:
        code = {"code": fault.value}
        aside = advance(tx, actor, new, MessageEvent.QUARANTINE, now, facts=code)
        _tell_host(tx, aside, now)
        moved = Moved(message=new.id, event=MessageEvent.QUARANTINE, code=fault)
        tell_other(tx, mail, aside, moved, now)
        return
    due_at = now + lasts(mail.terms, letter.urgency)
    here = advance(tx, actor, new, MessageEvent.ACCEPT, now, accepted_at=now, due_at=due_at)
    is_reply = _move_request(tx, mail, letter, now)
    kind = Notification.MESSAGE_REPLIED if is_reply else Notification.MESSAGE_ARRIVED
    notify(tx, here, kind, now)
    moved = Moved(message=here.id, event=MessageEvent.ACCEPT, due_at=here.due_at)
    tell_other(tx, mail, here, moved, now)


def _again(tx: Transaction, mail: Mail, new: Message, now: datetime) -> None:
    known = messages.get(tx, new.id, Side.RECEIVED, to_change=True)
    if known is None or (known.node, known.sender) != (new.node, new.sender):
        raise Replayed("a message of another sender stands here under this name")
    if known.accepted_at is not None:
        moved = Moved(message=known.id, event=MessageEvent.ACCEPT, due_at=known.due_at)
        tell_other(tx, mail, known, moved, now)


def _move_request(tx: Transaction, mail: Mail, letter: Letter, now: datetime) -> bool:
    """Move the request that a message replies to; return whether it is a reply."""
    if letter.in_reply_to is None:
        return False
    request = messages.get(tx, letter.in_reply_to, Side.SENT, to_change=True)
    if request is not None:
        event = MOVED_BY_REPLY[letter.kind]
        apply(
            tx, mail, request, Moved(message=request.id, event=event, code=letter.ground or ""), now
        )
    return True


def _fault(tx: Transaction, letter: Letter, peer: Peer, at: datetime) -> MessageFault | None:
    """Return why a message is not accepted, or None."""
    if not peer.writes_for(letter.sender):
        return MessageFault.FOREIGN_SENDER
    if authorities.get(tx, letter.recipient) is None or node_of(tx, letter.recipient) is not None:
        return MessageFault.UNKNOWN_RECIPIENT
    if abs(at - letter.sent_at) > _APART:
        return MessageFault.OUT_OF_TIME
    if not _belongs(tx, letter, peer):
        return MessageFault.UNKNOWN_REQUEST
    if (letter.kind is MessageKind.REFUSAL) != (letter.ground is not None):
        return MessageFault.NO_GROUND
    return _fault_of_parts(letter)


def _fault_of_parts(letter: Letter) -> MessageFault | None:
    allowed = kinds_of_parts(letter.kind, letter.topic)
    for part in letter.parts:
        if part.kind not in allowed or fields_beyond(part, letter.topic):
            return MessageFault.BEYOND_FIELDS
        is_others = part.owner not in {letter.sender, letter.recipient}
        if is_others and part.handling is Handling.H2 and part.consent is None:
            return MessageFault.HANDED_ON
    return None


def _belongs(tx: Transaction, letter: Letter, peer: Peer) -> bool:
    """Return whether a reply is to what we asked of that authority, and nothing else is a reply."""
    is_reply = letter.kind in MOVED_BY_REPLY
    if not messages.is_thread_between(tx, letter.thread, letter.sender, letter.recipient):
        return False
    if letter.in_reply_to is None or not is_reply:
        return not is_reply and letter.in_reply_to is None
    request = messages.get(tx, letter.in_reply_to, Side.SENT)
    return (
        request is not None
        and request.kind is MessageKind.REQUEST
        and (request.node, request.recipient, request.sender, request.thread)
        == (peer.node, letter.sender, letter.recipient, letter.thread)
    )


def _tell_host(tx: Transaction, message: Message, now: datetime) -> None:
    """Tell the duty officer of who runs this node: who it was meant for may not be known here."""
    here = node_row.get(tx)
    if here is not None:
        notify(tx, replace(message, recipient=here.host), Notification.MESSAGE_QUARANTINED, now)
