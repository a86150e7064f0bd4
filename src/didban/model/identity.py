"""What identifies a person or thing: the least that an owner needs to recognise it (PR-42)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban.model.documents import Document
from didban.model.schemata import Kind, property_kind

if TYPE_CHECKING:
    from didban.model.records import Record

_KINDS: Final = frozenset({Kind.NAME, Kind.WEAK_NAME, Kind.NAME_PART, Kind.GENDER, Kind.IDENTIFIER})
_NAMED: Final = frozenset({"birthDate", "nationality", "citizenship", "birthCountry", "flag"})
_OF_THE_LIST: Final = frozenset({"listReference", "programId", "unscId", "wikidataId"})
"""Identifiers of the entry on a list, not of the person or thing."""


def identity_of(record: Record) -> Record:
    """Return a record with its names, dates, states, sex and numbers, and nothing else."""
    return replace(
        record,
        properties={
            name: values
            for name, values in record.properties.items()
            if name in _NAMED
            or (name not in _OF_THE_LIST and property_kind(record.schema, name) in _KINDS)
        },
        documents=tuple(
            Document(number=d.number, issuer=d.issuer, type=d.type, number_to=d.number_to)
            for d in record.documents
        ),
        datasets=(),
        referents=(),
        first_seen=None,
        last_seen=None,
        last_change=None,
        parts=(),
    )
