"""Correcting a record: its form, what the correction changes, and the new version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.errors import InvalidFields, NotPermitted
from didban.guard.disclosure import is_shown_whole, shown_to
from didban.intake import bank, changes, disputes
from didban.model.disputes import Decision
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.i18n import N_
from didban.web.presenters import corrections, records
from didban.web.presenters.entries import forms, kinds
from didban.web.presenters.entries import marking as marks
from didban.web.views.records_life import back_to, mine, reason, version

if TYPE_CHECKING:
    from didban.model.bank import BankRecord
    from didban.web.desk import Desk, Go
    from didban.web.presenters.entries.kinds import Kind

room = Room("corrections")

_WRITE = Permission.BANK_RECORD_WRITE


@room.page("/records/{record_id}/correct", _WRITE)
def form(desk: Desk, record_id: str) -> Page:
    """Show all that a record says, to be corrected."""
    kept, kind = _kept(desk, record_id)
    values = forms.values_of(kept, kind)
    if "version" in desk.form.sent:
        boxes = ("audience", "excluded", "protected_from")
        values |= {name: desk.form.all(name) for name in boxes}
    return Page(
        "pages/corrections/form.html",
        record=kept,
        kind=kind,
        title=records.title_of(shown_to(desk.tx, desk.who, kept)),
        values=values,
        choices=marks.choices(desk, values),
        answers_dispute=_answers_dispute(desk),
        handling=(kept.marking.visibility.confidentiality,),
    )


@room.deed("/records/{record_id}/correct/change", _WRITE)
def change(desk: Desk, record_id: str) -> Page:
    """Show the form again with what was filled in."""
    return form(desk, record_id)


@room.deed("/records/{record_id}/correct/check", _WRITE, again=form)
def check(desk: Desk, record_id: str) -> Page:
    """Show what a correction would change."""
    kept, kind = _kept(desk, record_id)
    draft = forms.corrected(desk.form, kind, kept)
    words = reason(desk)
    desk.form.require()
    try:
        made = changes.made_of(desk.tx, desk.who, kept, draft, reason=words, state=kept.state)
    except InvalidFields as error:
        forms.blame(desk.form, kind, error)
        raise
    return Page(
        "pages/corrections/check.html",
        record=kept,
        changes=corrections.changes(desk, kind, kept, made),
        reason=words,
        answers=forms.answers(desk),
        answers_dispute=_answers_dispute(desk),
        handling=(made.marking.visibility.confidentiality,),
    )


@room.deed("/records/{record_id}/correct", _WRITE, again=form)
def correct(desk: Desk, record_id: str) -> Go:
    """Put the new version in the place of the one that was read."""
    kept, kind = _kept(desk, record_id)
    draft = forms.corrected(desk.form, kind, kept)
    expected, words = version(desk), reason(desk)
    desk.form.require()
    try:
        if _answers_dispute(desk):
            decision = Decision.UPHOLD_WITH_CHANGE
            disputes.decide(
                desk.tx, desk.who, record_id, decision, expected=expected, answer=words, draft=draft
            )
            return back_to(record_id, N_("The dispute is answered, and the record is corrected."))
        bank.correct(
            desk.tx,
            desk.who,
            record_id,
            draft,
            expected=expected,
            reason=words,
            consent=desk.form.text("consent", most=100) or None,
            corroborated_by=desk.form.lines("corroborated_by"),
        )
    except InvalidFields as error:
        forms.blame(desk.form, kind, error)
        raise
    return back_to(record_id, N_("The record is corrected. The earlier version is kept."))


def _kept(desk: Desk, record_id: str) -> tuple[BankRecord, Kind]:
    kept = mine(desk, record_id)
    if not is_shown_whole(desk.who, kept):
        message = N_(
            "Your purpose does not show all of this record, and what is hidden would be lost: "
            "sign in for a purpose that shows it."
        )
        raise NotPermitted(message, "other_purpose")
    return kept, forms.with_room_for(kinds.kind_of(kept.entity.schema), kept)


def _answers_dispute(desk: Desk) -> bool:
    return "dispute" in {desk.asked("answers"), desk.form.text("answers")}
