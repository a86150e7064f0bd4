"""What the readers of queries do alike: turn properties into a record that can be asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.intake.readers.values import distinct_documents, held_documents, with_full_name
from didban.model.records import Record
from didban.model.schemata import Kind, property_kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from didban.model.documents import Document

DEFAULT_SCHEMA: Final = "Person"

_SEARCHABLE: Final = frozenset({Kind.NAME, Kind.WEAK_NAME, Kind.IDENTIFIER})


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
    all_documents = distinct_documents((*documents, *held_documents(whole)))
    kinds = {property_kind(schema_name, name) for name, values in whole.items() if values}
    if not all_documents and not kinds & _SEARCHABLE:
        raise ValueError("names nothing to search for: neither a name, a number nor a document")
    return Record(
        id=identifier,
        schema=schema_name,
        caption=next(iter(whole.get("name", ())), ""),
        properties=whole,
        documents=all_documents,
    )
