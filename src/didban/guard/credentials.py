"""Who is asking: the actor behind the secret of a session or of a device token.

A secret is 32 random bytes behind a word that tells its kind (`ses_`, `tok_`). Only its SHA-256 is
kept, and it is found by that: the search for one guess says nothing about another, so its timing
tells nothing. A secret that is unknown, that ended, was revoked or whose user is no longer active
gets one and the same answer.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import NotAuthenticated
from didban.store import credentials

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.store.database import Transaction

SESSION: Final = "ses_"
DEVICE: Final = "tok_"
_BYTES: Final = 32
_MAX_LENGTH: Final = 100  # characters; ours have 47


def new_secret(kind: str) -> str:
    """Return a fresh secret of `SESSION` or `DEVICE`. It is shown once; keep its `digest_of`."""
    return kind + secrets.token_urlsafe(_BYTES)


def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret: its SHA-256, enough because the secret is random."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def actor_of(tx: Transaction, secret: str, request_id: str) -> Actor:
    """Return who presents this secret, with the purpose, case and place that are bound to it.

    - `request_id`: goes into the actor, so that the log of the request and the audit agree.

    Raises NotAuthenticated, which never says why.
    """
    find = credentials.actor_by_token if secret.startswith(DEVICE) else credentials.actor_by_session
    actor = find(tx, digest_of(secret[:_MAX_LENGTH]), clock.now())
    if actor is None:
        raise NotAuthenticated("sign in again, or present a token that is in force")
    return replace(actor, request_id=request_id)
