"""Person files: what owners say of one person or organisation, side by side, each with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from didban.analysis import links, person_files, shelf
from didban.casework import hits as casework
from didban.casework.messages import desk as messages
from didban.guard import access_log
from didban.intake import attachments, bank, disputes
from didban.model.attachments import IDENTIFYING
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.paging import ROWS, paged, place
from didban.web.presenters import files, records

if TYPE_CHECKING:
    from didban.model.person_files import PersonFile
    from didban.web.desk import Desk

room = Room("files")

_HITS: Final = Permission.CASEWORK_HIT_WORK
_USE: Final = Permission.AUDIT_USE_READ
TABS: Final = (
    "overview",
    "documents",
    "links",
    "events",
    "messages",
    "decisions",
    "history",
    "access",
)
PICTURES: Final = frozenset({"image/jpeg", "image/png"})
"""Media types that a browser shows by itself; others are fetched as files."""


@room.page("/files/{record_id}", Permission.ANALYSIS_FILE_READ)
def file(desk: Desk, record_id: str) -> Page:
    """Show the file that a record is in, one tab of it, as far as it is open to who asks."""
    tab = desk.asked("tab", "overview")
    if tab not in TABS or (tab == "access" and not desk.may(_USE)):
        tab = "overview"
    shown = tab_of(desk, record_id, tab)
    shown.values["is_watched"] = (
        shelf.opened(desk.tx, desk.who, record_id).watched_since is not None
    )
    return shown


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
        "history": sum(member.shown.get("version", 1) for member in found.members),
    }
    if desk.may(_USE):
        counts["access"] = access_log.count(desk.tx, desk.who, names)
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
        page_of=records.page_of,
        **_of_tab(desk, names, tab),
    )


def head(found: PersonFile, record_id: str) -> dict[str, Any]:
    """Return what the identity bar needs, which every page about a file bears."""
    return {
        "file": found,
        "record_id": record_id,
        "title": files.file_title(found, record_id),
        "title_of": records.title_of,
    }


def _of_tab(desk: Desk, names: list[str], tab: str) -> dict[str, Any]:
    """Return what stands on one tab alone, because it is entered that it was read."""
    if tab == "history":
        kept = [one for name in names for one in bank.history(desk.tx, desk.who, name)]
        return {"versions": sorted(kept, key=lambda one: one.recorded_at, reverse=True)}
    if tab != "access":
        return {}
    found = access_log.looks(desk.tx, desk.who, names, before=place(desk), limit=ROWS + 1)
    looks, following = paged(desk, [(each.number, each) for each in found])
    return {"looks": looks, "next": following}
