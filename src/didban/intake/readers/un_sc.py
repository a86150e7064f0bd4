"""The United Nations Security Council consolidated list, in its official XML.

Identifier: `un-<REFERENCE_NUMBER>`. What goes where is told in docs/reference/lists.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from didban.intake.readers.base import Reject
from didban.intake.readers.distinct import distinct
from didban.intake.readers.draft import Draft, edtf, exact_day
from didban.intake.readers.names import NameKind, names_in_cell
from didban.intake.readers.papers import dates_of_paper, kind_of_paper, papers, status_of_paper
from didban.intake.readers.remarks import add_facts, links_to_un_entries, papers_in
from didban.intake.readers.states import mentioned, states
from didban.intake.readers.xml import read_entries, read_root
from didban.model.documents import Document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from didban.intake.readers.base import Change, RejectSink, Source
    from didban.intake.readers.xml import Node
    from didban.model.records import Record

_ROOTS: Final = ("CONSOLIDATED_LIST",)
_SCHEMATA: Final = {"INDIVIDUAL": "Person", "ENTITY": "Organization"}
_NAME_PARTS: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_FORMER: Final = re.compile(r"\b(?:previously|formerly) listed as\b|f\.?k\.?a", re.IGNORECASE)
_ADDRESS_PARTS: Final = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE")
_PLACE_PARTS: Final = ("CITY", "STATE_PROVINCE", "COUNTRY")
#: Said by the document's type already.
_PLAIN_KINDS: Final = frozenset({"Passport", "National Identification Number", "Passport Passport"})
_MONTH_NOTE: Final = re.compile(r"[A-Za-z]{3,9}\.?")


def read(source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield one record per entry, each followed by its relations to other entries.

    An entry without a reference number or without any name is refused. Raises InvalidFile when the
    file is not this list.
    """
    return distinct(_records(source, reject), source, reject)


def _records(source: Source, reject: RejectSink) -> Iterator[Record]:
    for entry in read_entries(source, reject, roots=_ROOTS, entries=_SCHEMATA):
        reference = entry.node.text("REFERENCE_NUMBER")
        draft = _draft(entry.node, reference, source.name)
        if not reference or not draft.has(NameKind.PRIMARY):
            reason = "entry has no REFERENCE_NUMBER, or no name"
            row = entry.node.outline()
            reject(Reject(source=source.name, line=entry.line, reason=reason, row=row))
            continue
        yield draft.record()
        comments = " ".join(entry.node.texts("COMMENTS1"))
        yield from links_to_un_entries(draft, comments, own=reference, dataset=source.name)


def source_date(source: Source) -> date | None:
    """Return the day on which the list was generated, as it says itself."""
    return exact_day(read_root(source, roots=_ROOTS).attribute("dateGenerated"))


def _draft(node: Node, reference: str, dataset: str) -> Draft:
    draft = Draft(f"un-{reference}", _SCHEMATA[node.tag], dataset=dataset)
    _add_names(draft, node)
    for kind in ("INDIVIDUAL", "ENTITY"):
        for alias in node.nodes(f"{kind}_ALIAS"):
            _add_alias(draft, alias)
        for address in node.nodes(f"{kind}_ADDRESS"):
            draft.add_address(map(address.text, _ADDRESS_PARTS), stated=address.text("COUNTRY"))
            draft.note(*(f"address: {note}" for note in address.texts("NOTE")))
    for birth in node.nodes("INDIVIDUAL_DATE_OF_BIRTH"):
        _add_birth_date(draft, birth)
    for birth in node.nodes("INDIVIDUAL_PLACE_OF_BIRTH"):
        place = ", ".join(filter(None, map(birth.text, _PLACE_PARTS)))
        draft.add_place_of_birth(place, stated=birth.text("COUNTRY"))
        draft.note(*(f"birthPlace: {note}" for note in birth.texts("NOTE")))
    for nationality in node.texts("NATIONALITY/VALUE"):
        draft.add_states("nationality" if draft.schema == "Person" else "country", nationality)
    for paper in node.nodes("INDIVIDUAL_DOCUMENT"):
        _add_document(draft, paper)
    _add_listing(draft, node, reference)
    return draft


def _add_names(draft: Draft, node: Node) -> None:
    """Add the name in its four parts and in its original script."""
    parts = [node.text(tag) for tag in _NAME_PARTS]
    draft.add_name(" ".join(filter(None, parts)))
    if draft.schema == "Person":
        for name, part in zip(("firstName", "secondName", "middleName"), parts[:3], strict=True):
            draft.add(name, part)
        draft.add("lastName", parts[3])
    for cell in node.texts("NAME_ORIGINAL_SCRIPT"):
        _add_name_cell(draft, cell, NameKind.PRIMARY)
    draft.add("title", *node.texts("TITLE/VALUE"))


def _add_name_cell(draft: Draft, cell: str, kind: NameKind) -> None:
    """Add all names of a cell; keep the cell itself where it says more than names."""
    names = names_in_cell(cell, is_person=draft.schema == "Person")
    for name in names:
        draft.add_name(name, kind)
    if names != (cell,):
        draft.note(f"{kind} as listed: {cell}")


def _add_alias(draft: Draft, alias: Node) -> None:
    """Add an alias by its quality, with the birth data of that identity."""
    quality, notes = alias.text("QUALITY"), alias.texts("NOTE")
    kind = NameKind.WEAK if quality == "Low" else NameKind.ALIAS
    if _FORMER.search(quality) or any(_FORMER.search(note) for note in notes):
        kind = NameKind.FORMER
    cell = alias.text("ALIAS_NAME")
    if cell:
        _add_name_cell(draft, cell, kind)
    for note in notes:
        draft.note(f"{cell}: {note}" if cell else note)
        for name in names_in_cell(f"X ({note})")[1:]:  # "original script: ..."
            draft.add_name(name, kind)
        for paper in papers_in(note):
            draft.add_document(paper)
    draft.add_date("birthDate", alias.text("DATE_OF_BIRTH"))
    place = ", ".join(filter(None, map(alias.text, ("CITY_OF_BIRTH", "COUNTRY_OF_BIRTH"))))
    draft.add_place_of_birth(place, stated=alias.text("COUNTRY_OF_BIRTH"))


def _add_birth_date(draft: Draft, birth: Node) -> None:
    """Add a birth date of any of the list's forms: exact, approximate, between, or in a note."""
    day = birth.text("DATE") or birth.text("YEAR")
    span = (birth.text("FROM_YEAR"), birth.text("TO_YEAR"))
    note = birth.text("NOTE")
    if any(span):
        day = " to ".join(filter(None, span))
    elif day and _MONTH_NOTE.fullmatch(note) and (with_month := edtf(f"{note} {day}")):
        day = with_month  # YEAR 1958, NOTE "Sep."
    is_rough = "APPROX" in birth.text("TYPE_OF_DATE") or note.lower().startswith("approx")
    if day:
        draft.add_date("birthDate", f"circa {day}" if is_rough else day)
        draft.note(f"birthDate: {note}" if note else "")
    else:
        draft.add_date("birthDate", note)


def _add_document(draft: Draft, node: Node) -> None:
    """Add an identity paper; where the number stands in a remark, take it from there."""
    number, second = node.text("NUMBER"), node.text("TYPE_OF_DOCUMENT2")
    kinds = " ".join(filter(None, (second, node.text("TYPE_OF_DOCUMENT"))))
    default = kind_of_paper(kinds) or ("P" if "pas" in kinds.lower() else None)
    remark = "; ".join(node.texts("NOTE"))
    labelled = f"{second} {number}" if number and kind_of_paper(second) else number
    candidates = (papers(text, default=default) for text in (labelled, second, remark))
    found = next(filter(None, candidates), ())
    issued, expires = dates_of_paper(remark)
    place = ", ".join(filter(None, map(node.text, ("CITY_OF_ISSUE", "COUNTRY_OF_ISSUE"))))
    kind = "" if kinds in _PLAIN_KINDS else kinds
    said = list(filter(None, (kind, place and f"issued in {place}", remark)))
    for paper in found:
        words = [text for text in said if not (paper.note and text.startswith(paper.note))]
        draft.add_document(
            Document(
                number=paper.number,
                issuer=_issuer(node, paper.issuer, kinds),
                type=paper.type,
                status=paper.status or status_of_paper(remark),
                issued_on=edtf(node.text("DATE_OF_ISSUE")) or paper.issued_on or issued,
                expires_on=paper.expires_on or expires,
                note="; ".join(filter(None, (paper.note, *words))) or None,
            )
        )
    if not found and (number or said):
        draft.note(f"document: {' '.join((number, *said))}")


def _issuer(node: Node, beside_number: str | None, kinds: str) -> str | None:
    """Return the state that issued a paper; the state where it was issued only if none is named."""
    stated = (*states(node.text("ISSUING_COUNTRY")), beside_number, mentioned(kinds))
    place = states(node.text("COUNTRY_OF_ISSUE"))
    return next((code for code in (*stated, *place) if code), None)


def _add_listing(draft: Draft, node: Node, reference: str) -> None:
    """Add what the entry says about its place on the list, and its remarks."""
    draft.add("position", *node.texts("DESIGNATION/VALUE"))
    for text in node.texts("GENDER"):
        draft.add_sex(text)
    draft.add("unscId", reference)
    draft.add("program", *node.texts("UN_LIST_TYPE"))
    draft.add_day("createdAt", *node.texts("LISTED_ON"), *node.texts("SUBMITTED_ON"))
    draft.add_day("modifiedAt", *node.texts("LAST_DAY_UPDATED/VALUE"))
    draft.add("topics", "sanction")
    draft.add("summary", *(f"submitted by {state}" for state in node.texts("SUBMITTED_BY")))
    for comments in node.texts("COMMENTS1"):
        draft.note(comments)
        add_facts(draft, comments)
