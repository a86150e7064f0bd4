"""The node itself: tables, jobs, duties, backups, room on the disk, and what is done on its machine."""

from __future__ import annotations

import shutil
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from didban.guard import node_state
from didban.intake import sources
from didban.model.permissions import Permission
from didban.settings import keys
from didban.web.desk import Page, Room

if TYPE_CHECKING:
    from didban.settings import Settings
    from didban.web.desk import Desk

room = Room("node")

_LISTS: Final = Permission.BANK_SOURCE_MANAGE
_BACKUP_IS_OLD: Final = timedelta(days=7)
_LITTLE_ROOM: Final = 0.1  # of the disk


@room.page("/node", Permission.NODE_STATE_READ)
def state(desk: Desk) -> Page:
    """Show how the node stands, and what needs somebody at its machine."""
    index = desk.services.index
    settings = desk.services.settings
    return Page(
        "pages/node/state.html",
        found=node_state.read(desk.tx, desk.who),
        old=_BACKUP_IS_OLD,
        lists=sources.listed(desk.tx, desk.who) if desk.may(_LISTS) else None,
        index=index,
        lag=None if index is None else index.lag(),
        freshness=None if index is None else index.freshness(),
        disk=_disk(settings),
        changed=_changed(settings),
    )


def _disk(in_force: Settings) -> tuple[int, bool] | None:
    """Return how much is free where the node keeps its things, and whether that is little."""
    folder = in_force.node.data_folder
    if folder is None or not folder.exists():
        return None
    usage = shutil.disk_usage(folder)
    return usage.free, usage.free < usage.total * _LITTLE_ROOM


def _changed(in_force: Settings) -> list[str]:
    """Return the names of settings that are not as they come; never their values."""
    return [key.path for key in keys() if attrgetter(key.path)(in_force) != key.default]
