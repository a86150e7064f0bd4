"""Why a text is no machine-readable zone, and what it would be with characters put in or out.

Scanners lose and double fillers more than anything else: a zone whose lines are a little too
short or too long is refused, with a proposal where one makes every check digit right.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from didban.model.mrz.check_digits import ALPHABET, FILLER
from didban.model.mrz.layouts import LAYOUTS
from didban.model.mrz.values import Change, Repair
from didban.model.mrz.verify import verify
from didban.model.mrz.zones import FRENCH_CARD_PREFIX, MAX_CHARACTERS, SHAPES, format_of, tidy_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_MISSING = 3
_MAX_PROPOSALS = 3
_MAX_TRIED = 4_000
_MAX_LINES = 12
_ROWS_OF_TD1 = 3
_LIKELY_START = ("P", "V", "I", "A", "C")
_SIZES = "two lines of 44 (TD3, MRVA), two of 36 (TD2, MRVB, FRID) or three of 30 (TD1)"


def why_unreadable(text: str) -> tuple[str, ...]:
    """Return the reasons why no zone was found, for a person to read."""
    if len(text) > MAX_CHARACTERS:
        return (f"the text is longer than {MAX_CHARACTERS:,} characters",)
    lines = tidy_lines(text)
    if not lines:
        return ("the text is empty",)
    foreign = tuple(_foreign_signs(lines))
    if foreign:
        return foreign
    found = ", ".join(str(len(line)) for line in lines[:_MAX_LINES])
    more = ", ..." if len(lines) > _MAX_LINES else ""
    words = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    return (f"found {words} of {found}{more} characters; a zone has {_SIZES}",)


def propose_lengths(text: str) -> tuple[Repair, ...]:
    """Return zones that come of putting in or taking out up to three characters in a line.

    - Only such are proposed whose check digits are all right.
    - Fillers are put in where fillers are, or at the end; only if that yields nothing, anywhere.
    - A line without check digits is mended at its end alone: nothing speaks for another place.
    """
    if len(text) > MAX_CHARACTERS:
        return ()
    lines = tidy_lines(text)[:_MAX_LINES]
    for anywhere in (False, True):
        found: dict[tuple[str, ...], Repair] = {}
        for columns, group in _groups(lines):
            for repair in _proposals(columns, group, anywhere=anywhere):
                found.setdefault(repair.lines, repair)
        if found:
            return tuple(islice(found.values(), _MAX_PROPOSALS))
    return ()


def _foreign_signs(lines: Sequence[str]) -> Iterator[str]:
    """Yield the signs outside the alphabet, in lines of a zone's length only."""
    widths = {columns for _, columns in SHAPES}
    for number, line in enumerate(lines, start=1):
        if len(line) in widths and (FILLER in line):
            for column, sign in enumerate(line, start=1):
                if sign not in ALPHABET:
                    yield (
                        f"line {number}, column {column}: {sign!r} is not a character of the zone "
                        "(A-Z, 0-9, <)"
                    )


def _groups(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield neighbouring lines that are nearly a zone, with the columns they should have."""
    for rows, columns in SHAPES:
        for at in range(len(lines) - rows + 1):
            group = list(lines[at : at + rows])
            if group[0].startswith(_LIKELY_START) and all(_is_near(g, columns) for g in group):
                yield columns, group
        for line in lines:
            missing = rows * columns - len(line)
            if line.startswith(_LIKELY_START) and 0 < abs(missing) <= _MAX_MISSING:
                yield from ((columns, group) for group in _splits(line, rows, columns))


def _is_near(line: str, columns: int) -> bool:
    return abs(len(line) - columns) <= _MAX_MISSING and ALPHABET.issuperset(line)


def _splits(whole: str, rows: int, columns: int) -> Iterator[list[str]]:
    """Yield the ways to break one long line if all but one of its lines have the right length."""
    if not ALPHABET.issuperset(whole):
        return
    surplus = len(whole) - rows * columns
    for odd in range(rows):
        ends = [columns * (row + 1) + (surplus if row >= odd else 0) for row in range(rows)]
        yield [whole[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def _proposals(columns: int, lines: Sequence[str], *, anywhere: bool) -> Iterator[Repair]:
    ways = [
        list(_mended(line, number, columns, places))
        for number, (line, places) in enumerate(
            zip(lines, _places(lines, columns, anywhere=anywhere), strict=True), start=1
        )
    ]
    for combination in islice(product(*ways), _MAX_TRIED):
        mended = tuple(line for line, _ in combination)
        kind = format_of(mended)
        if kind is None:
            continue
        verdicts = [check.verdict for check in verify(LAYOUTS[kind], mended)]
        if False not in verdicts and True in verdicts:
            yield Repair(
                changes=tuple(change for _, part in combination for change in part),
                lines=mended,
                reason=f"every check digit of a {kind} is right after it",
                is_confirmed=True,
            )


def _places(lines: Sequence[str], columns: int, *, anywhere: bool) -> Iterator[list[int]]:
    """Yield for each line where characters may be put in, or taken out, the likeliest first."""
    is_french = lines[0].startswith(FRENCH_CARD_PREFIX)
    has_names_last = len(lines) == _ROWS_OF_TD1
    unchecked = len(lines) - 1 if has_names_last else -1 if is_french else 0
    for at, line in enumerate(lines):
        missing = columns - len(line)
        if missing > 0:
            places = list(_gaps(line, anywhere=anywhere and missing == 1))
        else:
            places = list(_surplus(line, -missing))
        yield places[:1] if at == unchecked else places


def _gaps(line: str, *, anywhere: bool) -> Iterator[int]:
    yield len(line)
    if anywhere:
        yield from range(len(line))
    else:
        yield from (at for at, sign in enumerate(line) if sign == FILLER)


def _surplus(line: str, count: int) -> Iterator[int]:
    """Yield where fillers, or one repeated character, may be taken out."""
    for at in range(len(line) - count, -1, -1):
        part = line[at : at + count]
        is_repeated = count == 1 and at > 0 and line[at - 1] == part
        if part == FILLER * count or is_repeated:
            yield at


def _mended(
    line: str, number: int, columns: int, places: Sequence[int]
) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """Yield the line with the right length, each form once, and what was changed in it."""
    missing = columns - len(line)
    if missing == 0:
        yield line, ()
        return
    seen = set()
    for at in places:
        put_in = FILLER * max(missing, 0)
        taken_out = line[at : at + max(-missing, 0)]
        mended = line[:at] + put_in + line[at + len(taken_out) :]
        if mended in seen:
            continue
        seen.add(mended)
        changes = [(at, "", sign) for sign in put_in]
        changes += [(at + i, sign, "") for i, sign in enumerate(taken_out)]
        yield (
            mended,
            tuple(
                Change(line=number, column=column + 1, read=read, proposed=proposed, element="")
                for column, read, proposed in changes
            ),
        )
