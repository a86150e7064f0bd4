"""The OFAC lists in the ENHANCED XML layout: names in several scripts, typed relations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.intake.readers.base import Reject
from didban.intake.readers.distinct import distinct
from didban.intake.readers.draft import Draft, exact_day, link
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

ROOT: Final = "sanctionsData"
_HEAD: Final = "publicationInfo"
_SCHEMATA: Final = {"Individual": "Person", "Vessel": "Vessel", "Aircraft": "Airplane"}
#: Parts of the primary name, under the properties they are kept in.
_NAME_PARTS: Final = {
    "First Name": "firstName",
    "Middle Name": "middleName",
    "Patronymic": "middleName",
    "Last Name": "lastName",
    "Matronymic": "lastName",
    "Maiden Name": "previousName",
    "Nickname": "weakAlias",
}
_ADDRESS_ORDER: Final = (
    "ADDRESS1",
    "ADDRESS2",
    "ADDRESS3",
    "CITY",
    "STATE/PROVINCE",
    "POSTAL CODE",
    "REGION",
)
#: Relation of the list -> schema, and whether the entry itself is its first end.
_RELATIONS: Final = {
    "Acting for or on behalf of": ("Representation", True),
    "Associate Of": ("Associate", True),
    "Family member of": ("Family", True),
    "Leader or official of": ("Directorship", True),
    "Principal Executive Officer": ("Directorship", True),
    "Owned or Controlled By": ("Ownership", False),
    "Owns, controls, or operates": ("Ownership", True),
}

_ANY_RELATION: Final = ("UnknownLink", True)


def read(source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield one record per entity, each followed by its relations.

    An entity without an `id` or without a name is refused.
    """
    return distinct(_records(source, reject), source, reject)


def _records(source: Source, reject: RejectSink) -> Iterator[Record]:
    links = NamedLinks(prefix="ofac", dataset=source.name)
    for entry in read_entries(source, reject, roots=[ROOT], entries=["entity"]):
        node = entry.node
        draft = _draft(node, source.name)
        if not node.attribute("id") or not draft.has(NameKind.PRIMARY):
            reason = "entity has no id or no primary name"
            row = node.outline()
            reject(Reject(source=source.name, line=entry.line, reason=reason, row=row))
            continue
        for remarks in node.texts("generalInfo/remarks"):
            links.expect(draft.id, add_remarks(draft, remarks))
        record = draft.record()
        links.learn(record)
        yield record
        for relation in node.nodes("relationships/relationship"):
            yield _relation(relation, record, source.name)
    yield from links.records()


def source_date(source: Source) -> date | None:
    """Return the day of which the data are, as the file says itself."""
    for entry in read_entries(source, lambda _: None, roots=[ROOT], entries=[_HEAD, "entity"]):
        return exact_day(entry.node.text("dataAsOf"))
    return None


def _draft(node: Node, dataset: str) -> Draft:
    number = node.attribute("id")
    schema = _SCHEMATA.get(node.text("generalInfo/entityType"), "Organization")
    draft = Draft(f"ofac-{number}", schema, dataset=dataset)
    for name in node.nodes("names/name"):
        _add_name(draft, name)
    draft.add("position", *node.texts("generalInfo/title"))
    draft.add("listReference", number)
    draft.add("program", *node.texts("sanctionsPrograms/sanctionsProgram"))
    draft.add("topics", "sanction")
    for listing in node.nodes("sanctionsLists/sanctionsList"):
        draft.add_day("createdAt", listing.attribute("datePublished"))
        draft.add("publisher", listing.content)
    for authority in node.texts("legalAuthorities/legalAuthority"):
        draft.note(f"legal authority: {authority}")
    for address in node.nodes("addresses/address"):
        _add_address(draft, address)
    for feature in node.nodes("features/feature"):
        _add_feature(draft, feature)
    for paper in node.nodes("identityDocuments/identityDocument"):
        _add_paper(draft, paper)
    return draft


def _add_name(draft: Draft, name: Node) -> None:
    """Add a name in each of its scripts; of the primary Latin one, the parts too."""
    is_primary = name.text("isPrimary") == "true"
    kind = NameKind.PRIMARY if is_primary else _alias_kind(name)
    for translation in name.nodes("translations/translation"):
        draft.add_name(translation.text("formattedFullName"), kind, with_parts=False)
        if is_primary and draft.schema == "Person" and translation.text("script") == "Latin":
            for part in translation.nodes("nameParts/namePart"):
                if name_of_part := _NAME_PARTS.get(part.text("type")):
                    draft.add(name_of_part, part.text("value"))


def _alias_kind(name: Node) -> NameKind:
    if name.text("aliasType").startswith("F.K.A"):
        return NameKind.FORMER
    return NameKind.WEAK if name.text("isLowQuality") == "true" else NameKind.ALIAS


def _add_address(draft: Draft, address: Node) -> None:
    for translation in address.nodes("translations/translation"):
        parts = {
            part.text("type"): part.text("value")
            for part in translation.nodes("addressParts/addressPart")
        }
        in_order = (parts.get(kind, "") for kind in _ADDRESS_ORDER)
        draft.add_address(in_order, stated=address.text("country"))


def _add_feature(draft: Draft, feature: Node) -> None:
    """Add a feature; one that is not confirmed says so in the notes."""
    label, value = feature.text("type"), feature.text("value")
    add_statement(draft, Statement(label=label, value=value))
    reliability = feature.text("reliability")
    if reliability not in {"", "Confirmed"}:
        draft.note(f"{label} {value}: {reliability}")
    draft.note(*feature.texts("comments"))


def _add_paper(draft: Draft, paper: Node) -> None:
    remarks = [*paper.texts("idFeatures/idFeature"), *paper.texts("issuingLocation")]
    if paper.text("isValid") == "false":
        remarks.append("not valid")
    statement = Statement(
        label=paper.text("type"),
        value=paper.text("documentNumber"),
        state=paper.text("issuingCountry"),
        issued=_day(paper, "issueDate"),
        expires=_day(paper, "expirationDate"),
        note="; ".join((*remarks, *paper.texts("comments"))),
    )
    add_statement(draft, statement)


def _day(paper: Node, tag: str) -> str:
    """Return a date of a paper: a day, or the year where the list spans one."""
    first, last = paper.text(f"{tag}/fromDateBegin"), paper.text(f"{tag}/toDateEnd")
    return first if first == last else first[:4]


def _relation(relation: Node, record: Record, dataset: str) -> Record:
    """Return a relation of an entity as a record of its own."""
    kind = relation.text("type")
    schema, is_first = _RELATIONS.get(kind, _ANY_RELATION)
    if schema == "Ownership" and not is_first and record.schema == "Person":
        schema, is_first = _ANY_RELATION  # a person is controlled, but is nobody's asset
    other = next(
        (f"ofac-{node.attribute('entityId')}" for node in relation.nodes("relatedEntity")), ""
    )
    ends = (record.id, other) if is_first else (other, record.id)
    link_id = f"ofac-rel-{relation.attribute('id') or f'{record.id}-{other}'}"
    return link(schema, link_id, ends=ends, role=kind, dataset=dataset)
