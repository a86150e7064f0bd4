"""Recovery of access: one person asks that a user may enrol anew, another confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.guard import recovery
from didban.model.permissions import Permission
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("recoveries")

_CONFIRM: Final = Permission.ACCESS_RECOVERY_CONFIRM


@room.page("/recoveries", _CONFIRM)
def waiting(desk: Desk, user: str = "") -> Page:
    """Show the recoveries that wait for a second person."""
    rows = recovery.listed(desk.tx, desk.who)
    return Page("pages/recoveries/waiting.html", rows=rows, user=user or desk.asked("user"))


@room.deed("/recoveries", _CONFIRM, again=waiting)
def request(desk: Desk) -> Go:
    """Ask that a user may enrol anew."""
    user = desk.form.text("user", needed=True, most=40)
    desk.form.require()
    recovery.request(desk.tx, desk.who, user)
    return Go("recoveries.waiting", said=N_("Another person confirms the recovery within a day."))


@room.deed("/recoveries/{user}/confirmation", _CONFIRM, again=waiting)
def confirm(desk: Desk, user: str) -> Page:
    """Confirm a recovery as another person, and show once the secret with which the user enrols."""
    made = recovery.confirm(desk.tx, desk.who, user, desk.services.settings.access)
    return Page(
        "pages/access/secret.html", subject=made.user.login, secret=made.secret, kind="user"
    )


@room.deed("/recoveries/{user}/refusal", _CONFIRM, again=waiting)
def refuse(desk: Desk, user: str) -> Go:
    """Refuse a recovery: what the user had stays good."""
    recovery.refuse(desk.tx, desk.who, user)
    return Go("recoveries.waiting", said=N_("The recovery is refused."))
