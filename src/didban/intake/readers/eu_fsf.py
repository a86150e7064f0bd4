"""The European Union's consolidated financial sanctions list (FSF), full XML, schema 1.1.

Identifier: `eu-<euReferenceNumber>`, else `eu-<logicalId>`. The list states almost everything in
attributes, and says "00"/"UNKNOWN" for a state that it does not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.intake.readers.base import Reject
from didban.intake.readers.distinct import distinct
from didban.intake.readers.draft import Draft, edtf, exact_day
from didban.intake.readers.names import NameKind, is_in_other_script
from didban.intake.readers.papers import status_of_paper
from didban.intake.readers.remarks import add_facts
from didban.intake.readers.states import state
from didban.intake.readers.xml import read_entries, read_root
from didban.model.documents import Document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from didban.intake.readers.base import Change, RejectSink, Source
    from didban.intake.readers.xml import Node
    from didban.model.records import Record

_ROOTS: Final = ("export",)
_SCHEMATA: Final = {"person": "Person", "P": "Person"}
_NAME_PARTS: Final = {
    "firstName": "firstName",
    "middleName": "middleName",
    "lastName": "lastName",
    "title": "title",
    "function": "position",
}
_PAPER_TYPES: Final = {
    "passport": "P",
    "diplomaticpassport": "P",
    "id": "I",
    "nationalid": "I",
    "visa": "V",
}
_FLAGS: Final = {
    "reportedLost": "lost",
    "revokedByIssuer": "revoked",
    "knownFalse": "invalid",
}
#: Solar and lunar years differ; the mark decides how `parse_date` converts them. Solar first: both
#: may be called "Hijri".
_CALENDARS: Final = {"SOLAR": "SH", "PERSIAN": "SH", "JALALI": "SH", "ISLAMIC": "AH", "HIJRI": "AH"}
_ADDRESS: Final = ("street", "poBox", "zipCode", "city", "place", "region")
_BIRTH_PLACE: Final = ("place", "city", "region")
_UNKNOWN: Final = "UNKNOWN"


def read(source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield one record per `sanctionEntity`.

    An entry without a reference, or without a name, is refused.
    """
    return distinct(_records(source, reject), source, reject)


def _records(source: Source, reject: RejectSink) -> Iterator[Record]:
    for entry in read_entries(source, reject, roots=_ROOTS, entries=["sanctionEntity"]):
        node = entry.node
        reference = node.attribute("euReferenceNumber") or node.attribute("logicalId")
        draft = _draft(node, reference, source.name)
        if reference and any(map(draft.has, NameKind)):
            yield draft.record()
            continue
        reason = "entry has no euReferenceNumber and no logicalId, or no name"
        row = f"{dict(node.attributes)} {node.outline()}"
        reject(Reject(source=source.name, line=entry.line, reason=reason, row=row))


def source_date(source: Source) -> date | None:
    """Return the day on which the file was generated, as it says itself."""
    return exact_day(read_root(source, roots=_ROOTS).attribute("generationDate"))


def _draft(node: Node, reference: str, dataset: str) -> Draft:
    kinds = (kind for subject in node.nodes("subjectType") for kind in subject.attributes.values())
    schema = next((_SCHEMATA[kind] for kind in kinds if kind in _SCHEMATA), "Organization")
    draft = Draft(f"eu-{reference}", schema, dataset=dataset)
    for name in node.nodes("nameAlias"):
        _add_name(draft, name)
    for birth in node.nodes("birthdate"):
        _add_birth(draft, birth)
    for citizenship in node.nodes("citizenship"):
        draft.add("nationality" if schema == "Person" else "country", _state(citizenship))
        _note_remarks(draft, citizenship)
    for address in node.nodes("address"):
        _add_address(draft, address)
    for paper in node.nodes("identification"):
        _add_paper(draft, paper)
    for contact in node.nodes("contactInfo"):
        _add_contact(draft, contact)
    _add_listing(draft, node, reference)
    return draft


def _add_name(draft: Draft, name: Node) -> None:
    """Add a name: the first strong one, and those in another script, are primary; others aliases."""
    parts = ("firstName", "middleName", "lastName")
    whole = name.attribute("wholeName") or " ".join(filter(None, map(name.attribute, parts)))
    is_first = not draft.has(NameKind.PRIMARY)
    kind = NameKind.PRIMARY if is_first or is_in_other_script(whole) else NameKind.ALIAS
    if name.attribute("strong").lower() == "false":
        kind = NameKind.WEAK
    draft.add_name(whole, kind, with_parts=False)
    for attribute, name_of_part in _NAME_PARTS.items():
        if kind is NameKind.PRIMARY or attribute in {"title", "function"}:
            draft.add(name_of_part, name.attribute(attribute))
    draft.add_sex(name.attribute("gender"))
    _note_remarks(draft, name)


def _add_birth(draft: Draft, birth: Node) -> None:
    """Add a date and a place of birth; a date may be partial, a range, circa, of any calendar."""
    text = _birth_date(birth)
    if text and birth.attribute("circa").lower() == "true":
        text = f"circa {text}"
    draft.add_date("birthDate", text)
    parts = [birth.attribute(name) for name in _BIRTH_PLACE]
    country = birth.attribute("countryDescription")
    place = [part for part in (*parts, country) if part and part != _UNKNOWN]
    draft.add("birthPlace", ", ".join(place) if any(parts) else "")
    draft.add("birthCountry", _state(birth))
    _note_remarks(draft, birth)


def _birth_date(birth: Node) -> str:
    """Return a birth date in one text, marked with its calendar where that is not Gregorian."""
    calendar = birth.attribute("calendarType").upper()
    mark = next((mark for word, mark in _CALENDARS.items() if word in calendar), "")
    year, month, day = map(birth.attribute, ("year", "monthOfYear", "dayOfMonth"))
    if mark:
        parts = [part.zfill(2) for part in (year, month, day) if part]
        return f"{'/'.join(parts)} {mark}" if parts else ""
    span = [birth.attribute(f"yearRange{end}") for end in ("From", "To")]
    if any(span):
        return " to ".join(filter(None, span))
    if whole := birth.attribute("birthdate"):
        return whole
    return "-".join(part.zfill(2) for part in (year, month, day if month else "") if part)


def _add_address(draft: Draft, address: Node) -> None:
    country = address.attribute("countryDescription")
    stated = "" if country == _UNKNOWN else country
    draft.add_address(map(address.attribute, _ADDRESS), stated=stated)
    draft.add("country", _state(address))
    if address.attribute("asAtListingTime").lower() == "true":
        draft.note("address: as at the time of listing")
    _note_remarks(draft, address)


def _add_paper(draft: Draft, paper: Node) -> None:
    """Add an identity paper; of an organisation, its registration number."""
    number = paper.attribute("latinNumber") or paper.attribute("number")
    label = paper.attribute("identificationTypeDescription")
    remarks = [node.content for node in paper.nodes("remark")]
    if number != paper.attribute("number"):
        remarks.append(f"printed as {paper.attribute('number')}")
    flags = [flag for flag in (*_FLAGS, "knownExpired") if paper.attribute(flag).lower() == "true"]
    said = (
        "" if label == "National passport" else label,
        *flags,
        *(f"{words} {text}" for words, name in _PAPER_WORDS if (text := paper.attribute(name))),
        *remarks,
    )
    note = "; ".join(filter(None, said))
    if draft.schema != "Person" or not number:
        draft.add("registrationNumber", number)
        draft.note(f"{label} {number}: {note}" if number or note else "")
        return
    status = next((status for flag, status in _FLAGS.items() if flag in flags), None)
    draft.add_document(
        Document(
            number=number,
            issuer=_state(paper) or None,
            type=_PAPER_TYPES.get(paper.attribute("identificationTypeCode").lower()),
            status=status or status_of_paper("; ".join(remarks)),
            issued_on=edtf(paper.attribute("issueDate")) or None,
            expires_on=edtf(paper.attribute("validTo")) or None,
            note=note or None,
        )
    )


_PAPER_WORDS: Final = (
    ("issued by", "issuedBy"),
    ("in the name of", "nameOnDocument"),
    ("region", "region"),
)


def _add_contact(draft: Draft, contact: Node) -> None:
    key, value = contact.attribute("key").upper(), contact.attribute("value")
    name = {"EMAIL": "email", "PHONE": "phone", "WEB": "website", "IMO": "imoNumber"}.get(key)
    if name:
        draft.add(name, value)
    else:
        draft.note(f"{key}: {value}")


def _state(node: Node) -> str:
    """Return the code of the state that an element names, or an empty string."""
    code = node.attribute("countryIso2Code")
    return state(code) or state(node.attribute("countryDescription").title()) or ""


def _add_listing(draft: Draft, node: Node, reference: str) -> None:
    """Add references, programme, dates, legal acts and remarks."""
    draft.add("listReference", reference, node.attribute("logicalId"))
    draft.add("unscId", node.attribute("unitedNationId"))
    draft.add("topics", "sanction")
    draft.add_day("createdAt", node.attribute("designationDate"))
    draft.note(node.attribute("designationDetails"))
    for act in node.nodes("regulation"):
        draft.add("program", act.attribute("programme"))
        draft.add_day("modifiedAt", act.attribute("publicationDate"))
        draft.add("sourceUrl", *act.texts("publicationUrl"))
        draft.note(f"{act.attribute('regulationType')}: {act.attribute('numberTitle')}")
    _note_remarks(draft, node)


def _note_remarks(draft: Draft, node: Node) -> None:
    """Keep the remarks of an element, and take from them what they say in set phrases."""
    for remark in node.texts("remark"):
        draft.note(remark)
        add_facts(draft, remark)
