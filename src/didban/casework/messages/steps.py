"""One step in the life of a message, at one end, and the other end told of it.

Everything that moves a message goes through `advance`. Whoever calls it has locked the message.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from didban.casework import notifications
from didban.errors import NotFound
from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.exchange.messages import (
    MESSAGE,
    SHARE,
    ClockEvent,
    MessageEvent,
    MessageState,
    MessageUrgency,
    Punctuality,
    Side,
    is_awaited,
)
from didban.model.notifications import Post
from didban.settings import Messages
from didban.store import messages
from didban.store.messages import Message, MessageEntry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.casework.nodes import IdentityOf
    from didban.model.actors import Actor
    from didban.model.notifications import Notification
    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What messages go by: who we are to other nodes, and the settings' deadlines.

    - `me`: None for a process that speaks with no other node; then only desks of its own bank are
      reached.
    """

    me: IdentityOf | None = field(default=None, repr=False)
    terms: Messages = field(default_factory=Messages)


_NEXT = {
    Punctuality.IN_TIME: ClockEvent.NEAR,
    Punctuality.DUE_SOON: ClockEvent.PASSED,
    Punctuality.OVERDUE: ClockEvent.LONG_PASSED,
}


def advance(  # noqa: PLR0913 - who moves which message how, when, and what is entered with it
    tx: Transaction,
    actor: Actor,
    message: Message,
    event: MessageEvent,
    at: datetime,
    *,
    facts: Mapping[str, str | int | bool] | None = None,
    words: str = "",
    **changes: Any,
) -> Message:
    """Move a message at this end and return it as it stands now.

    Raises Conflict where the machine knows no such arrow; then nothing has happened.
    """
    arrow = MESSAGE.transition(message.state, event)
    moved = replace(message, state=arrow.target, changed_at=at, **changes)
    moved = with_clock(moved)
    if moved.state is not MessageState.QUEUED:
        moved = replace(moved, undeliverable_at=None)
    messages.save(tx, moved)
    enter(tx, actor, moved, event, at, facts=facts, words=words)
    told = {"event": event.value, "from": arrow.source.value, "to": arrow.target.value}
    audit.enter(tx, actor, Deed.MESSAGE_MOVED, subject=moved.id, facts=told)
    return moved


def enter(  # noqa: PLR0913 - one line of history has so many parts
    tx: Transaction,
    actor: Actor,
    message: Message,
    event: str,
    at: datetime,
    *,
    facts: Mapping[str, str | int | bool] | None = None,
    words: str = "",
) -> None:
    """Enter something in a message's history."""
    entry = MessageEntry(
        at=at, actor=actor.user, event=event, state=message.state, facts=facts or {}, words=words
    )
    messages.append(tx, message, entry)


def with_clock(message: Message) -> Message:
    """Return a message with the moment at which its clock has something to say next."""
    event = next_event(message)
    if event is None or message.accepted_at is None or message.due_at is None:
        return replace(message, next_at=None)
    next_at = message.accepted_at + SHARE[event] * (message.due_at - message.accepted_at)
    return replace(message, next_at=next_at)


def next_event(message: Message) -> ClockEvent | None:
    """Return what a message's clock says next, or None where it stands still."""
    is_running = is_awaited(message.kind, message.state) and message.accepted_at is not None
    return _NEXT.get(message.punctuality) if is_running else None


def lasts(terms: Messages, urgency: MessageUrgency) -> timedelta:
    """Return how long the recipient has from acceptance."""
    return {
        MessageUrgency.FLASH: timedelta(minutes=terms.flash_minutes),
        MessageUrgency.URGENT: timedelta(hours=terms.urgent_hours),
        MessageUrgency.PRIORITY: timedelta(days=terms.priority_days),
        MessageUrgency.NORMAL: timedelta(days=terms.normal_days),
        MessageUrgency.HISTORICAL: timedelta(days=terms.historical_days),
    }[urgency]


def locked(tx: Transaction, actor: Actor, message_id: str, side: Side | None = None) -> Message:
    """Return a message of the actor's authority, held until the transaction ends.

    Raises NotFound where it is not there, is another's, or stands at the other side.
    """
    found = messages.of(tx, message_id, actor.authority, actor.clearance, to_change=True)
    if found is None or side not in {None, found.side}:
        raise NotFound("there is no such message")
    return found


def notify(
    tx: Transaction,
    message: Message,
    kind: Notification,
    at: datetime,
    *,
    post: Post = Post.DUTY_OFFICER,
) -> None:
    """Tell a post of the authority at this end."""
    due_at = message.due_at
    notifications.tell(tx, message.authority, post, kind, message.id, at=at, due_at=due_at)


def duty_actor(message: Message) -> Actor:
    """Return who moves a message where no person does: the node, for the authority at this end."""
    return access.system_actor(message.authority, "messages")
