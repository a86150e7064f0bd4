"""Deciding requests of persons, as another person than who asked the owners (PR-28)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.guard import subject_requests as requests
from didban.model.permissions import Permission
from didban.model.subject_requests import (
    Answer,
    RequestState,
    answers_that_fit,
    deadlines,
    findings_of,
)
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS
from didban.web.views.subject_requests import next_deadline

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("subject_cases")

_DECIDE: Final = Permission.RIGHTS_REQUEST_DECIDE


@room.page("/subject-cases", _DECIDE)
def waiting(desk: Desk) -> Page:
    """Show the requests that wait for a decision, the oldest first."""
    found = requests.to_decide(desk.tx, desk.who, limit=ROWS)
    rows = [(one, next_deadline(one)) for one in found]
    return Page("pages/subject_cases/waiting.html", rows=rows)


@room.page("/subject-cases/{request}", _DECIDE)
def one(desk: Desk, request: str) -> Page:
    """Show what is asked and what the owners said, with the answers that fit it."""
    found, asked = requests.view(desk.tx, desk.who, request)
    fitting = answers_that_fit(found.kind, findings_of(asked))
    return Page(
        "pages/subject_cases/one.html",
        request=found,
        consultations=asked,
        deadlines=deadlines(found),
        answers=[(each.value, desk.speech.term(each)) for each in Answer if each in fitting],
        is_open=found.state is RequestState.SOURCES_CONSULTED,
    )


@room.deed("/subject-cases/{request}", _DECIDE, again=one)
def decide(desk: Desk, request: str) -> Go:
    """Decide a request."""
    answer = desk.form.one_of("answer", Answer)
    desk.form.require()
    assert answer is not None  # noqa: S101 - `require` has seen to it
    requests.decide(desk.tx, desk.who, request, answer, desk.services.settings.rights)
    return Go("subject_cases.waiting", said=N_("The request is decided. Its letter can go."))
