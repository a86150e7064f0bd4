"""A record with what it is tied to: one step out, and through a link to what stands behind it.

    person ── ownershipOwner ──> Ownership ── asset ──> Company

What a record points at stands under its own property, what points at it under the property's name
from this side (`didban.model.links`). A tie that leads back to where one came from stays an
identifier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from didban.api.entities import entity
from didban.model.links import neighbours, tie_of, ties_behind
from didban.model.schemata import Kind, property_kind, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from didban.model.records import Record
    from didban.screening.texts.texts import Texts

    Finder = Callable[[str], Record | None]

MAX_NESTED: Final = 1_000
"""So many records are nested in one; there are pages for more."""


def nested(root: Record, around: Iterable[Record], find: Finder) -> dict[str, Any]:
    """Return a record with those around it nested; links among them with what they lead to."""
    records = {record.id: record for record in (root, *around)}
    for record in list(records.values()):
        known = schema(record.schema)
        if record is not root and known is not None and known.is_link:
            for other in neighbours(record):
                if other not in records and (found := find(other)) is not None:
                    records[found.id] = found
    pointing: dict[str, list[tuple[str, str]]] = {}
    for record in records.values():
        for name in record.properties:
            tie = tie_of(record.schema, name)
            if tie is not None and record is not root:
                for other in record.values(name):
                    pointing.setdefault(other, []).append((tie.reverse, record.id))
    return _nest(root, records, pointing, frozenset())


def around(root: Record, texts: Texts, find: Finder) -> list[Record]:
    """Return the records that a record is tied to, in either direction, itself left out, as listed."""
    outward = [found for other in neighbours(root) if (found := find(other)) is not None]
    inward = texts.pointing_at(root.id)
    tied = texts.as_listed((*outward, *inward))
    return [record for record in tied if record.id != root.id][:MAX_NESTED]


def beside(root: Record, name: str, texts: Texts, find: Finder) -> list[Record]:
    """Return the records that a record is tied to by one property, its own or one behind."""
    if property_kind(root.schema, name) is Kind.ENTITY:
        found = (find(other) for other in neighbours(root, (name,)))
        return texts.as_listed(record for record in found if record is not None)
    ties = ties_behind(root.schema, name)
    return [
        record
        for record in texts.pointing_at(root.id, {tie.name for tie in ties})
        if any(tie_of(record.schema, tie.name) == tie for tie in ties)
    ]


def _nest(
    record: Record,
    records: dict[str, Record],
    pointing: dict[str, list[tuple[str, str]]],
    path: frozenset[str],
) -> dict[str, Any]:
    shaped = entity(record)
    below = path | {record.id}
    properties: dict[str, list[Any]] = {}
    if len(path) <= 1:
        for name, other in pointing.get(record.id, ()):
            if other not in path:
                made = _nest(records[other], records, pointing, below)
                properties.setdefault(name, []).append(made)
    for name in record.properties:
        if property_kind(record.schema, name) is Kind.ENTITY:
            values = [
                _nest(records[other], records, pointing, below) if other in records else other
                for other in record.values(name)
                if other not in below
            ]
            if values:
                properties[name] = values
    shaped["properties"].update(properties)
    return shaped
