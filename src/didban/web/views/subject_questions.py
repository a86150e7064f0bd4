"""What one's own authority is asked about persons, and answers for its own records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.errors import NotFound
from didban.guard import subject_sources
from didban.guard.subject_sources import MAX_GROUND
from didban.model.permissions import Permission
from didban.model.subject_requests import Finding, findings_that_fit
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("subject_questions")

_ANSWER: Final = Permission.RIGHTS_SOURCE_ANSWER
_MOST: Final = 200  # questions that are looked through


@room.page("/subject-questions", _ANSWER)
def waiting(desk: Desk) -> Page:
    """Show what was asked and not answered."""
    found = subject_sources.waiting(desk.tx, desk.who, limit=_MOST)
    return Page("pages/subject_questions/waiting.html", rows=found)


@room.page("/subject-questions/{request}", _ANSWER)
def one(desk: Desk, request: str) -> Page:
    """Show who asks for what, and what can be answered."""
    found = subject_sources.waiting(desk.tx, desk.who, limit=_MOST)
    put = next((each for each in found if each[1].id == request), None)
    if put is None:
        raise NotFound("nothing is asked of this authority under this identifier")
    asked, about = put
    fitting = findings_that_fit(about.kind)
    return Page(
        "pages/subject_questions/one.html",
        asked=asked,
        request=about,
        findings=[(each.value, desk.speech.term(each)) for each in Finding if each in fitting],
    )


@room.deed("/subject-questions/{request}", _ANSWER, again=one)
def answer(desk: Desk, request: str) -> Go:
    """Answer for one's own authority."""
    form = desk.form
    finding = form.one_of("finding", Finding)
    meant, ground = form.lines("records"), form.text("ground", most=MAX_GROUND)
    if finding is Finding.NOTHING and meant:
        form.blame("records", N_("Where nothing is held, no record is named."))
    if finding not in {None, Finding.NOTHING} and not meant:
        form.blame("records", N_("Name the records that are meant."))
    if finding in {Finding.WITHHOLD, Finding.REFUSED} and not ground:
        form.blame("ground", N_("Name the legal ground."))
    form.require()
    assert finding is not None  # noqa: S101 - `require` has seen to it
    subject_sources.answer(desk.tx, desk.who, request, finding, records_meant=meant, ground=ground)
    return Go("subject_questions.waiting", said=N_("Your answer is given."))
