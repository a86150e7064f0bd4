"""Changes of records that one's own authority had received: read, followed, acknowledged (PR-47)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.guard import corrections
from didban.intake import bank
from didban.model.permissions import Permission
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, moment, paged_by_time

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("received_corrections")

_RECEIVE: Final = Permission.RIGHTS_CORRECTION_RECEIVE


@room.page("/received-corrections", _RECEIVE)
def waiting(desk: Desk, **_path: str) -> Page:
    """Show what was changed, the oldest first."""
    found = corrections.waiting(desk.tx, desk.who, after=moment(desk), limit=ROWS + 1)
    rows, more = paged_by_time(desk, [(one.told_at, one.id, one) for one in found])
    readable = bank.readable(desk.tx, desk.who, {one.record for one in rows})
    return Page("pages/received_corrections/waiting.html", rows=rows, more=more, readable=readable)


@room.deed("/received-corrections/{notice}", _RECEIVE, again=waiting)
def acknowledge(desk: Desk, notice: str) -> Go:
    """Say that a correction was read and followed."""
    corrections.acknowledge(desk.tx, desk.who, notice)
    return Go("received_corrections.waiting", said=N_("The correction is acknowledged."))
