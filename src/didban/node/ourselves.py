"""Who this node is to others, as every process of it knows it; and what it publishes by itself."""

from __future__ import annotations

import threading
import time
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from didban.errors import Conflict
from didban.exchange import identity
from didban.guard.secrets import SecretName
from didban.store.database import Topic
from didban.store.exchange import own_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from didban.exchange.blind.offering import Offering
    from didban.exchange.identity import Identity
    from didban.exchange.records.rooms import Sharing
    from didban.guard.secrets import Secrets
    from didban.settings import Settings
    from didban.store.database import Database, Transaction

    Finishers = Mapping[Topic, Sequence[Callable[[Transaction], None]]]

_KEPT: Final = 30.0  # seconds: a key whose time has come signs so much later


class Ourselves:
    """Our keys, opened once and again when they were renewed. Safe for several threads."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._lock = threading.Lock()
        self._known: Identity | None = None
        self._stamp: tuple[int, int] | None = None
        self._opened_at = -_KEPT

    def identity(self, tx: Transaction) -> Identity:
        """Return who we are now. Raises Conflict where this node has no keys yet."""
        stamp = own_keys.stamp(tx)
        with self._lock:
            is_old = time.monotonic() - self._opened_at > _KEPT
            if self._known is None or stamp != self._stamp or is_old:
                self._known = identity.load(tx, self._secrets)
                self._stamp, self._opened_at = stamp, time.monotonic()
            if self._known is None:
                raise Conflict(
                    "this node has no keys for other nodes: 'didban identity make' makes them"
                )
            return self._known


def sharing_of(settings: Settings, ourselves: Ourselves) -> Sharing:
    """Return how this node shares records."""
    from didban.exchange.records.rooms import Sharing  # noqa: PLC0415 - see `finish_deeds`
    from didban.guard import retention  # noqa: PLC0415

    return Sharing(
        identity_of=ourselves.identity,
        terms=settings.sharing,
        policy=retention.policy_of(settings.retention),
    )


def offering_of(settings: Settings, ourselves: Ourselves, secrets: Secrets) -> Offering:
    """Return what this node offers to be asked about blind."""
    from didban.exchange.blind.offering import Offering  # noqa: PLC0415 - see `finish_deeds`

    return Offering(
        identity_of=ourselves.identity,
        terms=settings.questions,
        secret=partial(secrets.get, SecretName.EXCHANGE),
    )


def finish_deeds(
    database: Database, settings: Settings, ourselves: Ourselves, secrets: Secrets
) -> None:
    """Have what a transaction changed leave with it, and be taken out of what is offered.

    The rooms that do so are loaded by the first such transaction: most commands make none.
    """
    rooms = cache(partial(_finishers, settings, ourselves, secrets))
    for topic in Topic:
        database.before_commit(topic, partial(_finish, rooms, topic))


def _finishers(settings: Settings, ourselves: Ourselves, secrets: Secrets) -> Finishers:
    from didban.exchange.blind.offering import TakingBack  # noqa: PLC0415 - see `finish_deeds`

    sharing = sharing_of(settings, ourselves).finishers
    taking_back = TakingBack(offering=offering_of(settings, ourselves, secrets))
    return {
        Topic.READERS: (sharing[Topic.READERS],),
        Topic.RECORDS: (sharing[Topic.RECORDS], taking_back),
    }


def _finish(rooms: Callable[[], Finishers], topic: Topic, tx: Transaction) -> None:
    for finish in rooms()[topic]:
        finish(tx)
