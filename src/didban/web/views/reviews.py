"""The receiver's review: alerts of other nodes, accepted or refused under our own law (PR-52)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.guard.disclosure import all_shown_to
from didban.guard.secrets import SecretName
from didban.intake import reviews
from didban.model.permissions import Permission
from didban.model.reviews import ASKED_OF_REVIEWER, OPEN, Doubt, ReviewGround, ReviewState
from didban.serving.desks import verdicts_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, moment, paged_by_time
from didban.web.presenters import records
from didban.web.presenters.hits import more_rows

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("reviews")


@room.page("/alert-reviews", Permission.BANK_ALERT_REVIEW)
def listed(desk: Desk) -> Page:
    """Show reviews, oldest first: those that wait for somebody, or those in one state."""
    asked = desk.asked("state")
    state = next((one for one in ReviewState if one == asked), None)
    states = frozenset({state}) if state else OPEN
    rows = reviews.listed(desk.tx, desk.who, states=states, limit=ROWS + 1, after=moment(desk))
    shown, more = paged_by_time(desk, [(row.opened_at, row.id, row) for row in rows])
    about = reviews.about(desk.tx, desk.who, shown)
    shown_of = all_shown_to(desk.tx, desk.who, about.values())
    titled = {record.id: records.title_of(shown) for record, shown in shown_of}
    return Page(
        "pages/reviews/list.html",
        rows=[(row, about.get(row.record)) for row in shown],
        titled=titled,
        next=more,
        state=state,
        states=tuple(ReviewState),
        handling=tuple(one.marking.visibility.confidentiality for one in about.values()),
    )


@room.page("/alert-reviews/{review_id}", Permission.BANK_ALERT_REVIEW)
def review(desk: Desk, review_id: str) -> Page:
    """Show a review: what the sender attached, earlier refusals, what is held of the owner."""
    view = reviews.view(desk.tx, desk.who, review_id, _key(desk))
    return Page(
        "pages/reviews/review.html",
        handling=records.handling_of([view.shown]),
        view=view,
        title=records.title_of(view.shown),
        identity=records.part_rows(view.shown, "identity"),
        more_rows=more_rows(view.shown),
        marking=records.part_rows(view.shown, "marking"),
        ReviewState=ReviewState,
        ReviewGround=ReviewGround,
        is_proposer=view.review.proposed_by == desk.who.user,
    )


@room.deed("/alert-reviews/{review_id}/acceptance", Permission.BANK_ALERT_REVIEW, again=review)
def accept(desk: Desk, review_id: str) -> Go:
    """Accept an alert, so that it asks here what its owner asks; with a doubt, two persons do."""
    form = desk.form
    said = {doubt: form.yes_or_no(doubt.value) for doubt in ASKED_OF_REVIEWER}
    words = form.text("words", most=4_000)
    form.require()
    verdicts = verdicts_of(desk.services)
    decided = reviews.accept(
        desk.tx,
        desk.who,
        review_id,
        read=_read(desk),
        doubts=[doubt for doubt in Doubt if said.get(doubt)],
        key=_key(desk),
        words=words,
        told=verdicts.told if verdicts else None,
    )
    is_accepted = decided.state is ReviewState.ACCEPTED
    return Go(
        "reviews.listed",
        said=N_("The alert is accepted: it asks here what its owner asks.")
        if is_accepted
        else N_("The acceptance is proposed. Another person must agree."),
    )


@room.deed("/alert-reviews/{review_id}/refusal", Permission.BANK_ALERT_REVIEW, again=review)
def refuse(desk: Desk, review_id: str) -> Go:
    """Refuse an alert: it stays information, and is recognised when it is submitted again."""
    ground = desk.form.one_of("ground", ReviewGround)
    words = desk.form.text("why", needed=True, most=4_000)
    desk.form.require()
    assert ground is not None  # noqa: S101 - `require` has seen to it
    verdicts = verdicts_of(desk.services)
    reviews.refuse(
        desk.tx,
        desk.who,
        review_id,
        read=_read(desk),
        ground=ground,
        words=words,
        key=_key(desk),
        told=verdicts.told if verdicts else None,
    )
    return Go("reviews.listed", said=N_("The alert is refused: it stays information."))


def _read(desk: Desk) -> bytes:
    """Return the digest of what was read, as the form bears it; what is none fits nothing."""
    try:
        return bytes.fromhex(desk.form.text("read", most=64))
    except ValueError:
        return b""


def _key(desk: Desk) -> bytes:
    return desk.services.secrets.get(SecretName.REFUSAL)
