"""Where somebody belongs, was and is said to be: a map, and the same as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.analysis import person_files
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.presenters import places, records
from didban.web.views import files

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("places")


@room.page("/files/{record_id}/places", Permission.ANALYSIS_FILE_READ)
def map_of(desk: Desk, record_id: str) -> Page:
    """Show the places of a file on a map without borders, and as a table with who says it."""
    found = person_files.file_of(desk.tx, desk.who, record_id)
    listed = places.places(found)
    return Page(
        "pages/places/map.html",
        handling=records.handling_of(member.shown for member in found.members),
        **files.head(found, record_id),
        places=listed,
        view=places.view_of(listed),
        land=places.world().land,
    )
