"""The compliance review of notices: by another person here, or as the secretariat of the network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban.casework.notices import reviewing, secretariat
from didban.model.notices import Flag, NoticeState, RefusedGround
from didban.model.permissions import Permission
from didban.serving.desks import board_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged, place
from didban.web.presenters import notices as shaped
from didban.web.presenters import records, steps

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("notice_reviews")

_REVIEW: Final = Permission.CASEWORK_NOTICE_REVIEW
_OURS: Final = shaped.REVIEWING
_CASES: Final = {name: replace(step, deed=f"{step.deed}_case") for name, step in _OURS.items()}


def _asked(desk: Desk, name: str, notice_id: str) -> Page:
    back = desk.url("notices.notice", notice_id=notice_id)
    return steps.page_of(desk, _OURS[name], back=back, notice_id=notice_id)


def _back(notice_id: str, said: str) -> Go:
    return Go("notices.notice", said=said, path={"notice_id": notice_id})


def _words(desk: Desk, *, needed: bool = True) -> str:
    return desk.form.text("words", needed=needed, most=4_000)


def _flags(desk: Desk) -> frozenset[Flag]:
    return frozenset(desk.form.some_of("flags", Flag))


@room.page("/notices/{notice_id}/return", _REVIEW)
def returning(desk: Desk, notice_id: str) -> Page:
    """Ask with which questions a notice is returned."""
    return _asked(desk, "send_back", notice_id)


@room.deed("/notices/{notice_id}/return", _REVIEW, again=returning)
def send_back(desk: Desk, notice_id: str) -> Go:
    """Return a notice to its drafter with questions; the clock stops."""
    words = _words(desk)
    desk.form.require()
    reviewing.send_back(desk.tx, desk.who, notice_id, words=words)
    return _back(notice_id, N_("The notice is returned to its drafter."))


@room.page("/notices/{notice_id}/refuse", _REVIEW)
def refusing(desk: Desk, notice_id: str) -> Page:
    """Ask on what ground a notice is refused."""
    return _asked(desk, "refuse", notice_id)


@room.deed("/notices/{notice_id}/refuse", _REVIEW, again=refusing)
def refuse(desk: Desk, notice_id: str) -> Go:
    """Refuse a notice on a ground."""
    ground, words = desk.form.one_of("ground", RefusedGround), _words(desk)
    desk.form.require()
    assert ground is not None  # noqa: S101 - `require` has seen to it
    reviewing.refuse(desk.tx, desk.who, notice_id, ground=ground, words=words)
    return _back(notice_id, N_("The notice is refused."))


@room.page("/notices/{notice_id}/approve", _REVIEW)
def approving(desk: Desk, notice_id: str) -> Page:
    """Ask whether a notice is approved, and what calls for a second reviewer."""
    return _asked(desk, "approve", notice_id)


@room.deed("/notices/{notice_id}/approve", _REVIEW, again=approving)
def approve(desk: Desk, notice_id: str) -> Go:
    """Approve a notice as another person than its drafter (PR-13)."""
    words = _words(desk, needed=False)
    desk.form.require()
    done = reviewing.approve(desk.tx, desk.who, notice_id, flags=_flags(desk), words=words)
    return _back(notice_id, _approved(done.state))


def _approved(state: NoticeState) -> str:
    if state is NoticeState.APPROVED:
        return N_("The notice is approved. Its drafter may publish it.")
    return N_("You approved it. A second reviewer has to approve it too.")


@room.page("/notice-cases", _REVIEW)
def cases(desk: Desk) -> Page:
    """Show notices of other authorities that wait for review here, oldest first."""
    is_all = desk.asked("all") == "yes"
    states = tuple(NoticeState) if is_all else (NoticeState.COMPLIANCE_REVIEW,)
    found = secretariat.listed(
        desk.tx, desk.who, states=states, limit=ROWS + 1, after=place(desk) or 0
    )
    rows, following = paged(desk, [(row.number, row) for row in found])
    return Page(
        "pages/notice_reviews/cases.html",
        rows=rows,
        is_all=is_all,
        tones=shaped.TONES,
        next=following,
    )


@room.page("/notice-cases/{notice_id}", _REVIEW)
def case(desk: Desk, notice_id: str) -> Page:
    """Show a notice as it came for review."""
    kept = secretariat.read(desk.tx, desk.who, notice_id)
    return Page(
        "pages/notice_reviews/case.html",
        kept=kept,
        case=kept.case,
        rows_of=records.rows,
        tones=shaped.TONES,
        waits=kept.state is NoticeState.COMPLIANCE_REVIEW,
        handling=(kept.case.confidentiality,) if kept.case else (),
    )


def _case_asked(desk: Desk, name: str, notice_id: str) -> Page:
    back = desk.url("notice_reviews.case", notice_id=notice_id)
    return steps.page_of(desk, _CASES[name], back=back, notice_id=notice_id)


@room.page("/notice-cases/{notice_id}/return", _REVIEW)
def returning_case(desk: Desk, notice_id: str) -> Page:
    """Ask with which questions a notice of another is returned."""
    return _case_asked(desk, "send_back", notice_id)


@room.deed("/notice-cases/{notice_id}/return", _REVIEW, again=returning_case)
def send_back_case(desk: Desk, notice_id: str) -> Go:
    """Return a notice of another to its drafter with questions."""
    words = _words(desk)
    desk.form.require()
    secretariat.send_back(desk.tx, desk.who, board_of(desk.services), notice_id, words=words)
    return Go("notice_reviews.cases", said=N_("The notice is returned to its drafter."))


@room.page("/notice-cases/{notice_id}/refuse", _REVIEW)
def refusing_case(desk: Desk, notice_id: str) -> Page:
    """Ask on what ground a notice of another is refused."""
    return _case_asked(desk, "refuse", notice_id)


@room.deed("/notice-cases/{notice_id}/refuse", _REVIEW, again=refusing_case)
def refuse_case(desk: Desk, notice_id: str) -> Go:
    """Refuse a notice of another on a ground."""
    ground, words = desk.form.one_of("ground", RefusedGround), _words(desk)
    desk.form.require()
    assert ground is not None  # noqa: S101 - `require` has seen to it
    board = board_of(desk.services)
    secretariat.refuse(desk.tx, desk.who, board, notice_id, ground=ground, words=words)
    return Go("notice_reviews.cases", said=N_("The notice is refused."))


@room.page("/notice-cases/{notice_id}/approve", _REVIEW)
def approving_case(desk: Desk, notice_id: str) -> Page:
    """Ask whether a notice of another is approved."""
    return _case_asked(desk, "approve", notice_id)


@room.deed("/notice-cases/{notice_id}/approve", _REVIEW, again=approving_case)
def approve_case(desk: Desk, notice_id: str) -> Go:
    """Approve a notice of another; where it is flagged, two reviewers do (PR-13)."""
    words = _words(desk, needed=False)
    desk.form.require()
    board = board_of(desk.services)
    done = secretariat.approve(desk.tx, desk.who, board, notice_id, flags=_flags(desk), words=words)
    return Go("notice_reviews.cases", said=_approved(done.state))
