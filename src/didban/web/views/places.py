"""Where somebody belongs, was and is said to be: a map, and the same as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.analysis import links, person_files
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.presenters import places, records
from didban.web.presenters.around import opened
from didban.web.presenters.land import world
from didban.web.presenters.timeline import year
from didban.web.views import files

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("places")


@room.page("/files/{record_id}/places", Permission.ANALYSIS_FILE_READ)
def map_of(desk: Desk, record_id: str) -> Page:
    """Show the places around a file on a map without borders, and as a table with who says it."""
    found = person_files.file_of(desk.tx, desk.who, record_id)
    names = [member.record for member in found.members]
    graphs = [links.around(desk.tx, desk.who, name) for name in names]
    drawn = world(desk.services.settings.desk.map_file)
    around = list(opened(desk, names, graphs))
    listed = places.places(found, around, drawn)
    since, until = year(desk.asked("since")), year(desk.asked("until"))
    kept = places.among_years(listed, since, until)
    view = places.view_of(kept, drawn)
    return Page(
        "pages/places/map.html",
        handling=records.handling_of(
            [*(m.shown for m in found.members), *(o.shown for o in around)]
        ),
        **files.head(found, record_id),
        places=kept,
        is_any=bool(listed),
        years=places.years_of(listed),
        since=since,
        until=until,
        view=view,
        route=places.route(kept, size=view.mark),
        land=drawn.land,
    )
