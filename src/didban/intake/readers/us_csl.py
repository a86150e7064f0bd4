"""The US Consolidated Screening List: thirteen lists of three departments in one CSV file.

Identifier: `csl-<source>-<entity_number>`, where `source` is the short form that the list itself
gives in brackets ("Entity List (EL) - ..." is `EL`); where the number is empty or was used before
in the same list, the first 12 hexadecimal digits of the SHA-256 of the row stand in its place.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidFile
from didban.intake.readers.base import Change, Reject
from didban.intake.readers.draft import Draft
from didban.intake.readers.names import NameKind
from didban.intake.readers.streams import read_rows
from didban.intake.readers.text import clean
from didban.intake.readers.us_labels import Statement, add_remarks, add_statement
from didban.intake.readers.us_links import NamedLinks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from didban.intake.readers.base import RejectSink, Source

_NEEDED: Final = frozenset({"source", "entity_number", "type", "name", "alt_names", "ids"})
_SCHEMATA: Final = {
    "individual": "Person",
    "entity": "Organization",
    "vessel": "Vessel",
    "aircraft": "Airplane",
}
#: Lists that name what may not be exported to, rather than whom to block.
_EXPORT_LISTS: Final = frozenset({"DPL", "EL", "MEU", "UVL", "ISN"})
_DEBARRED: Final = "DTC"
#: A row states a publication for itself in these columns; their words go to the notes.
_REMARK_COLUMNS: Final = {
    "federal_register_notice": "Federal Register notice",
    "end_date": "ends on",
    "standard_order": "standard order",
    "license_requirement": "licence requirement",
    "license_policy": "licence policy",
    "vessel_owner": "vessel owner",
}
_PLAIN_COLUMNS: Final = {
    "title": "position",
    "call_sign": "callSign",
    "vessel_type": "type",
    "gross_tonnage": "tonnage",
    "gross_registered_tonnage": "grossRegisteredTonnage",
    "source_list_url": "sourceUrl",
    "source_information_url": "sourceUrl",
}
_SHORT_FORM: Final = re.compile(r"\(([A-Z][A-Za-z-]*)[^()]*\)")
_STATE_AT_END: Final = re.compile(r"(?:^|, )([A-Z]{2})$")
_STATE_CODE: Final = re.compile(r"[A-Z]{2}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_HASH_DIGITS: Final = 12


def read(source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield one record per row, then the relations that remarks state by name.

    Refuses a row with another number of cells than the header, one without a source or a name, and
    one that repeats an earlier row. Raises InvalidFile when the header is not that of this list.
    """
    rows = read_rows(source.path, source.name, reject, is_table=True)
    _, header = next(rows, (0, []))
    columns = [clean(name).lower() for name in header]
    if not columns or not _NEEDED.issubset(columns):
        missing = ", ".join(sorted(_NEEDED.difference(columns)))
        raise InvalidFile(f"{source.path.name}: the first line has no column {missing}")
    links = NamedLinks(prefix="csl", dataset=source.name)
    given: set[str] = set()
    for line, cells in rows:
        row = dict(zip(columns, map(clean, cells), strict=False))
        reason = _defect(row, cells, columns)
        record_id = "" if reason else _identifier(row, cells, given)
        if not record_id:
            reason = reason or "the same row stands further up"
            reject(Reject(source=source.name, line=line, reason=reason, row=",".join(cells)))
            continue
        given.add(record_id)
        draft = _draft(row, record_id, source.name)
        links.expect(draft.id, add_remarks(draft, row.get("remarks", "")))
        record = draft.record()
        links.learn(record)
        yield Change.add(record)
    yield from map(Change.add, links.records())


def source_date(_source: Source) -> date | None:
    """Return None: the file does not state its date."""
    return None


def _defect(row: Mapping[str, str], cells: list[str], columns: list[str]) -> str:
    """Return why a row cannot be used, or an empty string."""
    if len(cells) != len(columns):
        return f"has {len(cells)} cells instead of {len(columns)}"
    if not row["name"] or not row["source"]:
        return "has no name or no source"
    return ""


def _identifier(row: Mapping[str, str], cells: list[str], given: set[str]) -> str:
    """Return the identifier of a row, or an empty string when the same row has one already."""
    prefix = f"csl-{_short_form(row['source'])}"
    number = row["entity_number"]
    if number and f"{prefix}-{number}" not in given:
        return f"{prefix}-{number}"
    digest = hashlib.sha256("\x1f".join(cells).encode("utf-8", "replace")).hexdigest()
    hashed = f"{prefix}-{digest[:_HASH_DIGITS]}"
    return "" if hashed in given else hashed


def _short_form(source: str) -> str:
    """Return the short form of a list's name: what it gives in brackets, else its initials."""
    found = _SHORT_FORM.search(source)
    if found:
        return found.group(1)
    return "".join(word[0] for word in re.findall(r"[A-Za-z]+", source)).upper()


def _draft(row: Mapping[str, str], record_id: str, dataset: str) -> Draft:
    draft = Draft(record_id, _SCHEMATA.get(row["type"].lower(), "LegalEntity"), dataset=dataset)
    draft.add_name(row["name"])
    for name in _values(row, "alt_names"):
        draft.add_name(name.removeprefix("and "), NameKind.ALIAS)  # the end of an enumeration
    draft.add("listReference", row["entity_number"])
    draft.add("publisher", row["source"])
    draft.add("program", *_values(row, "programs"))
    draft.add("topics", _topic(row["source"]))
    draft.add_day("createdAt", row.get("start_date", ""))
    _add_person(draft, row)
    draft.add_states("flag", row.get("vessel_flag", ""))
    for address in _values(row, "addresses"):
        _add_address(draft, address)
    for column, name in _PLAIN_COLUMNS.items():
        draft.add(name, row.get(column))
    for column, words in _REMARK_COLUMNS.items():
        if remark := row.get(column):
            draft.note(f"{words}: {remark}")
    for text in _values(row, "ids"):
        add_statement(draft, _statement(text))
    return draft


def _add_person(draft: Draft, row: Mapping[str, str]) -> None:
    """Add birth and nationality; a firm's "nationality" is its state."""
    for day in _values(row, "dates_of_birth"):
        draft.add_date("birthDate", day)
    for place in _values(row, "places_of_birth"):
        draft.add_place_of_birth(place)
    for column, name in (("nationalities", "nationality"), ("citizenships", "citizenship")):
        for text in _values(row, column):
            draft.add_states(name if draft.schema == "Person" else "country", text)


def _values(row: Mapping[str, str], column: str) -> list[str]:
    """Return the values of a cell that holds several."""
    return [value for part in row.get(column, "").split(";") if (value := part.strip())]


def _topic(source: str) -> str:
    short = _short_form(source)
    if short in _EXPORT_LISTS:
        return "export.control"
    return "debarment" if short == _DEBARRED else "sanction"


def _add_address(draft: Draft, address: str) -> None:
    """Add an address; the list ends it with the code of the state, which may stand alone."""
    found = _STATE_AT_END.search(address)
    code = found.group(1) if found else ""
    draft.add_address([address if address != code else ""])
    draft.add_states("country", code)


def _statement(text: str) -> Statement:
    """Return one of the `ids`: "[state, ][expiry, ][issue, ]number, label".

    The parts stand in alphabetical order of their names in the list's own interface (country,
    expiration date, issue date, number, type). Of a single date it does not say which it is.
    """
    *parts, label = text.split(", ")
    state = parts.pop(0) if parts and _STATE_CODE.fullmatch(parts[0]) else ""
    days = []
    while len(parts) > 1 and _DAY.fullmatch(parts[0]):
        days.append(parts.pop(0))
    is_known = len(days) > 1
    return Statement(
        label=label,
        value=", ".join(parts),
        state=state,
        expires=days[0] if is_known else "",
        issued=days[1] if is_known else "",
        note=f"{days[0]} (issue or expiry)" if days and not is_known else "",
    )
