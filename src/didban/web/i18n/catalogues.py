"""The catalogues of each language, read from `locale` as they lie there.

A language has one file for each room of pages, so that each is short enough to be read. They are
merged when the language is first spoken; nothing is compiled and committed.
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

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parents[1] / "locale"


@lru_cache
def translations(language: str) -> Translations:
    """Return what a language says for each text; a text without a translation stays English."""
    merged = Catalog(locale=language, fuzzy=False)
    for catalogue in read(language):
        for message in catalogue:
            if message.id and all(_strings(message.string)):
                merged.add(message.id, message.string, context=message.context)
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
