"""Cosignatures: another node saw this checkpoint, and that it goes on from all that it saw before.

The form is C2SP's `cosignature/v1`, one more line under the signed note:

    — xbo/didban/witness kJ3d...      key identifier, time, Ed25519 over the time and the lines above
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from didban.errors import InvalidInput
from didban.guard.secrets import SecretName
from didban.model.encoding import b64, from_b64

if TYPE_CHECKING:
    from didban.guard.secrets import Secrets

_COSIGNATURE: Final = b"\x04"  # the kind of key, in key identifiers of signed notes
_ID_BYTES: Final = 4
_TIME_BYTES: Final = 8
_LENGTH: Final = _ID_BYTES + _TIME_BYTES + 64
_LINE: Final = re.compile(r"^— ([^ \n]+) ([A-Za-z0-9+/]+={0,2})$", re.MULTILINE)
_LAST_SECOND: Final = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Whoever cosigns, as others know it: its name and public key."""

    name: str
    public: bytes

    @classmethod
    def from_text(cls, text: str) -> Witness:
        """Return the witness that `text` wrote. Raises InvalidInput when it is none."""
        try:
            name, identifier, key = text.strip().split("+", 2)
            kind_and_key = from_b64(key)
        except ValueError as wrong:
            raise InvalidInput("a witness key has the form NAME+IDENTIFIER+KEY") from wrong
        found = cls(name=name, public=kind_and_key[1:])
        if kind_and_key[:1] != _COSIGNATURE or found.identifier.hex() != identifier:
            raise InvalidInput("the witness key is not whole: its identifier does not fit")
        return found

    @property
    def identifier(self) -> bytes:
        """The four bytes by which cosignatures name the key."""
        named = self.name.encode() + b"\n" + _COSIGNATURE + self.public
        return hashlib.sha256(named).digest()[:_ID_BYTES]

    def text(self) -> str:
        """Return the key as it is given to others, in one line."""
        key = b64(_COSIGNATURE + self.public)
        return f"{self.name}+{self.identifier.hex()}+{key}"

    def seen_at(self, note: str) -> datetime | None:
        """Return when this witness cosigned a note; None where none of its lines holds."""
        body, _, lines = note.rpartition("\n\n")
        for name, value in _LINE.findall(lines):
            try:
                made = from_b64(value)
            except ValueError:
                continue
            if name != self.name or made[:_ID_BYTES] != self.identifier or len(made) != _LENGTH:
                continue
            seconds = int.from_bytes(made[_ID_BYTES : _ID_BYTES + _TIME_BYTES], "big")
            if seconds < _LAST_SECOND and self._holds(f"{body}\n", seconds, made):
                return datetime.fromtimestamp(seconds, UTC)
        return None

    def _holds(self, body: str, seconds: int, made: bytes) -> bool:
        try:
            key = Ed25519PublicKey.from_public_bytes(self.public)
            key.verify(made[_ID_BYTES + _TIME_BYTES :], _message(body, seconds))
        except (InvalidSignature, ValueError):
            return False
        return True


class Cosigner:
    """The node's key for the logs of others: another one than that of its own log."""

    def __init__(self, name: str, secret: bytes) -> None:
        key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"didban witness")
        self._key = Ed25519PrivateKey.from_private_bytes(key.derive(secret))
        self.witness = Witness(name=name, public=self._key.public_key().public_bytes_raw())

    def sign(self, note: str, at: datetime) -> str:
        """Return the line that cosigns a checkpoint. The line ends."""
        body, _, _ = note.rpartition("\n\n")
        seconds = int(at.timestamp())
        signature = self._key.sign(_message(f"{body}\n", seconds))
        made = self.witness.identifier + seconds.to_bytes(_TIME_BYTES, "big") + signature
        return f"— {self.witness.name} {b64(made)}\n"


def cosigner_of(host: str, secrets: Secrets) -> Cosigner:
    """Return what cosigns for the node of this host. Raises ConfigError without the secret."""
    return Cosigner(f"{host}/didban/witness", secrets.get(SecretName.AUDIT))


def _message(body: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()
