"""The link chart: who and what hangs together with somebody, one step around, and the same as tables.

The chart is drawn by a script from the tables on the page, so that it can say nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban import clock
from didban.analysis import links, person_files
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.presenters import chart, records, timeline
from didban.web.views import files

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("chart")


@room.page("/files/{record_id}/chart", Permission.ANALYSIS_FILE_READ)
def around(desk: Desk, record_id: str) -> Page:
    """Show what a file is linked with, one step, and one step more from what is opened out."""
    found = person_files.file_of(desk.tx, desk.who, record_id)
    names = [member.record for member in found.members]
    choice = _choice(desk)
    steps = dict.fromkeys((*names, *choice.opened))
    drawn = chart.drawn(names, [links.around(desk.tx, desk.who, one) for one in steps], choice)
    open_on = [thing.id for thing in drawn.things if thing.shown and thing.id not in steps]
    beyond = links.neighbours(desk.tx, desk.who, open_on)
    things = (*drawn.things, *drawn.hidden)
    return Page(
        "pages/chart/around.html",
        handling=(
            *records.handling_of(member.shown for member in found.members),
            *drawn.confidentiality,
        ),
        **files.head(found, record_id),
        chart=drawn,
        choice=choice,
        may_open=len(choice.opened) < chart.MOST_OPENED,
        beyond={name: len(others - drawn.all) for name, others in beyond.items()},
        codes=max((edge.handling for edge in drawn.edges), default=""),
        titles={thing.id: thing.title for thing in things},
        years_of=chart.years_of,
        page_of=records.page_of,
        made_at=clock.now(),
    )


def _choice(desk: Desk) -> chart.Choice:
    """Return what the address asks of a chart; what it cannot say is left out."""
    asked = desk.request.query_params
    return chart.Choice(
        opened=tuple(dict.fromkeys(asked.getlist("open")))[: chart.MOST_OPENED],
        hidden=tuple(dict.fromkeys(asked.getlist("hide")))[: chart.MOST],
        since=timeline.year(desk.asked("since")),
        until=timeline.year(desk.asked("until")),
    )
