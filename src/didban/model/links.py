"""How things refer to each other: what a property points at, and what that is called from there.

An `Ownership` names its `owner`; seen from the owner, the same tie is `ownershipOwner`. The names
are FollowTheMoney's, as `schemata.tsv` has the properties themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from didban.model.schemata import Kind, is_a, schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.model.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A property whose values are identifiers of other records.

    - `schema`: who has the property; `target`: what kind of thing it points at.
    - `reverse`: what the tie is called among the properties of what it points at.
    """

    schema: str
    name: str
    target: str
    reverse: str


@lru_cache(maxsize=1)
def ties() -> tuple[Tie, ...]:
    """Return every tie of the vocabulary."""
    path = Path(__file__).with_name("schemata_links.tsv")
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return tuple(
        Tie(schema=own, name=name, target=target, reverse=reverse)
        for own, name, target, reverse in rows
    )


@lru_cache(maxsize=1_024)
def tie_of(schema_name: str, property_name: str) -> Tie | None:
    """Return the tie behind a property of a schema, its own or inherited, or None."""
    return next(
        (tie for tie in ties() if tie.name == property_name and is_a(schema_name, tie.schema)),
        None,
    )


@lru_cache(maxsize=256)
def entity_properties(schema_name: str) -> tuple[str, ...]:
    """Return the names under which records of a schema are tied to others, in both directions."""
    known = schema(schema_name)
    own = [name for name, kind in known.properties.items() if kind is Kind.ENTITY] if known else []
    reverse = [tie.reverse for tie in ties() if is_a(schema_name, tie.target)]
    return tuple(dict.fromkeys((*own, *reverse)))


def ties_behind(schema_name: str, reverse: str) -> tuple[Tie, ...]:
    """Return the ties that are called `reverse` from a record of this schema."""
    return tuple(tie for tie in ties() if tie.reverse == reverse and is_a(schema_name, tie.target))


def neighbours(record: Record, names: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the identifiers that a record points at, by these properties or by all of its own."""
    known = schema(record.schema)
    kinds = known.properties if known else {}
    chosen = [
        name
        for name in (record.properties if names is None else names)
        if kinds.get(name) is Kind.ENTITY
    ]
    return record.values(*chosen)
