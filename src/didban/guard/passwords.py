"""Passwords: what may be one, and whether this is the one (argon2id, RFC 9106)."""

from __future__ import annotations

import os
import unicodedata
from functools import cached_property
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from didban.errors import InvalidInput

if TYPE_CHECKING:
    from didban.settings import Access

MAX_LENGTH: Final = 256  # characters: a hash of more would only cost time
_LEAST_DIFFERENT: Final = 5  # characters
_LEAST_OWN: Final = 6  # characters beside a common word
_COMMON: Final = (
    "password", "passwort", "parole", "geheim", "secret", "letmein", "welcome", "admin", "didban",
    "interpol", "police", "border", "qwerty", "qwertz", "azerty", "asdfgh", "zxcvbn", "1q2w3e",
    "abcdef", "iloveyou", "dragon", "monkey", "football", "changeme", "default", "gozarvazhe",
    "пароль", "йцукен", "رمز", "گذرواژه",
)  # fmt: skip
_ROWS: Final = ("0123456789" * 2, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_LEET: Final = str.maketrans("013457@$!", "oieastasi")


class Passwords:
    """Hashes and verifies passwords at the cost that the settings lay down."""

    def __init__(self, settings: Access) -> None:
        self._length = settings.password_length
        self._hasher = PasswordHasher(
            time_cost=settings.hash_rounds,
            memory_cost=settings.hash_memory_mib * 1024,
            parallelism=1,
        )
        # More at once would not be sooner, but would take their memory all together.
        self._turns = BoundedSemaphore(os.cpu_count() or 1)

    def new_hash(self, password: str, *, login: str) -> str:
        """Return the hash of a password that a user chose.

        Raises InvalidInput, which says what is wrong with it.
        """
        chosen = _normal(password)
        if len(chosen) < self._length:
            raise InvalidInput(f"a password has at least {self._length} characters")
        if len(chosen) > MAX_LENGTH:
            raise InvalidInput(f"a password has at most {MAX_LENGTH} characters")
        if is_common(chosen, login):
            raise InvalidInput("this password is one of the first that are guessed")
        return self._hasher.hash(chosen)

    def verify(self, kept: str | None, password: str) -> bool:
        """Return whether this is the password of a hash; with None, do the same work for nothing."""
        dummy = self._dummy
        try:
            with self._turns:
                self._hasher.verify(kept or dummy, _normal(password[:MAX_LENGTH]))
        except (InvalidHashError, VerificationError):
            return False
        return kept is not None

    @cached_property
    def _dummy(self) -> str:
        """What is verified where there is no hash, so that an unknown name costs the same work."""
        return self._hasher.hash("no password has this hash")

    def is_outdated(self, kept: str) -> bool:
        """Return whether a hash was made at another cost than that of now."""
        return self._hasher.check_needs_rehash(kept)

    def rehash(self, password: str) -> str:
        """Return the hash of a password that was just verified, at the cost of now."""
        return self._hasher.hash(_normal(password))


def is_common(password: str, login: str) -> bool:
    """Return whether a password is of the kinds that are guessed first.

    That is: few different characters, runs of a keyboard or of digits, or a common word or one's
    own login name with little around it.
    """
    plain = password.lower()
    if len(set(plain)) < _LEAST_DIFFERENT:
        return True
    words = sorted({*_COMMON, login, *login.replace("@", ".").split(".")}, key=len, reverse=True)
    spelt = plain.translate(_LEET)
    for word in words:
        if len(word) > 2:  # noqa: PLR2004 - a shorter one is in half of all good passwords
            plain, spelt = plain.replace(word, ""), spelt.replace(word, "")
    left = min(len(_without_runs(plain)), len(_without_runs(spelt)))
    return left < _LEAST_OWN


def _without_runs(text: str) -> str:
    """Return the text without neighbours of a keyboard, of the alphabet or of the digits."""
    return "".join(
        letter
        for before, letter in zip(" " + text, text, strict=False)
        if not any(before + letter in row or letter + before in row for row in _ROWS)
        and before != letter
    )


def _normal(password: str) -> str:
    """Return the password as every keyboard writes it (RFC 8265: composed, spaces alike)."""
    spaced = "".join(" " if c.isspace() else c for c in password)
    return unicodedata.normalize("NFC", spaced).encode(errors="replace").decode()
