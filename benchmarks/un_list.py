"""The UN consolidated list as a task: its original-script names taken out, to be asked for.

Until its reader stands in `didban.intake`, the file is read here in the few fields that matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from defusedxml.ElementTree import parse

from benchmarks.material import is_latin_letter, script, shared
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

EDITIONS = ("2020-03-20", "2018-10-29")
ASKED_SCRIPTS = ("Arabic", "Cyrillic")
_NAME_PROPERTIES = ("name", "alias", "weakAlias", "previousName")


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
    """Return the records of one edition of the list."""
    return list(_read(shared(f"lists/un/{edition}.xml")))


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
        for name in _NAME_PROPERTIES:
            values = properties.get(name, ())
            latin = (_latin_part(value) for value in values)
            properties[name] = tuple(dict.fromkeys(value for value in latin if value))
            if record.schema == "Person":
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


def _read(path: Path) -> Iterator[Record]:
    root = parse(path).getroot()
    for tag, schema in (("INDIVIDUAL", "Person"), ("ENTITY", "Organization")):
        for entry in root.iter(tag):
            yield _record(entry, tag, schema)


def _record(entry: Element, tag: str, schema: str) -> Record:
    parts = (_text(entry, f"{p}_NAME") for p in ("FIRST", "SECOND", "THIRD", "FOURTH"))
    names = [" ".join(part for part in parts if part), _text(entry, "NAME_ORIGINAL_SCRIPT")]
    aliases: dict[str, list[str]] = {"alias": [], "weakAlias": []}
    for alias in entry.iter(f"{tag}_ALIAS"):
        weak = _text(alias, "QUALITY").casefold() in {"low", "a.k.a."}
        aliases["weakAlias" if weak else "alias"] += _text(alias, "ALIAS_NAME").split(";")
    births = [
        _text(birth, "DATE") or _text(birth, "YEAR")
        for birth in entry.iter("INDIVIDUAL_DATE_OF_BIRTH")
    ]
    states = [value.text or "" for value in entry.iterfind("NATIONALITY/VALUE")]
    found = {"name": names, **aliases, "birthDate": births, "nationality": states}
    return Record(
        id=f"un-{_text(entry, 'REFERENCE_NUMBER')}",
        schema=schema,
        properties={k: clean for k, v in found.items() if (clean := _clean(v))},
        datasets=("un-sc",),
        caption=names[0],
    )


def _text(parent: Element, tag: str) -> str:
    return " ".join((parent.findtext(tag) or "").split())


def _clean(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v.strip() for v in values if v.strip()))
