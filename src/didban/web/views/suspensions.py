"""Records that the oversight role doubts: suspended here, and their owners asked (PR-57)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.guard import oversight
from didban.guard.oversight import MAX_WORDS, Outcome
from didban.model.permissions import Permission
from didban.serving.desks import verdicts_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("suspensions")

_SUSPEND: Final = Permission.OVERSIGHT_RECORD_SUSPEND
_MOST: Final = 100


@room.page("/suspensions", _SUSPEND)
def doubted(desk: Desk, **_path: str) -> Page:
    """Show the records that were doubted, the newest first, and the form to doubt one."""
    return Page(
        "pages/suspensions/doubted.html",
        rows=oversight.listed(desk.tx, desk.who, limit=_MOST),
        outcomes=[(one.value, desk.speech.term(one, "OversightOutcome")) for one in Outcome],
        record=desk.asked("record"),
    )


@room.deed("/suspensions", _SUSPEND, again=doubted)
def suspend(desk: Desk) -> Go:
    """Suspend a record on this node, and ask its owner."""
    record = desk.form.text("record", needed=True, most=200)
    words = desk.form.text("words", needed=True, most=MAX_WORDS)
    desk.form.require()
    verdicts = verdicts_of(desk.services)
    told = verdicts.doubted if verdicts else None
    oversight.suspend(desk.tx, desk.who, record, words, told=told)
    said = N_("The record is suspended here, and its owner is asked.")
    return Go("suspensions.doubted", said=said)


@room.deed("/suspensions/{question}", _SUSPEND, again=doubted)
def close(desk: Desk, question: str) -> Go:
    """Lift a suspension, or let it stand."""
    outcome = desk.form.one_of("outcome", Outcome)
    desk.form.require()
    assert outcome is not None  # noqa: S101 - `require` has seen to it
    oversight.close(desk.tx, desk.who, question, outcome)
    return Go("suspensions.doubted", said=N_("The question is closed."))
