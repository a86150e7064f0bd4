"""What errors say, in the reader's language: their messages are English, some with values in them.

The catalogue `errors` has each message as it is raised. Where a value stands in it, the catalogue has
a gap: `the record has version %(version)s by now; read it again`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from didban.web.i18n.catalogues import read, translations
from didban.web.numerals import LATIN, written

_ISOLATE, _POP = "\u2068", "\u2069"  # a value keeps its own direction in the sentence
_GAP = re.compile(r"%\((\w+)\)s")


def told(language: str, message: str, numerals: str = LATIN) -> str:
    """Return a message in a language; as it is where no catalogue has it."""
    catalogue = translations(language, numerals)
    said = catalogue.ugettext(message)
    if said != message:
        return str(said)
    for pattern, gapped in _with_gaps(language):
        if found := pattern.fullmatch(message):
            translated = catalogue.ugettext(gapped)
            return translated % {
                name: f"{_ISOLATE}{_shown(value, numerals)}{_POP}"
                for name, value in found.groupdict().items()
            }
    return message


def _shown(value: str, numerals: str) -> str:
    """Return a value, a bare number in the reader's digits; what is a code or a date stays."""
    return written(value, numerals) if value.isdecimal() else value


@lru_cache
def _with_gaps(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the messages that have gaps: what fits each, and how the catalogues name it."""
    return tuple(
        (_pattern(message.id), message.id)
        for catalogue in read(language)
        if catalogue.domain == "errors"
        for message in catalogue
        if isinstance(message.id, str) and _GAP.search(message.id) and message.string
    )


def _pattern(message: str) -> re.Pattern[str]:
    parts = _GAP.split(message)
    written = [
        f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
    ]
    return re.compile("".join(written), re.DOTALL)
