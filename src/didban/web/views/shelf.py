"""My files: those that one watches, with what changed, and those that one opened of late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from starlette.datastructures import QueryParams

from didban.analysis import shelf
from didban.errors import NotFound
from didban.model.permissions import Permission
from didban.model.shelf import MAX_NAME, KeptView
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.presenters import shelf as shelves

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("shelf")

_READ: Final = Permission.ANALYSIS_FILE_READ
_HOLD: Final = Permission.ACCESS_SESSION_HOLD


@room.page("/mine/files", _READ)
def mine(desk: Desk) -> Page:
    """Show the files that who asks watches, and those that they opened of late."""
    watched, recent = shelf.watched(desk.tx, desk.who), shelf.recent(desk.tx, desk.who)
    return Page(
        "pages/shelf/mine.html",
        handling=tuple(one.confidentiality for one in (*watched, *recent)),
        watched=[shelves.row_of(one) for one in watched],
        recent=[shelves.row_of(one) for one in recent],
    )


@room.deed("/files/{record_id}/watch", _READ, again=mine)
def watch(desk: Desk, record_id: str) -> Go:
    """Watch a file."""
    shelf.watch(desk.tx, desk.who, record_id)
    said = N_("You watch this file: what changes in it stands at your desk.")
    return Go("files.file", said=said, path={"record_id": record_id})


@room.deed("/files/{record_id}/unwatch", _READ, again=mine)
def unwatch(desk: Desk, record_id: str) -> Go:
    """Watch a file no more."""
    shelf.unwatch(desk.tx, desk.who, record_id)
    return Go("shelf.mine", said=N_("You do not watch the file any more."))


@room.deed("/views", _HOLD)
def keep(desk: Desk) -> Go:
    """Keep the filter of a list under a name."""
    page, name = _page(desk), desk.form.text("name", needed=True, most=MAX_NAME)
    desk.form.require()
    query = shelves.LISTS[page](QueryParams(parse_qsl(desk.form.text("query"))))
    shelf.keep_view(desk.tx, desk.who, KeptView(page=page, name=name, query=query))
    return Go(f"{desk.url(page)}?{query}", said=N_("The filter is kept under its name."))


@room.deed("/views/drop", _HOLD)
def drop(desk: Desk) -> Go:
    """Keep a filter no more."""
    page = _page(desk)
    shelf.drop_view(desk.tx, desk.who, page, desk.form.text("name"))
    return Go(page, said=N_("The filter is not kept any more."))


def _page(desk: Desk) -> str:
    page = desk.form.text("page")
    if page not in shelves.LISTS:
        raise NotFound(N_("there is no such list"))
    return page
