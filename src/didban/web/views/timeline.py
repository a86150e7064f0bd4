"""In what order things happened around somebody, and where nothing is known."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from didban.analysis import links, person_files
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.presenters import records, timeline
from didban.web.presenters.around import opened
from didban.web.presenters.records import title_of
from didban.web.views import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from didban.analysis.links import Graph
    from didban.web.desk import Desk
    from didban.web.presenters.timeline import Moment

room = Room("timeline")

FILTERS = ("what", "kind", "who", "place", "owner")


@room.page("/files/{record_id}/timeline", Permission.ANALYSIS_FILE_READ)
def strip(desk: Desk, record_id: str) -> Page:
    """Show the dates of a file and of what it is linked with, the earliest first, with the gaps.

    Filtered by what is dated, the kind of thing, whom it has to do with, the place, or the owner.
    """
    found = person_files.file_of(desk.tx, desk.who, record_id)
    names = [member.record for member in found.members]
    graphs = [links.around(desk.tx, desk.who, name) for name in names]
    around = list(opened(desk, names, graphs))
    story = timeline.moments(found, around)
    asked = {name: desk.asked(name) for name in FILTERS}
    kept = [one for one in story if _meets(one, asked)]
    return Page(
        "pages/timeline/strip.html",
        handling=records.handling_of(
            [*(m.shown for m in found.members), *(o.shown for o in around)]
        ),
        **files.head(found, record_id),
        entries=timeline.entries(kept),
        strip=timeline.strip(kept, is_mirrored=desk.look.direction == "rtl"),
        width=timeline.WIDTH,
        options=_options(desk, graphs, story),
        asked=asked,
    )


def _meets(one: Moment, asked: dict[str, str]) -> bool:
    values = {"what": one.name, "kind": one.schema, "owner": one.owner}
    is_with = not asked["who"] or asked["who"] in one.others
    is_there = not asked["place"] or asked["place"] in one.places
    return (
        is_with and is_there and all(asked[name] in {"", value} for name, value in values.items())
    )


def _options(
    desk: Desk, graphs: Iterable[Graph], story: Sequence[Moment]
) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter may be set to, as pairs of value and words, in the order of words."""
    wanted = frozenset().union(*(one.others for one in story))
    nodes = {node.id: node.shown for graph in graphs for node in graph.nodes}
    said = desk.speech
    found = {
        "what": {one.name: said.term(one.name.rpartition(".")[2], "property") for one in story},
        "kind": {one.schema: said.term(one.schema, "schema") for one in story},
        "who": {name: title_of(nodes[name] or {}) for name in wanted if nodes.get(name)},
        "place": {place: said.place(place) for one in story for place in one.places},
        "owner": {one.owner: said.country(one.owner) for one in story},
    }
    return {
        name: sorted(((value, words) for value, words in each.items() if words), key=itemgetter(1))
        for name, each in found.items()
    }
