"""A content key wrapped for one recipient (RFC 9180), single shot, base mode.

The hybrid of ML-KEM-768 and X25519 is the default: police data are stored for decades, and what is
recorded on the wire today must not be opened by a later quantum computer. X25519 alone is the
fallback for recipients that have nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from didban.errors import BadSignature, Malformed

_SEED_BYTES: Final = 64  # of an ML-KEM private key
_MLKEM_BYTES: Final = 1184  # of an ML-KEM-768 public key


class Suite(StrEnum):
    """How a content key is wrapped. The names stand in descriptors."""

    HYBRID = "mlkem768-x25519"
    X25519 = "x25519"


_KEMS: Final = {Suite.HYBRID: hpke.KEM.MLKEM768_X25519, Suite.X25519: hpke.KEM.X25519}
_SUITES: Final = {
    name: hpke.Suite(kem, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    for name, kem in _KEMS.items()
}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What others wrap keys under. `raw`: ML-KEM's 1,184 bytes, where hybrid, and X25519's 32."""

    id: str
    suite: Suite
    raw: bytes
    _loaded: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Load the key once. Raises Malformed for one that is none of its suite."""
        try:
            object.__setattr__(self, "_loaded", self._load())
        except ValueError as wrong:
            raise Malformed("the sealing key is none of its suite") from wrong

    def wrap(self, secret: bytes, info: bytes) -> bytes:
        """Return a secret that only the holder of the private key can unwrap, with the same `info`.

        Raises Malformed for a key that is none.
        """
        try:
            return _SUITES[self.suite].encrypt(secret, self._loaded, info=info)
        except ValueError as wrong:  # a point of low order
            raise Malformed("the sealing key is none of its suite") from wrong

    def _load(self) -> Any:
        if self.suite is Suite.X25519:
            return X25519PublicKey.from_public_bytes(self.raw)
        lattice, curve = self.raw[:_MLKEM_BYTES], self.raw[_MLKEM_BYTES:]
        return hpke.MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(lattice), X25519PublicKey.from_public_bytes(curve)
        )


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What opens them. `raw`: ML-KEM's seed of 64 bytes, where hybrid, and X25519's 32."""

    id: str
    suite: Suite
    raw: bytes = field(repr=False)
    _loaded: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Load the key once: an ML-KEM key is worked out of its seed, which takes longer than using it."""
        object.__setattr__(self, "_loaded", self._load())

    @classmethod
    def generate(cls, identifier: str, suite: Suite = Suite.HYBRID) -> PrivateKey:
        """Return a new key."""
        curve = X25519PrivateKey.generate().private_bytes_raw()
        if suite is Suite.X25519:
            return cls(identifier, suite, curve)
        return cls(identifier, suite, MLKEM768PrivateKey.generate().private_bytes_raw() + curve)

    @property
    def public(self) -> PublicKey:
        """The public key, under the same identifier."""
        if self.suite is Suite.X25519:
            curve = X25519PrivateKey.from_private_bytes(self.raw)
            return PublicKey(self.id, self.suite, curve.public_key().public_bytes_raw())
        seed, rest = self.raw[:_SEED_BYTES], self.raw[_SEED_BYTES:]
        raw = MLKEM768PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()
        raw += X25519PrivateKey.from_private_bytes(rest).public_key().public_bytes_raw()
        return PublicKey(self.id, self.suite, raw)

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """Return the secret. Raises BadSignature where it was not wrapped for this key and `info`."""
        try:
            return _SUITES[self.suite].decrypt(wrapped, self._loaded, info=info)
        except (InvalidTag, ValueError) as wrong:
            raise BadSignature("the content key was not wrapped for us and this place") from wrong

    def _load(self) -> Any:
        if self.suite is Suite.X25519:
            return X25519PrivateKey.from_private_bytes(self.raw)
        seed, rest = self.raw[:_SEED_BYTES], self.raw[_SEED_BYTES:]
        return hpke.MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(seed), X25519PrivateKey.from_private_bytes(rest)
        )
