"""Words and tables for a terminal: plain text that lines up in any script and any width."""

from __future__ import annotations

import json
import shutil
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

_FULL_WIDTH = frozenset("WF")
_ZERO_WIDTH = frozenset({"Mn", "Me", "Cf"})

# A terminal orders a line that mixes directions as a whole; isolates keep each value in its cell.
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def width(text: str) -> int:
    """Return how many terminal columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(char) in _ZERO_WIDTH
        else 2
        if unicodedata.east_asian_width(char) in _FULL_WIDTH
        else 1
        for char in text
    )


def isolated(text: str) -> str:
    """Return a text so that its direction does not disturb what stands beside it."""
    if text.isascii() or not any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text):
        return text
    return f"{_ISOLATE}{text}{_END_ISOLATE}"


def printable(text: str) -> str:
    """Return a text of a foreign file without what could steer a terminal."""
    return "".join(c if c.isprintable() or c == "\u200c" else " " for c in text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, indent: str = "") -> str:
    """Return rows in columns as wide as their widest cell, the last one as wide as it likes."""
    cells = [[printable(cell) for cell in row] for row in [head, *rows]]
    widths = [max(width(row[i]) for row in cells) for i in range(len(head))]
    lines = []
    for row in cells:
        padded = [
            isolated(cell) + " " * (wide - width(cell))
            for cell, wide in zip(row, widths, strict=True)
        ]
        lines.append((indent + "  ".join(padded)).rstrip())
    rule = indent + "  ".join("-" * wide for wide in widths)
    return "\n".join([lines[0], rule, *lines[1:]])


def counted(count: int, one: str, many: str) -> str:
    """Return a number with its noun: `1 row`, `2,000 rows`."""
    return f"{count:,} {one if count == 1 else many}"


def moment(at: datetime | str | None, otherwise: str = "") -> str:
    """Return a moment to the second, with its zone: `2026-11-22 23:09:27 UTC`.

    - `at`: as JSON has it, too; None becomes `otherwise`.
    """
    if at is None:
        return otherwise
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{found.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def span(age: timedelta, *, is_exact: bool = False) -> str:
    """Return a span of time in words, in the largest unit that fits.

    - `is_exact`: what is shorter than a minute is told in seconds.
    """
    seconds = age.total_seconds()
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if abs(seconds) >= size:
            count = round(seconds / size)
            return f"{count} {unit}{'' if abs(count) == 1 else 's'}"
    return f"{seconds:.0f} s" if is_exact else "less than a minute"


def banner(text: str) -> str:
    """Return one large line that is seen across a desk; coloured where the terminal can."""
    return f"=== {text} {'=' * max(3, terminal_width() - len(text) - 5)}"


def terminal_width() -> int:
    """Return the columns of the terminal, at most 100."""
    return min(shutil.get_terminal_size((80, 24)).columns, 100)


def tell_rows(rows: Sequence[Mapping[str, str]], *, as_json: bool) -> None:
    """Print rows of the same keys as a table, or each as one line of JSON; for people, also none."""
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    elif rows:
        print(table(tuple(rows[0]), [tuple(row.values()) for row in rows]))
    else:
        print("none")
