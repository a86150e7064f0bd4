"""The link chart: who and what hangs together with somebody, one step around, and the same as a table.

The chart is drawn by a script from the table on the page, so that it can say nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.analysis import links, person_files
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.presenters import chart, records
from didban.web.views import files

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("chart")


@room.page("/files/{record_id}/chart", Permission.ANALYSIS_FILE_READ)
def around(desk: Desk, record_id: str) -> Page:
    """Show what a file is linked with, one step, and where to step on."""
    found = person_files.file_of(desk.tx, desk.who, record_id)
    names = [member.record for member in found.members]
    drawn = chart.drawn(names, [links.around(desk.tx, desk.who, name) for name in names])
    return Page(
        "pages/chart/around.html",
        handling=records.handling_of(member.shown for member in found.members),
        **files.head(found, record_id),
        chart=drawn,
        titles={thing.id: thing.title for thing in drawn.things},
        page_of=records.page_of,
    )
