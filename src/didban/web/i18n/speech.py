"""One reader's language: text, terms, countries, numbers and times as they read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_timedelta
from hijridate import Gregorian
from jdatetime import date as jalali_date

from didban.model.countries import country
from didban.web.i18n.catalogues import translations
from didban.web.i18n.terms import code_of, plain
from didban.web.numerals import written

if TYPE_CHECKING:
    from datetime import timedelta

    from babel.support import Translations

    from didban.web.look import Look

_HIJRI_YEARS: Final = range(1925, 2077)  # Gregorian years that the Umm al-Qura tables cover whole


@dataclass(frozen=True, kw_only=True)
class Speech:
    """How one reader is spoken to. `zone` is the IANA name of the time zone of this node."""

    look: Look
    zone: str = "UTC"

    @cached_property
    def _said(self) -> Translations:
        return translations(self.look.language, self.look.numerals)

    @cached_property
    def locale(self) -> Locale:
        """The language as Babel knows it."""
        return Locale.parse(self.look.language)

    def gettext(self, text: str, **values: object) -> str:
        """Return a text in the language, its `%(name)s` filled."""
        said = self._said.ugettext(text)
        return said % values if values else said

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """Return the form of a text that a number takes; `%(num)s` is the number."""
        said = self._said.ungettext(one, many, number)
        return said % {"num": self.number(number), **values}

    def pgettext(self, context: str, text: str) -> str:
        """Return a text that means something in its context only."""
        said = self._said.pgettext(context, text)
        return str(said)

    def term(self, code: object, kind: str = "") -> str:
        """Return what a code of the model is called: of an enumeration, or a bare code of a `kind`."""
        if code is None:
            return ""
        kind, text = code_of(code, kind)
        said = self.pgettext(kind, text)
        return plain(text) if said == text else said

    def country(self, code: str | None) -> str:
        """Return the name of a state; a code that is none's stays as it is, in capitals."""
        if not code:
            return ""
        said = self.pgettext("country", code.lower())
        if said != code.lower():
            return said
        return self.locale.territories.get(code.upper()) or code.upper()

    def place(self, text: str) -> str:
        """Return a place as it was given, or the name of the state whose code it is."""
        return self.country(text) if country(text) == text else text

    def number(self, value: float) -> str:
        """Return a number in the digits that were chosen."""
        return self.digits(f"{value:,}" if isinstance(value, int) else f"{value:g}")

    def digits(self, text: str) -> str:
        """Return a text with its digits as they were chosen."""
        return written(text, self.look.numerals)

    def local(self, moment: datetime) -> datetime:
        """Return a moment in the time zone of the node."""
        return moment.astimezone(ZoneInfo(self.zone) if self.zone != "UTC" else UTC)

    def time_of(self, moment: datetime) -> str:
        """Return a moment to the minute, with its zone: `2026-03-01 14:05 +03:30`."""
        local = self.local(moment)
        return f"{local:%Y-%m-%d %H:%M} {_zone_of(local)}"

    def other_date(self, day: date | str) -> str:
        """Return a whole day in the other calendar that was chosen; empty where there is none."""
        try:
            whole = date.fromisoformat(day) if isinstance(day, str) else day
        except ValueError:
            return ""
        if isinstance(whole, datetime):
            whole = self.local(whole).date()
        if self.look.calendar == "jalali":
            return self.digits(_jalali(whole))
        if self.look.calendar == "hijri" and whole.year in _HIJRI_YEARS:
            return self.digits(_hijri(whole))
        return ""

    def span(self, length: timedelta) -> str:
        """Return a length of time in words: "3 hours"."""
        return self.digits(format_timedelta(length, locale=self.locale, threshold=1.2))


def _zone_of(moment: datetime) -> str:
    text = f"{moment:%z}"
    return f"{text[:3]}:{text[3:]}" if moment.utcoffset() else "UTC"


def _jalali(day: date) -> str:
    there = jalali_date.fromgregorian(date=day)
    return f"{there.year:04}/{there.month:02}/{there.day:02}"


def _hijri(day: date) -> str:
    there = Gregorian.fromdate(day).to_hijri()
    return f"{there.year:04}/{there.month:02}/{there.day:02}"
