"""Signals to the data-protection officer: judged, and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.guard import signals
from didban.model.permissions import Permission
from didban.model.signals import SignalState, Verdict
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, moment, paged_by_time

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("signals")

_TRIAGE: Final = Permission.ACCESS_SIGNAL_TRIAGE


@room.page("/signals", _TRIAGE)
def listed(desk: Desk, signal: str = "") -> Page:
    """Show signals, the newest first: what happened how often, never what was looked for."""
    state = next((one for one in SignalState if one.value == desk.asked("state")), None)
    found = signals.listed(desk.tx, desk.who, state=state, after=moment(desk), limit=ROWS + 1)
    rows, following = paged_by_time(desk, [(each.raised_at, each.id, each) for each in found])
    return Page(
        "pages/signals/listed.html",
        rows=rows,
        next=following,
        state=state,
        failed=signal,
        State=SignalState,
        Verdict=Verdict,
    )


@room.deed("/signals/{signal}/triage", _TRIAGE, again=listed)
def triage(desk: Desk, signal: str) -> Go:
    """Say what a signal turned out to be."""
    verdict = desk.form.one_of("verdict", Verdict)
    desk.form.require()
    assert verdict is not None  # noqa: S101 - `require` has seen to it
    signals.triage(desk.tx, desk.who, signal, verdict)
    return Go("signals.listed", said=N_("It is noted what the signal turned out to be."))


@room.deed("/signals/{signal}/closing", _TRIAGE, again=listed)
def close(desk: Desk, signal: str) -> Go:
    """Close a signal that was judged."""
    signals.close(desk.tx, desk.who, signal)
    return Go("signals.listed", said=N_("The signal is closed."))
