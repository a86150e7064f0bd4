"""Brings the catalogues of the pages up to what the pages say: `python -m tools.catalogues`.

Each text of a template or a view is put into the catalogue of its room, in every language but
English; a text that no page says any more is taken out. What has no translation yet is listed, and
fails the tests. `terms` and `errors` are kept by hand: codes of the model, and words of its errors.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from didban.model.users import LANGUAGES
from didban.web.i18n.catalogues import FOLDER, translations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WEB: Final = FOLDER.parent
BY_HAND: Final = frozenset({"terms", "errors"})
TRANSLATED: Final = tuple(language for language in LANGUAGES if language != "en")

_OPTIONS: Final = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.do",
    "newstyle_gettext": "true",
    "silent": "false",
}
_HEADER: Final = "# What the pages of this room say. Kept in step by tools/catalogues.py.\n"


def room_of(path: Path) -> str:
    """Return the catalogue to which the texts of a file belong."""
    parts = path.relative_to(WEB).parts
    if parts[0] in {"views", "presenters"}:
        return parts[1].removesuffix(".py")  # a room may have a folder of presenters
    if parts[:2] == ("templates", "pages") and len(parts) > 3:  # noqa: PLR2004 - pages/room/page
        return parts[2]
    return "frame"


def said() -> dict[str, Catalog]:
    """Return what the pages say, by room."""
    found: dict[str, Catalog] = {}
    for path in sorted([*WEB.rglob("*.py"), *(WEB / "templates").rglob("*.html")]):
        room = room_of(path)
        for text, context in _texts(path):
            found.setdefault(room, Catalog()).add(text, context=context)
    return found


def _texts(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    is_page = path.suffix == ".html"
    method = "jinja2.ext:babel_extract" if is_page else "python"
    for _line, text, _comments, context in extract_from_file(
        method, path, options=_OPTIONS if is_page else {}, strip_comment_tags=True
    ):
        yield text, context


def kept(language: str, room: str) -> Catalog:
    """Return a catalogue as it lies there; an empty one where there is none."""
    path = FOLDER / language / f"{room}.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> list[str]:
    """Write every catalogue anew; return what has no translation."""
    missing: list[str] = []
    for room, wanted in said().items():
        for language in TRANSLATED:
            before = kept(language, room)
            elsewhere = translations(language)
            after = Catalog(locale=language, header_comment=_HEADER, fuzzy=False)
            for message in wanted:
                if not message.id:
                    continue
                known = before.get(message.id, message.context)
                string = known.string if known else ""
                if not string and isinstance(message.id, str):  # another room may say the same
                    there = elsewhere.gettext(message.id)
                    string = there if there != message.id else ""
                after.add(message.id, string, context=message.context)
                if not string or not all(_all(string)):
                    missing.append(f"{language}/{room}: {message.id}")
            _write(language, room, after)
    return missing


def _write(language: str, room: str, catalogue: Catalog) -> None:
    path = FOLDER / language / f"{room}.po"
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, omit_header=True, sort_output=True)
    plural = catalogue.plural_expr
    head = (
        f'{_HEADER}msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {language}\\n"\n'
        f'"Plural-Forms: nplurals={catalogue.num_plurals}; plural={plural};\\n"\n\n'
    )
    path.write_text(head + path.read_text(encoding="utf-8"), encoding="utf-8")


def _all(string: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


def main() -> int:
    """Update the catalogues and list what is missing."""
    missing = update()
    print(*missing, sep="\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
