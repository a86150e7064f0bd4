"""Records as they are read: a person, a document, an organisation, a vehicle, an event, any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban.analysis import links, search
from didban.casework import hits as casework
from didban.errors import NotFound
from didban.guard import conditions, explaining
from didban.guard.disclosure import shown_to
from didban.intake import attachments, bank, disputes, document_reports
from didban.model.mrz import check_digit
from didban.model.permissions import Permission
from didban.model.purposes import Purpose
from didban.model.searches import WILDCARD, Search
from didban.web.desk import Go, Page, Room, Sent
from didban.web.i18n import N_
from didban.web.paging import ROWS
from didban.web.presenters import explanations, files, papers, records
from didban.web.presenters.search import means_of
from didban.web.presenters.ways import ways_on
from didban.web.views.files import PICTURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.model.bank import BankRecord
    from didban.model.documents import Document
    from didban.web.desk import Desk

room = Room("records")

_HITS = Permission.CASEWORK_HIT_WORK

_NUMBER_LENGTH = 9  # of the field of a document number in a machine readable zone (Doc 9303-4)


@room.page("/records/{record_id}", Permission.BANK_RECORD_READ)
def one(desk: Desk, record_id: str) -> Page:
    """Show what of a record its reader may see for their purpose (PR-02), the doubts first."""
    kept = bank.read(desk.tx, desk.who, record_id)
    shown = shown_to(desk.tx, desk.who, kept)
    reads_fully = desk.may(Permission.BANK_RECORD_READ_FULL)
    graph = links.around(desk.tx, desk.who, kept.id) if reads_fully else None
    linked = files.linked([kept.id], [graph]) if graph else []
    attached = attachments.listed(desk.tx, desk.who, kept.id)
    schema = kept.entity.schema
    identity = shown.get("identity", {})
    return _about(
        "pages/records/one.html",
        kept,
        shown,
        title_of=records.title_of,
        page_of=records.page_of,
        is_mine=kept.owner == desk.who.authority,
        is_document=kept.is_document,
        is_somebody=records.is_somebody(shown),
        identity=records.rows(schema, identity.get("properties", {})),
        papers=identity.get("documents", []),
        read_by_machine=[_machine_form(each) for each in kept.entity.documents]
        if "identity" in shown
        else [],
        appearance=records.part_rows(shown, "appearance"),
        stands=records.part_rows(shown, "status"),
        location=records.part_rows(shown, "location"),
        facts=records.part_rows(shown, "facts"),
        marking=records.part_rows(shown, "marking"),
        content=records.part_rows(shown, "content"),
        attached=attached,
        photos=[a for a in attached if a.is_here and a.media_type in PICTURES],
        linked=linked,
        disputes=disputes.of_record(desk.tx, desk.who, kept.id) if reads_fully else [],
        ways=ways_on(desk, kept),
    )


@room.page("/records/{record_id}/uses", Permission.BANK_RECORD_READ_FULL)
def uses(desk: Desk, record_id: str) -> Page:
    """Show what became of a document over time: its report, its hits here, where it turned up."""
    kept, shown = _document(desk, record_id)
    hits = casework.about(desk.tx, desk.who, [kept.id]) if desk.may(_HITS) else []
    return _about(
        "pages/records/uses.html",
        kept,
        shown,
        is_mine=kept.owner == desk.who.authority,
        uses=papers.uses(shown, hits, _sightings(desk, kept)),
    )


@room.page("/records/{record_id}/series", Permission.BANK_RECORD_READ_FULL)
def series(desk: Desk, record_id: str) -> Page:
    """Show documents of the same series, to a supervisor: it is looking around (PR-04)."""
    kept, shown = _document(desk, record_id)
    start = papers.series_of(kept.entity.documents[0].number) if kept.entity.documents else ""
    may_look = desk.may(Permission.BANK_SEARCH_ASK) and desk.who.purpose is Purpose.SUPERVISION
    found = []
    if may_look and start:
        asked = Search(text=f"{start}{WILDCARD}")
        found = search.find(desk.tx, desk.who, means_of(desk), asked, limit=ROWS)
    others = [one.shown for one in found if one.shown is not None and one.id != kept.id]
    return _about(
        "pages/records/series.html",
        kept,
        shown,
        title_of=records.title_of,
        start=start,
        may_look=may_look and bool(start),
        others=[one for one in others if records.is_document(one)],
    )


def _about(template: str, kept: BankRecord, shown: Mapping[str, Any], **more: Any) -> Page:
    """Return a page about one record, under its name and handling."""
    return Page(
        template,
        handling=(kept.marking.visibility.confidentiality,),
        record=kept,
        shown=shown,
        title=records.title_of(shown),
        **more,
    )


def _document(desk: Desk, record_id: str) -> tuple[BankRecord, Mapping[str, Any]]:
    """Return a record about a document, as it is read. Raises NotFound for another."""
    kept = bank.read(desk.tx, desk.who, record_id)
    if not kept.is_document:
        raise NotFound("there is no such document")
    return kept, shown_to(desk.tx, desk.who, kept)


@room.page("/records/{record_id}/why", Permission.BANK_RECORD_READ)
def why(desk: Desk, record_id: str) -> Page:
    """Explain to its reader what of a record they see, and what they do not."""
    found = explaining.own(desk.tx, desk.who, record_id)
    return Page("pages/records/why.html", record_id=record_id, **explanations.told(desk, found))


@room.page("/records/{record_id}/attached/{attachment_id}", Permission.BANK_RECORD_READ)
def attached(desk: Desk, record_id: str, attachment_id: str) -> Sent:
    """Send a photo or file of a record. Only pictures are shown within a page (PR-02)."""
    found, content = attachments.read(desk.tx, desk.who, record_id, attachment_id)
    name = "" if found.media_type in PICTURES else found.id
    return Sent(content=content, media_type=found.media_type, name=name)


@room.deed("/records/{record_id}/conditions", Permission.BANK_RECORD_READ, again=one)
def acknowledge(desk: Desk, record_id: str) -> Go:
    """Acknowledge the owner's conditions, as they were read (H3, PR-08)."""
    kept = bank.read(desk.tx, desk.who, record_id)
    version = desk.form.whole("version", range(1, 2**31))
    desk.form.require()
    conditions.acknowledge(desk.tx, desk.who, kept, version=version or 0)
    said = N_("You acknowledged the conditions. They hold for every use of this record.")
    return Go("records.one", path={"record_id": record_id}, said=said)


def _machine_form(paper: Document) -> str:
    """Return a document number as the machine readable zone has it, with its check digit.

    Empty for a number that is longer than the field, which goes on elsewhere (Doc 9303-5).
    """
    number = "".join(letter for letter in paper.number.upper() if letter.isalnum())
    if not number.isascii() or len(number) > _NUMBER_LENGTH:
        return ""
    filled = number.ljust(_NUMBER_LENGTH, "<")
    return filled + check_digit(filled)


def _sightings(desk: Desk, kept: BankRecord) -> list[Any]:
    """Return where a document turned up, which its owner alone learns (PR-38)."""
    is_mine = kept.owner == desk.who.authority
    if not (is_mine and kept.is_document and desk.may(Permission.BANK_RECORD_READ_FULL)):
        return []
    return list(document_reports.sightings_of(desk.tx, desk.who, kept.id))
