"""Who this node is to others, as every process of it knows it; and what it publishes by itself."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from didban.errors import Conflict
from didban.exchange import identity
from didban.exchange.blind.offering import Offering
from didban.exchange.records.rooms import Sharing
from didban.guard import retention
from didban.guard.secrets import SecretName
from didban.store.exchange import own_keys

if TYPE_CHECKING:
    from didban.exchange.identity import Identity
    from didban.guard.secrets import Secrets
    from didban.settings import Settings
    from didban.store.database import Transaction

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
    return Sharing(
        identity_of=ourselves.identity,
        terms=settings.sharing,
        policy=retention.policy_of(settings.retention),
    )


def offering_of(settings: Settings, ourselves: Ourselves, secrets: Secrets) -> Offering:
    """Return what this node offers to be asked about blind."""
    return Offering(
        identity_of=ourselves.identity,
        terms=settings.questions,
        secret=partial(secrets.get, SecretName.EXCHANGE),
    )
