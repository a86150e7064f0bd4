"""What two birth dates say: the same, nearly the same, compatible, or another person's."""

from __future__ import annotations

import math
from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

from didban.match.evidence import parameters as p

if TYPE_CHECKING:
    from didban.model.dates import PartialDate


class DateFinding(Enum):
    """What two dates have in common; each with its similarity 0..1 and its words."""

    SAME_DAY = (1.0, "same date")
    FIRST_OF_JANUARY = (0.9, "same date, but 1 January often means unknown")
    SAME_MONTH = (0.9, "same year and month; day not known")
    SWAPPED = (0.85, "day and month swapped")
    SAME_YEAR = (0.8, "same year; month or day not known")
    ONE_DIGIT = (0.7, "one digit differs")
    WITHIN_RANGE = (0.7, "within the range of years")
    UNKNOWN = (0.5, "year not known")
    OTHER_DAY = (0.4, "same year, other day")
    NEXT_YEAR = (0.4, "one year apart")
    FEW_YEARS = (0.2, "a few years apart")
    OTHER_YEAR = (0.0, "many years apart")

    @property
    def similarity(self) -> float:
        """0.0 .. 1.0."""
        return self.value[0]

    @property
    def words(self) -> str:
        """The finding in words."""
        return self.value[1]


_NEW_YEAR: Final = (1, 1)
_MOON: Final = timedelta(days=2)


def compare_dates(one: PartialDate, other: PartialDate) -> tuple[float, DateFinding]:
    """Return the weight in log-odds of two dates, and the finding.

    An approximate date or a range of years weighs less, for and against; and years that agree weigh
    the less, the more years there are to agree with.
    """
    finding = DateFinding.SAME_DAY if _is_near_by_moon(one, other) else find(one, other)
    weight = p.DATES[finding.name]
    if finding is DateFinding.WITHIN_RANGE:
        weight = max(weight, p.DATES["SAME_YEAR"] - math.log(_width(one) + _width(other) - 1))
        is_rough = one.approximate or other.approximate
    else:
        is_rough = _is_rough(one) or _is_rough(other)
    return weight * p.ROUGH if is_rough else weight, finding


def _width(one: PartialDate) -> int:
    """Return the number of years that are possible."""
    first, last = one.years or (0, 0)
    return last - first + 1


def find(one: PartialDate, other: PartialDate) -> DateFinding:
    """Return what two dates have in common; unknown parts are compatible, never equal."""
    spans = one.years, other.years
    if spans[0] is None or spans[1] is None:
        return DateFinding.UNKNOWN
    gap = max(spans[0][0] - spans[1][1], spans[1][0] - spans[0][1], 0)
    if gap:
        return _other_year(one, other, gap)
    if one.year != one.year_to or other.year != other.year_to:
        return DateFinding.WITHIN_RANGE
    if None in (one.month, other.month):
        return DateFinding.SAME_YEAR
    if None in (one.day, other.day):
        return DateFinding.SAME_MONTH if one.month == other.month else DateFinding.OTHER_DAY
    return _same_year(one, other)


def _is_near_by_moon(one: PartialDate, other: PartialDate) -> bool:
    """Return whether two days are one, if a month of the Islamic calendar began when it was seen."""
    if "islamic" not in (one.calendar, other.calendar):
        return False
    days = [date(d.year, d.month, d.day) for d in (one, other) if d.year and d.month and d.day]
    return len(days) > 1 and abs(days[0] - days[1]) <= _MOON


def _is_rough(one: PartialDate) -> bool:
    return one.approximate or one.year != one.year_to


def _same_year(one: PartialDate, other: PartialDate) -> DateFinding:
    """Return what two whole dates of one year have in common."""
    days = (one.month, one.day), (other.month, other.day)
    if days[0] == days[1]:
        return DateFinding.FIRST_OF_JANUARY if days[0] == _NEW_YEAR else DateFinding.SAME_DAY
    if _NEW_YEAR in days:
        return DateFinding.SAME_YEAR
    if days[0] == days[1][::-1]:
        return DateFinding.SWAPPED
    return DateFinding.ONE_DIGIT if _digits_apart(one, other) == 1 else DateFinding.OTHER_DAY


def _other_year(one: PartialDate, other: PartialDate, gap: int) -> DateFinding:
    same_day = one.day is not None and (one.month, one.day) == (other.month, other.day)
    if same_day and (one.month, one.day) != _NEW_YEAR and _digits_apart(one, other) == 1:
        return DateFinding.ONE_DIGIT
    if gap == 1:
        return DateFinding.NEXT_YEAR
    return DateFinding.FEW_YEARS if gap <= p.FEW else DateFinding.OTHER_YEAR


def _digits_apart(one: PartialDate, other: PartialDate) -> int:
    a, b = (f"{d.year:04}{d.month or 0:02}{d.day or 0:02}" for d in (one, other))
    return sum(x != y for x, y in zip(a, b, strict=True))
