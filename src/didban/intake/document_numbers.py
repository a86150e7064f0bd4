"""Whether document numbers, and ranges of them, can be looked up at all."""

from __future__ import annotations

import re
from typing import Final

from didban.match.documents import MIN_LENGTH, normal

MAX_LENGTH: Final = 40
_RANGE_END: Final = re.compile(r"(.*?)(\d+)")


def range_fault(number: str, number_to: str | None) -> str | None:
    """Return what is wrong with a number or a range of blanks, or None when nothing is.

    A range has one prefix and one width, ends with digits, and does not run backwards.
    """
    first = normal(number)
    if not MIN_LENGTH <= len(first) <= MAX_LENGTH:
        return f"number must have {MIN_LENGTH} to {MAX_LENGTH} letters and digits"
    return None if number_to is None else _end_fault(first, normal(number_to))


def _end_fault(first: str, last: str) -> str | None:
    if len(first) != len(last):
        return "number and number_to differ in length"
    start, end = _RANGE_END.fullmatch(first), _RANGE_END.fullmatch(last)
    if start is None or end is None:
        return "number and number_to must end with digits to make a range"
    if start[1] != end[1]:
        return "number and number_to differ before their last digits"
    if int(start[2]) > int(end[2]):
        return "the range runs backwards: number is greater than number_to"
    return None


def range_size(number: str, number_to: str | None) -> int:
    """Return how many documents a number or a range without faults stands for."""
    if number_to is None:
        return 1
    start, end = _RANGE_END.fullmatch(normal(number)), _RANGE_END.fullmatch(normal(number_to))
    return int(end[2]) - int(start[2]) + 1 if start and end else 1
