"""Many reviews of retention answered together: a sample is looked at one by one, then the rest follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.errors import NotFound
from didban.guard import retention_batches
from didban.guard.disclosure import all_shown_to
from didban.guard.retention import policy_of
from didban.intake import bank
from didban.model.permissions import Permission
from didban.model.retention import BatchDecision
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.presenters import records
from didban.web.views import retention
from didban.web.views.records_life import mine

if TYPE_CHECKING:
    from didban.model.retention import Batch
    from didban.web.desk import Desk

room = Room("retention_batches")

_REVIEW: Final = Permission.RETENTION_RECORD_REVIEW


@room.deed("/retention-batch", _REVIEW, again=retention.due)
def draw(desk: Desk) -> Go:
    """Take the records that were ticked together, and have the node draw whom to look at."""
    chosen = desk.form.all("record")
    if not chosen:
        desk.form.blame("record", N_("Tick the records that the decision is about."))
    decision = desk.form.one_of("choice", BatchDecision)
    words = retention.assessment(desk)
    until = desk.form.day("until", needed=decision is BatchDecision.KEEP)
    desk.form.require()
    assert decision is not None  # noqa: S101 - `require` has seen to it
    retention_batches.draw(
        desk.tx,
        desk.who,
        chosen,
        decision=decision,
        until=until,
        assessment=words,
        policy=policy_of(desk.services.settings.retention),
    )
    said = N_("Nothing is decided yet. The node has drawn the records to look at.")
    return Go("retention_batches.drawn", said=said)


@room.page("/retention-batch", _REVIEW)
def drawn(desk: Desk) -> Page:
    """Show what is being decided together, and which records are still to be looked at."""
    batch = _open(desk)
    kept = [bank.read(desk.tx, desk.who, name) for name in batch.sample]
    return Page(
        "pages/retention_batches/drawn.html",
        batch=batch,
        rows=all_shown_to(desk.tx, desk.who, kept),
        title_of=records.title_of,
        handling=tuple(record.marking.visibility.confidentiality for record in kept),
    )


@room.page("/retention-batch/{record_id}", _REVIEW)
def sampled(desk: Desk, record_id: str) -> Page:
    """Show one record of the sample, and ask whether the decision is right for it."""
    batch = _open(desk)
    if record_id not in batch.sample:
        raise NotFound(N_("this record is not of the sample"))
    kept = mine(desk, record_id)
    return retention.about(desk, "pages/retention_batches/sampled.html", kept, batch=batch)


@room.deed("/retention-batch/{record_id}", _REVIEW, again=sampled)
def look(desk: Desk, record_id: str) -> Go:
    """Say whether the decision is right for one record of the sample."""
    is_right = desk.form.yes_or_no("is_right")
    desk.form.require()
    batch = retention_batches.look(desk.tx, desk.who, record_id, is_right=bool(is_right))
    if batch is None:
        said = N_(
            "The decision was wrong for one of them, so nothing was decided: each waits alone."
        )
        return Go("retention.due", said=said)
    if batch.left:
        return Go("retention_batches.sampled", path={"record_id": batch.left[0]})
    return Go("retention_batches.drawn", said=N_("The whole sample was looked at."))


@room.deed("/retention-batch-confirmed", _REVIEW, again=drawn)
def confirm(desk: Desk) -> Go:
    """Decide about every record as was said."""
    policy = policy_of(desk.services.settings.retention)
    _, stay = retention_batches.confirm(desk.tx, desk.who, policy)
    if stay:
        said = N_("Decided. What was changed meanwhile stands in the list as before.")
    else:
        said = N_("Every record was decided about, and entered in the audit log by itself.")
    return Go("retention.due", said=said)


@room.deed("/retention-batch-given-up", _REVIEW, again=drawn)
def give_up(desk: Desk) -> Go:
    """Let go of it; nothing was decided."""
    retention_batches.give_up(desk.tx, desk.who)
    return Go("retention.due", said=N_("Nothing was decided. Each record waits as before."))


def _open(desk: Desk) -> Batch:
    batch = retention_batches.of(desk.tx, desk.who)
    if batch is None:
        raise NotFound(N_("no records are being decided together"))
    return batch
