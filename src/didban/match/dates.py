"""What two birth dates say: the same, nearly the same, compatible, or another person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.match import parameters as p

if TYPE_CHECKING:
    from didban.model.dates import PartialDate

Finding = tuple[float, float, str]
"""Weight in log-odds, similarity 0..1, words."""


def compare_dates(one: PartialDate, other: PartialDate) -> Finding:
    """Return what two dates say; unknown parts are compatible, never equal."""
    spans = one.years, other.years
    if spans[0] is None or spans[1] is None:
        return 0.0, 0.5, "year not known"
    rough = one.approximate or other.approximate or _is_range(one) or _is_range(other)
    gap = max(spans[0][0] - spans[1][1], spans[1][0] - spans[0][1], 0)
    if gap == 0:
        return _within_range(one, other) if rough else _same_year(one, other)
    weight, similarity, words = _other_year(one, other, gap)
    return (weight * p.ROUGH if rough else weight), similarity, words


def _is_range(date: PartialDate) -> bool:
    return date.year != date.year_to


def _within_range(one: PartialDate, other: PartialDate) -> Finding:
    if _is_range(one) or _is_range(other):
        return p.WITHIN_RANGE, 0.7, "within the range of years"
    return p.SAME_YEAR * p.ROUGH, 0.75, "same year, given as approximate"


def _same_year(one: PartialDate, other: PartialDate) -> Finding:
    if None in (one.month, other.month):
        return p.SAME_YEAR, 0.8, "same year; month or day not known"
    if None in (one.day, other.day):
        if one.month == other.month:
            return p.SAME_MONTH, 0.9, "same year and month; day not known"
        return p.SAME_YEAR_OTHER_DAY, 0.4, "same year, other month"
    return _two_days(one, other)


def _two_days(one: PartialDate, other: PartialDate) -> Finding:
    """Return what two whole dates of one year say."""
    if (one.month, one.day) == (other.month, other.day):
        if (one.month, one.day) == (1, 1):
            return p.SAME_FIRST_OF_JANUARY, 0.9, "same date, but 1 January often means unknown"
        return p.SAME_DAY, 1.0, "same date"
    if (one.month, one.day) == (other.day, other.month):
        return p.SWAPPED, 0.85, "day and month swapped"
    if (1, 1) in ((one.month, one.day), (other.month, other.day)):
        return p.SAME_YEAR * p.ROUGH, 0.7, "same year; 1 January often means unknown"
    if _digits_apart(one, other) == 1:
        return p.ONE_DIGIT, 0.7, "one digit differs"
    return p.SAME_YEAR_OTHER_DAY, 0.4, "same year, other day"


def _other_year(one: PartialDate, other: PartialDate, gap: int) -> Finding:
    same_day = one.day is not None and (one.month, one.day) == (other.month, other.day)
    if same_day and (one.month, one.day) != (1, 1) and _digits_apart(one, other) == 1:
        return p.ONE_DIGIT, 0.7, "one digit of the year differs"
    if gap == 1:
        return p.NEXT_YEAR, 0.4, "one year apart"
    if gap <= p.FEW:
        return p.FEW_YEARS, 0.2, f"{gap} years apart"
    return p.OTHER_YEAR, 0.0, f"{gap} years apart"


def _digits_apart(one: PartialDate, other: PartialDate) -> int:
    a, b = (f"{d.year:04}{d.month or 0:02}{d.day or 0:02}" for d in (one, other))
    return sum(x != y for x, y in zip(a, b, strict=True))
