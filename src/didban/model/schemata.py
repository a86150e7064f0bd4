"""The FollowTheMoney vocabulary as a table: which kinds of thing there are, and what they can say.

The names are FollowTheMoney's, so that its files are understood without its package. Our own
additions: `listReference`, `unscId` and `transliteration` on everything, `status` and `reportedAt`
on documents, `vin` on vehicles, and the kinds of thing in `schemata_own.tsv` (firearms, seizures,
methods, flows of money).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from didban.errors import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

_NONE: Final = "-"
_FILES: Final = ("schemata.tsv", "schemata_own.tsv")


class Kind(StrEnum):
    """What the values of a property are, and so how they are read and compared."""

    NAME = "name"
    WEAK_NAME = "weak_name"
    NAME_PART = "name_part"
    DATE = "date"
    COUNTRY = "country"
    IDENTIFIER = "identifier"
    GENDER = "gender"
    ENTITY = "entity"
    ADDRESS = "address"
    TOPIC = "topic"
    NUMBER = "number"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    LANGUAGE = "language"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One kind of thing.

    - `ancestors`: the names of all kinds that it is too, itself among them.
    - `is_matchable`: whether records of it are compared with queries by name.
    - `is_link`: whether it stands for a relation between two things.
    - `properties`: name -> kind, those of its ancestors among them.
    """

    name: str
    ancestors: frozenset[str]
    is_matchable: bool
    is_link: bool
    properties: Mapping[str, Kind]


def schema(name: str) -> Schema | None:
    """Return the kind of thing of that name, or None when the vocabulary has none."""
    return schemata().get(name)


def is_a(name: str, ancestor: str) -> bool:
    """Return whether a schema is another one or a special case of it: a `Person` is a `Thing`."""
    found = schema(name)
    return found is not None and ancestor in found.ancestors


def property_kind(schema_name: str, property_name: str) -> Kind | None:
    """Return what the values of that property are, or None when the schema does not know it."""
    found = schema(schema_name)
    return None if found is None else found.properties.get(property_name)


@lru_cache(maxsize=1_024)  # it may stand in each line of a long file
def unknown_property(schema_name: str, property_name: str) -> str:
    """Return in words that a schema has no property of that name, and which may be meant."""
    known = schemata()[schema_name].properties
    said = f"'{schema_name}' has no property {quoted(property_name)}; it is not searched"
    return f"{said}{nearest(property_name, known)}"


@lru_cache(maxsize=1)
def schemata() -> Mapping[str, Schema]:
    """Return the whole table by name. In the files, ancestors stand before their descendants."""
    table: dict[str, Schema] = {}
    for line in (line for name in _FILES for line in _lines(name)):
        name, parent_names, flags, own = line.split("\t")
        parents = [table[parent] for parent in parent_names.split() if parent != _NONE]
        properties: dict[str, Kind] = {}
        for parent in parents:
            properties.update(parent.properties)
        properties.update(_own_properties(own))
        table[name] = Schema(
            name=name,
            ancestors=frozenset({name}).union(*(parent.ancestors for parent in parents)),
            is_matchable="matchable" in flags.split(),
            is_link="link" in flags.split(),
            properties=properties,
        )
    return table


def _lines(name: str) -> list[str]:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()[1:]


def _own_properties(text: str) -> dict[str, Kind]:
    """Read "date: birthDate deathDate; text: birthPlace"."""
    if text == _NONE:
        return {}
    groups = (group.split(": ") for group in text.split("; "))
    return {name: Kind(kind) for kind, names in groups for name in names.split()}
