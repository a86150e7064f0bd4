"""What time does to messages: due soon, overdue, escalated; undeliverable; erased in the end.

Each message is taken in a transaction of its own, held while it is worked on. Both ends run the
same clock, of which the recipient's node said until when: each tells its own desk and superiors.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from didban.casework.messages.receipts import apply, delivered
from didban.casework.messages.steps import (
    Mail,
    advance,
    duty_actor,
    enter,
    next_event,
    notify,
    with_clock,
)
from didban.casework.rounds import repeat
from didban.model.exchange.letters import Moved
from didban.model.exchange.messages import (
    PUNCTUALITY,
    ClockEvent,
    MessageEvent,
)
from didban.model.notifications import Notification, Post
from didban.store import messages

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Database
    from didban.store.messages import Message

_MOST_AT_ONCE: Final = 500
_NOTIFIED: Final = {
    ClockEvent.NEAR: (Notification.MESSAGE_DUE_SOON, (Post.DUTY_OFFICER,)),
    ClockEvent.PASSED: (Notification.MESSAGE_OVERDUE, (Post.DUTY_OFFICER, Post.SUPERVISOR)),
    ClockEvent.LONG_PASSED: (Notification.MESSAGE_ESCALATED, (Post.SUPERVISOR, Post.BUREAU_HEAD)),
}


def run_due(database: Database, now: datetime, mail: Mail) -> int:
    """Do what is due, and return how much that was.

    A duty: safe to be done twice, and in several processes at once.
    """
    verbs = (_refused, _taken_in, _undelivered, _clock, _erased)
    done = 0
    for verb in verbs:
        one = partial(verb, database, now, mail)
        done += repeat(one, most=_MOST_AT_ONCE, of=f"messages.{verb.__name__.strip('_')}")
    return done


def _refused(database: Database, now: datetime, mail: Mail) -> bool:
    """Note that the other node's feed put a message aside, which no desk there has seen."""
    with database.begin() as tx:
        found = messages.next_refused(tx)
        if found is not None:
            message, fault = found
            moved = Moved(message=message.id, event=MessageEvent.QUARANTINE, code=fault)
            apply(tx, mail, message, moved, now)
        return found is not None


def _taken_in(database: Database, now: datetime, _: Mail) -> bool:
    """Note that the reader of the feed has a message, as its cursor says."""
    with database.begin() as tx:
        message = messages.next_taken_in(tx)
        if message is not None:
            delivered(tx, message, now)
        return message is not None


def _undelivered(database: Database, now: datetime, _: Mail) -> bool:
    with database.begin() as tx:
        message = messages.next_undelivered(tx, now)
        if message is None:
            return False
        late = advance(tx, duty_actor(message), message, MessageEvent.EXPIRE, now)
        notify(tx, late, Notification.MESSAGE_UNDELIVERABLE, now)
        return True


def _clock(database: Database, now: datetime, _: Mail) -> bool:
    """Let the clock of one message say what it has to say."""
    with database.begin() as tx:
        message = messages.next_due(tx, now)
        if message is None:
            return False
        event = next_event(message)
        if event is None:
            messages.save(tx, replace(message, next_at=None))
            return True
        target = PUNCTUALITY.transition(message.punctuality, event).target
        later = with_clock(replace(message, punctuality=target))
        messages.save(tx, later)
        enter(tx, duty_actor(later), later, target, now)
        kind, posts = _NOTIFIED[event]
        for post in posts:
            notify(tx, later, kind, now, post=post)
        return True


def _erased(database: Database, now: datetime, mail: Mail) -> bool:
    """Erase what one message says that nothing happened to for long enough (PR-31)."""
    with database.begin() as tx:
        before = now - timedelta(days=mail.terms.kept_days)
        message: Message | None = messages.next_to_erase(tx, before)
        if message is not None:
            messages.empty(tx, message)
            enter(tx, duty_actor(message), message, "content_erased", now)
        return message is not None
