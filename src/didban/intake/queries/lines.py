"""Queries as JSON lines: `{"id": ..., "schema": ..., "properties": {...}, "documents": [...]}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from didban.errors import nearest, quoted
from didban.intake.queries.questions import DEFAULT_SCHEMA, known_schema, question
from didban.intake.readers.base import Claim, Reject
from didban.intake.readers.jsonlines import clean_text, clean_values, read_objects
from didban.intake.readers.values import DOCUMENT_TEXTS, document_from_json, read_values
from didban.model.schemata import unknown_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from didban.intake.readers.base import RejectSink
    from didban.model.records import Record

_MOST_TOLD: Final = 10  # parts of documents that there are not: looking for the nearest takes long


def read(path: Path, reject: RejectSink) -> Iterator[Record]:
    """Yield the query of each line. Raises `InvalidFile` when no line holds one."""
    claim = Claim(path, "a file of queries as JSON lines", reject)
    for number, data, text in read_objects(path, path.name, claim):

        def note(reason: str, line: int = number) -> None:
            reject(Reject(source=path.name, line=line, reason=reason, row="", is_note=True))

        try:
            record = query_from_json(data, default_id=f"{path.name}:{number}", note=note)
        except ValueError as error:
            claim(Reject(source=path.name, line=number, reason=str(error), row=text))
            continue
        claim.kept()
        yield record
    claim.verify()


def query_from_json(
    data: Mapping[str, Any], *, default_id: str, note: Callable[[str], None]
) -> Record:
    """Return the query that an object of JSON states.

    - The schema is `Person` where none is given; one value may stand without its list.
    - Properties that the schema does not know, or that stand elsewhere, and unreadable values are told
      to `note`.

    Raises `ValueError`, saying what is wrong.
    """
    schema_name = clean_text(data.get("schema")) or DEFAULT_SCHEMA
    known = known_schema(schema_name)
    stated = data.get("properties", {})
    documents = data.get("documents", [])
    if not isinstance(stated, dict):
        raise ValueError("the properties are not an object")  # noqa: TRY004 - the file is wrong
    if not isinstance(documents, list) or not all(isinstance(item, dict) for item in documents):
        raise ValueError("the documents are not a list of objects")
    for name in stated:
        if name not in known.properties:
            note(unknown_property(schema_name, clean_text(name)))
    for name in data:
        if name in known.properties and name not in stated:
            note(f"{quoted(name)} stands beside the properties; it is not searched")
    properties = {clean_text(name): clean_values(values) for name, values in stated.items()}
    parts = dict.fromkeys(clean_text(name) for item in documents for name in item)
    for name in [name for name in parts if name not in DOCUMENT_TEXTS][:_MOST_TOLD]:
        near = nearest(name, DOCUMENT_TEXTS)
        note(f"a document has no part {quoted(name)}; it is not read{near}")
    found = [document_from_json(item) for item in documents]
    if None in found:
        raise ValueError("a document has no number")
    return question(
        clean_text(data.get("id")) or default_id,
        schema_name,
        read_values(schema_name, properties, note),
        [document for document in found if document is not None],
    )
