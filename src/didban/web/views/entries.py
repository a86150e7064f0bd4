"""Entering records: a stolen document in one short form, anything else with a look before it counts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.errors import InvalidFields, NotFound
from didban.guard import authorities
from didban.guard.retention import policy_of
from didban.guard.secrets import SecretName
from didban.intake import bank, document_reports
from didban.intake.document_reports import Papers
from didban.model.alerts import DocumentStatus
from didban.model.bank import RecordState
from didban.model.documents import Document
from didban.model.permissions import Permission
from didban.model.purposes import Purpose
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.presenters import records
from didban.web.presenters.entries import forms
from didban.web.presenters.entries import marking as marks
from didban.web.presenters.entries.kinds import KINDS, Kind, kind_of

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("entries")

_WRITE = Permission.BANK_RECORD_WRITE
_PASSPORT: Final = kind_of("Passport")
TYPES: Final = ("P", "I", "V")
"""Documents that are reported, by their ICAO codes: passports, identity cards, visas."""

ENTERED: Final = N_("The record is entered, and found from now on.")
WAITS: Final = N_("The report is entered. It is found once a second person has validated it.")
DOUBTED: Final = N_(
    "The record is entered. The same was refused or withdrawn before: it asks nothing until a "
    "second person has looked at it."
)


@room.page("/entries", _WRITE)
def choose(desk: Desk) -> Page:  # noqa: ARG001 - the same for everybody
    """Show what can be entered."""
    return Page("pages/entries/choose.html", kinds=KINDS.values())


@room.page("/entries/document", _WRITE)
def document(desk: Desk) -> Page:
    """Show the short form of a lost, stolen or invalid document."""
    return _document_page(desk, {})


@room.deed("/entries/document/zone", _WRITE, again=document)
def read_document(desk: Desk) -> Page:
    """Fill the short form with what a machine readable zone says."""
    zone = forms.scanned(desk.form)
    values = forms.values_of_zone(zone, document_only=True)
    return _document_page(desk, values, is_read=True, zone=zone)


def _document_page(desk: Desk, values: dict[str, Any], **more: Any) -> Page:
    policy = policy_of(desk.services.settings.retention)
    own = authorities.found(desk.tx, desk.who, desk.who.authority)
    before = forms.empty_values(_PASSPORT, policy) | {
        "purpose": Purpose.DOCUMENT_FRAUD.value,
        "legal_basis": desk.gettext(N_("Report of the state that issued the document")),
        "doc0-issuer": own.country or "",
    }
    shown = _shown(desk, before | values)
    statuses = [(one.value, desk.speech.term(one)) for one in marks.REPORTED]
    types = [(one, desk.speech.term(one, "DocumentType")) for one in TYPES]
    if (read := shown.get("doc0-type")) and read not in TYPES:
        types.append((read, read))
    return Page(
        "pages/entries/document.html",
        values=shown,
        choices=marks.choices(desk, shown),
        statuses=statuses,
        types=types,
        **{"is_read": False, "zone": None, **more},
    )


@room.deed("/entries/document", _WRITE, again=document)
def report_document(desk: Desk) -> Go:
    """Report what became of a document."""
    form = desk.form
    found = [paper for _, paper in forms.documents_of(form, 1)]
    paper = found[0] if found else Document(number="")
    if not paper.number:
        form.blame("doc0-number", N_("Fill this in."))
    if not paper.issuer:
        form.blame("doc0-issuer", N_("Fill this in."))
    form.one_of("doc0-status", DocumentStatus)
    reported_on = form.day("reported_on")
    marking = marks.marking_of(form, desk.who.authority)
    papers = Papers(documents=(paper,), marking=marking, reported_on=reported_on)
    try:
        made = document_reports.report(desk.tx, desk.who, papers)[0]
    except InvalidFields as error:
        _blame_paper(desk, error)
        raise
    return _entered(made.id, made.state)


def _blame_paper(desk: Desk, error: InvalidFields) -> None:
    moved = tuple(
        (place.replace("/documents/0", "/entity/documents/0", 1), fault)
        if place.startswith("/documents")
        else (place, fault)
        for place, fault in error.faults
    )
    forms.blame(desk.form, _PASSPORT, InvalidFields(str(error), moved))


@room.page("/entries/{kind}", _WRITE)
def form(desk: Desk, kind: str) -> Page:
    """Show the form of entry of a kind of thing."""
    return _form_page(desk, _kind(kind), {})


@room.deed("/entries/{kind}/zone", _WRITE, again=form)
def read_zone(desk: Desk, kind: str) -> Page:
    """Fill the form of a person with what a machine readable zone says."""
    zone = forms.scanned(desk.form)
    return _form_page(desk, _kind(kind), forms.values_of_zone(zone), is_read=True, zone=zone)


@room.deed("/entries/{kind}/change", _WRITE)
def change(desk: Desk, kind: str) -> Page:
    """Show the form again with what was filled in, to be changed."""
    return _form_page(desk, _kind(kind), {})


@room.deed("/entries/{kind}/check", _WRITE, again=form)
def check(desk: Desk, kind: str) -> Page:
    """Show what would be entered, as the bank reads it, before it is."""
    of = _kind(kind)
    draft = forms.draft_of(desk.form, of, desk.who.authority)
    try:
        fit = bank.fit(desk.tx, desk.who, draft, clock.now())
    except InvalidFields as error:
        forms.blame(desk.form, of, error)
        raise
    return Page(
        "pages/entries/check.html",
        kind=of,
        draft=fit,
        rows=records.rows(of.schema, fit.entity.properties),
        documents=fit.entity.to_json().get("documents", []),
        answers=forms.answers(desk),
        words=partial(marks.token_words, desk),
        handling=(fit.marking.visibility.confidentiality,),
    )


@room.deed("/entries/{kind}", _WRITE, again=form)
def enter(desk: Desk, kind: str) -> Go:
    """Enter a record."""
    of = _kind(kind)
    draft = forms.draft_of(desk.form, of, desk.who.authority)
    try:
        made = bank.report(
            desk.tx,
            desk.who,
            draft.entity,
            draft.marking,
            draft.alert,
            sensitive=draft.sensitive,
            valid_from=draft.valid_from,
            valid_to=draft.valid_to,
            key=desk.services.secrets.get(SecretName.REFUSAL),
        )
    except InvalidFields as error:
        forms.blame(desk.form, of, error)
        raise
    return _entered(made.id, made.state)


def _entered(record_id: str, state: RecordState) -> Go:
    said = {RecordState.REPORTED: WAITS, RecordState.SUSPENDED: DOUBTED}.get(state, ENTERED)
    return Go("records.one", said=said, path={"record_id": record_id})


def _kind(key: str) -> Kind:
    if key not in KINDS:
        raise NotFound("there is no form of this name")
    return KINDS[key]


def _form_page(desk: Desk, kind: Kind, values: dict[str, Any], **more: Any) -> Page:
    policy = policy_of(desk.services.settings.retention)
    shown = _shown(desk, forms.empty_values(kind, policy) | values)
    return Page(
        "pages/entries/form.html",
        kind=kind,
        values=shown,
        choices=marks.choices(desk, shown),
        **{"is_read": False, "zone": None, **more},
    )


def _shown(desk: Desk, values: dict[str, Any]) -> dict[str, Any]:
    """Return values with the boxes as they were sent, where a form was: none ticked is an answer."""
    if "retention_until" not in desk.form.sent:
        return values
    boxes = ("audience", "excluded", "protected_from")
    return values | {name: desk.form.all(name) for name in boxes}
