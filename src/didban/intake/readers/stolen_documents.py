"""Lost and stolen documents: a CSV of numbers and ranges, without names.

Header: `issuing_state,document_type,number,number_to,status,reported_on`, in any order; `number_to`
and `reported_on` may be absent. Ids: `doc-<issuer>-<type>-<number>`, as the row writes them, in
upper case.

- A range has one prefix and one width, and does not run backwards; else its row is refused.
- `status` is one of the glossary's words. A row without state, type, number or status is refused.
- An id that comes again, with another status or range, gets a hash of its row behind it.
- A date of report that cannot be read costs only itself: the document stays, with a note.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidFile
from didban.intake.document_numbers import range_fault
from didban.intake.readers.base import Change, Claim, Reject
from didban.intake.readers.ids import DistinctIds
from didban.intake.readers.streams import check_width, read_rows
from didban.intake.readers.values import DOCUMENT_STATUSES, document_status, document_type
from didban.model.countries import alpha3, country
from didban.model.dates import parse_date
from didban.model.documents import Document
from didban.model.folding import ascii_digits
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from didban.intake.readers.base import RejectSink, Source

REQUIRED: Final = ("issuing_state", "document_type", "number", "status")
OPTIONAL: Final = ("number_to", "reported_on")


def read(source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield one record for each document or range.

    Raises `InvalidFile` when a needed column is missing or no row can be read.
    """
    claim = Claim(source.path, "a list of lost and stolen documents", reject)
    rows = read_rows(source.path, source.name, claim, is_table=True)
    ids = DistinctIds()
    columns: list[str] | None = None
    for line, cells in rows:
        if columns is None:
            columns = _columns(source, line, cells, reject)
            continue
        text = ",".join(cells)
        try:
            check_width(line, cells, columns)
            row = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
            record, oddity = _record(source.name, row)
        except ValueError as error:
            claim(Reject(source=source.name, line=line, reason=str(error), row=text))
            continue
        if oddity:
            reject(Reject(source=source.name, line=line, reason=oddity, row=text, is_note=True))
        claim.kept()
        identifier = ids.distinct(record.id, cells)
        if identifier != record.id:
            reason = "the same document again"
            reject(Reject(source=source.name, line=line, reason=reason, row=text, is_note=True))
        if identifier is not None:
            yield Change.add(replace(record, id=identifier))
    claim.verify()
    if columns is None:
        raise InvalidFile(f"{source.path.name}: is empty; expected the header {','.join(REQUIRED)}")


def source_date(source: Source) -> date | None:  # noqa: ARG001 - every reader has it
    """Return None: the format does not state when it was published."""
    return None


def _columns(source: Source, line: int, cells: list[str], reject: RejectSink) -> list[str]:
    columns = [cell.strip().lower().replace(" ", "_") for cell in cells]
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        message = f"{source.path.name}: the header lacks {', '.join(missing)}"
        raise InvalidFile(f"{message}; it must be {','.join((*REQUIRED, *OPTIONAL))}")
    unknown = [name for name in columns if name not in (*REQUIRED, *OPTIONAL)]
    if unknown:
        reason = f"columns that are not read: {', '.join(unknown)}"
        row = ",".join(cells)
        reject(Reject(source=source.name, line=line, reason=reason, row=row, is_note=True))
    return columns


def _record(dataset: str, row: Mapping[str, str]) -> tuple[Record, str]:
    """Return the record of a row and what was odd about it. Raises `ValueError` to refuse it."""
    empty = [name for name in REQUIRED if not row.get(name)]
    if empty:
        raise ValueError(f"{' and '.join(empty)} must not be empty")
    issuer = country(row["issuing_state"])
    if issuer is None:
        raise ValueError(f"issuing_state '{row['issuing_state']}' is no state or issuer we know")
    kind = document_type(row["document_type"])
    if kind is None:
        raise ValueError(f"document_type '{row['document_type']}' is no code such as P, I or V")
    status = document_status(row["status"])
    if status is None:
        raise ValueError(f"status '{row['status']}' is none of {', '.join(DOCUMENT_STATUSES)}")
    number, number_to = ascii_digits(row["number"]), ascii_digits(row.get("number_to", "")) or None
    if fault := range_fault(number, number_to):
        raise ValueError(fault)
    reported = parse_date(row.get("reported_on", ""))
    is_odd = reported is None and bool(row.get("reported_on"))
    properties = {
        "number": (number,),
        "country": (issuer,),
        "type": (kind,),
        "status": (status,),
        "reportedAt": (str(reported),) if reported else (),
    }
    document = Document(number=number, number_to=number_to, issuer=issuer, type=kind, status=status)
    until = f" .. {number_to}" if number_to else ""
    record = Record(
        id="doc-" + "-".join(row[name].upper() for name in REQUIRED[:3]),
        schema="Passport" if kind.startswith("P") else "Identification",
        caption=f"{alpha3(issuer)} {kind} {number}{until}",
        properties={name: values for name, values in properties.items() if values},
        documents=(document,),
        datasets=(dataset,),
    )
    return record, "reported_on is no date that can be read; left out" if is_odd else ""
