"""Triage: several hits of the inbox assigned, put aside until a moment, or given back as they were."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.casework import triage
from didban.model.permissions import Permission
from didban.web.desk import Go, Room
from didban.web.i18n import N_
from didban.web.presenters import triage as shaped
from didban.web.views.hits import queue

if TYPE_CHECKING:
    from didban.casework.triage import Triaged
    from didban.web.desk import Desk

room = Room("triage")

_WORK: Final = Permission.CASEWORK_HIT_WORK


@room.deed("/hits/assign", _WORK, again=queue)
def assign(desk: Desk) -> Go:
    """Make the ticked hits the work of a colleague, or of nobody in particular."""
    chosen = _ticked(desk)
    to = desk.form.text("to", needed=True, most=64)
    desk.form.require()
    done = triage.assign(desk.tx, desk.who, chosen, None if to == shaped.NOBODY else to)
    return _back(desk, done, can_undo=True)


@room.deed("/hits/aside", _WORK, again=queue)
def put_aside(desk: Desk) -> Go:
    """Take the ticked hits out of the inbox for some time, and say why."""
    chosen = _ticked(desk)
    hours = desk.form.whole("hours", shaped.ASIDE_HOURS)
    words = desk.form.text("words", needed=True, most=triage.MAX_WORDS)
    desk.form.require()
    until = clock.now() + timedelta(hours=hours or 1)
    done = triage.put_aside(desk.tx, desk.who, chosen, until=until, words=words)
    return _back(desk, done, can_undo=True)


@room.deed("/hits/undo", _WORK, again=queue)
def undo(desk: Desk) -> Go:
    """Give hits back as they were before who asks sorted them last."""
    chosen = _ticked(desk)
    desk.form.require()
    return _back(desk, triage.undo(desk.tx, desk.who, chosen), can_undo=False)


def _ticked(desk: Desk) -> tuple[str, ...]:
    chosen = desk.form.all("hit")
    if not chosen:
        desk.form.blame("hit", N_("Tick the hits first."))
    return chosen


def _back(desk: Desk, done: Triaged, *, can_undo: bool) -> Go:
    said = N_("The hits are sorted.") if can_undo else N_("The hits are as they were.")
    return Go(shaped.address(desk, done, can_undo=can_undo), said=said if done.done else "")
