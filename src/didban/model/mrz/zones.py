"""Finding machine-readable zones in the text that a scanner, a keyboard or a program gives.

Forgiving about everything that scanners do differently: line breaks of any kind or none, spaces,
lower case, other signs for the filler, control characters, other text around the zone. Strict
about the zone itself: right number of lines, right lengths, right alphabet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban.model.mrz.check_digits import ALPHABET, FILLER
from didban.model.mrz.layouts import LAYOUTS, Format
from didban.model.mrz.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_CHARACTERS = 100_000
"""More than this is no scan of a document: refused unread, so that no input can stall a check."""

SHAPES = ((2, 44), (2, 36), (3, 30))
"""Lines and columns of the zones that there are."""

FRENCH_CARD_PREFIX = "IDFRA"

_BREAKS = re.compile(r"(?:[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]|\\[rnRN])+")
_FILLER_SIGNS = {ord(sign): FILLER for sign in "‹〈⟨˂❮"} | {ord("≪"): FILLER * 2}
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_TABLE = _FULL_WIDTH | _FILLER_SIGNS | _UPPER
_LETTERS = frozenset("PVIAC")
_LETTER_BONUS = 3
_SHORTEST_REMNANT = 20
_QUOTES = "\"'`|,;.:"
_WORD_LENGTHS = frozenset({size for _, size in SHAPES} | {rows * size for rows, size in SHAPES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Lines that have the shape of a zone. `is_adapted`: spaces or « were taken for fillers."""

    format: Format
    lines: tuple[str, ...]
    is_adapted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Remnant:
    """Neighbouring lines beside a zone that look like another one and do not make one."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    first: int
    last: int
    format: Format
    lines: tuple[str, ...]
    right: int
    wrong: int

    @property
    def doubt(self) -> tuple[int, int]:
        """Sorting key: check digits and first letter, in balance; then the place."""
        return self.wrong - self.right - _LETTER_BONUS * (self.lines[0][0] in _LETTERS), self.first


def find_zones(text: str) -> tuple[Zone | Remnant, ...]:
    """Return the zones in a text, in the order in which they stand; none if there is none.

    - « is two fillers or, where only that fits, one; a space is nothing or, where only that fits,
      a filler.
    - Of shapes that overlap, the one with more right check digits is taken.
    - What looks like part of another zone is returned as a remnant; other text is passed over.
    """
    if len(text) > MAX_CHARACTERS:
        return ()
    for lines, is_adapted in _readings(text):
        found = _select(_candidates(lines))
        if found:
            return tuple(_in_order(lines, found, is_adapted=is_adapted))
        found = _select(_rejoined(lines))
        if found:
            return tuple(Zone(format=c.format, lines=c.lines, is_adapted=is_adapted) for c in found)
    return ()


def tidy_lines(text: str) -> list[str]:
    """Return the lines of a text in capitals and without spaces; lines without a sign are gone."""
    return next(_readings(text[:MAX_CHARACTERS]))[0]


def format_of(lines: Sequence[str]) -> Format | None:
    """Return the format that lines of this number, length and first letters have, or None."""
    size = (len(lines), len(lines[0]) if lines else 0)
    if size not in SHAPES or any(len(line) != size[1] for line in lines):
        return None
    is_visa = lines[0].startswith("V")
    if size == (3, 30):
        return Format.TD1
    if size == (2, 44):
        return Format.MRVA if is_visa else Format.TD3
    if is_visa:
        return Format.MRVB
    return _french_or_td2(lines) if lines[0].startswith(FRENCH_CARD_PREFIX) else Format.TD2


def _french_or_td2(lines: Sequence[str]) -> Format:
    """Decide for the French card unless only the check digits of a TD2 are all right."""
    verdicts = {
        kind: [check.verdict for check in verify(LAYOUTS[kind], lines)]
        for kind in (Format.FRID, Format.TD2)
        if ALPHABET.issuperset("".join(lines))
    }
    is_td2 = verdicts and all(verdicts[Format.TD2]) and not all(verdicts[Format.FRID])
    return Format.TD2 if is_td2 else Format.FRID


def _readings(text: str) -> Iterator[tuple[list[str], bool]]:
    """Yield the text as lines, first as it most likely is, then in less likely readings."""
    text = text.replace("&lt;", FILLER).translate(_TABLE)
    for blank in ("", FILLER):
        for guillemet in (FILLER * 2, FILLER):
            is_adapted = bool(blank) or ("«" in text and guillemet == FILLER)
            if guillemet == FILLER and "«" not in text:
                continue
            raw = text.replace("«", guillemet)
            lines = (_tidy(line, blank) for line in _BREAKS.split(raw))
            yield [line for line in lines if line], is_adapted


def _tidy(line: str, blank: str) -> str:
    """Return the line without what is no sign; of a line with other text, the word that is MRZ."""
    if blank:
        tidy = "".join(blank if sign.isspace() else sign for sign in line)
    else:
        tidy = "".join(sign for sign in line if sign.isprintable() and not sign.isspace())
    tidy = tidy.strip(_QUOTES)
    if len(tidy) in _WORD_LENGTHS and ALPHABET.issuperset(tidy):
        return tidy
    words = (word.strip(_QUOTES) for word in line.split())
    of_length = (w for w in words if len(w) in _WORD_LENGTHS and ALPHABET.issuperset(w))
    return next(of_length, tidy)


def _candidates(lines: Sequence[str]) -> Iterator[_Candidate]:
    for at, line in enumerate(lines):
        for rows, columns in SHAPES:
            if len(line) == rows * columns:
                split = [line[i : i + columns] for i in range(0, len(line), columns)]
                yield from _candidate(at, at, split)
            elif len(line) == columns and at + rows <= len(lines):
                yield from _candidate(at, at + rows - 1, lines[at : at + rows])


def _rejoined(lines: Sequence[str]) -> Iterator[_Candidate]:
    """Yield the zone that was broken into lines elsewhere, if a check digit of it is right."""
    whole = "".join(lines)
    if whole[:1] in _LETTERS:
        yield from (c for c in _candidates([whole]) if c.right)


def _candidate(first: int, last: int, lines: Sequence[str]) -> Iterator[_Candidate]:
    kind = format_of(lines)
    if kind is None or not ALPHABET.issuperset("".join(lines)):
        return
    verdicts = [check.verdict for check in verify(LAYOUTS[kind], lines)]
    yield _Candidate(
        first=first,
        last=last,
        format=kind,
        lines=tuple(lines),
        right=verdicts.count(True),
        wrong=verdicts.count(False),
    )


def _select(candidates: Iterator[_Candidate]) -> list[_Candidate]:
    """Return candidates that do not overlap, the most convincing first, ordered by place."""
    chosen: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: c.doubt):
        if all(candidate.last < c.first or c.last < candidate.first for c in chosen):
            chosen.append(candidate)
    return sorted(chosen, key=lambda c: c.first)


def _in_order(
    lines: Sequence[str], found: Sequence[_Candidate], *, is_adapted: bool
) -> Iterator[Zone | Remnant]:
    """Yield the zones and, between them, what looks like part of a zone."""
    at = 0
    for candidate in found:
        yield from _remnant(lines[at : candidate.first])
        yield Zone(format=candidate.format, lines=candidate.lines, is_adapted=is_adapted)
        at = candidate.last + 1
    yield from _remnant(lines[at:])


def _remnant(lines: Sequence[str]) -> Iterator[Remnant]:
    if alike := tuple(line for line in lines if _looks_like_zone(line)):
        yield Remnant(lines=alike)


def _looks_like_zone(line: str) -> bool:
    return len(line) >= _SHORTEST_REMNANT and FILLER in line and ALPHABET.issuperset(line)
