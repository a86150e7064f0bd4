"""My desk: what to do first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.model.permissions import Permission
from didban.web.desk import Page, Room

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("home")


@room.page("/mine", Permission.ACCESS_SESSION_HOLD)
def mine(desk: Desk) -> Page:  # noqa: ARG001 - what stands here comes with its rooms
    """Show what waits for who asks, by deadline."""
    return Page("pages/home/mine.html")
