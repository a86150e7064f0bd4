"""Looking for the same person again and again, or for oneself: signals, not refusals (PR-05).

A border officer may have every reason; that is for the data-protection officer to ask. Kept is a
keyed hash of who was looked for, thirty days long, and nothing when a hit comes of it.
"""

from __future__ import annotations

import hmac
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.guard import signals
from didban.guard.secrets import SecretName
from didban.model.folding import fold
from didban.model.signals import SignalKind
from didban.store import limits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.guard.secrets import Secrets
    from didban.model.actors import Actor
    from didban.settings import Access
    from didban.store.database import Transaction

WINDOW: Final = timedelta(days=30)
_WORD: Final = re.compile(r"[^\W_]+")


def key_of(secrets: Secrets, names: Iterable[str], birth_date: str | None) -> bytes:
    """Return the keyed hash that stands for a person: names in any order and script fold alike."""
    words = sorted({word for name in names for word in _WORD.findall(fold(name))})
    text = f"lookup|{' '.join(words)}|{birth_date or ''}"
    return hmac.digest(secrets.get(SecretName.ACCESS), text.encode(errors="replace"), "sha256")


def note(tx: Transaction, actor: Actor, person: bytes, settings: Access) -> None:
    """Note that a user looked for a person, without a hit so far.

    Raises a signal at every `lookups_of_one_person`th time within the window, and at once when it
    is the user's own person. A device looks for whoever stands before it: nothing is noted.
    """
    if actor.device is not None:
        return
    now = clock.now()
    limits.add_lookup(tx, actor.user, person, at=now)
    count = limits.count_lookups(tx, actor.user, person, since=now - WINDOW)
    if count % settings.lookups_of_one_person == 0:
        signals.raise_about(tx, SignalKind.REPEATED_LOOKUP, actor)
    if hmac.compare_digest(limits.own_person(tx, actor.user) or b"", person):
        signals.raise_about(tx, SignalKind.SELF_LOOKUP, actor)


def forget(tx: Transaction, actor: Actor, person: bytes) -> None:
    """Forget the searches of a user for a person, because a hit came of them."""
    limits.forget_lookups(tx, actor.user, person)
