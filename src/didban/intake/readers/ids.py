"""Identifiers that a list repeats: the second row must not silently replace the first."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_HASH_LENGTH: Final = 12


def row_hash(cells: Iterable[str]) -> str:
    """Return the first twelve hex digits of a hash of a row: the key of a row that has none."""
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:_HASH_LENGTH]


class DistinctIds:
    """Remembers the identifiers of one file, as eight bytes."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def is_new(self, identifier: str) -> bool:
        """Return whether this identifier was not asked about before."""
        digest = hashlib.blake2b(identifier.encode(), digest_size=8).digest()
        mark = int.from_bytes(digest, "little")
        if mark in self._seen:
            return False
        self._seen.add(mark)
        return True

    def distinct(self, identifier: str, cells: Iterable[str]) -> str | None:
        """Return the identifier, with the row's hash behind it where it is a repetition.

        None when this very row was given before: then there is nothing to add.
        """
        longer = f"{identifier}-{row_hash(cells)}"
        is_new_row = self.is_new(longer)
        if self.is_new(identifier):
            return identifier
        return longer if is_new_row else None
