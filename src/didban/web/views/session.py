"""Sign-in for a purpose, and sign-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.guard.sessions import Reason
from didban.model.permissions import Permission
from didban.model.purposes import CHECK_PURPOSES, Purpose
from didban.web.desk import PREFIX, SESSION, Go, Page, Room, set_cookie
from didban.web.i18n import N_

if TYPE_CHECKING:
    from starlette.responses import Response

    from didban.guard.sessions import Admission
    from didban.web.desk import Desk

room = Room("session")

_SIGN_IN = "this is how one gets to be known"


@room.page("/session", open_because=_SIGN_IN)
def door(desk: Desk) -> Page:
    """Show the form of sign-in: who, and why."""
    purposes = (*CHECK_PURPOSES, Purpose.DATA_PROTECTION, Purpose.ADMINISTRATION)
    return Page("pages/session/door.html", purposes=purposes, next=desk.next)


@room.deed("/session", open_because=_SIGN_IN, again=door)
def sign_in(desk: Desk) -> Go:
    """Begin a session for a purpose, and a case or post (PR-01)."""
    form = desk.form
    login = form.text("login", needed=True, most=200)
    code = form.text("code", needed=True, most=20)
    purpose = form.one_of("purpose", Purpose)
    reference, place = form.text("reference", most=200), form.text("place", most=200)
    if not reference and not place:
        form.blame("reference", N_("Name the case, or the post at which you work."))
    password = (form.sent.get("password") or [""])[-1][:256]
    if not password:
        form.blame("password", N_("Fill this in."))
    form.require()
    assert purpose is not None  # noqa: S101 - `require` has seen to it
    reason = Reason(purpose=purpose, reference=reference, place=place)
    admission = desk.door.sign_in(login, password, code, reason, source=desk.source)
    desk.afterwards(lambda response: _let_in(desk, response, admission))
    return Go(desk.next or "home.mine")


@room.deed("/session/end", Permission.ACCESS_SESSION_HOLD)
def sign_out(desk: Desk) -> Go:
    """End the session."""
    desk.door.sign_out(desk.tx, desk.who, desk.secret)
    desk.afterwards(lambda response: response.delete_cookie(SESSION, path=PREFIX))
    return Go("session.door", said=N_("You have signed out."))


def _let_in(desk: Desk, response: Response, admission: Admission) -> None:
    set_cookie(desk, response, SESSION, admission.secret)
