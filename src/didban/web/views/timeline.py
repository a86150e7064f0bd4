"""In what order things happened around somebody, and where nothing is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban.analysis import links, person_files
from didban.guard.disclosure import shown_to
from didban.intake import bank
from didban.model.permissions import Permission
from didban.model.schemata import is_a
from didban.web.desk import Page, Room
from didban.web.presenters import files as shaping
from didban.web.presenters import records, timeline
from didban.web.views import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from didban.web.desk import Desk
    from didban.web.presenters.files import Linked

room = Room("timeline")

_MOST = 50  # linked records that are opened for their dates


@room.page("/files/{record_id}/timeline", Permission.ANALYSIS_FILE_READ)
def strip(desk: Desk, record_id: str) -> Page:
    """Show the dates of a file and of what it is linked with, the earliest first, with the gaps.

    Filtered by what is dated, or by owner; the address names nobody.
    """
    found = person_files.file_of(desk.tx, desk.who, record_id)
    names = [member.record for member in found.members]
    graphs = [links.around(desk.tx, desk.who, name) for name in names]
    story = timeline.moments(found, _opened(desk, shaping.linked(names, graphs)))
    what, owner = desk.asked("what"), desk.asked("owner")
    kept = [one for one in story if what in {"", one.name} and owner in {"", one.owner}]
    return Page(
        "pages/timeline/strip.html",
        handling=records.handling_of(member.shown for member in found.members),
        **files.head(found, record_id),
        entries=timeline.entries(kept),
        strip=timeline.strip(kept, is_mirrored=desk.look.direction == "rtl"),
        width=timeline.WIDTH,
        whats=sorted({one.name for one in story}),
        owners=sorted({one.owner for one in story}),
        what=what,
        owner=owner,
    )


def _opened(desk: Desk, linked: list[Linked]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield the events and links of a file as who asks may see them; opening them is entered."""
    wanted = [one.link or one.id for one in linked if one.link or _is_dated(one)]
    for name in list(dict.fromkeys(wanted))[:_MOST]:
        kept = bank.read(desk.tx, desk.who, name)
        yield shown_to(desk.tx, desk.who, kept), kept.owner


def _is_dated(one: Linked) -> bool:
    return one.shown is not None and is_a(one.shown.get("schema", ""), "Interval")
