"""Text as lists write it: stray spaces, placeholders for "nothing", several values in one cell."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LONGEST_CELL: Final = 4000
"""Characters of a cell that is interpreted. A longer one is no cell of a list: it is only kept, so
that neither time nor the caches of what was interpreted grow with a hostile file."""

#: Marks that only steer the direction of display; they come with copied Arabic names.
_DIRECTION_MARKS: Final = dict.fromkeys(
    [0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
)
_PLACEHOLDERS: Final = frozenset({"", "-0-", "-", "--", ".", "N/A", "n/a", "NULL", "null"})
#: "(1)", "1)", "(a)", "b)" at the start of a piece.
_MARKER: Final = re.compile(r"(?<![\w/-])\(?([a-z]|\d{1,2})\)", re.IGNORECASE)
_FIRST_LETTER: Final = ord("a") - 1


def clean(text: str | None) -> str:
    """Return the text in one line, trimmed, without display marks; empty for a placeholder.

    The zero-width non-joiner stays: Persian spelling needs it.
    """
    if not text:
        return ""
    if not text.isascii():
        text = text.translate(_DIRECTION_MARKS)
    text = " ".join(text.split())
    return "" if text in _PLACEHOLDERS else text


def numbered(text: str) -> tuple[str, ...]:
    """Split "1) first 2) second", "(a) first, (b) second" into its pieces.

    - A marker counts only if it is the next of its row, so that "(2004)" or "(b)" in other text is
      left alone. Letters and digits may alternate ("(1) Germany (b) Algeria" occurs).
    - Text before the first marker ("Passport No: (a) ... (b) ...") stands before every piece.
    - Text without markers is one piece, and so is one over `LONGEST_CELL`.
    """
    if len(text) > LONGEST_CELL:
        return (clean(text),)
    return _numbered(text)


@lru_cache(maxsize=1024)
def _numbered(text: str) -> tuple[str, ...]:
    """Return what `numbered` does, of a text of bounded length."""
    cuts: list[tuple[int, int]] = []
    for found in _MARKER.finditer(text):
        mark = found.group(1).lower()
        number = int(mark) if mark.isdigit() else ord(mark) - _FIRST_LETTER
        if number == len(cuts) + 1 or (not cuts and number == 2 and found.start() > 0):  # noqa: PLR2004
            if not cuts and number != 1:
                cuts.append((0, 0))  # "first (b) second": the first marker was forgotten
            cuts.append(found.span())
    if not cuts:
        piece = clean(text)
        return (piece,) if piece else ()
    ends = [start for start, _ in cuts[1:]] + [len(text)]
    pieces = [_trimmed(text[after:end]) for (_, after), end in zip(cuts, ends, strict=True)]
    before = clean(text[: cuts[0][0]])
    if before:
        pieces = [f"{before} {piece}" if piece else "" for piece in pieces]
    return tuple(piece for piece in pieces if piece)


def _trimmed(piece: str) -> str:
    """Return a piece without the comma, dash or "and" that led to the next one."""
    piece = clean(piece).rstrip(" ,;(").removesuffix(" and").rstrip(" ,;")
    return "" if piece in {"-", "to", "and"} else piece
