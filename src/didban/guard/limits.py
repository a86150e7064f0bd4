"""How much one user may ask: no browsing of the bank (PR-04).

A limit is a sliding window in the database, so that no restart and no second process forgets it.
Whoever reaches one is refused, and the data-protection officer gets a signal (`guard.refusals`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import LimitReached, NotPermitted
from didban.model.permissions import Role
from didban.model.purposes import Purpose
from didban.model.signals import SignalKind
from didban.store import limits

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.settings import Access
    from didban.store.database import Database, Transaction

_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
_LOOKUPS_KEPT: Final = timedelta(days=30)
_BATCH: Final = 10_000


def count_search(tx: Transaction, actor: Actor, settings: Access, *, persons: int = 1) -> None:
    """Count a search for persons. Raises LimitReached where it is one too many in a minute.

    - `persons`: for how many is asked at once.

    A device has a limit of its own, the node's duties have none.
    """
    most = settings.device_searches_per_minute if actor.device else settings.searches_per_minute
    _count(tx, actor, SignalKind.SEARCH_LIMIT, persons, most, _MINUTE)


def count_results(tx: Transaction, actor: Actor, settings: Access, *, records: int) -> None:
    """Count records that are about to be shown. Raises LimitReached beyond those of a day."""
    _count(tx, actor, SignalKind.RESULT_LIMIT, records, settings.results_per_day, _DAY)


def count_peer(tx: Transaction, actor: Actor, *, of: str, amount: int, most: int) -> None:
    """Count what another node asks. Raises LimitReached beyond so much in a day.

    - `of`: what is counted, as a word of ours: each kind of question has a limit of its own.
    """
    _count(tx, actor, SignalKind.PEER_LIMIT, amount, most, _DAY, of=of)


def require_wildcard(actor: Actor) -> None:
    """Return if the actor may search without naming whom: by a part of a name, by a filter alone.

    Raises NotPermitted unless the purpose of the session is supervision.
    """
    if actor.purpose is not Purpose.SUPERVISION:
        message = "a search by a part of a name needs the purpose 'supervision' (PR-04)"
        raise NotPermitted(message, "wildcard")


def run_due(database: Database, now: datetime) -> int:
    """Erase what is older than every window; return how much."""
    with database.begin() as tx:
        return limits.delete_older(tx, uses=now - _DAY, lookups=now - _LOOKUPS_KEPT, limit=_BATCH)


def _count(  # noqa: PLR0913 - who, of what kind, how much, and how much is allowed in which time
    tx: Transaction,
    actor: Actor,
    kind: SignalKind,
    amount: int,
    most: int,
    window: timedelta,
    *,
    of: str = "",
) -> None:
    if Role.SYSTEM in actor.roles or amount <= 0:
        return
    now = clock.now()
    if actor.device is None:
        limits.wait_turn(tx, actor.user)
    counted = f"{kind}:{of}" if of else str(kind)
    used, first = limits.used(tx, actor.user, counted, since=now - window)
    if used + amount > most:
        until = (first or now) + window
        message = f"this is more than {most} in {_words(window)}: your limit (PR-04)"
        raise LimitReached(message, max((until - now).total_seconds(), 1.0), kind)
    limits.add_use(tx, actor.user, counted, amount=amount, at=now)


def _words(window: timedelta) -> str:
    return "a minute" if window == _MINUTE else "a day"
