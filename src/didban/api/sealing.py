"""What we hand out or put away, closed so that only this node can read it, and only in its place.

Deterministic authenticated encryption (AES-SIV, RFC 5297): the same content for the same place has
the same form, so that an answer never differs by chance.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from didban.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY_BYTES: Final = 32


class Seal:
    """Closes and opens with one key, which is derived from a secret of the node for one use."""

    def __init__(self, secret: bytes, use: str) -> None:
        key = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=use.encode())
        self._cipher = AESSIV(key.derive(secret))

    def close(self, content: bytes, *place: str) -> bytes:
        """Return the content closed for a place; an empty one has nothing to close."""
        return self._cipher.encrypt(content, [part.encode() for part in place])

    def open(self, closed: bytes, *place: str) -> bytes | None:
        """Return the content, or None where it was not closed by us for this place."""
        try:
            return self._cipher.decrypt(closed, [part.encode() for part in place])
        except (InvalidTag, ValueError):
            return None


def cursor_to(seal: Seal, keys: Sequence[Any], *place: str) -> str:
    """Return an opaque cursor that points behind the row with these sort keys.

    - `place`: who asks, and what: a cursor is worth nothing to another actor or in another question.
    """
    content = json.dumps(list(keys), ensure_ascii=False, default=str).encode()
    return base64.urlsafe_b64encode(seal.close(content, *place)).decode().rstrip("=")


def keys_of(seal: Seal, cursor: str, *place: str) -> tuple[Any, ...]:
    """Return the sort keys that a cursor points behind.

    Raises InvalidInput, with the same words whatever is wrong with it.
    """
    try:
        closed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        closed = b""
    content = seal.open(closed, *place)
    if content is None:
        raise InvalidInput("this cursor does not belong to this question: ask for the first page")
    return tuple(json.loads(content))
