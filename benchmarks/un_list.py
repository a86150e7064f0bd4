"""The UN consolidated list as a task: its original-script names taken out, to be asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.material import is_latin_letter, script
from benchmarks.real_lists import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.model.records import Record

EDITIONS = ("2020-03-20", "2018-10-29")
ASKED_SCRIPTS = ("Arabic", "Cyrillic")
_NAME_PROPERTIES = ("name", "alias", "weakAlias", "previousName")
_PART_PROPERTIES = ("title", "firstName", "secondName", "middleName", "lastName", "fatherName")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A name that was taken out of the list, and whom it must find.

    `kind` is `name` for a person's main name, `alias` for any other.
    """

    text: str
    target: str
    script: str
    kind: str


def records(edition: str) -> list[Record]:
    """Return the records of one edition of the list, as `didban lists build` reads them."""
    return list(read("un-sc", "un-sc", f"lists/un/{edition}.xml"))


def hide_original_scripts(source: Iterable[Record]) -> tuple[list[Record], list[Question]]:
    """Return the records with Latin names only, and the persons' removed names as questions.

    - A name wholly in another script is removed, and asked for if it is in one of `ASKED_SCRIPTS`.
    - From a name that mixes scripts the other script's letters are removed; it is not asked for,
      because no officer would write it so.
    """
    kept: list[Record] = []
    questions: list[Question] = []
    for record in source:
        properties = dict(record.properties)
        for name in (*_NAME_PROPERTIES, *_PART_PROPERTIES):
            values = properties.get(name, ())
            latin = (_latin_part(value) for value in values)
            properties[name] = tuple(dict.fromkeys(value for value in latin if value))
            if record.schema == "Person" and name in _NAME_PROPERTIES:
                kind = "name" if name == "name" else "alias"
                questions += [_question(v, record, kind) for v in values if _is_asked(v)]
        kept.append(replace(record, properties={k: v for k, v in properties.items() if v}))
    return kept, questions


def _question(text: str, record: Record, kind: str) -> Question:
    return Question(text=text, target=record.id, script=script(text) or "", kind=kind)


def _is_asked(text: str) -> bool:
    has_latin = any(is_latin_letter(c) for c in text if c.isalpha())
    return not has_latin and script(text) in ASKED_SCRIPTS


def _latin_part(text: str) -> str:
    """Return a name without the letters of other scripts and the brackets they stood in."""
    if all(is_latin_letter(c) for c in text if c.isalpha()):
        return text
    bare = re.sub(r"original script\s*:", "", text, flags=re.IGNORECASE)
    bare = "".join(c for c in bare if c.isascii() or is_latin_letter(c))
    bare = re.sub(r"\(\s*\)", " ", bare)
    bare = re.sub(r"\s+", " ", bare).strip(" ,;()")
    return bare if any(c.isalpha() for c in bare) else ""
