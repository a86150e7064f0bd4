"""The second factor: one-time codes of RFC 6238, each good for one sign-in."""

from __future__ import annotations

import hmac
import os
from typing import TYPE_CHECKING, Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyotp.totp import TOTP

from didban.errors import IntegrityFailure
from didban.guard.secrets import SecretName

if TYPE_CHECKING:
    from datetime import datetime

    from didban.guard.secrets import Secrets

STEP_SECONDS: Final = 30
_TOLERANCE: Final = 1  # steps before and after: clocks of phones, and slow fingers
_NONCE_BYTES: Final = 12


class SecondFactor:
    """Makes, keeps and checks the secrets behind one-time codes.

    A secret at rest is sealed by AES-GCM under a key of the node, for one user: moved to another
    user's row it does not open.
    """

    def __init__(self, secrets: Secrets) -> None:
        key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"second factor")
        self._box = AESGCM(key.derive(secrets.get(SecretName.ACCESS)))

    def new(self, user: str) -> bytes:
        """Return a fresh secret, sealed for this user."""
        nonce = os.urandom(_NONCE_BYTES)
        made = pyotp.random_base32()
        return nonce + self._box.encrypt(nonce, made.encode(), user.encode())

    def address(self, sealed: bytes, *, user: str, login: str) -> str:
        """Return the `otpauth:` address that an authenticator reads from a QR code."""
        return self._codes(sealed, user).provisioning_uri(name=login, issuer_name="Didban")

    def step_of(self, sealed: bytes, code: str, *, user: str, now: datetime) -> int | None:
        """Return the step whose code this is, or None if it is none of the present ones.

        Who accepts it must refuse a step at or below the last one used. Compares in constant time,
        and every step whatever was found.
        """
        codes = self._codes(sealed, user)
        present = int(now.timestamp()) // STEP_SECONDS
        given = "".join(code.split()).encode(errors="replace")
        found = None
        for step in range(present - _TOLERANCE, present + _TOLERANCE + 1):
            expected = codes.generate_otp(step).encode()
            if hmac.compare_digest(expected, given):
                found = step
        return found

    def _codes(self, sealed: bytes, user: str) -> TOTP:
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            opened = self._box.decrypt(nonce, rest, user.encode())
        except InvalidTag as error:
            raise IntegrityFailure(
                "a second factor does not open: was the key replaced?"
            ) from error
        return TOTP(opened.decode(), interval=STEP_SECONDS)
