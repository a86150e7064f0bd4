"""The owner's desk: questions that other desks and nodes put to it, and its answers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from didban import clock
from didban.casework import answers
from didban.model.casework import AnswerKind, QuestionState
from didban.model.permissions import Permission
from didban.serving.desks import desk_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, moment, paged_by_time
from didban.web.presenters import evidence, records
from didban.web.presenters.hits import title_of

if TYPE_CHECKING:
    from datetime import datetime

    from didban.web.desk import Desk

room = Room("questions")

SHOWN = (QuestionState.OPEN, QuestionState.ANSWERED, QuestionState.WITHDRAWN)


@room.page("/questions", Permission.CASEWORK_QUESTION_ANSWER)
def listed(desk: Desk) -> Page:
    """Show the questions put to the own authority, in the order in which they came."""
    asked = desk.asked("state")
    state = next((one for one in SHOWN if one == asked), QuestionState.OPEN)
    rows = answers.put_to_us(
        desk.tx, desk.who, states=frozenset({state}), limit=ROWS + 1, after=moment(desk)
    )
    shown, more = paged_by_time(desk, [(row.arrived_at, row.id, row) for row in rows])
    return Page(
        "pages/questions/list.html",
        rows=shown,
        state=state,
        states=SHOWN,
        title_of=title_of,
        next=more,
    )


@room.page("/questions/{question_id}", Permission.CASEWORK_QUESTION_ANSWER)
def question(desk: Desk, question_id: str) -> Page:
    """Show a question: who was met beside our record, and what can be answered."""
    asked, shown = answers.opened(desk.tx, desk.who, question_id)
    identity = (shown or {}).get("identity", {})
    return Page(
        "pages/questions/question.html",
        handling=records.handling_of([shown] if shown else []),
        asked=asked,
        shown=shown,
        title=title_of(asked.identity),
        rows=evidence.beside(desk.speech, asked.identity, identity, ()),
        hours=_hours(desk)[-1],
        AnswerKind=AnswerKind,
    )


@room.deed("/questions/{question_id}/confirm", Permission.CASEWORK_QUESTION_ANSWER, again=question)
def confirm(desk: Desk, question_id: str) -> Go:
    """Answer that the record is valid and concerns who was met."""
    if not desk.form.is_ticked("compared"):
        desk.form.blame("compared", N_("Tick it once you have compared."))
    desk.form.require()
    return _answered(desk, question_id, AnswerKind.CONFIRMED)


@room.deed("/questions/{question_id}/refute", Permission.CASEWORK_QUESTION_ANSWER, again=question)
def refute(desk: Desk, question_id: str) -> Go:
    """Answer that the record does not concern who was met, and why."""
    words = desk.form.text("words", needed=True, most=4_000)
    is_shared = desk.form.yes_or_no("shared")
    desk.form.require()
    return _answered(desk, question_id, AnswerKind.REFUTED, words=words, is_shared=bool(is_shared))


@room.deed("/questions/{question_id}/later", Permission.CASEWORK_QUESTION_ANSWER, again=question)
def name_time(desk: Desk, question_id: str) -> Go:
    """Answer that the owner will say within some hours."""
    hours = desk.form.whole("hours", _hours(desk))
    desk.form.require()
    until = clock.now() + timedelta(hours=hours or 1)
    return _answered(desk, question_id, AnswerKind.WILL_BE_CONFIRMED, until=until)


@room.deed(
    "/questions/{question_id}/supplement", Permission.CASEWORK_QUESTION_ANSWER, again=question
)
def supply(desk: Desk, question_id: str) -> Go:
    """Supply the supplementary information that was asked for."""
    words = desk.form.text("words", needed=True, most=4_000)
    desk.form.require()
    answers.supply(desk.tx, desk.who, question_id, words, desk_of(desk.services))
    return Go("questions.listed", said=N_("What was asked for is sent."))


def _answered(
    desk: Desk,
    question_id: str,
    kind: AnswerKind,
    *,
    words: str = "",
    until: datetime | None = None,
    is_shared: bool = False,
) -> Go:
    answers.answer(
        desk.tx,
        desk.who,
        question_id,
        desk_of(desk.services),
        kind=kind,
        words=words,
        until=until,
        is_shared=is_shared,
    )
    return Go("questions.listed", said=N_("The answer is sent."))


def _hours(desk: Desk) -> range:
    """Return how many hours ahead the time may lie that an owner names."""
    return range(1, max(1, int(desk.services.settings.casework.longest_wait_hours)) + 1)
