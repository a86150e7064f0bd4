"""Person files: what owners say of one person or organisation, side by side, each with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from didban.analysis import links, person_files
from didban.casework import hits as casework
from didban.casework.messages import desk as messages
from didban.intake import attachments, bank, disputes
from didban.model.attachments import IDENTIFYING
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.presenters import files, records

if TYPE_CHECKING:
    from didban.model.person_files import PersonFile
    from didban.web.desk import Desk

room = Room("files")

_HITS: Final = Permission.CASEWORK_HIT_WORK
TABS: Final = (
    "overview",
    "documents",
    "links",
    "events",
    "messages",
    "decisions",
    "history",
)
PICTURES: Final = frozenset({"image/jpeg", "image/png"})
"""Media types that a browser shows by itself; others are fetched as files."""


@room.page("/files/{record_id}", Permission.ANALYSIS_FILE_READ)
def file(desk: Desk, record_id: str) -> Page:
    """Show the file that a record is in, one tab of it, as far as it is open to who asks."""
    tab = desk.asked("tab", "overview")
    return tab_of(desk, record_id, tab if tab in TABS else "overview")


def tab_of(desk: Desk, record_id: str, tab: str) -> Page:
    """Return one tab of a file. Raises NotFound."""
    found = person_files.file_of(desk.tx, desk.who, record_id)
    names = [member.record for member in found.members]
    graphs = [links.around(desk.tx, desk.who, name) for name in names]
    others = files.linked(names, graphs)
    attached = [one for name in names for one in attachments.listed(desk.tx, desk.who, name)]
    raised = [one for name in names for one in disputes.of_record(desk.tx, desk.who, name)]
    hits = casework.about(desk.tx, desk.who, names) if desk.may(_HITS) else []
    letters = messages.about(desk.tx, desk.who, names)
    papers = files.papers(found.members)
    events = [one for one in others if one.is_event]
    counts = {
        "documents": len(papers) + len(attached),
        "links": len(others) - len(events),
        "events": len(events),
        "messages": len(letters),
        "decisions": len(found.judgements) + len(raised) + len(hits),
    }
    return Page(
        f"pages/files/{tab}.html",
        handling=records.handling_of(member.shown for member in found.members),
        **head(found, record_id),
        tab=tab,
        counts=counts,
        cards=files.cards(found),
        papers=papers,
        attached=attached,
        photos=[
            one
            for one in attached
            if one.role in IDENTIFYING and one.is_here and one.media_type in PICTURES
        ],
        linked=[one for one in others if not one.is_event],
        events=events,
        is_whole=all(graph.is_whole for graph in graphs),
        disputes=raised,
        hits=hits,
        letters=letters,
        versions=_versions(desk, names) if tab == "history" else [],
        page_of=records.page_of,
    )


def head(found: PersonFile, record_id: str) -> dict[str, Any]:
    """Return what the identity bar needs, which every page about a file bears."""
    return {
        "file": found,
        "record_id": record_id,
        "title": files.file_title(found, record_id),
        "title_of": records.title_of,
    }


def _versions(desk: Desk, names: list[str]) -> list[Any]:
    kept = [one for name in names for one in bank.history(desk.tx, desk.who, name)]
    return sorted(kept, key=lambda one: one.recorded_at, reverse=True)
