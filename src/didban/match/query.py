"""A query: what is asked about one person or thing, ready to be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban.match.features import Features, features_of

if TYPE_CHECKING:
    from didban.model.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question: its identifier, the schema asked for, and the features to compare."""

    id: str
    schema: str
    features: Features


def query_from_record(record: Record) -> Query:
    """Return the query for a thing described as a record would describe it."""
    return Query(id=record.id, schema=record.schema, features=features_of(record))
