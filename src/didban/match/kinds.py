"""What kind of thing a record is about, and which kinds are compared with each other."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from didban.errors import nearest, quoted


class Kind(IntEnum):
    """The kinds that matching tells apart."""

    OTHER = 0
    PERSON = 1
    ORGANIZATION = 2
    LEGAL_ENTITY = 3
    VESSEL = 4
    AIRPLANE = 5
    VEHICLE = 6
    DOCUMENT = 7
    FIREARM = 8


NAMED: Final = frozenset(Kind) - {Kind.OTHER, Kind.DOCUMENT, Kind.FIREARM}
"""Kinds of which one is looked for by name: the prior counts these, not papers, arms and links."""

_OF_SCHEMA: Final = {
    "Person": Kind.PERSON,
    "Organization": Kind.ORGANIZATION,
    "Company": Kind.ORGANIZATION,
    "PublicBody": Kind.ORGANIZATION,
    "LegalEntity": Kind.LEGAL_ENTITY,
    "Vessel": Kind.VESSEL,
    "Airplane": Kind.AIRPLANE,
    "Vehicle": Kind.VEHICLE,
    "Passport": Kind.DOCUMENT,
    "Identification": Kind.DOCUMENT,
    "Firearm": Kind.FIREARM,
}

_EITHER: Final = frozenset({Kind.PERSON, Kind.ORGANIZATION, Kind.LEGAL_ENTITY})
_COMPARED: Final = {
    Kind.PERSON: frozenset({Kind.PERSON, Kind.LEGAL_ENTITY, Kind.DOCUMENT}),
    Kind.ORGANIZATION: frozenset({Kind.ORGANIZATION, Kind.LEGAL_ENTITY}),
    Kind.LEGAL_ENTITY: _EITHER,
    Kind.VESSEL: frozenset({Kind.VESSEL, Kind.VEHICLE}),
    Kind.AIRPLANE: frozenset({Kind.AIRPLANE, Kind.VEHICLE}),
    Kind.VEHICLE: frozenset({Kind.VEHICLE, Kind.VESSEL, Kind.AIRPLANE}),
    Kind.DOCUMENT: frozenset({Kind.DOCUMENT, Kind.PERSON, Kind.LEGAL_ENTITY}),
    Kind.FIREARM: frozenset({Kind.FIREARM}),
}

_LESS_EXACT: Final = {
    Kind.ORGANIZATION: Kind.LEGAL_ENTITY,
    Kind.PERSON: Kind.LEGAL_ENTITY,
    Kind.VESSEL: Kind.VEHICLE,
    Kind.AIRPLANE: Kind.VEHICLE,
}
"""What a thing of that kind may also be called by an owner that does not say it so exactly."""


def kind_of(schema: str) -> Kind:
    """Return the kind of a FollowTheMoney schema; OTHER for one that is not matched (links ...)."""
    return _OF_SCHEMA.get(schema, Kind.OTHER)


def compared_with(schema: str) -> frozenset[Kind]:
    """Return the kinds that a query of this schema is compared with; all for `Thing`."""
    if schema == "Thing":
        return frozenset(Kind) - {Kind.OTHER}
    return _COMPARED.get(kind_of(schema), frozenset())


def compared_schemata() -> tuple[str, ...]:
    """Return the names of the schemata with which something can be found."""
    return (*_OF_SCHEMA, "Thing")


def not_compared(schema: str) -> str | None:
    """Return in words why nothing can be found with a schema, or None where something can."""
    if compared_with(schema):
        return None
    known = compared_schemata()
    near = nearest(schema, known) or f"; there are {', '.join(known)}"
    return f"there is no schema {quoted(schema)} that is compared{near}"


def may_be_one(schema: str, other: str) -> bool:
    """Return whether things of two schemas can be one thing: of one kind, or of one less exact.

    A person holds a passport and is found by it, but is not that passport.
    """
    one, another = kind_of(schema), kind_of(other)
    if Kind.OTHER in {one, another}:
        return schema == other
    return one == another or _LESS_EXACT.get(one) == another or _LESS_EXACT.get(another) == one
