"""Private keys at rest: sealed under a secret of the node, each bound to its own identifier."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from didban.errors import IntegrityFailure
from didban.guard.secrets import SecretName

if TYPE_CHECKING:
    from didban.guard.secrets import Secrets

_NONCE_BYTES: Final = 12


class Box:
    """Seals and opens what the database keeps of our keys. `use` keeps rooms apart."""

    def __init__(self, secrets: Secrets, use: str) -> None:
        key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=use.encode())
        self._cipher = ChaCha20Poly1305(key.derive(secrets.get(SecretName.EXCHANGE)))

    def seal(self, identifier: str, raw: bytes) -> bytes:
        """Return the key as it may be kept, for the row of this identifier alone."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, raw, identifier.encode())

    def open(self, identifier: str, sealed: bytes) -> bytes:
        """Return the key. Raises IntegrityFailure where it was sealed under another secret."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, rest, identifier.encode())
        except InvalidTag as wrong:
            raise IntegrityFailure(
                "a key of this node does not open: the secret 'exchange' is another one"
            ) from wrong
