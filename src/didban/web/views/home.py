"""My desk: what to do first, what one did last, and how the node stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from didban.analysis import shelf
from didban.model.permissions import Permission
from didban.screening import kept_checks
from didban.web import dues
from didban.web.desk import Page, Room, Sent
from didban.web.navigation import waiting
from didban.web.presenters import shelf as shelves
from didban.web.presenters.checks import became
from didban.web.presenters.hits import TONES

if TYPE_CHECKING:
    from didban.model.checks import KeptCheck
    from didban.model.shelf import OnShelf
    from didban.web.desk import Desk

room = Room("home")

_LAST: Final = 8


@room.page("/mine", Permission.ACCESS_SESSION_HOLD)
def mine(desk: Desk) -> Page:
    """Show what waits for who asks, by deadline, what changed, and what they did last."""
    checks: list[KeptCheck] = []
    if desk.may(Permission.SCREENING_CHECK_READ):
        checks = [
            check
            for _, check in kept_checks.listed(desk.tx, desk.who, before=None, limit=5 * _LAST)
            if check.user == desk.who.user
        ][:_LAST]
    files: list[OnShelf] = []
    recent: list[OnShelf] = []
    if desk.may(Permission.ANALYSIS_FILE_READ):
        files = [one for one in shelf.watched(desk.tx, desk.who) if one.news_at]
        recent = shelf.recent(desk.tx, desk.who, limit=_LAST)
    index = desk.services.index
    due = dues.of(desk)
    codes = [one.confidentiality for _, rows in due for one in rows]
    return Page(
        "pages/home/mine.html",
        handling=(
            *(code for code in codes if code is not None),
            *(one.confidentiality for one in (*files, *recent)),
        ),
        waiting=due,
        checks=checks,
        became=became(desk, checks),
        TONES=TONES,
        files=[shelves.row_of(one) for one in files],
        recent=[shelves.row_of(one) for one in recent],
        freshness=index.freshness() if index else None,
        other_nodes=desk.services.exchange is not None,
    )


@room.page("/mine/waiting", Permission.ACCESS_SESSION_HOLD)
def counted(desk: Desk) -> Sent:
    """Tell how much waits, as JSON for `live.js`: numbers, by the names in `casework.inbox`."""
    return Sent(content=json.dumps(waiting(desk)).encode(), media_type="application/json")
