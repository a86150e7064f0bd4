"""The outbox is emptied: each notification goes out until the other side took it, or is given up.

A notification is claimed for a while, sent, and settled. Whoever is killed in between leaves a
claim that runs out, and the notification goes out again *with the same identifier*: a receiver that
remembers identifiers is told once, one that forgets them is told at least once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from didban import clock
from didban.casework.rounds import repeat
from didban.store import notifications

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Database
    from didban.store.notifications import Outgoing

_CLAIM: Final = timedelta(minutes=5)  # longer than any delivery may take
_FIRST_PAUSE: Final = timedelta(seconds=30)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_MOST_AT_ONCE: Final = 100
_KEPT_FOR: Final = timedelta(days=90)  # who was told, and where: longer than anybody asks for it

_log = structlog.get_logger("didban.notify")


class NotTaken(Exception):
    """The other side did not take a notification. `fault`: why, in a word without content."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class Carrier(Protocol):
    """What brings a notification to its address (`casework.carriers`)."""

    def deliver(self, outgoing: Outgoing) -> None:
        """Return once the other side took it. Raises NotTaken."""


def forget_due(database: Database, now: datetime) -> int:
    """Delete what was told, or given up, long ago: it holds addresses of people; return how many."""
    with database.begin() as tx:
        return notifications.forget_before(tx, now - _KEPT_FOR)


def run_due(database: Database, now: datetime, carrier: Carrier, *, attempts: int) -> int:
    """Send what is due, at most a hundred at once; return how many were taken.

    A duty: safe in several processes at once. `attempts`: how often one is tried.
    """
    taken = 0

    def one() -> bool:
        nonlocal taken
        with database.begin() as tx:
            outgoing = notifications.claim(tx, now, clock.now() + _CLAIM)
        if outgoing is not None:
            taken += _deliver(database, outgoing, carrier, attempts)
        return outgoing is not None

    repeat(one, most=_MOST_AT_ONCE, of="notifications.due")
    return taken


def _deliver(database: Database, outgoing: Outgoing, carrier: Carrier, attempts: int) -> bool:
    """Send one notification and settle it; return whether it was taken."""
    try:
        carrier.deliver(outgoing)
    except NotTaken as refused:
        at = clock.now()
        is_last = outgoing.attempts >= attempts
        again_at = None if is_last else at + _pause(outgoing.attempts)
        with database.begin() as tx:
            notifications.failed(tx, outgoing.id, at=at, again_at=again_at, fault=refused.fault)
        _log.warning(
            "notification.given_up" if is_last else "notification.not_taken",
            notification=outgoing.id,
            fault=refused.fault,
            attempts=outgoing.attempts,
        )
        return False
    with database.begin() as tx:
        notifications.delivered(tx, outgoing.id, clock.now())
    return True


def _pause(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time."""
    return min(_FIRST_PAUSE * (1 << min(attempts - 1, 16)), _LONGEST_PAUSE)
