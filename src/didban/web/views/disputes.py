"""Doubts about records: raised and answered, and what speaks against a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.guard.secrets import SecretName
from didban.intake import attachments, bank, disputes
from didban.intake.attachments import File
from didban.model.attachments import AttachmentRole
from didban.model.disputes import Decision
from didban.model.permissions import Permission
from didban.web.desk import Go, Room
from didban.web.i18n import N_
from didban.web.presenters import records_life as life
from didban.web.presenters import steps
from didban.web.views.records_life import asked, back_to, mine, version

if TYPE_CHECKING:
    from didban.web.desk import Desk, Page

room = Room("disputes")

_DISPUTE = Permission.BANK_RECORD_DISPUTE
_WRITE = Permission.BANK_RECORD_WRITE


@room.page("/records/{record_id}/dispute", _DISPUTE)
def disputing(desk: Desk, record_id: str) -> Page:
    """Ask what is wrong with a record."""
    return asked(desk, life.DISPUTE, bank.read(desk.tx, desk.who, record_id))


@room.deed("/records/{record_id}/dispute", _DISPUTE, again=disputing)
def dispute(desk: Desk, record_id: str) -> Go:
    """Dispute a record, for its holder or for one's own authority."""
    said = steps.answers(desk.form, life.DISPUTE)
    disputes.dispute(desk.tx, desk.who, record_id, **said)
    return back_to(record_id, N_("The record is disputed. Its owner has fifteen days to answer."))


@room.page("/records/{record_id}/counter-evidence", _DISPUTE)
def countering(desk: Desk, record_id: str) -> Page:
    """Ask what speaks against a record."""
    return asked(desk, life.COUNTER, bank.read(desk.tx, desk.who, record_id))


@room.deed("/records/{record_id}/counter-evidence", _DISPUTE, again=countering)
def counter(desk: Desk, record_id: str) -> Go:
    """Attach what speaks against a record, with a file where there is one (PR-48)."""
    said = steps.answers(desk.form, life.COUNTER)
    sent = desk.form.files.get("file")
    attached = None
    if sent is not None:
        file = File(content=sent.content, role=AttachmentRole.COUNTER_EVIDENCE)
        limits = desk.services.settings.records
        attached = attachments.attach(desk.tx, desk.who, record_id, file, limits).id
    disputes.give_counter_evidence(desk.tx, desk.who, record_id, attachment=attached, **said)
    return back_to(record_id, N_("It is attached, and shown wherever the record is shown."))


@room.page("/records/{record_id}/dispute/answer", _WRITE)
def deciding(desk: Desk, record_id: str) -> Page:
    """Show what others say against a record, and ask for the owner's answer."""
    page = asked(desk, life.DECIDE, mine(desk, record_id))
    raised = disputes.of_record(desk.tx, desk.who, record_id)
    page.values["disputes"] = [one for one in raised if one.decision is None]
    page.template = "pages/disputes/deciding.html"
    return page


@room.deed("/records/{record_id}/dispute/answer", _WRITE, again=deciding)
def decide(desk: Desk, record_id: str) -> Go:
    """Answer every open dispute; a change is made on the form of correction."""
    expected, said = version(desk), steps.answers(desk.form, life.DECIDE)
    if said["decision"] is Decision.UPHOLD_WITH_CHANGE:
        path = {"record_id": record_id}
        return Go("corrections.form", path=path, query={"answers": "dispute"})
    key = desk.services.secrets.get(SecretName.REFUSAL)
    disputes.decide(desk.tx, desk.who, record_id, expected=expected, key=key, **said)
    return back_to(record_id, N_("The dispute is answered."))
