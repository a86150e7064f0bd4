"""The catalogues of each language, read from `locale` as they lie there.

A language has one file for each room of pages, so that each is short enough to be read. They are
merged when the language is first spoken; nothing is compiled and committed.

A number in a translation stands in the digits of its language, and what is a code or is to be typed
(`H3`, `1970-03`) in Latin ones: so a reader who chose Latin digits is given every number in them.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from didban.web.numerals import LATIN, latin

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parents[1] / "locale"


@lru_cache
def translations(language: str, numerals: str = LATIN) -> Translations:
    """Return what a language says for each text; a text without a translation stays English.

    - `numerals`: digits of the numbers in a text, as `Look.numerals` has them.
    """
    merged = Catalog(locale=language, fuzzy=False)
    for catalogue in read(language):
        for message in catalogue:
            said = _strings(message.string)
            if numerals == LATIN:
                said = tuple(latin(text) for text in said)
            if message.id and all(said):
                string = said if message.pluralizable else said[0]
                merged.add(message.id, string, context=message.context)
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def read(language: str) -> Iterator[Catalog]:
    """Yield the catalogue of each room, in the order of their names."""
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            yield read_po(file, locale=language, domain=path.stem, abort_invalid=True)


def _strings(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (string or "",) if isinstance(string, str | None) else tuple(string)
