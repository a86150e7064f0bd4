"""Why a user may see a record or may not, for who gives access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.guard import explaining, users
from didban.model.permissions import Permission, purposes_of
from didban.model.purposes import Purpose
from didban.web.desk import Page, Room
from didban.web.presenters import explanations as shaped

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("explanations")


@room.page("/access/users/{user}/why", Permission.ACCESS_USER_MANAGE)
def form(desk: Desk, user: str) -> Page:
    """Ask about which record and for which purpose; answer below, once both are said."""
    about = users.found(desk.tx, desk.who, user)
    return Page(
        "pages/explanations/of_user.html",
        about=about,
        purposes=[(one.value, desk.speech.term(one)) for one in sorted(purposes_of(about.roles))],
        found=None,
    )


@room.deed("/access/users/{user}/why", Permission.ACCESS_USER_MANAGE, again=form)
def of_user(desk: Desk, user: str) -> Page:
    """Explain what a user sees of a record for a purpose."""
    record_id = desk.form.text("record", needed=True, most=200)
    purpose = desk.form.one_of("purpose", Purpose)
    desk.form.require()
    assert purpose is not None  # noqa: S101 - `require` has seen to it
    found = explaining.of_user(desk.tx, desk.who, user, record_id, purpose)
    page = form(desk, user)
    page.values |= shaped.told(desk, found)
    return page
