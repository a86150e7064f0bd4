"""Forms of entry: from what was sent to a draft, from a record or a scan to what stands in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.ids import new_record_id
from didban.intake.drafts import Draft
from didban.model import mrz
from didban.model.documents import Document
from didban.model.records import Record
from didban.model.retention import maximum_for
from didban.web.i18n import N_
from didban.web.presenters.entries import marking as marks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.errors import InvalidFields
    from didban.model.bank import BankRecord
    from didban.model.mrz import Mrz
    from didban.model.retention import RetentionPolicy
    from didban.web.desk import Desk
    from didban.web.forms import Form
    from didban.web.presenters.entries.kinds import Kind

_DOCUMENT: Final = (
    "number",
    "number_to",
    "issuer",
    "type",
    "status",
    "issued_on",
    "expires_on",
    "note",
)
NOT_ANSWERS: Final = frozenset({"token", "mrz"})
"""Fields of a form of entry that say nothing of the record."""


def draft_of(form: Form, kind: Kind, owner: str) -> Draft:
    """Return what was sent as a draft of a new record. Raises InvalidFields, all faults at once."""
    properties = dict(_properties(form, kind))
    for name, value in _others(form):
        properties[name] = (*properties.get(name, ()), value)
    alert = marks.alert_of(form, kind)
    sensitive = marks.sensitive_of(form)
    valid_from, valid_to = form.day("valid_from"), form.day("valid_to")
    documents = tuple(document for _, document in documents_of(form, kind.documents))
    marking = marks.marking_of(form, owner)
    entity = Record(
        id=new_record_id(owner), schema=kind.schema, properties=properties, documents=documents
    )
    return Draft(
        entity=entity,
        marking=marking,
        alert=alert,
        sensitive=sensitive,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def corrected(form: Form, kind: Kind, kept: BankRecord) -> Draft:
    """Return what was sent as the next version of a record: what no form asks for stays as it is.

    Raises InvalidFields, all faults at once.
    """
    draft = draft_of(form, kind, kept.owner)
    said, before = draft.entity, kept.entity
    names = {name for values in said.properties.values() for name in values}
    entity = replace(
        before,
        properties=said.properties,
        documents=said.documents,
        caption=before.caption if before.caption in names else "",
    )
    alert = draft.alert
    if alert is not None and kept.alert is not None:
        alert = replace(alert, notice_type=kept.alert.notice_type)
    return replace(draft, entity=entity, alert=alert)


def _properties(form: Form, kind: Kind) -> Iterator[tuple[str, tuple[str, ...]]]:
    for asked in kind.asked():
        if values := form.lines(asked.field):
            yield asked.name, values


def _others(form: Form) -> Iterator[tuple[str, str]]:
    """Yield what stands under "other": a property of the vocabulary and a value, line by line."""
    for line in form.lines("other"):
        name, colon, value = line.partition(":")
        if colon and value.strip():
            yield name.strip(), value.strip()
        else:
            form.blame(
                "other", N_("Write each as a word of the vocabulary, a colon and the value.")
            )


def documents_of(form: Form, rows: int) -> Iterator[tuple[int, Document]]:
    """Yield each row of documents that was filled, with its place on the page."""
    for row in range(rows):
        given = {name: form.text(f"doc{row}-{name}", most=1_000) for name in _DOCUMENT}
        if any(given.values()):
            number = given.pop("number")
            rest: dict[str, Any] = {name: value or None for name, value in given.items()}
            yield row, Document(number=number, **rest)


def blame(form: Form, kind: Kind, error: InvalidFields) -> None:
    """Say what the bank found wrong, each fault at its field. Raises InvalidFields."""
    form.blame_parts(error.faults, _places(form, kind))
    form.require()
    raise error


def _places(form: Form, kind: Kind) -> dict[str, str]:
    """Return the field for the beginning of each JSON pointer."""
    places = {f"/entity/properties/{asked.name}": asked.field for asked in kind.asked()}
    places |= {"/entity/properties": "other", "/entity/documents": "doc0-number"}
    for position, (row, _) in enumerate(documents_of(form, kind.documents)):
        for name in _DOCUMENT:
            places[f"/entity/documents/{position}/{name}"] = f"doc{row}-{name}"
    filled = [row for row in marks.sensitive_rows(form.sent) if form.text(f"sensitive{row}-kind")]
    for position, row in enumerate(filled):
        for name in ("value", "necessity"):
            places[f"/sensitive/{position}/{name}"] = f"sensitive{row}-{name}"
    marking = marks.unmarked(None)
    places |= {f"/marking/{name}": name for name in marking}
    places |= {f"/alert/{name}": name for name in marks.alert_values(None)}
    return places | {
        "/alert": "action",
        "/alert/action_requested": "action",
        "/valid_to": "valid_to",
    }


def empty_values(kind: Kind, policy: RetentionPolicy) -> dict[str, Any]:
    """Return what stands in the fields of a new record."""
    until = maximum_for(kind.schema, None, clock.today(), policy)
    return marks.unmarked(until) | marks.alert_values(None)


def values_of(kept: BankRecord, kind: Kind) -> dict[str, Any]:
    """Return what stands in the fields of a record that is corrected: all that it says."""
    values = marks.marking_values(kept.marking) | marks.alert_values(kept.alert)
    values |= marks.sensitive_values(kept.sensitive)
    by_field = {asked.name: asked.field for asked in kind.asked()}
    others = []
    for name, said in kept.entity.properties.items():
        if name in by_field:
            values[by_field[name]] = "\n".join(said)
        else:
            others += [f"{name}: {' '.join(value.split())}" for value in said]
    values["other"] = "\n".join(others)
    for row, document in enumerate(kept.entity.documents):
        values |= {f"doc{row}-{name}": getattr(document, name) or "" for name in _DOCUMENT}
    for name in ("valid_from", "valid_to"):
        day = getattr(kept, name)
        values[name] = day.isoformat() if day else ""
    return values


def with_room_for(kind: Kind, kept: BankRecord) -> Kind:
    """Return a kind with a row for each document of a record, and one more for a person's."""
    more = 0 if kind.is_paper else 1
    return replace(kind, documents=max(kind.documents, len(kept.entity.documents) + more))


def scanned(form: Form) -> Mrz:
    """Return the machine readable zone that was pasted. Raises InvalidFields where it is none."""
    text = form.text("mrz", needed=True, most=500)
    form.require()
    zone = mrz.parse(text, reference_date=clock.today())
    if zone.fields is None:
        form.blame("mrz", N_("This is no machine readable zone: paste all of its lines."))
    form.require()
    return zone


def values_of_zone(zone: Mrz, *, document_only: bool = False) -> dict[str, str]:
    """Return what stands in the fields for what a machine readable zone says."""
    said = zone.fields
    if said is None:
        return {}
    values = {
        "doc0-number": said.document_number,
        "doc0-issuer": said.issuing_state,
        "doc0-type": said.document_code,
        "doc0-expires_on": str(zone.expiry_date or ""),
    }
    if document_only:
        return values
    return values | {
        "p-lastName": zone.primary.text if zone.primary else "",
        "p-firstName": zone.secondary.text if zone.secondary else "",
        "p-birthDate": str(zone.birth_date or ""),
        "p-nationality": said.nationality,
        "p-gender": zone.sex or "",
    }


def answers(desk: Desk) -> list[tuple[str, str]]:
    """Return everything that a form sent about a record, to be borne by the next form."""
    return [
        (name, value)
        for name, values in desk.form.sent.items()
        if name not in NOT_ANSWERS
        for value in values
        if value
    ]
