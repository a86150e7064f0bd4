"""The node itself: its index, its duties, its lists, and what is done on its machine."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from didban.guard import node_state
from didban.intake import sources
from didban.model.permissions import Permission
from didban.settings import keys
from didban.web.desk import Page, Room

if TYPE_CHECKING:
    from didban.settings import Settings
    from didban.web.desk import Desk

room = Room("node")


@room.page("/node", Permission.BANK_SOURCE_MANAGE)
def state(desk: Desk) -> Page:
    """Show how the node stands, and what needs somebody at its machine."""
    index = desk.services.index
    return Page(
        "pages/node/state.html",
        found=node_state.read(desk.tx, desk.who),
        lists=sources.listed(desk.tx, desk.who),
        index=index,
        lag=None if index is None else index.lag(),
        freshness=None if index is None else index.freshness(),
        changed=_changed(desk.services.settings),
    )


def _changed(in_force: Settings) -> list[str]:
    """Return the names of settings that are not as they come; never their values."""
    return [key.path for key in keys() if attrgetter(key.path)(in_force) != key.default]
