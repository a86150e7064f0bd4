"""Solar Hijri and Islamic calendar days turned into Gregorian dates, by our own arithmetic.

- Solar Hijri (Iran, Afghanistan): leap years by the 33-year rule, which agrees with the official,
  astronomical calendar for the years 1244 .. 1472, so for everybody alive.
- Islamic (lunar Hijri): the tabular ("civil") calendar. A month as announced may begin a day or two
  earlier or later, so callers mark the result as approximate.
"""

from __future__ import annotations

from datetime import date
from typing import Final

HIJRI_YEARS: Final = range(1250, 1451)
"""Years that in police data mean a Hijri calendar, not the Gregorian one."""

_SOLAR_CYCLE: Final = 33
_SOLAR_LEAP_REMAINDERS: Final = (1, 5, 9, 13, 17, 22, 26, 30)
_SOLAR_ANCHOR_YEAR: Final = 1400
_SOLAR_ANCHOR: Final = date(2021, 3, 21).toordinal()  # 1 Farvardin 1400
_LONG_MONTHS: Final = 6
_LAST_MONTH: Final = 12

_ISLAMIC_EPOCH: Final = date(622, 7, 19).toordinal()  # 1 Muharram 1, proleptic Gregorian
_ISLAMIC_YEAR_DAYS: Final = 354


def solar_hijri_month_days(year: int, month: int) -> int:
    """Return the number of days in a Solar Hijri month (1-based)."""
    if month <= _LONG_MONTHS:
        return 31
    if month < _LAST_MONTH:
        return 30
    return 30 if year % _SOLAR_CYCLE in _SOLAR_LEAP_REMAINDERS else 29


def solar_hijri_to_gregorian(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a Solar Hijri day.

    Raises `ValueError` when that calendar has no such day.
    """
    _require(1 <= month <= _LAST_MONTH and 1 <= day <= solar_hijri_month_days(year, month))
    days_of_years = 365 * (year - _SOLAR_ANCHOR_YEAR)
    leap_days = _solar_leaps_before(year) - _solar_leaps_before(_SOLAR_ANCHOR_YEAR)
    days_of_months = 31 * (month - 1) - max(0, month - 1 - _LONG_MONTHS)
    return date.fromordinal(_SOLAR_ANCHOR + days_of_years + leap_days + days_of_months + day - 1)


def islamic_month_days(year: int, month: int) -> int:
    """Return the number of days in a month of the tabular Islamic calendar (1-based)."""
    if month == _LAST_MONTH:
        return 30 if (11 * year + 14) % 30 < 11 else 29  # noqa: PLR2004 - the 30-year leap rule
    return 30 if month % 2 else 29


def islamic_to_gregorian(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a day of the tabular Islamic calendar, right to about two days.

    Raises `ValueError` when no such day can be.
    """
    # An announced month may have 30 days where the tables have 29, so 30 is accepted everywhere.
    _require(1 <= month <= _LAST_MONTH and 1 <= day <= 30)  # noqa: PLR2004
    days_of_years = _ISLAMIC_YEAR_DAYS * (year - 1) + (11 * year + 3) // 30
    days_of_months = 29 * (month - 1) + month // 2
    return date.fromordinal(_ISLAMIC_EPOCH + days_of_years + days_of_months + day - 1)


def _solar_leaps_before(year: int) -> int:
    whole, rest = divmod(year, _SOLAR_CYCLE)
    in_rest = sum(1 for remainder in _SOLAR_LEAP_REMAINDERS if remainder < rest)
    return whole * len(_SOLAR_LEAP_REMAINDERS) + in_rest


def _require(is_day: bool) -> None:  # noqa: FBT001 - one condition, named
    if not is_day:
        message = "the calendar has no such day"
        raise ValueError(message)
