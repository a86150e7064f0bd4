"""What the readers of queries do alike: turn properties into a record that can be asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.intake.readers.values import distinct_documents, held_documents, with_full_name
from didban.match.features import is_searchable
from didban.match.kinds import not_compared
from didban.model.records import Record
from didban.model.schemata import schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from didban.model.documents import Document
    from didban.model.schemata import Schema

DEFAULT_SCHEMA: Final = "Person"


def known_schema(name: str) -> Schema:
    """Return the schema of this name. Raises `ValueError` where nothing could be found with it."""
    known, why_not = schema(name), not_compared(name)
    if known is None or why_not:
        raise ValueError(why_not)
    return known


def question(
    identifier: str,
    schema_name: str,
    properties: Mapping[str, tuple[str, ...]],
    documents: Sequence[Document] = (),
) -> Record:
    """Return a query as a record; a `name` is made of its parts where it is missing.

    Raises `ValueError` when it holds nothing that can be searched for: an empty answer to it would
    look like an all-clear.
    """
    whole = with_full_name(properties)
    record = Record(
        id=identifier,
        schema=schema_name,
        caption=next(iter(whole.get("name", ())), ""),
        properties=whole,
        documents=distinct_documents((*documents, *held_documents(whole))),
    )
    if not is_searchable(record):
        raise ValueError("names nothing to search for: neither a name, a number nor a document")
    return record
