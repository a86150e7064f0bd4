"""What the oversight role asks one's own authority about its records, and the answers (PR-57)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.guard import oversight
from didban.guard.oversight import MAX_WORDS
from didban.model.permissions import Permission
from didban.serving.desks import verdicts_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("doubts")

_ANSWER: Final = Permission.RIGHTS_SOURCE_ANSWER
_MOST: Final = 100


@room.page("/doubts", _ANSWER)
def asked(desk: Desk, **_path: str) -> Page:
    """Show what the oversight role asks, the newest first."""
    found = oversight.listed(desk.tx, desk.who, limit=_MOST)
    return Page("pages/doubts/asked.html", rows=found)


@room.deed("/doubts/{question}", _ANSWER, again=asked)
def answer(desk: Desk, question: str) -> Go:
    """Say why a record should stand."""
    words = desk.form.text(f"words-{question}", needed=True, most=MAX_WORDS)
    desk.form.require()
    verdicts = verdicts_of(desk.services)
    told = verdicts.answered if verdicts else None
    oversight.answer(desk.tx, desk.who, question, words, told=told)
    return Go("doubts.asked", said=N_("Your answer is given."))
