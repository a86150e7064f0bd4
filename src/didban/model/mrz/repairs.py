"""Proposals for misread characters, each checked again with every check digit.

A proposal is never applied by Didban: a repaired zone is a lead, not a verified reading. Wrong
lengths are the matter of `didban.model.mrz.lengths`.
"""

from __future__ import annotations

from itertools import combinations, islice, pairwise, product
from typing import TYPE_CHECKING

from didban.model.mrz.check_digits import DIGITS, FILLER
from didban.model.mrz.confusions import DIGIT_FOR, LETTER_FOR, faint_lookalikes, lookalikes
from didban.model.mrz.layouts import Layout, Span
from didban.model.mrz.values import Change, Repair
from didban.model.mrz.verify import read_number, verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MAX_PROPOSALS = 5
"""More are no help to anybody; the likeliest come first."""

_MAX_STILL_WRONG = 2  # beyond that it was no misread character, or no zone at all
_MAX_COMBINATIONS = 2_000
_DATES = {"dob": "birth_date", "exp": "expiry_date"}
_OWN_CHECKS = ("docno", "dob", "exp", "optional")
_LETTERS_ONLY = ("issuing_state", "name", "nationality", "given_names")
_CYRILLIC_IN_NAMES = "RUS"  # its internal passports write Cyrillic names with digits among letters
_CLEAR, _CLEAR_TO_LETTER, _FAINT, _SWAP = 1, 2, 4, 4  # numbers have more digits than letters

_Changes = tuple[Change, ...]
_Costed = tuple[int, _Changes]


def propose_repairs(layout: Layout, lines: Sequence[str]) -> tuple[Repair, ...]:
    """Return what the zone may really read, the likeliest first; none if nothing seems misread.

    - Digits in names and states are read as letters, letters in dates and check digits as digits.
    - For each wrong check digit, one misread character, two swapped ones, or two clearly confused
      ones are looked for; a solution must make every check digit right.
    - Where there is none, what makes fewer check digits wrong is proposed, and marked as such.
    """
    spelled = tuple(_digits_among_letters(layout, lines))
    base = apply_changes(lines, spelled)
    forced = tuple(_letters_among_digits(layout, base))
    wrong = _wrong(layout, base)
    if not (spelled or forced or wrong):
        return ()
    solutions = _solutions(layout, base, forced) if forced or wrong else [(0, ())]
    repairs = (
        _repair(layout, lines, spelled + changes) for _, changes in sorted(solutions, key=_cost)
    )
    return tuple(islice((r for r in repairs if r.changes), MAX_PROPOSALS))


def apply_changes(lines: Sequence[str], changes: Iterable[Change]) -> tuple[str, ...]:
    """Return the lines after changes that each replace one character by one."""
    rows = [list(line) for line in lines]
    for change in changes:
        rows[change.line - 1][change.column - 1] = change.proposed
    return tuple("".join(row) for row in rows)


def _repair(layout: Layout, lines: Sequence[str], changes: _Changes) -> Repair:
    changed = apply_changes(lines, changes)
    wrong = _wrong(layout, changed)
    covered = {name for name in _LETTERS_ONLY if "given_names" not in layout.elements}
    if wrong:
        reason = f"still wrong after it: {', '.join(wrong)}"
    elif all(change.element in covered for change in changes):
        reason = "only letters can stand there; no check digit covers it"
    else:
        reason = "every check digit is right after it"
    return Repair(changes=changes, lines=changed, reason=reason, is_confirmed=not wrong)


def _cost(way: _Costed) -> int:
    return way[0]


def _wrong(layout: Layout, lines: Sequence[str]) -> list[str]:
    return [check.name for check in verify(layout, lines) if check.verdict is False]


def _solutions(layout: Layout, base: Sequence[str], forced: _Changes) -> list[_Costed]:
    """Return the changes that leave no check digit wrong, or else those that help at all."""
    lines = apply_changes(base, forced)
    before, wrong = _wrong(layout, base), _wrong(layout, lines)
    cost = len(forced) * _CLEAR
    if not wrong:
        return [(cost, forced)]
    if not before:  # letters that weigh like the digits in their place: better left alone
        return []
    full, partial = _search(layout, lines, wrong)
    if not full and len(wrong) > _MAX_STILL_WRONG:
        return []
    if not full and forced and len(wrong) < len(before):
        return [(cost, forced)]
    return [(cost + more, forced + changes) for more, changes in full or partial]


def _search(
    layout: Layout, lines: Sequence[str], wrong: Sequence[str]
) -> tuple[list[_Costed], list[_Costed]]:
    """Return the complete and the partial solutions for these wrong check digits.

    Partial is an element with one solution beside another without any: where the element is the
    only one that is wrong, the composite check digit has refuted it.
    """
    own = [name for name in _OWN_CHECKS if name in wrong]
    ways = [_ways(layout, lines, name) for name in own] or [_composite_ways(layout, lines)]
    full = []
    for combination in islice(product(*ways), _MAX_COMBINATIONS):
        changes = tuple(change for _, part in combination for change in part)
        if not _wrong(layout, apply_changes(lines, changes)):
            full.append((sum(cost for cost, _ in combination), changes))
    partial = [options[0] for options in ways if len(options) == 1] if len(own) > 1 else []
    return full, partial


def _ways(layout: Layout, lines: Sequence[str], name: str) -> list[_Costed]:
    """Return the changes within one element that make its own check digit right."""
    places = list(_places(layout, lines, name))
    single = [*_substitutions(lines, places), *_swaps(lines, places)]
    found = [way for way in single if _mends(layout, lines, name, way[1])]
    if not found:
        clear = [way for way in single if way[0] <= _CLEAR_TO_LETTER]
        pairs = (
            (first[0] + second[0], first[1] + second[1])
            for first, second in combinations(clear, 2)
            if first[1][0].column != second[1][0].column
        )
        found = [way for way in pairs if _mends(layout, lines, name, way[1])]
    return sorted(found, key=_cost)


def _mends(layout: Layout, lines: Sequence[str], name: str, changes: _Changes) -> bool:
    changed = apply_changes(lines, changes)
    if name in _DATES and not _may_be_date(layout.elements[_DATES[name]].of(changed)):
        return False
    return all(check.verdict for check in verify(layout, changed) if check.name == name)


def _may_be_date(raw: str) -> bool:
    parts = [part.replace(FILLER, "0") for part in (raw[2:4], raw[4:6])]
    return all(part.isdecimal() for part in parts) and parts[0] <= "12" and parts[1] <= "31"


def _composite_ways(layout: Layout, lines: Sequence[str]) -> list[_Costed]:
    """Return changes of what only the composite check digit covers, and of that digit itself."""
    spans = [
        (name, layout.elements[name])
        for name in ("optional_data", "optional_data_2")
        if name in layout.elements and "optional" not in layout.digits
    ]
    digit = layout.digits["composite"]
    places = [
        (name, span.line, column)
        for name, span in spans
        for column in range(span.first, span.last + 1)
    ]
    return sorted(
        _substitutions(lines, [*places, ("composite", digit.line, digit.first)]), key=_cost
    )


def _places(layout: Layout, lines: Sequence[str], name: str) -> Iterator[tuple[str, int, int]]:
    """Yield element, line and column of every character of a check: what it covers, its digit."""
    element = {"docno": "document_number", "optional": "optional_data"} | _DATES
    spans = [*layout.covers[name], layout.digits[name]]
    if name == "docno" and (digit_at := read_number(layout, lines).digit_at):
        is_long = digit_at != layout.digits[name]
        first = layout.elements["optional_data"].first if is_long else digit_at.first
        spans = [*layout.covers[name], Span(digit_at.line, first, digit_at.last)]
    for span in spans:
        for column in range(span.first, span.last + 1):
            yield element[name], span.line, column


def _substitutions(
    lines: Sequence[str], places: Sequence[tuple[str, int, int]]
) -> Iterator[_Costed]:
    last = places[-1]
    for place in places:
        element, line, column = place
        read = lines[line - 1][column - 1]
        is_numeric = element in _DATES.values() or place == last
        for cost, others in ((_CLEAR, lookalikes(read)), (_FAINT, faint_lookalikes(read))):
            for other in others:
                if not is_numeric or other in DIGITS:
                    change = Change(
                        line=line, column=column, read=read, proposed=other, element=element
                    )
                    yield cost + (cost == _CLEAR and other.isalpha()), (change,)


def _swaps(lines: Sequence[str], places: Sequence[tuple[str, int, int]]) -> Iterator[_Costed]:
    """Yield neighbours in reverse order, as people type them; the check digit stays in place."""
    for (element, line, column), (_, next_line, next_column) in pairwise(places):
        if (line, column + 1) != (next_line, next_column):
            continue
        first, second = lines[line - 1][column - 1], lines[line - 1][column]
        if first != second and FILLER not in {first, second}:
            yield (
                _SWAP,
                (
                    Change(line=line, column=column, read=first, proposed=second, element=element),
                    Change(
                        line=line, column=column + 1, read=second, proposed=first, element=element
                    ),
                ),
            )


def _digits_among_letters(layout: Layout, lines: Sequence[str]) -> Iterator[Change]:
    """Yield the digits in names and states as the letters that they most likely are."""
    issuer = layout.elements["issuing_state"].of(lines)
    for element in _LETTERS_ONLY:
        at = layout.elements.get(element)
        if at is None or (issuer == _CYRILLIC_IN_NAMES and element == "name"):
            continue
        yield from _converted(at, lines, element, LETTER_FOR)


def _letters_among_digits(layout: Layout, lines: Sequence[str]) -> Iterator[Change]:
    """Yield the letters in dates and check digits as the digits that they most likely are."""
    for element in _DATES.values():
        if element in layout.elements:
            yield from _converted(layout.elements[element], lines, element, DIGIT_FOR)
    for name, at in layout.digits.items():
        digit_at = read_number(layout, lines).digit_at if name == "docno" else at
        if digit_at is not None:
            yield from _converted(digit_at, lines, name, DIGIT_FOR)


def _converted(
    at: Span, lines: Sequence[str], element: str, table: Mapping[str, str]
) -> Iterator[Change]:
    for column, read in enumerate(at.of(lines), start=at.first):
        if read in table:
            yield Change(
                line=at.line, column=column, read=read, proposed=table[read], element=element
            )
