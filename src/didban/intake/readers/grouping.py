"""Rows that belong together although they stand apart, gathered in bounded memory.

Some lists scatter one entry over rows that need not be neighbours: the UK list is sorted by name,
so the aliases of one group lie far apart, and the American list joins three files. Small lists are
grouped in memory. Once the rows exceed `MAX_CHARACTERS`, they go to temporary files, each for the
keys of one hash value, and each is then grouped by itself.
"""

from __future__ import annotations

import json
import zlib
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

#: Characters of rows held in memory; the whole American list of 2021 has 3.4 million.
MAX_CHARACTERS: Final = 48_000_000
_PARTS: Final = 64

Row = tuple[int, list[str]]
"""The number of the line where a row begins, and its cells."""


class Groups:
    """Rows by key; a context manager, since it may own temporary files.

    Groups come out in the order in which their keys came in, as long as all fit in memory; beyond
    that in an order that depends on the keys alone. Rows of a group always keep their order.
    """

    def __init__(self, max_characters: int = MAX_CHARACTERS) -> None:
        self._max = max_characters
        self._rows: dict[str, list[Row]] = {}
        self._characters = 0
        self._files: list[IO[str]] = []
        self._stack = ExitStack()

    def add(self, key: str, line: int, cells: list[str]) -> None:
        """Add a row to the group of its key."""
        if self._files:
            self._write(key, line, cells)
            return
        self._rows.setdefault(key, []).append((line, cells))
        self._characters += sum(map(len, cells))
        if self._characters > self._max:
            self._spill()

    def __iter__(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield each key with its rows."""
        yield from self._rows.items()
        for file in self._files:
            file.seek(0)
            part: dict[str, list[Row]] = {}
            for text in file:
                key, line, cells = json.loads(text)
                part.setdefault(key, []).append((line, cells))
            yield from part.items()

    def _spill(self) -> None:
        """Move what is in memory to temporary files."""
        for _ in range(_PARTS):
            file = TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - the stack closes
            self._files.append(self._stack.enter_context(file))
        for key, rows in self._rows.items():
            for line, cells in rows:
                self._write(key, line, cells)
        self._rows.clear()

    def _write(self, key: str, line: int, cells: list[str]) -> None:
        # A checksum, not `hash`: the order must be the same on every run.
        file = self._files[zlib.crc32(key.encode("utf-8", "replace")) % _PARTS]
        file.write(json.dumps([key, line, cells]) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
