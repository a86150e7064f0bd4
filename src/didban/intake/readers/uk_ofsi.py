"""The UK consolidated list of financial sanctions targets ("ConList") as CSV, old and new layout.

Identifier: `uk-<Group ID>`. A group is spread over many rows, one for each combination of name, date
of birth and address, and the file is sorted by name: the rows of a group stand far apart. They are
therefore gathered first, in bounded memory (`didban.intake.readers.grouping`).
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidFile
from didban.intake.readers.base import Change, Reject
from didban.intake.readers.draft import Draft, exact_day
from didban.intake.readers.grouping import Groups
from didban.intake.readers.names import NameKind
from didban.intake.readers.papers import papers
from didban.intake.readers.remarks import add_facts, papers_in
from didban.intake.readers.streams import read_rows
from didban.intake.readers.text import clean, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from didban.intake.readers.base import RejectSink, Source
    from didban.intake.readers.grouping import Row

_NEEDED: Final = frozenset({"name 6", "group type", "alias type", "group id"})
_SCHEMATA: Final = {"individual": "Person", "ship": "Vessel"}
_GIVEN: Final = ("name 1", "name 2", "name 3", "name 4", "name 5")
_ADDRESS: Final = (
    *(f"address {number}" for number in range(1, 7)),
    "post/zip code",
)
_PART_PROPERTIES: Final = ("firstName", "secondName", "middleName")
_LAST_UPDATED: Final = "last updated"
#: The line with the date, and the header, stand among the first lines.
_HEAD_ROWS: Final = 4
_BRACKETS: Final = re.compile(r"[()]")
_UN_REFERENCE: Final = re.compile(
    r"\bUN Ref\b[^A-Za-z0-9]*([A-Z]{1,3}[a-z]?\.[\w.]*\w)", re.IGNORECASE
)
_UK_REFERENCE: Final = re.compile(r"\bUK Sanctions List Ref\b[^A-Za-z0-9]*([A-Z]{3}\d{4})")
_IMO: Final = re.compile(r"\bIMO(?: number)?\W{0,3}(\d{7})\b", re.IGNORECASE)


def read(source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield one record per group.

    Refuses a row with another number of cells than the header, one whose Group ID is not a number,
    and a group without any name. Raises InvalidFile when the header is not that of this list.
    """
    rows = read_rows(source.path, source.name, reject)
    columns = _columns(rows, source)
    with Groups() as groups:
        for line, cells in rows:
            row = dict(zip(columns, cells, strict=False))
            number = row.get("group id", "").strip()
            if len(cells) != len(columns) or not number.isascii() or not number.isdigit():
                reason = f"is not a row of {len(columns)} cells with a Group ID"
                reject(Reject(source=source.name, line=line, reason=reason, row=",".join(cells)))
            else:
                groups.add(number, line, cells)
        for number, members in groups:
            draft = _draft(number, columns, members, source.name)
            if any(map(draft.has, NameKind)):
                yield Change.add(draft.record())
            else:
                reason = f"group {number} has no name"
                reject(Reject(source=source.name, line=members[0][0], reason=reason, row=""))


def source_date(source: Source) -> date | None:
    """Return the day of the last update, as the first line says it."""
    for _, cells in islice(read_rows(source.path, source.name, lambda _: None), _HEAD_ROWS):
        if clean(cells[0]).lower() == _LAST_UPDATED and len(cells) > 1:
            return exact_day(cells[1])
    return None


def _columns(rows: Iterator[tuple[int, list[str]]], source: Source) -> list[str]:
    """Return the names of the columns, folded to lower case."""
    for _, cells in islice(rows, _HEAD_ROWS):
        columns = [clean(name).lower() for name in cells]
        if _NEEDED.issubset(columns):
            return columns
    raise InvalidFile(f"{source.path.name}: the first lines have no column 'Group ID' and 'Name 6'")


def _draft(number: str, columns: list[str], members: list[Row], dataset: str) -> Draft:
    """Return the draft of a group; the rows of its primary name come first."""
    rows = [dict(zip(columns, map(clean, cells), strict=True)) for _, cells in members]
    rows.sort(key=lambda row: not row["alias type"].lower().startswith("prim"))
    schema = _SCHEMATA.get(rows[0]["group type"].lower(), "Organization")
    draft = Draft(f"uk-{number}", schema, dataset=dataset)
    for row in rows:
        _add_name(draft, row)
        _add_person(draft, row)
        _add_place(draft, row)
    draft.add("listReference", number)
    draft.add("topics", "sanction")
    for row in rows:
        draft.add("program", row.get("regime"))
        designated = row.get("uk sanctions list date designated", "")
        draft.add_day("createdAt", row.get("listed on", ""), designated)
        draft.add_day("modifiedAt", row.get(_LAST_UPDATED, ""))
    for remarks in dict.fromkeys(row.get("other information", "") for row in rows):
        if remarks:
            _add_remarks(draft, remarks)
    return draft


def _add_name(draft: Draft, row: Mapping[str, str]) -> None:
    """Add the name of a row in natural order; "Name 6" is the family name, or a whole name."""
    kind = _kind(row)
    given, family = [row[column] for column in _GIVEN if row.get(column)], row["name 6"]
    draft.add_name(" ".join(filter(None, (*given, family))), kind, with_parts=False)
    if draft.schema == "Person" and kind is NameKind.PRIMARY and given:
        for name, part in zip(_PART_PROPERTIES, (*given[:2], " ".join(given[2:])), strict=False):
            draft.add(name, part)
        draft.add("lastName", family)
    draft.add_name(row.get("name non-latin script", ""), kind, with_parts=False)
    draft.add("title", row.get("title"))


def _kind(row: Mapping[str, str]) -> NameKind:
    kind, quality = row["alias type"].lower(), row.get("alias quality", "").lower()
    if kind.startswith("prim"):
        return NameKind.PRIMARY
    if kind.startswith("fka"):
        return NameKind.FORMER
    return NameKind.WEAK if quality.startswith("low") else NameKind.ALIAS


def _add_person(draft: Draft, row: Mapping[str, str]) -> None:
    """Add birth, nationality and papers."""
    draft.add_date("birthDate", row.get("dob", ""))
    for place in numbered(row.get("town of birth", "")):
        draft.add("birthPlace", place)
    draft.add_states("birthCountry", row.get("country of birth", ""))
    draft.add_states("nationality", row.get("nationality", ""))
    for number, details, default in (
        ("passport number", "passport details", "P"),
        ("national identification number", "ni details", "I"),
        ("ni number", "", "I"),
    ):
        _add_papers(draft, row.get(number, ""), row.get(details, ""), default)
    draft.add("position", *numbered(row.get("position", "")))


def _add_papers(draft: Draft, number: str, details: str, default: str) -> None:
    """Add the papers of a cell with numbers and a cell about them; the old layout has only one."""
    if number and details and len(numbered(number)) == 1:
        found = papers(f"{number} ({_BRACKETS.sub(' ', details)})", default=default)
    else:
        found = papers(number or details, default=default)
        draft.note(f"papers: {details}" if number and details else "")
    for paper in found:
        draft.add_document(paper)
    if not found and (number or details):
        draft.note(f"papers: {number or details}")


def _add_place(draft: Draft, row: Mapping[str, str]) -> None:
    """Add the address; remarks on a state ("Libya (as at 2014)") stay in the address."""
    stated = row.get("country", "")
    draft.add_address([row.get(column, "") for column in _ADDRESS], stated=stated)


def _add_remarks(draft: Draft, remarks: str) -> None:
    """Add the remarks, the references to other lists in them, and what they say in set phrases."""
    draft.note(remarks)
    draft.add("unscId", *_UN_REFERENCE.findall(remarks))
    draft.add("listReference", *_UK_REFERENCE.findall(remarks))
    draft.add("imoNumber", *_IMO.findall(remarks))
    add_facts(draft, remarks)
    for paper in papers_in(remarks):
        draft.add_document(paper)
