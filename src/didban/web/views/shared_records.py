"""Records at other nodes: who has them, who has not let go, what is withheld, what is received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban import clock
from didban.exchange.records import overview, withdrawals
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.paging import ROWS

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("shared_records")

_READ: Final = Permission.EXCHANGE_SHARING_READ


@room.page("/shared-records", _READ)
def held(desk: Desk) -> Page:
    """Show who has not let go of withdrawn records, what is withheld from whom, and every feed."""
    found = withdrawals.unconfirmed(desk.tx, desk.who, limit=ROWS)
    return Page(
        "pages/shared_records/held.html",
        withdrawals=found,
        withheld=overview.withheld(desk.tx, desk.who, desk.services.settings.sharing),
        feeds=overview.inventory(desk.tx, desk.who, clock.now()),
        record=desk.asked("record"),
    )


@room.page("/shared-records/{record_id}", _READ)
def of_record(desk: Desk, record_id: str) -> Page:
    """Show which nodes have a record of one's authority, and who was told to let go of it."""
    found = overview.of_record(desk.tx, desk.who, record_id)
    return Page("pages/shared_records/of_record.html", shared=found)
