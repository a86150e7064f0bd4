"""FollowTheMoney JSON lines: whole datasets, and delta files (ADD, MOD, DEL).

- Ids stay as they are; one that a whole dataset gives twice is noted, and the later record counts.
- A schema or property that the vocabulary does not know is kept, with a note.
- The records' own `datasets` give way to the source's name; values that are records (the "nested"
  form of such files) become records of their own, and their id the value.
- `Passport` and `Identification` records are kept, and become documents of their holder too, where
  both are in the same file: it is read twice, and only documents are held in memory between.
  A delta that changes a document without its holder therefore leaves the holder's as it was.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from didban.errors import nearest, quoted
from didban.intake.readers.base import Change, Claim, Reject
from didban.intake.readers.ids import DistinctIds
from didban.intake.readers.jsonlines import clean_text, clean_values, read_objects
from didban.intake.readers.streams import read_lines
from didban.intake.readers.values import (
    distinct_documents,
    document_from_json,
    document_status,
    document_type,
    held_documents,
    read_values,
)
from didban.model.documents import Document
from didban.model.records import Record
from didban.model.schemata import is_a, schema, schemata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from didban.intake.readers.base import RejectSink, Source

MAX_JOINED_DOCUMENTS: Final = 1_000_000
"""Most documents that are held to be joined to their holders; the others are only records."""

_MAX_ID: Final = 1024
_MAX_NESTING: Final = 4
_MAX_NOTES: Final = 1000
_OPERATIONS: Final[Mapping[str, Literal["add", "mod", "del"]]] = {
    "ADD": "add",
    "MOD": "mod",
    "DEL": "del",
}
_Holdings = dict[str, list[Document]]


def read(source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield the records of a FollowTheMoney file, or the changes of a delta file.

    An empty file is an empty delta. Raises `InvalidFile` when no line holds a record.
    """
    claim = Claim(source.path, "a FollowTheMoney file", reject)
    builder = _Builder(source, claim, _holdings(source, reject))
    for line, data, text in read_objects(source.path, source.name, claim):
        try:
            changes = builder.changes(line, data)
        except ValueError as error:
            claim(Reject(source=source.name, line=line, reason=str(error), row=text))
            continue
        claim.kept()
        yield from changes
    claim.verify()


def source_date(source: Source) -> date | None:  # noqa: ARG001 - every reader has it
    """Return None: the format does not state when it was published."""
    return None


class _Builder:
    """Makes changes of the objects of one file; notes each oddity once for the file."""

    def __init__(self, source: Source, reject: RejectSink, holdings: _Holdings) -> None:
        self._source = source
        self._reject = reject
        self._holdings = holdings
        self._noted: set[str] = set()
        self._ids = DistinctIds()

    def changes(self, line: int, data: Mapping[str, Any]) -> list[Change]:
        """Return what one line states. Raises `ValueError`, saying what it lacks."""
        op, whole = _operation(data)
        if op == "del":
            return [Change(op=op, id=_id(whole))]
        records = [self._record(line, entity) for entity in _entities(whole)]
        are_new = [self._ids.is_new(record.id) for record in records]  # each, not up to the first
        if "op" not in data and not all(are_new):
            self._note(line, "an id of this line was given before; the later record counts")
        return [Change(op=op, id=record.id, record=record) for record in records]

    def _record(self, line: int, entity: Mapping[str, Any]) -> Record:
        schema_name = clean_text(entity.get("schema"))
        if not schema_name:
            raise ValueError("the record has no schema")
        raw = entity.get("properties", {})
        if not isinstance(raw, dict):
            raise ValueError("the properties are not an object")  # noqa: TRY004
        identifier = _id(entity)
        stated = {clean_text(name): _values(values) for name, values in raw.items()}
        self._note_unknown(line, schema_name, stated)
        properties = read_values(schema_name, stated, lambda reason: self._note(line, reason))
        documents = (
            *_own_documents(entity),
            *self._holdings.get(identifier, ()),
            *_documents(schema_name, properties),
        )
        return Record(
            id=identifier,
            schema=schema_name,
            caption=clean_text(entity.get("caption")) or _caption(properties),
            properties=properties,
            documents=distinct_documents(documents),
            datasets=(self._source.name,),
            referents=clean_values(entity.get("referents", [])),
            first_seen=clean_text(entity.get("first_seen")) or None,
            last_seen=clean_text(entity.get("last_seen")) or None,
            last_change=clean_text(entity.get("last_change")) or None,
        )

    def _note_unknown(self, line: int, schema_name: str, names: Mapping[str, object]) -> None:
        if len(self._noted) >= _MAX_NOTES:
            return
        known = schema(schema_name)
        if known is None:
            self._note(line, _no_schema(schema_name))
            return
        for name in names:
            if name not in known.properties:
                self._note(line, f"'{schema_name}' has no property '{name}'; kept as it is")

    def _note(self, line: int, reason: str) -> None:
        if reason not in self._noted and len(self._noted) < _MAX_NOTES:
            self._noted.add(reason)
            note = Reject(source=self._source.name, line=line, reason=reason, row="", is_note=True)
            self._reject(note)


def _holdings(source: Source, reject: RejectSink) -> _Holdings:
    """Return the documents of the file by the id of their holder."""
    holdings: _Holdings = defaultdict(list)
    count = 0
    for _, line in read_lines(source.path, source.name, lambda _reject: None):
        if '"Passport"' not in line and '"Identification"' not in line:
            continue  # parsing the few lines that matter makes the first pass cheap
        try:
            entities = list(_entities(_operation(json.loads(line))[1]))
        except (ValueError, RecursionError):
            continue  # the second pass rejects it
        for holder, document in (pair for entity in entities for pair in _holding(entity)):
            count += 1
            if count <= MAX_JOINED_DOCUMENTS:
                holdings[holder].append(document)
    if count > MAX_JOINED_DOCUMENTS:
        reason = (
            f"only {MAX_JOINED_DOCUMENTS:,} of {count:,} documents were joined to their holders"
        )
        reject(Reject(source=source.name, line=None, reason=reason, row="", is_note=True))
    return dict(holdings)


def _holding(entity: Mapping[str, Any]) -> Iterator[tuple[str, Document]]:
    schema_name = clean_text(entity.get("schema"))
    raw = entity.get("properties")
    if not is_a(schema_name, "Identification") or not isinstance(raw, dict):
        return
    stated = {name: _values(values) for name, values in raw.items()}
    properties = read_values(schema_name, stated, lambda _reason: None)
    for holder in properties.get("holder", ()):
        for document in _documents(schema_name, properties):
            yield holder, document


def _operation(data: object) -> tuple[Literal["add", "mod", "del"], dict[str, Any]]:
    """Return the operation and the record of a line; a line without one adds its record."""
    if not isinstance(data, dict):
        raise ValueError("not a record")  # noqa: TRY004 - the file is wrong, not our code
    if "op" not in data:
        return "add", data
    op = _OPERATIONS.get(clean_text(data["op"]).upper())
    if op is None:
        raise ValueError("the operation is none of ADD, MOD, DEL")
    entity = data.get("entity")
    if not isinstance(entity, dict):
        raise ValueError("the change has no entity")  # noqa: TRY004
    return op, entity


def _entities(entity: dict[str, Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield a record and the records that stand as values inside it."""
    yield entity
    properties = entity.get("properties")
    if depth >= _MAX_NESTING or not isinstance(properties, dict):
        return
    for values in properties.values():
        for value in values if isinstance(values, list) else ():
            if isinstance(value, dict) and "schema" in value:
                yield from _entities(value, depth + 1)


def _values(values: object) -> tuple[str, ...]:
    """Return the values of a property; a record inside it counts by its id."""
    items = values if isinstance(values, list) else [values]
    return clean_values([v.get("id") if isinstance(v, dict) else v for v in items])


def _id(entity: Mapping[str, Any]) -> str:
    identifier = clean_text(entity.get("id"))
    if not identifier:
        raise ValueError("the record has no id")
    if len(identifier) > _MAX_ID:
        raise ValueError(f"the id is longer than {_MAX_ID} characters")
    return identifier


def _own_documents(entity: Mapping[str, Any]) -> Iterator[Document]:
    """Yield the documents of our own addition to the format."""
    stated = entity.get("documents")
    for item in stated if isinstance(stated, list) else ():
        document = document_from_json(item) if isinstance(item, dict) else None
        if document is not None:
            yield document


@lru_cache(maxsize=1_024)  # it may stand in each line of a long file
def _no_schema(name: str) -> str:
    said = f"the vocabulary has no schema {quoted(name)}; kept as it is, and no check finds it"
    return f"{said}{nearest(name, schemata())}"


def _documents(schema_name: str, properties: Mapping[str, tuple[str, ...]]) -> tuple[Document, ...]:
    """Return the documents that a record is, or whose numbers it names."""
    if not is_a(schema_name, "Identification"):
        return held_documents(properties)

    def first(*names: str) -> str | None:
        return next((value for name in names for value in properties.get(name, ())), None)

    type_text = first("type")
    is_passport = schema_name == "Passport"
    numbers = dict.fromkeys((*properties.get("number", ()), *properties.get("passportNumber", ())))
    return tuple(
        Document(
            number=number,
            issuer=first("country"),
            type="P" if is_passport else document_type(type_text or ""),
            issued_on=first("startDate"),
            expires_on=first("endDate"),
            status=document_status(first("status") or ""),
            note=first("summary", "description") or (None if is_passport else type_text),
        )
        for number in numbers
    )


def _caption(properties: Mapping[str, tuple[str, ...]]) -> str:
    names = ("name", "alias", "weakAlias", "number", "passportNumber")
    return next((value for name in names for value in properties.get(name, ())), "")
