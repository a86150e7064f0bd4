"""Passenger lists: taken and screened at once, masked after a day, shown again by two (PR-35)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.model.permissions import Permission
from didban.screening import passengers
from didban.serving.desks import booth_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged, place

if TYPE_CHECKING:
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
    handling = (sight.confidentiality for sights in held.found.values() for sight in sights)
    return Page(
        "pages/passengers/held.html",
        kept=held.kept,
        found=held.found,
        refused=held.refused[:_REJECTS],
        handling=tuple(handling),
    )


@room.page("/passengers/{list_id}", _READ)
def one(desk: Desk, list_id: str) -> Page:
    """Show a list: who was found first; who is masked is a number on it."""
    kept, listed = passengers.viewed(desk.tx, desk.who, list_id)
    start = place(desk) or 0
    others = [one for one in listed if not one.check]
    waiting = passengers.unmaskings(desk.tx, desk.who, list_id) if desk.may(_UNMASK) else []
    is_more = len(others) > start + _SHOWN
    return Page(
        "pages/passengers/one.html",
        kept=kept,
        found=[one for one in listed if one.check],
        others=others[start : start + _SHOWN],
        more=f"{desk.request.url.path}?after={start + _SHOWN}" if is_more else "",
        is_masked=any(one.is_masked and one.asked is None for one in listed),
        waiting=waiting,
    )


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
