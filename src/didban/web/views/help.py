"""Help and preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.web import look
from didban.web.desk import Go, Page, Room, set_cookie

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("help")

_YEAR = 31_536_000  # seconds
_OPEN = "who cannot read the page cannot sign in"


@room.page("/preferences", open_because=_OPEN)
def preferences(desk: Desk) -> Page:
    """Show what can be chosen: language, digits, calendar, colours, size, keys."""
    return Page("pages/help/preferences.html", next=desk.next)


@room.deed("/preferences", open_because=_OPEN, again=preferences)
def prefer(desk: Desk) -> Go:
    """Keep what was chosen in this browser; what was not sent stays as it is."""
    chosen = {name: desk.form.text(name) for name in look.CHOICES}
    kept = {name: value for name, value in chosen.items() if value in look.CHOICES[name]}
    new = look.read(desk.look.to_cookie() + "&" + "&".join(f"{k}={v}" for k, v in kept.items()))
    desk.afterwards(
        lambda response: set_cookie(desk, response, look.COOKIE, new.to_cookie(), seconds=_YEAR)
    )
    return Go(desk.next or "help.preferences")
