"""The value for a date of any precision, from several calendars, sometimes a range.

Text form: EDTF (ISO 8601-2): `1965`, `1965-03`, `1965-03-02`, `1965~` (circa), `1963/1968` (one of
these years), `XXXX-03-02` or `1965-XX-02` (unknown part), `XXXX` (nothing known).
"""

from __future__ import annotations

import calendar as month_table
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

CALENDARS: Final[Mapping[str, str]] = {
    "solar_hijri": "Solar Hijri",
    "islamic": "Islamic",
    "hijri": "Hijri",
}
"""Calendar of a source's text -> its name, where it is not the Gregorian one."""

_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_UNLIMITED_EXPIRY = "999999"
_EXPIRY_YEARS_AHEAD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A Gregorian date of which parts may be unknown.

    - `year` .. `year_to` is the inclusive range of possible years (equal for one year; both None
      when the year is unknown). Giving `year` alone sets `year_to` too.
    - `month`, `day`: 1-based, None when unknown; a range of years has neither.
    - `approximate`: the source says "circa", or its calendar converts only roughly.
    - `calendar`: the calendar of the source text: `gregorian`, `solar_hijri`, `islamic`, or `hijri`
      where the text fits both Hijri calendars.
    - `raw`: the text as the source gave it.

    Raises `ValueError` for a month, day or range that cannot be.
    """

    year: int | None = None
    year_to: int | None = None
    month: int | None = None
    day: int | None = None
    approximate: bool = False
    calendar: str = "gregorian"
    raw: str = ""

    def __post_init__(self) -> None:
        """Complete the range of years and refuse what no calendar has."""
        if self.year_to is None and self.year is not None:
            object.__setattr__(self, "year_to", self.year)
        if not _is_possible(self):
            message = "no such date"
            raise ValueError(message)

    def __str__(self) -> str:
        """Return the EDTF text; `didban.model.date_text.parse_date` reads it back."""
        mark = "~" if self.approximate else ""
        if self.years is not None and self.year != self.year_to:
            return f"{self.year:04}{mark}/{self.year_to:04}{mark}"
        year = "XXXX" if self.year is None else f"{self.year:04}"
        month = "XX" if self.month is None else f"{self.month:02}"
        if self.day is not None:
            return f"{year}-{month}-{self.day:02}{mark}"
        return f"{year}{mark}" if self.month is None else f"{year}-{month}{mark}"

    @property
    def years(self) -> tuple[int, int] | None:
        """The inclusive range of possible years, or None when nothing is known of the year."""
        if self.year is None or self.year_to is None:
            return None
        return self.year, self.year_to

    @property
    def is_exact(self) -> bool:
        """Whether this is one day, and the source does not call it approximate."""
        return self.day is not None and None not in (self.year, self.month) and not self.approximate

    @classmethod
    def from_mrz(cls, yymmdd: str, today: date) -> PartialDate:
        """Return the date of birth of a machine-readable zone or a passenger message.

        - Unknown parts are `<` or `00`, and so is each part that cannot be read (Doc 9303-3, 4.8).
        - The century is the latest that puts the birth not after `today`: the standard has no rule.
        Does not check the check digit.
        """
        year, month, day = _mrz_parts(yymmdd)
        if year is not None:
            century = today.year - today.year % 100
            candidate = century + year
            is_future = (candidate, month or 1, day or 1) > (today.year, today.month, today.day)
            year = candidate - 100 if is_future else candidate
        return _from_mrz_parts(year, month, day, raw=yymmdd)

    @classmethod
    def from_mrz_expiry(cls, yymmdd: str, today: date) -> PartialDate | None:
        """Return the expiry (or issue) date of a machine-readable zone, or None for "unlimited".

        The century is 20 up to fifty years after `today`, else 19.
        """
        if yymmdd == _UNLIMITED_EXPIRY or not yymmdd.strip("< "):
            return None
        year, month, day = _mrz_parts(yymmdd)
        if year is not None:
            year += 2000 if 2000 + year <= today.year + _EXPIRY_YEARS_AHEAD else 1900
        return _from_mrz_parts(year, month, day, raw=yymmdd)

    @classmethod
    def hull(cls, dates: Iterable[PartialDate], *, raw: str = "") -> PartialDate:
        """Return the narrowest date that admits all of these ("1965 or 1967" -> 1965/1967).

        Month and day are kept only where all agree within one year. It is approximate if any is;
        an unknown year in one makes the year unknown. Raises `ValueError` when there are none.
        """
        first, *others = dates
        ranges = [d.years for d in (first, *others)]
        known = [r for r in ranges if r is not None]
        year, year_to = None, None
        if len(known) == len(ranges):
            year, year_to = min(low for low, _ in known), max(high for _, high in known)
        month = first.month if all(d.month == first.month for d in others) else None
        day = first.day if month and all(d.day == first.day for d in others) else None
        if year != year_to:
            month = day = None
        calendars = frozenset(d.calendar for d in (first, *others))
        return cls(
            year=year,
            year_to=year_to,
            month=month,
            day=day,
            approximate=any(d.approximate for d in (first, *others)),
            calendar=_common_calendar(calendars),
            raw=raw or first.raw,
        )

    def with_raw(self, raw: str, *, approximate: bool = False) -> PartialDate:
        """Return the same date with the source's text, made approximate if asked for."""
        return replace(self, raw=raw, approximate=self.approximate or approximate)


def _common_calendar(calendars: frozenset[str]) -> str:
    if len(calendars) == 1:
        return next(iter(calendars))
    return "gregorian" if "gregorian" in calendars else "hijri"


def _is_possible(value: PartialDate) -> bool:
    if (value.year is None) != (value.year_to is None):
        return False
    years = value.years
    if years is not None and not 1 <= years[0] <= years[1] <= 9999:  # noqa: PLR2004 - four digits
        return False
    if years is not None and years[0] != years[1] and (value.month or value.day):
        return False
    if value.month is not None and not 1 <= value.month <= len(_LONGEST_MONTHS):
        return False
    return value.day is None or 1 <= value.day <= _days(value.year, value.month)


def _days(year: int | None, month: int | None) -> int:
    if month is None:
        return 31
    if year is None:
        return _LONGEST_MONTHS[month - 1]
    return month_table.monthrange(year, month)[1]


def _mrz_parts(yymmdd: str) -> tuple[int | None, int | None, int | None]:
    def number(text: str) -> int | None:
        return int(text) if len(text) == 2 and text.isascii() and text.isdigit() else None  # noqa: PLR2004

    return number(yymmdd[0:2]), number(yymmdd[2:4]) or None, number(yymmdd[4:6]) or None


def _from_mrz_parts(
    year: int | None, month: int | None, day: int | None, *, raw: str
) -> PartialDate:
    if month is not None and month > len(_LONGEST_MONTHS):
        month = None
    if day is not None and day > _days(year, month):
        day = None
    return PartialDate(year=year, month=month, day=day, raw=raw)
