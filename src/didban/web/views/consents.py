"""Consents of owners: to another use, and to handing on (PR-06, PR-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban import clock
from didban.analysis import onward as letting
from didban.exchange.records import onward
from didban.guard import authorities, consents
from didban.guard.disclosure import shown_to
from didban.intake import bank
from didban.model.onward import Onward
from didban.model.permissions import Permission
from didban.model.purposes import Purpose
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, moment, paged_by_time
from didban.web.presenters import consents as asked
from didban.web.presenters import records, steps
from didban.web.presenters.entries.marking import MOST_AUTHORITIES
from didban.web.views.records_life import mine

if TYPE_CHECKING:
    from datetime import date

    from didban.model.bank import BankRecord
    from didban.model.consents import ConsentGiven
    from didban.web.desk import Desk
    from didban.web.presenters.steps import Step

room = Room("consents")

_GIVE: Final = Permission.ACCESS_CONSENT_GIVE
_EXPORT: Final = Permission.BANK_RECORD_EXPORT


@room.page("/consents", _GIVE)
def given(desk: Desk) -> Page:
    """Show what one's authority consented to, the newest first."""
    return _list(desk, consents.given(desk.tx, desk.who, after=moment(desk), limit=ROWS + 1))


@room.page("/consents/received", _EXPORT)
def received(desk: Desk) -> Page:
    """Show what owners consented to for one's authority, the newest first."""
    found = consents.received(desk.tx, desk.who, after=moment(desk), limit=ROWS + 1)
    return _list(desk, found, is_ours=False)


def _list(desk: Desk, found: list[ConsentGiven], *, is_ours: bool = True) -> Page:
    rows, more = paged_by_time(desk, [(one.given_at, one.id, one) for one in found])
    return Page(
        "pages/consents/listed.html", rows=rows, more=more, is_ours=is_ours, today=clock.today()
    )


def _page(desk: Desk, step: Step, kept: BankRecord) -> Page:
    there = authorities.listed(desk.tx, desk.who, limit=MOST_AUTHORITIES)
    offered = [(one.code, one.name) for one in there if one.code != desk.who.authority]
    return steps.page_of(
        desk,
        step,
        back=desk.url("records.one", record_id=kept.id),
        subject=records.title_of(shown_to(desk.tx, desk.who, kept)),
        record=kept,
        options={"authority": offered},
        record_id=kept.id,
    )


def _given(record_id: str, consent: str) -> Page:
    return Page("pages/consents/given.html", record=record_id, consent=consent)


def _whom(desk: Desk) -> tuple[str, date]:
    """Return to whom a consent is given and until when; what is missing is named by `require`."""
    authority = desk.form.text("authority", needed=True, most=40)
    until = desk.form.day("until", needed=True)
    if until is not None and until < clock.today():
        desk.form.blame("until", N_("Choose a day to come."))
    return authority, until or clock.today()


@room.page("/records/{record_id}/let-use", _GIVE)
def letting_use(desk: Desk, record_id: str) -> Page:
    """Ask who may use a record for which other purpose."""
    return _page(desk, asked.LET_USE, mine(desk, record_id))


@room.deed("/records/{record_id}/let-use", _GIVE, again=letting_use)
def let_use(desk: Desk, record_id: str) -> Page:
    """Let another authority use a record for another purpose (PR-06)."""
    authority, until = _whom(desk)
    purpose = desk.form.one_of("purpose", Purpose)
    desk.form.require()
    assert purpose is not None  # noqa: S101 - `require` has seen to it
    kept = bank.read(desk.tx, desk.who, record_id)
    made = consents.give(desk.tx, desk.who, kept, authority=authority, purpose=purpose, until=until)
    return _given(record_id, made.id)


@room.page("/records/{record_id}/let-hand-on", _GIVE)
def letting_hand_on(desk: Desk, record_id: str) -> Page:
    """Ask who may hand a record on, to whom."""
    return _page(desk, asked.LET_HAND_ON, mine(desk, record_id))


@room.deed("/records/{record_id}/let-hand-on", _GIVE, again=letting_hand_on)
def let_hand_on(desk: Desk, record_id: str) -> Page:
    """Let another authority hand a record on (PR-08)."""
    authority, until = _whom(desk)
    use = desk.form.one_of("use", Onward)
    recipient = desk.form.text("recipient", most=40)
    if use is not None and (use is Onward.THIRD_PARTY) != bool(recipient):
        desk.form.blame("recipient", N_("Name the third party, and nobody for a court."))
    desk.form.require()
    assert use is not None  # noqa: S101 - `require` has seen to it
    made = letting.let(
        desk.tx,
        desk.who,
        record_id,
        authority=authority,
        use=use,
        recipient=recipient,
        until=until,
    )
    return _given(record_id, made.id)


@room.page("/records/{record_id}/hand-on", _EXPORT)
def handing_on(desk: Desk, record_id: str) -> Page:
    """Ask by which consent a record is handed on."""
    return _page(desk, asked.HAND_ON, bank.read(desk.tx, desk.who, record_id))


@room.deed("/records/{record_id}/hand-on", _EXPORT, again=handing_on)
def hand_on(desk: Desk, record_id: str) -> Go:
    """Hand another owner's record on to whom its owner consented (PR-08, PR-11)."""
    consent = desk.form.text("consent", needed=True, most=120)
    desk.form.require()
    made = onward.hand_on(desk.tx, desk.who, record_id, consent=consent)
    said = N_("This is the record that leaves for the recipient.")
    return Go("records.one", path={"record_id": made.id}, said=said)
