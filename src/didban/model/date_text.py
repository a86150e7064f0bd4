"""Reading the many ways in which lists and people write a date.

- Order of attempts: the caller's formats, ISO and EDTF, ranges and alternatives, numbers with
  separators, names of months, a year alone. The first that gives a possible date wins.
- A year of 1250 .. 1450 is never Gregorian in police data. Year first, it is Solar Hijri (the
  habit of Iran and Afghanistan); marked as lunar, Islamic; year last and unmarked, either of both.
- What cannot be read gives None; the caller reports it. No guess is made for two-digit years:
  state a format for them.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from didban.model.calendars import (
    HIJRI_YEARS,
    islamic_month_days,
    islamic_to_gregorian,
    solar_hijri_month_days,
    solar_hijri_to_gregorian,
)
from didban.model.folding import fold
from didban.model.month_names import MONTHS, join_words
from didban.model.partial_date import PartialDate

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LENGTH: Final = 200
"""Longest text, in characters, that is looked at; a longer one is prose, not a date."""

GREGORIAN_YEARS: Final = range(1500, 10000)

_APPROXIMATE: Final = re.compile(
    r"\b(?:circa|ca|c|about|around|abt|approximate(?:ly)?|approx|estimated|est|possibly|probably|"
    r"early|mid|late|environ|env|vers|um|etwa|gegen|hacia|aproximadamente|alrededor de|около|ок|"
    r"примерно|حدود|حدودا|تقریبا|نحو|حوالی)\b\.?|\bc(?=\d)|[~?%≈]"
)
_SOLAR_MARK: Final = re.compile(
    r"\b(?:s\.?h\.?|a\.?h\.?s\.?|h\.?s\.?|h\.?sh\.?|solar(?: hijri)?|(?:hijri )?shamsi|jalali)(?=\W|$)"
    r"|هجری شمسی|هجری خورشیدی|شمسی|خورشیدی|ه\W{0,2}ش(?=\W|$)"
)
_ISLAMIC_MARK: Final = re.compile(
    r"\b(?:a\.?h\.?|hijri qamari|hijr[iy]|hijrah?|hegira|lunar|islamic|qamari)(?=\W|$)|"
    r"هجری قمری|هجریه|هجری|قمری|ه\W{0,2}ق(?=\W|$)|(?<=\d)\s*ه(?!\W{0,2}[قش])(?=\W|$)|^ه(?=\W*\d)"
)
_NOISE: Final = re.compile(
    r"\b(?:born(?: on| in)?|d\.?o\.?b\.?|date of birth|calendar|gregorian|a\.?d|c\.?e|year|"
    r"года|год|г|میلادی|تقویم|م)(?=\W|$)\.?|[()\[\]{}:]"
)
_TIME: Final = re.compile(
    r"(?<=\d)(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?|(?<=\d{2}-\d{2}))"
    r"\s*(?:[ap]m)?\s*(?:z|utc|[+-]\d{2}:\d{2})?$"
)
_ISO_DAY: Final = re.compile(r"(?:1[5-9]|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}")
_EDTF: Final = re.compile(r"(\d{4}|xxxx)(?:-(\d{2}|xx))?(?:-(\d{2}|xx))?")
_MASKED_YEAR: Final = re.compile(r"(\d{3})x|(\d{2})xx|(\d{3})0'?s")
_DIGITS8: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC: Final = re.compile(r"(\d{1,4})\s*([/.\-_ ٫،])\s*(\d{1,2})\s*\2\s*(\d{1,4})")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})\s*[/.]\s*(\d{4})|(\d{4})\s*[/.]\s*(\d{1,2})")
_SHORT_RANGE: Final = re.compile(r"(\d{2})(\d{2})\s*[-/]\s*(\d{2})")
_BETWEEN: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"between (.+?) (?:and|&|-) (.+)",
        r"(?:from )?(.+?) (?:to|until|till|through) (.+)",
        r"entre (?:le )?(.+?) (?:et|y|e) (?:le )?(.+)",
        r"zwischen (.+?) und (.+)",
        r"(?:von )?(.+?) bis (.+)",
        r"между (.+?) и (.+)",
        r"(?:с )?(.+?) (?:по|до) (.+)",
        r"(?:بین|از) (.+?) (?:و|تا) (.+)",
        r"(?:بین|من) (.+?) (?:و|الی) ?(.+)",
        r"(.+?)\s*(?:\.\.|–|—|/)\s*(.+)",
        r"(\d{4})\s*-\s*(\d{4})",
        r"(.*\d{4}) - (.+)",
    )
)
_ALTERNATIVES: Final = re.compile(r"\s*(?:[,;|]| or | and | oder | ou | или | یا | او |/)\s*")
_ORDINAL: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|eme|e|о|го)\b")
_FILLERS: Final = frozenset({"of", "de", "del", "the", "le", "den", "el", "i", "в", "ماه"})
_TOKENS: Final = re.compile(r"\d+|[^\W\d_]+\d?")

_Parts = tuple[int, int | None, int | None]


def parse_date(
    text: str, *, formats: Sequence[str] = (), day_first: bool = True
) -> PartialDate | None:
    """Return the date that a text states, or None when it states none that can be.

    - `formats`: `strptime` patterns that the source is known to use; tried first.
    - `day_first`: how 03/04/1965 is read; a value above twelve decides for itself.
    - A range, or a choice of several dates, becomes the narrowest date that admits all.
    """
    if not text or len(text) > MAX_LENGTH:
        return None
    if not formats and _ISO_DAY.fullmatch(text):  # most dates of most lists
        return _gregorian((int(text[:4]), int(text[5:7]), int(text[8:])), raw=text)
    by_format = _by_format(text, formats)
    if by_format is not None:
        return by_format.with_raw(text)
    plain, is_approximate = _take(_APPROXIMATE, fold(text))
    calendar = ""
    for name, mark in (("solar_hijri", _SOLAR_MARK), ("islamic", _ISLAMIC_MARK)):
        plain, is_marked = _take(mark, plain)
        calendar = calendar or (name if is_marked else "")
    plain = _NOISE.sub(" ", _TIME.sub("", plain))
    reader = _Reader(calendar=calendar, day_first=day_first)
    found = reader.read(" ".join(plain.split()).strip(" ,;.-"))
    return None if found is None else found.with_raw(text, approximate=is_approximate)


def parse_dates(
    text: str, *, formats: Sequence[str] = (), day_first: bool = True
) -> tuple[PartialDate, ...]:
    """Return each of the dates that a text offers: "1961 or 12 Mar 1965" gives two.

    One that cannot be read makes the whole text count as one date, read by `parse_date`.
    """
    parts = [part for part in re.split(r"\s*;\s*|\s+or\s+|\s*,\s*(?=\d{4}\b)", text) if part]
    found = [parse_date(part, formats=formats, day_first=day_first) for part in parts]
    if len(parts) > 1 and None not in found:
        return tuple(date for date in found if date is not None)
    whole = parse_date(text, formats=formats, day_first=day_first)
    return () if whole is None else (whole,)


class _Reader:
    """The attempts, in order, on text that is folded and freed of marks."""

    def __init__(self, *, calendar: str, day_first: bool) -> None:
        self._calendar = calendar
        self._day_first = day_first

    def read(self, text: str) -> PartialDate | None:
        """Return a date, a range or a choice of dates."""
        return self._one(text) or self._range(text) or self._choice(text)

    def _one(self, text: str) -> PartialDate | None:
        for attempt in (self._edtf, self._compact, self._numeric, self._named):
            found = attempt(text)
            if found is not None:
                return found
        return None

    def _edtf(self, text: str) -> PartialDate | None:
        masked = _MASKED_YEAR.fullmatch(text)
        if masked:
            known = masked[1] or masked[2] or masked[3]
            width = 10 ** (4 - len(known))
            first = int(known) * width
            return _years(first, first + width - 1)
        match = _EDTF.fullmatch(text)
        if not match:
            return None
        year, month, day = (None if not v or "x" in v else int(v) for v in match.groups())
        if year is not None:
            return self._date(year, month, day, year_first=True)
        with suppress(ValueError):
            return PartialDate(month=month or None, day=day or None)
        return None

    def _compact(self, text: str) -> PartialDate | None:
        match = _DIGITS8.fullmatch(text)
        if not match:
            return None
        found = self._date(int(match[1]), int(match[2]), int(match[3]), year_first=True)
        if found is not None:
            return found
        return self._ordered(int(text[0:2]), int(text[2:4]), int(text[4:8]))

    def _numeric(self, text: str) -> PartialDate | None:
        month_year = _MONTH_YEAR.fullmatch(text)
        if month_year:
            year = int(month_year[2] or month_year[3])
            month = int(month_year[1] or month_year[4])
            return self._date(year, month, None, year_first=month_year[3] is not None)
        match = _NUMERIC.fullmatch(text)
        if not match:
            return None
        first, middle, last = int(match[1]), int(match[3]), int(match[4])
        if len(match[1]) == 4 and len(match[4]) <= 2:  # noqa: PLR2004 - digits of a year, of a day
            return self._date(first, middle, last, year_first=True)
        if len(match[4]) == 4 and len(match[1]) <= 2:  # noqa: PLR2004
            return self._ordered(first, middle, last)
        return None

    def _ordered(self, first: int, second: int, year: int) -> PartialDate | None:
        """Return day-month-year or month-day-year, by habit, or by the one that can be."""
        day, month = (first, second) if self._day_first else (second, first)
        return self._date(year, month, day) or self._date(year, day, month)

    def _named(self, text: str) -> PartialDate | None:
        """Return "12 Mar 1965", "March 12, 1965", "12 de marzo de 1965", "Mar 1965"."""
        tokens = _TOKENS.findall(_ORDINAL.sub("", join_words(text)))
        months = [MONTHS[token] for token in tokens if token in MONTHS]
        numbers = [token for token in tokens if token.isdigit()]
        words = [t for t in tokens if not t.isdigit() and t not in MONTHS and t not in _FILLERS]
        years = [number for number in numbers if len(number) == 4]  # noqa: PLR2004
        days = [number for number in numbers if len(number) <= 2]  # noqa: PLR2004
        if words or len(months) != 1 or len(years) != 1 or len(days) + 1 != len(numbers):
            return None
        calendar, month = months[0]
        day = int(days[0]) if days else None
        if calendar != "gregorian":
            return _hijri(calendar, (int(years[0]), month, day))
        return None if len(days) > 1 else _gregorian((int(years[0]), month, day))

    def _range(self, text: str) -> PartialDate | None:
        short = _SHORT_RANGE.fullmatch(text)
        if short and int(short[3]) > max(12, int(short[2])):
            return self._hull([f"{short[1]}{short[2]}", f"{short[1]}{short[3]}"])
        for pattern in _BETWEEN:
            match = pattern.fullmatch(text)
            found = self._hull([match[1], match[2]]) if match else None
            if found is not None:
                return found
        return None

    def _choice(self, text: str) -> PartialDate | None:
        parts = [part for part in _ALTERNATIVES.split(text) if part]
        return self._hull(parts) if len(parts) > 1 else None

    def _hull(self, parts: list[str]) -> PartialDate | None:
        found = [self._one(part.strip(" .-")) for part in parts]
        known = [date for date in found if date is not None]
        return PartialDate.hull(known) if len(known) == len(parts) else None

    def _date(
        self, year: int, month: int | None, day: int | None, *, year_first: bool = False
    ) -> PartialDate | None:
        """Return a date of the right calendar; zero is an unknown part ("00/00/1980")."""
        parts = (year, month or None, day or None)
        if year not in HIJRI_YEARS:
            return _gregorian(parts)
        if self._calendar or year_first:
            return _hijri(self._calendar or "solar_hijri", parts)
        both = [_hijri(calendar, parts) for calendar in ("solar_hijri", "islamic")]
        possible = [date for date in both if date is not None]
        return PartialDate.hull(possible) if possible else None


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, bool]:
    """Return the text without the pattern, and whether it was there."""
    rest, count = pattern.subn(" ", text)
    return rest, count > 0


def _by_format(text: str, formats: Sequence[str]) -> PartialDate | None:
    for pattern in formats:
        with suppress(ValueError):
            parsed = time.strptime(fold(text), pattern)
            has_day = any(code in pattern for code in ("%d", "%j", "%x", "%c"))
            has_month = has_day or any(code in pattern for code in ("%m", "%b", "%B"))
            return _gregorian(
                (
                    parsed.tm_year,
                    parsed.tm_mon if has_month else None,
                    parsed.tm_mday if has_day else None,
                )
            )
    return None


def _years(first: int, last: int) -> PartialDate | None:
    is_known = first in GREGORIAN_YEARS and last in GREGORIAN_YEARS
    return PartialDate(year=first, year_to=last) if is_known else None


def _gregorian(parts: _Parts, *, raw: str = "") -> PartialDate | None:
    """Return a date whose zeros and Nones are unknown parts, or None when it cannot be."""
    year, month, day = parts
    if year in GREGORIAN_YEARS:
        with suppress(ValueError):
            return PartialDate(year=year, month=month or None, day=day or None, raw=raw)
    return None


def _hijri(calendar: str, parts: _Parts) -> PartialDate | None:
    """Return the Gregorian date, or the narrowest one that holds a whole Hijri month or year."""
    year, month, day = parts
    if year not in HIJRI_YEARS:
        return None
    is_solar = calendar == "solar_hijri"
    convert = solar_hijri_to_gregorian if is_solar else islamic_to_gregorian
    month_days = solar_hijri_month_days if is_solar else islamic_month_days
    if month is None:
        day = None  # a day without its month says nothing across calendars
    last_month = month or 12
    last_day = day or month_days(year, last_month if 1 <= last_month <= 12 else 12)  # noqa: PLR2004
    try:
        ends = (convert(year, month or 1, day or 1), convert(year, last_month, last_day))
    except ValueError:
        return None
    found = PartialDate.hull([PartialDate(year=e.year, month=e.month, day=e.day) for e in ends])
    return PartialDate(
        year=found.year,
        year_to=found.year_to,
        month=found.month,
        day=found.day,
        approximate=not is_solar,
        calendar=calendar,
    )
