"""Passenger lists: taken and screened at once, masked after a day, shown again by two (PR-35)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from didban.casework import hits
from didban.model.permissions import Permission
from didban.screening import passengers
from didban.serving.desks import booth_of
from didban.web.desk import Go, Page, Room, Sent
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged, place
from didban.web.presenters import papers
from didban.web.presenters import passengers as shaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from didban.model.casework import Hit
    from didban.screening.passengers import Found
    from didban.web.desk import Desk

room = Room("passengers")

_READ, _UNMASK = Permission.SCREENING_LIST_READ, Permission.SCREENING_LIST_UNMASK
_SHOWN = 500  # passengers of one page: a list has two thousand at most
_REJECTS = 100


@room.page("/passengers", _READ)
def lists(desk: Desk) -> Page:
    """List the passenger lists that are held, the latest first, and take another one."""
    rows = passengers.listed(desk.tx, desk.who, before=place(desk), limit=ROWS + 1)
    shown, more = paged(desk, rows)
    return Page("pages/passengers/lists.html", rows=shown, more=more)


@room.deed("/passengers", Permission.SCREENING_LIST_HOLD, again=lists)
def hold(desk: Desk) -> Page:
    """Screen a list, hold it, and show who was found and which lines could not be read."""
    name = desk.form.text("name", needed=True, most=100)
    file, text = desk.form.files.get("file"), desk.form.text("content", most=4_000_000)
    if file is None and not text:
        desk.form.blame("file", N_("Choose a file, or write the list into the field below."))
    desk.form.require()
    content = file.content if file else text.encode()
    held = passengers.hold(desk.tx, booth_of(desk.services), desk.who, name, content)
    desk.form.sent = {"name": [name], "content": [shaped.to_mend(content, held.refused)]}
    return Page(
        "pages/passengers/held.html",
        refused=shaped.unread(held.refused[:_REJECTS]),
        **_found(desk, held.kept.id),
    )


@room.page("/passengers/{list_id}", _READ)
def one(desk: Desk, list_id: str) -> Page:
    """Show a list: who was found first; who is masked is a number on it."""
    _, listed = passengers.viewed(desk.tx, desk.who, list_id)
    start = place(desk) or 0
    others = [one for one in listed if not one.check]
    waiting = passengers.unmaskings(desk.tx, desk.who, list_id) if desk.may(_UNMASK) else []
    is_more = len(others) > start + _SHOWN
    return Page(
        "pages/passengers/one.html",
        part="progress",
        **_found(desk, list_id),
        others=others[start : start + _SHOWN],
        more=f"{desk.request.url.path}?after={start + _SHOWN}" if is_more else "",
        is_masked=any(one.is_masked and one.asked is None for one in listed),
        waiting=waiting,
    )


@room.deed("/passengers/{list_id}/export", _READ, again=one)
def export(desk: Desk, list_id: str) -> Sent:
    """Take out who was found on a list, as a table; who took it, and for what, is kept."""
    kept, found = passengers.exported(desk.tx, desk.who, list_id)
    content = shaped.as_csv(desk, found, _taken(desk, found))
    return Sent(content=content, media_type="text/csv", name=f"{kept.id}.csv")


@room.deed("/passengers/{list_id}/unmasking", _UNMASK, again=one)
def unmask(desk: Desk, list_id: str) -> Go:
    """Ask that a masked list be shown again; another person confirms it."""
    reason = desk.form.text("reason", needed=True, most=500)
    desk.form.require()
    passengers.request_unmasking(desk.tx, desk.who, list_id, reason)
    said = N_("Another person must confirm it before the names are shown.")
    return Go("passengers.one", said=said, path={"list_id": list_id})


@room.deed("/unmaskings/{unmasking_id}/confirm", _UNMASK)
def confirm(desk: Desk, unmasking_id: str) -> Go:
    """Let a masked list be shown for an hour, on the request of another person (PR-28)."""
    confirmed = passengers.confirm_unmasking(desk.tx, desk.who, unmasking_id)
    said = N_("The names are shown for an hour.")
    return Go("passengers.one", said=said, path={"list_id": confirmed.list})


def _found(desk: Desk, list_id: str) -> dict[str, Any]:
    """Return what pages show of a list and of who was found on it."""
    kept, found = passengers.found_on(desk.tx, desk.who, list_id)
    taken = _taken(desk, found)
    return {
        "kept": kept,
        "found": found,
        "groups": shaped.by_confidence(found),
        "taken": taken,
        "settled": shaped.settled(found, taken),
        "paper": partial(papers.in_words, desk.speech),
        "paper_of": papers.paper_of,
        "handling": tuple(sight.confidentiality for one in found for sight in one.sights),
    }


def _taken(desk: Desk, found: Sequence[Found]) -> Mapping[str, Hit]:
    """Return which matches became hits already, for whoever may take one up."""
    matches = [sight.match for one in found for sight in one.sights]
    if not matches or not desk.may(Permission.CASEWORK_HIT_TAKE_UP):
        return {}
    return hits.of_matches(desk.tx, desk.who, matches)
