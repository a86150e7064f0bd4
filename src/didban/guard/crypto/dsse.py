"""Signatures over exact bytes and their type (DSSE v1): nothing is parsed before it is verified."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from didban.errors import BadSignature

ENVELOPE: Final = "application/vnd.didban.envelope.v1+json"
DESCRIPTOR: Final = "application/vnd.didban.descriptor.v1+json"
CHARTER: Final = "application/vnd.didban.charter.v1+json"
EPOCH: Final = "application/vnd.didban.epoch.v1+json"
DEVICE: Final = "application/vnd.didban.device.v1+json"


def pae(kind: str, payload: bytes) -> bytes:
    """Return DSSE's pre-authentication encoding: lengths first, so that nothing can be shifted."""
    name = kind.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private Ed25519 key and the identifier by which descriptors name it."""

    id: str
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls, identifier: str) -> SigningKey:
        """Return a new key."""
        return cls(identifier, Ed25519PrivateKey.generate())

    @classmethod
    def of(cls, identifier: str, raw: bytes) -> SigningKey:
        """Return the key of these 32 secret bytes."""
        return cls(identifier, Ed25519PrivateKey.from_private_bytes(raw))

    @property
    def raw(self) -> bytes:
        """The secret bytes, to be sealed and kept."""
        return self.private.private_bytes_raw()

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    def sign(self, kind: str, payload: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        return self.private.sign(pae(kind, payload))


def verify(public: bytes, kind: str, payload: bytes, signature: bytes) -> None:
    """Return if the signature holds. Raises BadSignature."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, pae(kind, payload))
    except (InvalidSignature, ValueError) as wrong:
        raise BadSignature("the signature does not hold") from wrong
