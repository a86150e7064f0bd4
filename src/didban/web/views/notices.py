"""Notices at the desk: drafted by colour, given to review, published, added to, ended; and received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from didban import clock
from didban.casework.notices import arriving, deadlines, drafting, publishing
from didban.errors import NotFound, NotPermitted
from didban.guard import authorities
from didban.guard.disclosure import shown_to
from didban.intake import bank
from didban.model.alerts import NoticeType
from didban.model.notices import NoticeEvent, NoticeForm, NoticeState
from didban.model.permissions import Permission
from didban.serving.desks import board_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged, place
from didban.web.presenters import notices as shaped
from didban.web.presenters import records, steps
from didban.web.presenters.entries.marking import MOST_AUTHORITIES

if TYPE_CHECKING:
    from didban.casework.notices.steps import Board
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.store.database import Transaction
    from didban.store.notices import Notice
    from didban.web.desk import Desk
    from didban.web.presenters.steps import Step

room = Room("notices")

_READ = Permission.CASEWORK_NOTICE_READ
_DRAFT = Permission.CASEWORK_NOTICE_DRAFT
_REVIEW = Permission.CASEWORK_NOTICE_REVIEW


@room.page("/notices", _READ)
def listed(desk: Desk) -> Page:
    """Show the notices of the own authority, oldest first, or those in some states."""
    asked = desk.request.query_params.getlist("state")
    states = tuple(one for one in NoticeState if one.value in asked)
    found = drafting.listed(
        desk.tx,
        desk.who,
        states=states or tuple(NoticeState),
        limit=ROWS + 1,
        after=place(desk) or 0,
    )
    rows, following = paged(desk, [(row.number, row) for row in found])
    return Page(
        "pages/notices/listed.html",
        rows=rows,
        states=states,
        all_states=tuple(NoticeState),
        tones=shaped.TONES,
        next=following,
    )


@room.page("/notices/received", _READ)
def received(desk: Desk) -> Page:
    """Show notices of other authorities whose record is open to who asks."""
    found = arriving.received(desk.tx, desk.who, after=desk.asked("after"), limit=ROWS + 1)
    more = f"?after={found[ROWS - 1].said.id}" if len(found) > ROWS else ""
    return Page("pages/notices/received.html", rows=found[:ROWS], tones=shaped.TONES, next=more)


@room.page("/notices/late-receipts", _READ)
def late(desk: Desk) -> Page:
    """Show the nodes that were told of a notice's end and have not confirmed it in time (PR-34)."""
    board = board_of(desk.services)
    rows = deadlines.overdue_receipts(desk.tx, desk.who, board, clock.now())
    return Page("pages/notices/late.html", rows=rows)


@room.page("/notices/new", _DRAFT)
def new(desk: Desk) -> Page:
    """Show the form of a draft of a colour; without one, the colours."""
    colour = _colour(desk, None)
    if colour is None:
        return Page(
            "pages/notices/colours.html", colours=tuple(NoticeType), record=desk.asked("record")
        )
    values = shaped.values_of(None) | {"record": desk.asked("record")}
    return _form(desk, colour, values, desk.url("notices.draft"))


@room.deed("/notices", _DRAFT, again=new)
def draft(desk: Desk) -> Go:
    """Begin a notice or diffusion about a record of one's own."""
    colour = desk.form.one_of("colour", NoticeType)
    desk.form.require()
    assert colour is not None  # noqa: S101 - `require` has seen to it
    written = shaped.draft_of(desk.form, colour)
    made = drafting.draft(desk.tx, desk.who, board_of(desk.services), written)
    return _back(made.id, N_("The draft is kept. Nothing has left."))


@room.page("/notices/{notice_id}", _READ)
def notice(desk: Desk, notice_id: str) -> Page:
    """Show a notice: what it asks, everything that keeps it from leaving, who was told, its history."""
    view = drafting.view(desk.tx, desk.who, notice_id)
    about = _about(desk, view.notice)
    return Page(
        "pages/notices/notice.html",
        view=view,
        one=view.notice,
        about=about,
        title=records.title_of(shown_to(desk.tx, desk.who, about)) if about else "",
        tones=shaped.TONES,
        Event=NoticeEvent,
        may_draft=desk.may(_DRAFT),
        may_review=desk.may(_REVIEW),
        handling=(about.marking.visibility.confidentiality,) if about else (),
    )


def _about(desk: Desk, one: Notice) -> BankRecord | None:
    """Return the record of a notice; None where it is gone, or not for who asks."""
    try:
        return bank.read(desk.tx, desk.who, one.record)
    except (NotFound, NotPermitted):
        return None


@room.page("/notices/{notice_id}/change", _DRAFT)
def changing(desk: Desk, notice_id: str) -> Page:
    """Show the form of a draft with what it says by now."""
    kept = drafting.view(desk.tx, desk.who, notice_id).notice
    action = desk.url("notices.change", notice_id=notice_id)
    colour = _colour(desk, kept.colour) or kept.colour
    return _form(desk, colour, shaped.values_of(kept), action, kept=kept)


@room.deed("/notices/{notice_id}/change", _DRAFT, again=changing)
def change(desk: Desk, notice_id: str) -> Go:
    """Put another text in the place of a draft."""
    colour = desk.form.one_of("colour", NoticeType)
    desk.form.require()
    assert colour is not None  # noqa: S101 - `require` has seen to it
    written = shaped.draft_of(desk.form, colour)
    drafting.change(desk.tx, desk.who, board_of(desk.services), notice_id, written)
    return _back(notice_id, N_("The draft is kept. Nothing has left."))


def _colour(desk: Desk, before: NoticeType | None) -> NoticeType | None:
    asked = desk.form.text("colour") or desk.asked("colour")
    return next((one for one in NoticeType if one.value == asked), before)


def _form(
    desk: Desk,
    colour: NoticeType,
    values: dict[str, Any],
    action: str,
    kept: Notice | None = None,
) -> Page:
    there = authorities.listed(desk.tx, desk.who, limit=MOST_AUTHORITIES)
    return Page(
        "pages/notices/form.html",
        colour=colour,
        values=values,
        action=action,
        kept=kept,
        choices=shaped.choices(desk, colour),
        forms=[(one.value, desk.speech.term(one)) for one in NoticeForm],
        recipients=[(one.code, one.name) for one in there if one.code != desk.who.authority],
    )


def _back(notice_id: str, said: str) -> Go:
    return Go("notices.notice", said=said, path={"notice_id": notice_id})


def _asked(desk: Desk, step: Step, notice_id: str) -> Page:
    back = desk.url("notices.notice", notice_id=notice_id)
    return steps.page_of(desk, step, back=back, notice_id=notice_id)


@room.page("/notices/{notice_id}/submit", _DRAFT)
def submitting(desk: Desk, notice_id: str) -> Page:
    """Ask whether a draft goes to its review."""
    return _asked(desk, shaped.SUBMIT, notice_id)


@room.deed("/notices/{notice_id}/submit", _DRAFT, again=submitting)
def submit(desk: Desk, notice_id: str) -> Go:
    """Give a complete draft to its review, whose clock starts."""
    drafting.submit(desk.tx, desk.who, board_of(desk.services), notice_id)
    return _back(notice_id, N_("It waits for its review."))


@room.page("/notices/{notice_id}/publish", _DRAFT)
def publishing_it(desk: Desk, notice_id: str) -> Page:
    """Ask whether what was approved is published."""
    return _asked(desk, shaped.PUBLISH, notice_id)


@room.deed("/notices/{notice_id}/publish", _DRAFT, again=publishing_it)
def publish(desk: Desk, notice_id: str) -> Go:
    """Publish what was approved: the record bears its alert, and its readers are told."""
    publishing.publish(desk.tx, desk.who, board_of(desk.services), notice_id)
    return _back(notice_id, N_("The notice is out."))


@room.page("/notices/{notice_id}/add", _DRAFT)
def adding(desk: Desk, notice_id: str) -> Page:
    """Ask what is added."""
    return _asked(desk, shaped.ADD, notice_id)


@room.deed("/notices/{notice_id}/add", _DRAFT, again=adding)
def add(desk: Desk, notice_id: str) -> Go:
    """Add facts, warnings or references to what is out."""
    form = desk.form
    words = form.text("words", needed=True, most=4_000)
    form.require()
    publishing.add(
        desk.tx,
        desk.who,
        board_of(desk.services),
        notice_id,
        facts=form.text("facts"),
        warnings=form.lines("warnings"),
        legal_references=form.lines("legal_references"),
        words=words,
    )
    return _back(notice_id, N_("It is added, and every reader gets the new version."))


@room.page("/notices/{notice_id}/extend", _REVIEW)
def extending(desk: Desk, notice_id: str) -> Page:
    """Ask until when a notice stands."""
    return _asked(desk, shaped.EXTEND, notice_id)


@room.deed("/notices/{notice_id}/extend", _REVIEW, again=extending)
def extend(desk: Desk, notice_id: str) -> Go:
    """Let a notice stand longer."""
    until = desk.form.day("until", needed=True)
    words = desk.form.text("words", needed=True, most=4_000)
    desk.form.require()
    assert until is not None  # noqa: S101 - `require` has seen to it
    board = board_of(desk.services)
    publishing.extend(desk.tx, desk.who, board, notice_id, until=until, words=words)
    return _back(notice_id, N_("The notice is extended."))


class _Worded(Protocol):
    """A step in the life of a notice, for which it is said why."""

    def __call__(
        self, tx: Transaction, actor: Actor, board: Board, notice_id: str, /, *, words: str
    ) -> Notice:
        """Take it, and return the notice as it stands then."""


def _worded(permission: Permission, verb: _Worded, step: Step, said: str) -> None:
    """Give the room a step for which it is said why: the page that asks, and the deed."""
    name = step.deed.partition(".")[2]

    def asking(desk: Desk, notice_id: str) -> Page:
        return _asked(desk, step, notice_id)

    def do(desk: Desk, notice_id: str) -> Go:
        words = desk.form.text("words", needed=True, most=4_000)
        desk.form.require()
        verb(desk.tx, desk.who, board_of(desk.services), notice_id, words=words)
        return _back(notice_id, said)

    asking.__name__, asking.__doc__ = f"ask_{name}", f"Ask why, before: {step.heading}."
    do.__name__, do.__doc__ = name, f"{step.heading}."
    path = f"/notices/{{notice_id}}/{name}"
    room.page(path, permission)(asking)
    room.deed(path, permission, again=asking)(do)


_worded(_DRAFT, drafting.appeal, shaped.APPEAL, N_("Another reviewer looks at it."))
_worded(_REVIEW, publishing.suspend, shaped.SUSPEND, N_("The notice is suspended."))
_worded(_REVIEW, publishing.lift, shaped.LIFT, N_("The suspension is lifted."))
_worded(_DRAFT, publishing.achieve, shaped.ACHIEVE, N_("The purpose is entered as achieved."))
_worded(_DRAFT, publishing.cancel, shaped.CANCEL, N_("The notice is cancelled."))
