"""What one end tells the other of a message: accepted, read by somebody, in work, recalled ...

An event is told in the transaction in which it happened. It names the message and the event, never
who: that somebody has read it is all that leaves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from didban.casework.messages.steps import advance, duty_actor, enter, lasts, notify
from didban.casework.nodes import publish
from didban.errors import Conflict, Malformed
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import MESSAGES, Kind
from didban.model.exchange.letters import Moved
from didban.model.exchange.messages import (
    BY,
    MESSAGE,
    TOLD,
    UNREAD,
    MessageEvent,
    MessageState,
    Punctuality,
    Side,
)
from didban.model.notifications import Notification
from didban.store import messages
from didban.store.exchange import feeds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from didban.casework.messages.steps import Mail
    from didban.model.exchange.feeds import Arrived
    from didban.store.database import Transaction
    from didban.store.messages import Message

_NOTIFIED = {
    MessageEvent.QUARANTINE: Notification.MESSAGE_QUARANTINED,
    MessageEvent.REOPEN: Notification.MESSAGE_REOPENED,
    MessageEvent.RECALL: Notification.MESSAGE_RECALLED,
}


def tell_other(tx: Transaction, mail: Mail, message: Message, moved: Moved, at: datetime) -> None:
    """Tell the other end of an event, in the transaction of the event itself.

    Where our feed for it does not go on, a receipt stays here and nobody is kept from reading; what
    a sender decides must reach the other end, so that it raises Conflict.
    """
    if message.node is not None:
        about = messages.events_of(message.id)
        item = Item(kind=Kind.MESSAGE_EVENT, content=moved.to_json(), record=about)
        try:
            publish(tx, mail.me, message.node, item, at)
        except Conflict:
            if BY[moved.event] is Side.SENT:
                raise
            enter(
                tx, duty_actor(message), message, "untold", at, facts={"event": moved.event.value}
            )
        return
    there = Side.RECEIVED if message.side is Side.SENT else Side.SENT
    other = messages.get(tx, message.id, there, to_change=True)
    if other is not None:
        apply(tx, mail, other, moved, at)


def take_in(tx: Transaction, arrived: Sequence[Arrived], now: datetime, *, mail: Mail) -> None:
    """Apply what other nodes tell of messages (`Kind.MESSAGE_EVENT`).

    - Only the side that may cause an event is believed, and of its own messages alone (PR-07).
    - What crossed with a recall, or comes late, moves nothing and stands in the history.
    - What a sender decides counts from now; what a recipient tells, from when it says, but not from
      before what is known: nobody makes our desk late, or our own message old.

    Raises Malformed.
    """
    for each in arrived:
        if each.content is None:
            continue
        moved = Moved.from_json(each.content)
        if moved.event not in TOLD:
            raise Malformed("this is not told by an event of its own")
        here = Side.SENT if BY[moved.event] is Side.RECEIVED else Side.RECEIVED
        message = messages.get(tx, moved.message, here, to_change=True)
        if message is None or message.node != each.peer.node:
            continue  # erased here meanwhile, or none of this node's
        told_at = max(message.changed_at, min(each.header.time, now))
        apply(tx, mail, message, moved, now if here is Side.RECEIVED else told_at)


def apply(tx: Transaction, mail: Mail, message: Message, moved: Moved, at: datetime) -> Message:
    """Move a message at this end because the other end says so; return it as it stands now."""
    actor = replace(duty_actor(message), user=f"node:{message.node or message.other}")
    event = moved.event
    facts: dict[str, str | int | bool] = {"code": moved.code} if moved.code else {}
    if event in {MessageEvent.ACCEPT, MessageEvent.QUARANTINE}:
        message = delivered(tx, message, at)
    try:
        MESSAGE.transition(message.state, event)
    except Conflict:
        enter(tx, actor, message, event, at, facts={**facts, "late": True})
        return message
    if event is MessageEvent.RECALL:
        facts["was_read"] = message.state not in UNREAD
    timed = clock_of(mail, message, moved, at)
    moved_on = advance(tx, actor, message, event, at, facts=facts, words=moved.words, **timed)
    if event is MessageEvent.RECALL:
        messages.empty(tx, moved_on)
        moved_on = replace(moved_on, letter=None)
    if event in _NOTIFIED:
        notify(tx, moved_on, _NOTIFIED[event], at)
    return moved_on


def delivered(tx: Transaction, message: Message, at: datetime) -> Message:
    """Return a message that the other node has; noted once."""
    if message.state not in {MessageState.QUEUED, MessageState.UNDELIVERABLE}:
        return message
    return advance(tx, duty_actor(message), message, MessageEvent.DELIVER, at)


def recalled(tx: Transaction, message: Message) -> None:
    """Erase what a message of ours says from the feed it left by: who has not pulled it, never will."""
    feeds.erase_bodies(tx, [message.id], MESSAGES)


def clock_of(mail: Mail, message: Message, moved: Moved, at: datetime) -> dict[str, Any]:
    """Return what an event does to the clock, which the recipient's side starts with its acceptance.

    By when it answers the recipient says, but no later than our own term; the sender says nothing.
    """
    latest = at + lasts(mail.terms, message.urgency)
    if moved.event is MessageEvent.ACCEPT:
        return {"accepted_at": at, "due_at": min(moved.due_at or latest, latest)}
    if moved.event is MessageEvent.REOPEN:
        return {"accepted_at": at, "due_at": latest, "punctuality": Punctuality.IN_TIME}
    return {}
