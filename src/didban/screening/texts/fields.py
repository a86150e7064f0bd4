"""What of a record is found under which field, and in which form.

- Words: names, and all other text, in two columns; `names:...` asks the first, `text:...` both.
- Values that are codes, dates or numbers are found whole: under `properties.<name>`, and under the
  group of their kind (`countries`, `dates`, `identifiers` ...). Dates are found by their month and
  year too, in the group alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from didban.model.folding import fold
from didban.model.schemata import Kind, schema, schemata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from didban.model.records import Record

GROUPS: Final[Mapping[Kind, str]] = {
    Kind.COUNTRY: "countries",
    Kind.DATE: "dates",
    Kind.IDENTIFIER: "identifiers",
    Kind.GENDER: "genders",
    Kind.ENTITY: "entities",
    Kind.TOPIC: "topics",
    Kind.PHONE: "phones",
    Kind.EMAIL: "emails",
    Kind.URL: "urls",
    Kind.LANGUAGE: "languages",
}
"""Kinds whose values are found whole, and the field under which all of a kind are found."""

COUNTED: Final = ("countries", "topics", "datasets", "genders", "identifiers")
"""Groups whose values can be counted over what a search finds; the schema can be too."""

PREFIX: Final = "properties."
SEPARATOR: Final = "\t"

# Topics, and beginnings of topics, that say why somebody is on a list; others only describe.
_RISKS: Final = (
    "sanction",
    "crime",
    "wanted",
    "debarment",
    "export",
    "reg.",
    "poi",
    "asset.frozen",
)
_NAMES: Final = frozenset({Kind.NAME, Kind.WEAK_NAME})
_WORD: Final = re.compile(r"[^\W_]+")
_JOINER: Final = str.maketrans({"\u200c": " ", "\u200d": None})
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_MONTH, _YEAR = len("1970-01"), len("1970")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record as it is entered. `values`: field and value, each pair once."""

    names: str
    text: str
    values: frozenset[tuple[str, str]]
    counted: tuple[str, ...]
    size: int


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared: lower case, no accents, ASCII digits."""
    if text.isascii():
        return _WORD.findall(text.lower())
    return _WORD.findall(fold(text.translate(_JOINER)).translate(_LETTERS))


@lru_cache(maxsize=65_536)
def whole(field: str, value: str) -> str:
    """Return a value as it is compared under a field: identifiers of ours as they are."""
    is_ours = field in {"datasets", "referents", "entities", "schema", "id"} or field.startswith(
        "@"
    )
    return value if is_ours else fold(value)


def entry_of(record: Record) -> Entry:
    """Return what is entered of a record."""
    known = schema(record.schema)
    kinds = known.properties if known else {}
    names: list[str] = []
    text: list[str] = []
    values: set[tuple[str, str]] = set()
    for name, stated in record.properties.items():
        kind = kinds.get(name, Kind.TEXT)
        if kind in GROUPS:
            values.update(_found_whole(name, kind, stated))
        if kind is not Kind.ENTITY:
            (names if kind in _NAMES else text).extend(stated)
    for document in record.documents:
        values.add(("identifiers", fold(document.number)))
        text.append(document.number)
    values.update(("datasets", name) for name in record.datasets)
    values.update(("referents", name) for name in record.referents)
    counted = tuple(
        SEPARATOR.join(sorted(value for field, value in values if field == group))
        for group in COUNTED
    )
    return Entry(
        names=" ".join(word for one in names for word in words(one)),
        text=" ".join(word for one in text for word in words(one)),
        values=frozenset(values),
        counted=counted,
        size=sum(map(len, record.properties.values())),
    )


def _found_whole(name: str, kind: Kind, stated: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield under which fields the values of one property are found."""
    if kind is Kind.ENTITY:
        yield from ((f"@{name}", value) for value in stated)
        return
    for value in stated:
        folded = whole(PREFIX, value)
        yield f"{PREFIX}{name}", folded
        yield GROUPS[kind], folded
        if kind is Kind.DATE:
            yield from (
                (GROUPS[kind], folded[:end]) for end in (_YEAR, _MONTH) if len(folded) > end
            )


def is_found_whole(field: str) -> bool:
    """Return whether values of a field are compared whole; the others are searched by words."""
    if not field.startswith(PREFIX):
        return field in {*GROUPS.values(), "datasets", "referents"}
    return field.removeprefix(PREFIX) in _whole_properties()


@lru_cache(maxsize=1)
def _whole_properties() -> frozenset[str]:
    return frozenset(
        name
        for each in schemata().values()
        for name, kind in each.properties.items()
        if kind in GROUPS
    )


def is_property(name: str) -> bool:
    """Return whether some schema has a property of this name."""
    return name in _properties()


@lru_cache(maxsize=1)
def _properties() -> frozenset[str]:
    return frozenset(name for each in schemata().values() for name in each.properties)


def is_target(topics: Iterable[str]) -> bool:
    """Return whether one of these topics says that somebody is sought, barred or accused."""
    return any(topic.startswith(_RISKS) for topic in topics)
