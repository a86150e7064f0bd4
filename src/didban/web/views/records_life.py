"""The life of records: what waits, and every deed that confirms, suspends, ends or completes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban.errors import InvalidInput
from didban.guard import access, retention
from didban.guard.disclosure import all_shown_to, shown_to
from didban.guard.secrets import SecretName
from didban.intake import attachments, bank, disputes, document_reports, status, waiting
from didban.intake.attachments import File
from didban.model.bank import SuspensionCause
from didban.model.permissions import Permission
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS
from didban.web.presenters import records, steps
from didban.web.presenters import records_life as life

if TYPE_CHECKING:
    from didban.model.bank import BankRecord
    from didban.web.desk import Desk
    from didban.web.presenters.steps import Step

room = Room("records_life")

_WRITE = Permission.BANK_RECORD_WRITE
_VALIDATE = Permission.BANK_RECORD_VALIDATE


@room.page("/waiting-records", _VALIDATE)
def waits(desk: Desk) -> Page:
    """Show what waits for somebody of the authority: reports, suspensions, disputes."""
    reports = waiting.reports(desk.tx, desk.who, after=desk.asked("reports"), limit=ROWS + 1)
    reviews = waiting.reviews(desk.tx, desk.who, after=desk.asked("reviews"), limit=ROWS + 1)
    doubts = []
    if desk.may(_WRITE):
        doubts = disputes.open_for(desk.tx, desk.who, after=None, limit=ROWS)
    return Page(
        "pages/records_life/waits.html",
        reports=all_shown_to(desk.tx, desk.who, reports[:ROWS]),
        more_reports=reports[ROWS - 1].id if len(reports) > ROWS else "",
        reviews=reviews[:ROWS],
        more_reviews=reviews[ROWS - 1].id if len(reviews) > ROWS else "",
        disputes=doubts,
        title_of=records.title_of,
        handling=tuple(one.marking.visibility.confidentiality for one in reports),
    )


def mine(desk: Desk, record_id: str) -> BankRecord:
    """Return a record of the asker's authority, as it is read. Raises NotFound, NotPermitted."""
    kept = bank.read(desk.tx, desk.who, record_id)
    access.require_owner(desk.who, kept)
    return kept


def asked(desk: Desk, step: Step, kept: BankRecord, **path: Any) -> Page:
    """Return the page that asks for a deed on a record."""
    title = records.title_of(shown_to(desk.tx, desk.who, kept))
    back = desk.url("records.one", record_id=kept.id)
    return steps.page_of(
        desk, step, back=back, subject=title, record=kept, record_id=kept.id, **path
    )


def version(desk: Desk) -> int:
    """Return the version that was read, as the form says."""
    return desk.form.whole("version", range(1, 2**31)) or 0


def reason(desk: Desk) -> str:
    """Return the reason that was given."""
    return desk.form.text("reason", needed=True, most=2_000)


def back_to(record_id: str, said: str) -> Go:
    """Return to the record."""
    return Go("records.one", said=said, path={"record_id": record_id})


@room.page("/records/{record_id}/confirm", _WRITE)
def confirming(desk: Desk, record_id: str) -> Page:
    """Ask whether a record still holds."""
    return asked(desk, life.CONFIRM, mine(desk, record_id))


@room.deed("/records/{record_id}/confirm", _WRITE, again=confirming)
def confirm(desk: Desk, record_id: str) -> Go:
    """Confirm a record as it is."""
    expected = version(desk)
    desk.form.require()
    bank.confirm(desk.tx, desk.who, record_id, expected=expected)
    return back_to(record_id, N_("The record is confirmed."))


@room.page("/records/{record_id}/withdraw", _WRITE)
def withdrawing(desk: Desk, record_id: str) -> Page:
    """Ask on what ground a record is taken back."""
    return asked(desk, life.WITHDRAW, mine(desk, record_id))


@room.deed("/records/{record_id}/withdraw", _WRITE, again=withdrawing)
def withdraw(desk: Desk, record_id: str) -> Go:
    """Take a record back."""
    expected, said = version(desk), steps.answers(desk.form, life.WITHDRAW)
    key = desk.services.secrets.get(SecretName.REFUSAL)
    bank.withdraw(desk.tx, desk.who, record_id, expected=expected, key=key, **said)
    return back_to(record_id, N_("The record is withdrawn: it is found no more."))


@room.page("/records/{record_id}/status", _WRITE)
def changing_status(desk: Desk, record_id: str) -> Page:
    """Ask what became of the person."""
    return asked(desk, life.STATUS, mine(desk, record_id))


@room.deed("/records/{record_id}/status", _WRITE, again=changing_status)
def change_status(desk: Desk, record_id: str) -> Go:
    """Enter what became of the person, which suspends the record (PR-15)."""
    expected, said = version(desk), steps.answers(desk.form, life.STATUS)
    status.change(desk.tx, desk.who, record_id, expected=expected, **said)
    return back_to(record_id, N_("The record is suspended until it is reviewed."))


@room.page("/records/{record_id}/lift/{cause}", _VALIDATE)
def lifting(desk: Desk, record_id: str, cause: str) -> Page:
    """Ask why a suspension ends."""
    return asked(desk, life.LIFT, mine(desk, record_id), cause=cause)


@room.deed("/records/{record_id}/lift/{cause}", _VALIDATE, again=lifting)
def lift(desk: Desk, record_id: str, cause: str) -> Go:
    """End a suspension after the review."""
    expected, said = version(desk), steps.answers(desk.form, life.LIFT)
    if cause not in set(SuspensionCause):
        raise InvalidInput(N_("There is no such cause of a suspension."))
    of = SuspensionCause(cause)
    status.lift(desk.tx, desk.who, record_id, of, expected=expected, **said)
    return back_to(record_id, N_("The suspension is lifted."))


@room.page("/records/{record_id}/validate", _VALIDATE)
def validating(desk: Desk, record_id: str) -> Page:
    """Ask whether a report is validated."""
    return asked(desk, life.VALIDATE, mine(desk, record_id))


@room.deed("/records/{record_id}/validate", _VALIDATE, again=validating)
def validate(desk: Desk, record_id: str) -> Go:
    """Validate a report as its second person (PR-28)."""
    document_reports.validate(desk.tx, desk.who, [record_id])
    return back_to(record_id, N_("The report is validated: it is found from now on."))


@room.deed("/waiting-records/validate", _VALIDATE, again=waits)
def validate_all(desk: Desk) -> Go:
    """Validate the reports that were ticked: all of them, or none."""
    chosen = desk.form.all("record")
    if not chosen:
        desk.form.blame("record", N_("Tick the reports that you have looked at."))
    desk.form.require()
    document_reports.validate(desk.tx, desk.who, chosen)
    return Go(
        "records_life.waits", said=N_("The reports are validated: they are found from now on.")
    )


@room.page("/records/{record_id}/refuse", _VALIDATE)
def rejecting(desk: Desk, record_id: str) -> Page:
    """Ask why a report is refused."""
    return asked(desk, life.REJECT, mine(desk, record_id))


@room.deed("/records/{record_id}/refuse", _VALIDATE, again=rejecting)
def reject(desk: Desk, record_id: str) -> Go:
    """Refuse a report that waits."""
    said = steps.answers(desk.form, life.REJECT)
    key = desk.services.secrets.get(SecretName.REFUSAL)
    document_reports.reject(desk.tx, desk.who, record_id, key=key, **said)
    return back_to(record_id, N_("The report is refused."))


@room.page("/records/{record_id}/recover", _WRITE)
def recovering(desk: Desk, record_id: str) -> Page:
    """Ask since when a document is back."""
    return asked(desk, life.RECOVER, mine(desk, record_id))


@room.deed("/records/{record_id}/recover", _WRITE, again=recovering)
def recover(desk: Desk, record_id: str) -> Go:
    """Enter that a document was found and returned."""
    expected, said = version(desk), steps.answers(desk.form, life.RECOVER)
    document_reports.recover(desk.tx, desk.who, record_id, expected=expected, **said)
    return back_to(record_id, N_("It is entered that the document is back."))


@room.page("/records/{record_id}/invalidate", _WRITE)
def invalidating(desk: Desk, record_id: str) -> Page:
    """Ask whether a recovered document is invalid."""
    return asked(desk, life.INVALIDATE, mine(desk, record_id))


@room.deed("/records/{record_id}/invalidate", _WRITE, again=invalidating)
def invalidate(desk: Desk, record_id: str) -> Go:
    """Declare a recovered document invalid."""
    expected = version(desk)
    desk.form.require()
    document_reports.invalidate(desk.tx, desk.who, record_id, expected=expected)
    return back_to(record_id, N_("The document is declared invalid."))


@room.page("/records/{record_id}/achieved", _WRITE)
def noting_achieved(desk: Desk, record_id: str) -> Page:
    """Ask whether the purpose of a record is achieved."""
    return asked(desk, life.ACHIEVED, mine(desk, record_id))


@room.deed("/records/{record_id}/achieved", _WRITE, again=noting_achieved)
def note_achieved(desk: Desk, record_id: str) -> Go:
    """Say that the purpose of a record is achieved (PR-33)."""
    policy = retention.policy_of(desk.services.settings.retention)
    retention.note_achieved(desk.tx, desk.who, record_id, policy)
    return back_to(record_id, N_("A reviewer deletes or justifies the record within fifteen days."))


@room.page("/records/{record_id}/attach", _WRITE)
def attaching(desk: Desk, record_id: str) -> Page:
    """Ask for a photo or a file."""
    return asked(desk, life.ATTACH, mine(desk, record_id))


@room.deed("/records/{record_id}/attach", _WRITE, again=attaching)
def attach(desk: Desk, record_id: str) -> Go:
    """Attach a photo or a file to a record of one's own."""
    sent = desk.form.files.get("file")
    if sent is None:
        desk.form.blame("file", N_("Choose a file."))
    said = steps.answers(desk.form, life.ATTACH)
    assert sent is not None  # noqa: S101 - `answers` has seen to it
    file = File(content=sent.content, **said)
    attachments.attach(desk.tx, desk.who, record_id, file, desk.services.settings.records)
    return back_to(record_id, N_("The file is attached."))


@room.page("/records/{record_id}/attached/{attachment_id}/remove", _WRITE)
def detaching(desk: Desk, record_id: str, attachment_id: str) -> Page:
    """Ask whether a file is removed for good."""
    return asked(desk, life.DETACH, mine(desk, record_id), attachment_id=attachment_id)


@room.deed("/records/{record_id}/attached/{attachment_id}/remove", _WRITE, again=detaching)
def detach(desk: Desk, record_id: str, attachment_id: str) -> Go:
    """Take a file of a record away for good; counter-evidence stays."""
    attachments.remove(desk.tx, desk.who, record_id, attachment_id)
    return back_to(record_id, N_("The file is removed."))
