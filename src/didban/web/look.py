"""How somebody likes to see the pages: language, digits, calendar, colours, size, keys.

It is kept in a cookie of their browser, says nothing about anybody, and is read with care.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from babel import Locale

from didban.model.users import LANGUAGES
from didban.web.numerals import LATIN, OF_LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

COOKIE: Final = "didban_look"
KEPT_SECONDS: Final = 31_536_000  # a year

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "language": LANGUAGES,
    "digits": ("latin", "native"),
    "calendar": ("iso", "jalali", "hijri"),
    "colours": ("system", "light", "dark", "contrast"),
    "size": ("normal", "large"),
    "keys": ("on", "alt", "off"),
}
"""What can be chosen, the default first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The preferences of one browser. `calendar` is what stands beside the ISO date.

    - `keys`: whether single keys do something, and whether together with Alt (WCAG 2.2, 2.1.4).
    """

    language: str = "en"
    digits: str = "latin"
    calendar: str = "iso"
    colours: str = "system"
    size: str = "normal"
    keys: str = "on"

    @property
    def direction(self) -> str:
        """Return `ltr` or `rtl`, as `dir` of HTML takes it."""
        return Locale.parse(self.language).text_direction

    @property
    def numerals(self) -> str:
        """Return the digits that numbers are written in, as CLDR calls them: `latn`, `arabext`."""
        return OF_LANGUAGE.get(self.language, LATIN) if self.digits == "native" else LATIN

    def to_cookie(self) -> str:
        """Return the value of the cookie."""
        return urlencode({field.name: getattr(self, field.name) for field in fields(self)})


def read(cookie: str, accepted: str = "") -> Look:
    """Return what a cookie asks for; what it does not know stays at the default.

    - `accepted`: the `Accept-Language` header, for whoever has not chosen yet.
    """
    chosen = {
        name: value
        for name, value in parse_qsl(cookie, max_num_fields=20)
        if value in CHOICES.get(name, ())
    }
    if "language" not in chosen:
        chosen["language"] = _accepted(accepted)
    return replace(Look(), **chosen)


def _accepted(header: str) -> str:
    wanted = [part.partition(";")[0].strip().lower()[:2] for part in header[:200].split(",")]
    return next((code for code in wanted if code in LANGUAGES), LANGUAGES[0])
