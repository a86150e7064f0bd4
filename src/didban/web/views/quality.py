"""How good records are, who contributes what, and how reviews of retention were answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.guard import retention
from didban.intake import quality_report
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.forms import read_day

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("quality")

_READ: Final = Permission.BANK_QUALITY_READ
_YEAR: Final = timedelta(days=366)


@room.page("/quality", _READ)
def reports(desk: Desk) -> Page:
    """Show the monthly reports on one's own records and on published lists (PR-23)."""
    since = _since(desk)
    found = quality_report.reports(desk.tx, desk.who, since=since)
    return Page("pages/quality/reports.html", rows=found, since=since)


@room.page("/quality/contributions", _READ)
def contributions(desk: Desk) -> Page:
    """Show what each owner entered, by kind and month, over what the reader may see."""
    since = _since(desk)
    found = quality_report.contributions(desk.tx, desk.who, since=since)
    return Page("pages/quality/contributions.html", rows=found, since=since)


@room.page("/quality/retention", Permission.RETENTION_STATISTICS_READ)
def retained(desk: Desk) -> Page:
    """Show how reviews of retention were answered, by owner and month (PR-32)."""
    since = _since(desk)
    found = retention.statistics(desk.tx, desk.who, since=since)
    return Page("pages/quality/retained.html", rows=found, since=since)


def _since(desk: Desk) -> date:
    """Return the first day of the month to begin with: a year ago where none is asked for."""
    try:
        asked = read_day(desk.asked("since"))
    except ValueError:
        asked = clock.today() - _YEAR
    return asked.replace(day=1)
