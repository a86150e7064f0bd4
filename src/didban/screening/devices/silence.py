"""Pairs that were found to be apart, as a device carries them: it stays silent too (PR-25).

A token is a keyed hash over both sides, with a key of its own beside it: the node's secret stays at
home, and the token of one device says nothing on another.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from didban.model.non_match import digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.model.records import Record


def token_of(salt: bytes, told: bytes) -> str:
    """Return what an owner told of a pair, as a device carries it."""
    return f"{salt.hex()}.{told.hex()}"


def token_for(device: str, key: bytes, token: bytes, asked: Record, listed: Record) -> str | None:
    """Return a token of this node's own as one device carries it, the same each time.

    - `key`: the secret `non_match`, by which `token` was made.

    None where a side is not what it was: then it covers nobody any more.
    """
    if digest(key, asked, listed) != token:
        return None
    salt = hmac.digest(key, device.encode() + token, hashlib.sha256)
    return token_of(salt, digest(salt, asked, listed))


def is_silent(tokens: Iterable[str], asked: Record, listed: Record) -> bool:
    """Return whether one of these tokens is of this pair."""
    for token in tokens:
        salt, told = map(bytes.fromhex, token.split("."))
        if digest(salt, asked, listed) == told:
            return True
    return False
