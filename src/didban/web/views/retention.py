"""Keeping records, or not: what ends, why each was kept, and the decision of another person (PR-32)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.guard import retention, retention_batches
from didban.guard.disclosure import shown_to
from didban.guard.retention import LEAST_WORDS, MOST_WORDS, policy_of
from didban.intake import bank, disputes, document_reports
from didban.model.permissions import Permission
from didban.model.retention import BatchDecision, maximum_for, sample_size
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, moment, paged_by_time
from didban.web.presenters import records
from didban.web.views.records_life import mine

if TYPE_CHECKING:
    from didban.model.bank import BankRecord
    from didban.web.desk import Desk

room = Room("retention")

_REVIEW: Final = Permission.RETENTION_RECORD_REVIEW
_EXAMPLES: Final = (10, ROWS)
"""For so many records the page says how many of them are looked at."""


class Choice(StrEnum):
    """What a reviewer decides about a record."""

    KEEP = "keep"
    JUSTIFY = "justify"  # where its purpose was achieved (PR-33)
    DELETE = "delete"


@room.page("/retention", _REVIEW)
def due(desk: Desk) -> Page:
    """Show the records whose time ends, or whose purpose is achieved, the soonest first."""
    when = moment(desk)
    place = (when[0].date(), when[1]) if when else None
    found = retention.due(desk.tx, desk.who, after=place, limit=ROWS + 1)
    rows, more = paged_by_time(desk, [(one.due_on, one.record, one) for one in found])
    kept = [(one, bank.read(desk.tx, desk.who, one.record)) for one in rows]
    return Page(
        "pages/retention/due.html",
        rows=[(one, record, shown_to(desk.tx, desk.who, record)) for one, record in kept],
        title_of=records.title_of,
        today=clock.today(),
        more=more,
        batch=retention_batches.of(desk.tx, desk.who),
        choices=[(one.value, desk.speech.term(one, "RetentionChoice")) for one in BatchDecision],
        looked_at=[(count, sample_size(count)) for count in _EXAMPLES],
        handling=tuple(record.marking.visibility.confidentiality for _, record in kept),
    )


@room.page("/retention/{record_id}", _REVIEW)
def record(desk: Desk, record_id: str) -> Page:
    """Show why a record was kept and what came of it, and ask for an individual assessment."""
    kept = mine(desk, record_id)
    action = kept.alert.action_requested if kept.alert else None
    policy = policy_of(desk.services.settings.retention)
    choices = [(one.value, desk.speech.term(one, "RetentionChoice")) for one in Choice]
    latest = maximum_for(kept.entity.schema, action, clock.today(), policy)
    return about(desk, "pages/retention/record.html", kept, choices=choices, latest=latest)


def about(desk: Desk, template: str, kept: BankRecord, **more: Any) -> Page:
    """Return a page on a record with what speaks for keeping it, and against."""
    return Page(
        template,
        record=kept,
        title=records.title_of(shown_to(desk.tx, desk.who, kept)),
        disputes=disputes.of_record(desk.tx, desk.who, kept.id),
        sightings=_sightings(desk, kept),
        handling=(kept.marking.visibility.confidentiality,),
        **more,
    )


def _sightings(desk: Desk, kept: BankRecord) -> list[Any]:
    if not kept.is_document:
        return []
    return list(document_reports.sightings_of(desk.tx, desk.who, kept.id))


@room.deed("/retention/{record_id}", _REVIEW, again=record)
def decide(desk: Desk, record_id: str) -> Go | Page:
    """Keep or justify a record; what is to be deleted is asked for once more."""
    chosen = desk.form.one_of("choice", Choice)
    words = assessment(desk)
    until = desk.form.day("until", needed=True) if chosen is Choice.KEEP else None
    desk.form.require()
    if chosen is Choice.DELETE:
        kept = bank.read(desk.tx, desk.who, record_id)
        return about(desk, "pages/retention/erase.html", kept, assessment=words)
    if chosen is Choice.JUSTIFY:
        retention.justify(desk.tx, desk.who, record_id, assessment=words)
        return Go("retention.due", said=N_("The record is justified, and stays."))
    assert until is not None  # noqa: S101 - `require` has seen to it
    policy = policy_of(desk.services.settings.retention)
    retention.keep(desk.tx, desk.who, record_id, until=until, assessment=words, policy=policy)
    return Go("retention.due", said=N_("The record is kept until the day that you chose."))


@room.deed("/retention/{record_id}/erase", _REVIEW, again=record)
def erase(desk: Desk, record_id: str) -> Go:
    """Erase a record; its certificate follows."""
    words = assessment(desk)
    desk.form.require()
    retention.drop(desk.tx, desk.who, record_id, assessment=words)
    said = N_("The record is deleted. This is the certificate of it.")
    return Go("certificates.one", path={"record_id": record_id}, said=said)


def assessment(desk: Desk) -> str:
    """Return why records are needed or not, as it was written; too few words are a fault."""
    words = desk.form.text("assessment", needed=True, most=MOST_WORDS)
    if words and len(words) < LEAST_WORDS:
        desk.form.blame(
            "assessment", N_("Say in a sentence why this one record is needed, or not.")
        )
    return words
