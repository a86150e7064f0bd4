"""Any CSV list, by a mapping file that says which column is what (`didban.intake.readers.mapping`).

- Ids: `<NAME>-<cell of the id column>`; without such a column, the first twelve hex digits of a
  hash of the row; an id that comes again with another row gets that hash behind it, and a note.
- A cell whose date, state or sex cannot be read is kept as a remark (`notes`), with a note.
- A row without an id or with nothing in it that the mapping wants is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidFile, InvalidInput
from didban.intake.readers.base import Change, Claim, Reject
from didban.intake.readers.ids import DistinctIds, row_hash
from didban.intake.readers.mapping import TableMapping, load_mapping
from didban.intake.readers.streams import check_width, read_rows
from didban.intake.readers.values import (
    distinct_documents,
    document_status,
    document_type,
    held_documents,
    read_value,
    was_converted,
    with_full_name,
)
from didban.model.countries import country
from didban.model.dates import parse_date
from didban.model.documents import Document
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from didban.intake.readers.base import RejectSink, Source
    from didban.intake.readers.mapping import ColumnRule, DocumentRule

_CAPTION_PROPERTIES: Final = ("name", "alias", "weakAlias", "number", "registrationNumber")


def read(source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield one record for each row.

    Raises `InvalidInput` for a missing or wrong mapping, `InvalidFile` when the file has not the
    columns that the mapping names or no row can be read.
    """
    if source.mapping is None:
        raise InvalidInput(f"csv:{source.name} needs a mapping file: --mapping {source.name}=FILE")
    mapping = load_mapping(source.mapping)
    claim = Claim(source.path, "a table that this mapping can read", reject)
    ids = DistinctIds()
    header: list[str] | None = None
    rows = read_rows(
        source.path,
        source.name,
        claim,
        delimiter=mapping.delimiter,
        encoding=mapping.encoding,
        is_table=True,
    )
    for line, cells in rows:
        if header is None:
            header = [cell.strip() for cell in cells]
            _check_header(source, mapping, header)
            continue
        row = _Row(line=line, cells=dict(zip(header, map(str.strip, cells), strict=False)))
        try:
            check_width(line, cells, header)
            record = row.record(source.name, mapping)
        except ValueError as error:
            text = mapping.delimiter.join(cells)
            claim(Reject(source=source.name, line=line, reason=str(error), row=text))
            continue
        claim.kept()
        identifier = ids.distinct(record.id, cells)
        if identifier != record.id:
            row.oddities.append("the id was given to an earlier row too")
        for oddity in row.oddities:
            reject(Reject(source=source.name, line=line, reason=oddity, row="", is_note=True))
        if identifier is not None:
            yield Change.add(replace(record, id=identifier))
    claim.verify()
    if header is None:
        raise InvalidFile(f"{source.path.name}: is empty, and has not even a header")


def source_date(source: Source) -> date | None:  # noqa: ARG001 - every reader has it
    """Return None: a table does not state when it was published."""
    return None


def _check_header(source: Source, mapping: TableMapping, header: list[str]) -> None:
    problems = mapping.missing_columns(header)
    if problems:
        lines = "".join(f"\n  {problem}" for problem in problems)
        raise InvalidFile(f"{source.path.name} and its mapping do not fit:{lines}")


class _Row:
    """One row on its way to a record, and what was odd about it."""

    def __init__(self, *, line: int, cells: Mapping[str, str]) -> None:
        self._line = line
        self._cells = cells
        self.oddities: list[str] = []
        self._properties: dict[str, dict[str, None]] = {}

    def record(self, dataset: str, mapping: TableMapping) -> Record:
        """Return the record. Raises `ValueError`, saying what the row lacks."""
        for rule in mapping.columns:
            self._take(mapping.schema, rule)
        documents = [self._document(rule) for rule in mapping.documents]
        if not self._properties and not any(documents):
            raise ValueError("none of the mapped columns has anything in it")
        for name, values in mapping.constants.items():
            for value in values:
                self._add(name, read_value(mapping.schema, name, value) or value)
        properties = with_full_name({n: tuple(v) for n, v in self._properties.items()})
        held = held_documents(properties)
        caption = next((v for n in _CAPTION_PROPERTIES for v in properties.get(n, ())), "")
        return Record(
            id=f"{mapping.id_prefix or dataset}-{self._key(mapping)}",
            schema=mapping.schema,
            caption=caption,
            properties=properties,
            documents=distinct_documents((*filter(None, documents), *held)),
            datasets=(dataset,),
        )

    def _key(self, mapping: TableMapping) -> str:
        if mapping.id_column is not None:
            key = self._cells.get(mapping.id_column, "")
            if not key:
                raise ValueError(f"the id column '{mapping.id_column}' is empty")
            return key
        return row_hash(self._cells.values())

    def _take(self, schema_name: str, rule: ColumnRule) -> None:
        cell = self._cells.get(rule.column, "")
        for part in cell.split(rule.separator) if rule.separator else [cell]:
            text = " ".join(part.split())
            if not text:
                continue
            value = read_value(
                schema_name,
                rule.property,
                text,
                formats=rule.date_formats,
                day_first=rule.day_first,
            )
            if value is not None:
                self._add(rule.property, value)
                if was_converted(schema_name, rule.property, text, value):
                    self._add("notes", f"{rule.column}: {text}")
                continue
            self._add("notes", f"{rule.column}: {text}")
            self.oddities.append(
                f"column '{rule.column}' holds no {rule.property} that can be read; kept in notes"
            )

    def _document(self, rule: DocumentRule) -> Document | None:
        parts = {part: self._cells.get(column, "") for part, column in rule.columns.items()}
        parts.update(rule.constants)
        if not parts["number"]:
            return None
        issuer = country(parts.get("issuer", ""))
        kind = document_type(parts.get("type", ""))
        status = document_status(parts.get("status", ""))
        for part, value in (("issuer", issuer), ("type", kind), ("status", status)):
            if value is None and parts.get(part):
                self.oddities.append(f"the document's {part} is none we know; kept in its note")
        unread = [
            parts[p]
            for p, v in (("issuer", issuer), ("type", kind), ("status", status))
            if v is None and parts.get(p)
        ]
        return Document(
            number=parts["number"],
            number_to=parts.get("number_to") or None,
            issuer=issuer,
            type=kind,
            status=status,
            issued_on=_day(parts.get("issued", "")),
            expires_on=_day(parts.get("expires", "")),
            note="; ".join(unread) or None,
        )

    def _add(self, name: str, value: str) -> None:
        self._properties.setdefault(name, {})[value] = None


def _day(text: str) -> str | None:
    """Return a date as EDTF, or as it is written where it cannot be read."""
    found = parse_date(text)
    return str(found) if found else text or None
