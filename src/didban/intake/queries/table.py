"""Queries as a CSV table: FollowTheMoney property names, or plain ones, in the header.

Case, spaces, `_` and `-` in the header do not matter: `birthDate`, `birth_date` and `Birth Date` are
one. Values in one cell are separated by `;` (by `|` where `;` separates the columns).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidFile
from didban.intake.queries.questions import DEFAULT_SCHEMA, known_schema, question
from didban.intake.readers.base import Claim, Reject
from didban.intake.readers.streams import read_rows
from didban.intake.readers.values import document_type, read_values
from didban.model.countries import country
from didban.model.documents import Document
from didban.model.schemata import schemata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from didban.intake.readers.base import RejectSink
    from didban.model.records import Record

_DELIMITERS: Final = (",", ";", "\t", "|")
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_OURS: Final = {
    "id": "id",
    "schema": "schema",
    "documentnumber": "document_number",
    "documentissuer": "document_issuer",
    "documenttype": "document_type",
    "issuingstate": "document_issuer",
}
_BY_PLACE: Final = frozenset({"document_number", "document_issuer", "document_type"})
_PLAIN_NAMES: Final = {
    "fullname": "name",
    "aliases": "alias",
    "givenname": "firstName",
    "givennames": "firstName",
    "forename": "firstName",
    "surname": "lastName",
    "familyname": "lastName",
    "dateofbirth": "birthDate",
    "dob": "birthDate",
    "placeofbirth": "birthPlace",
    "countryofbirth": "birthCountry",
    "nationalities": "nationality",
    "sex": "gender",
    "passport": "passportNumber",
    "passportno": "passportNumber",
    "nationalid": "idNumber",
}
_NEEDED: Final = frozenset(
    {"name", "firstName", "lastName", "alias", "document_number", "passportNumber", "idNumber"}
    | {"imoNumber", "registrationNumber", "number"}
)


def read(path: Path, reject: RejectSink, *, start: str) -> Iterator[Record]:
    """Yield the query of each row; `start` is the beginning of the file, to see its delimiter by.

    Raises `InvalidFile` when the header names nothing that can be searched for.
    """
    delimiter = _delimiter(start)
    claim = Claim(path, "a table of queries", reject)
    columns: list[str] | None = None
    for line, cells in read_rows(path, path.name, claim, delimiter=delimiter, is_table=True):
        if columns is None:
            columns = _columns(path, line, cells, reject)
            continue

        def note(reason: str, number: int = line) -> None:
            reject(Reject(source=path.name, line=number, reason=reason, row="", is_note=True))

        try:
            if len(cells) > len(columns):
                raise ValueError("more cells than the header has columns")  # noqa: TRY301
            values = _values(columns, cells, "|" if delimiter == ";" else ";")
            record = _record(f"{path.name}:{line}", values, note)
        except ValueError as error:
            text = delimiter.join(cells)
            claim(Reject(source=path.name, line=line, reason=str(error), row=text))
            continue
        claim.kept()
        yield record
    claim.verify()
    if columns is None:
        raise InvalidFile(f"{path.name}: is empty, and has not even a header")


def _delimiter(start: str) -> str:
    header = start.partition("\n")[0]
    return max(_DELIMITERS, key=header.count)


def _columns(path: Path, line: int, header: list[str], reject: RejectSink) -> list[str]:
    """Return for each column what it is: a property, one of our own names, or "" for neither."""
    properties = {_bare(name): name for each in schemata().values() for name in each.properties}
    names = {**properties, **_PLAIN_NAMES, **_OURS}
    columns = [names.get(_bare(cell), "") for cell in header]
    if not _NEEDED & set(columns):
        raise InvalidFile(
            f"{path.name}: its first row is no header that can be searched by; it needs a column"
            " such as name or document_number"
        )
    unknown = [cell.strip() for cell, column in zip(header, columns, strict=True) if not column]
    if unknown:
        reason = f"columns that are not searched: {', '.join(unknown)}"
        reject(Reject(source=path.name, line=line, reason=reason, row="", is_note=True))
    return columns


def _bare(name: str) -> str:
    return _NOT_LETTERS.sub("", name.lower())


def _values(columns: list[str], cells: list[str], separator: str) -> dict[str, tuple[str, ...]]:
    """Return column name -> distinct values; several columns may feed one property.

    The parts of documents belong together by their places: there repeated and empty ones count.
    """
    values: dict[str, list[str]] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column and cell.strip():
            parts = [" ".join(part.split()) for part in cell.split(separator)]
            values.setdefault(column, []).extend(parts)
    return {
        column: tuple(parts) if column in _BY_PLACE else tuple(dict.fromkeys(filter(None, parts)))
        for column, parts in values.items()
        if any(parts)
    }


def _record(
    default_id: str, values: Mapping[str, tuple[str, ...]], note: Callable[[str], None]
) -> Record:
    def first(name: str, default: str) -> str:
        return next(iter(values.get(name, ())), default)

    schema_name = first("schema", DEFAULT_SCHEMA)
    known_schema(schema_name)
    stated = {name: v for name, v in values.items() if name not in _OURS.values()}
    properties = read_values(schema_name, stated, note)
    documents = list(_documents(values, note))
    return question(first("id", default_id), schema_name, properties, documents)


def _documents(
    values: Mapping[str, tuple[str, ...]], note: Callable[[str], None]
) -> Iterator[Document]:
    """Yield the documents of a row: the n-th issuer and type go with the n-th number.

    One issuer or type alone is that of every number.
    """

    def beside(name: str, position: int) -> str:
        parts = values.get(name, ())
        return parts[0] if len(parts) == 1 else "".join(parts[position : position + 1])

    for position, number in enumerate(values.get("document_number", ())):
        if not number:
            continue
        issuer = beside("document_issuer", position)
        kind = beside("document_type", position)
        code = country(issuer)
        if issuer and code is None:
            note("the document's issuer is no state we know; it is taken as it is")
        yield Document(
            number=number, issuer=code or issuer.lower() or None, type=document_type(kind)
        )
