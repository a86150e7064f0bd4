"""The OFAC list in its classic XML layout (`sdn.xml`, `consolidated.xml`)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from didban.intake.readers.base import Reject
from didban.intake.readers.distinct import distinct
from didban.intake.readers.draft import Draft
from didban.intake.readers.names import NameKind
from didban.intake.readers.us_labels import Statement, add_remarks, add_statement
from didban.intake.readers.us_links import NamedLinks
from didban.intake.readers.xml import read_entries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from didban.intake.readers.base import Change, RejectSink, Source
    from didban.intake.readers.xml import Node
    from didban.model.records import Record

ROOT: Final = "sdnList"
_HEAD: Final = "publshInformation"
_SCHEMATA: Final = {"individual": "Person", "vessel": "Vessel", "aircraft": "Airplane"}
_ADDRESS_PARTS: Final = (
    "address1",
    "address2",
    "address3",
    "city",
    "stateOrProvince",
    "postalCode",
)
_VESSEL: Final = {
    "callSign": "callSign",
    "vesselType": "type",
    "tonnage": "tonnage",
    "grossRegisteredTonnage": "grossRegisteredTonnage",
}


def read(source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield one record per entry, then the relations that remarks state by name.

    An entry without a `uid` or without a name is refused.
    """
    return distinct(_records(source, reject), source, reject)


def _records(source: Source, reject: RejectSink) -> Iterator[Record]:
    links = NamedLinks(prefix="ofac", dataset=source.name)
    for entry in read_entries(source, reject, roots=[ROOT], entries=["sdnEntry"]):
        node = entry.node
        uid = node.text("uid")
        if not uid or not node.text("lastName"):
            reason = "entry has no uid or no lastName"
            row = node.outline()
            reject(Reject(source=source.name, line=entry.line, reason=reason, row=row))
            continue
        draft = _draft(node, uid, source.name)
        for remarks in node.texts("remarks"):
            links.expect(draft.id, add_remarks(draft, remarks))
        record = draft.record()
        links.learn(record)
        yield record
    yield from links.records()


def source_date(source: Source) -> date | None:
    """Return the day of publication, which the file writes month first."""
    for entry in read_entries(source, lambda _: None, roots=[ROOT], entries=[_HEAD, "sdnEntry"]):
        text = entry.node.text("Publish_Date")
        try:
            return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            return None
    return None


def _draft(node: Node, uid: str, dataset: str) -> Draft:
    schema = _SCHEMATA.get(node.text("sdnType").lower(), "Organization")
    draft = Draft(f"ofac-{uid}", schema, dataset=dataset)
    draft.add_name(_name(node))
    for alias in node.nodes("akaList/aka"):
        draft.add_name(_name(alias), _kind(alias))
    draft.add("position", node.text("title"))
    draft.add("listReference", uid)
    draft.add("program", *node.texts("programList/program"))
    draft.add("topics", "sanction")
    for birth in node.texts("dateOfBirthList/dateOfBirthItem/dateOfBirth"):
        draft.add_date("birthDate", birth)
    for birth in node.texts("placeOfBirthList/placeOfBirthItem/placeOfBirth"):
        draft.add_place_of_birth(birth)
    for state in node.texts("nationalityList/nationality/country"):
        draft.add_states("nationality", state)
    for state in node.texts("citizenshipList/citizenship/country"):
        draft.add_states("citizenship", state)
    for address in node.nodes("addressList/address"):
        draft.add_address(map(address.text, _ADDRESS_PARTS), stated=address.text("country"))
    for paper in node.nodes("idList/id"):
        add_statement(draft, _statement(paper))
    for vessel in node.nodes("vesselInfo"):
        _add_vessel(draft, vessel)
    return draft


def _name(node: Node) -> str:
    """Return a name as the list prints it: "LAST, First"."""
    return ", ".join(filter(None, (node.text("lastName"), node.text("firstName"))))


def _kind(alias: Node) -> NameKind:
    if alias.text("type").startswith("f.k.a"):
        return NameKind.FORMER
    return NameKind.WEAK if alias.text("category") == "weak" else NameKind.ALIAS


def _statement(paper: Node) -> Statement:
    return Statement(
        label=paper.text("idType"),
        value=paper.text("idNumber"),
        state=paper.text("idCountry"),
        issued=paper.text("issueDate"),
        expires=paper.text("expirationDate"),
    )


def _add_vessel(draft: Draft, vessel: Node) -> None:
    for tag, name in _VESSEL.items():
        draft.add(name, vessel.text(tag).replace(",", ""))
    draft.add_states("flag", vessel.text("vesselFlag"))
    owner = vessel.text("vesselOwner")
    draft.note(f"vessel owner: {owner}" if owner else "")
