"""Enrolment, sign-in for a purpose, another purpose, and sign-out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from didban.errors import LimitReached, NotAuthenticated, NotPermitted
from didban.guard import enrolment, lookups
from didban.guard.sessions import Reason
from didban.model.permissions import Permission, purposes_of
from didban.model.purposes import CHECK_PURPOSES, Purpose
from didban.model.users import LANGUAGES
from didban.web import look
from didban.web.desk import PREFIX, SESSION, Go, Page, Room, set_cookie
from didban.web.i18n import N_
from didban.web.i18n.speech import Speech
from didban.web.presenters import qr

if TYPE_CHECKING:
    from starlette.responses import Response

    from didban.guard.sessions import Admission
    from didban.web.desk import Desk
    from didban.web.forms import Form
    from didban.web.look import Look

room = Room("session")

_SIGN_IN: Final = "this is how one gets to be known"
_ENROLMENT: Final = "the one-time secret is the credential"
_HOLD: Final = Permission.ACCESS_SESSION_HOLD


@room.page("/session", open_because=_SIGN_IN)
def door(desk: Desk) -> Page:
    """Show the form of sign-in: who, and why."""
    purposes = (*CHECK_PURPOSES, Purpose.DATA_PROTECTION, Purpose.ADMINISTRATION)
    fault = desk.fault
    wait = timedelta(seconds=fault.retry_after) if isinstance(fault, LimitReached) else None
    return Page("pages/session/door.html", purposes=purposes, next=desk.next, wait=wait)


@room.deed("/session", open_because=_SIGN_IN, again=door)
def sign_in(desk: Desk) -> Go:
    """Begin a session for a purpose, and a case or post (PR-01)."""
    form = desk.form
    login = form.text("login", needed=True, most=200)
    code = form.text("code", needed=True, most=20)
    password = _secret(form, "password")
    reason = _reason(form)
    try:
        admission = desk.door.sign_in(login, password, code, reason, source=desk.source)
    except NotPermitted:  # who it is was proved: only the purpose is not theirs
        form.blame("purpose", N_("None of your roles acts for this purpose: choose another one."))
        form.require()
        raise
    desk.afterwards(lambda response: _let_in(desk, response, admission))
    return Go(desk.next or "home.mine", said=_last_time(desk, admission))


@room.page("/session/purpose", _HOLD)
def purpose(desk: Desk) -> Page:
    """Show the form with which one goes on for another purpose or case."""
    open_to_who_asks = purposes_of(desk.who.roles)
    purposes = [one for one in Purpose if one in open_to_who_asks]
    return Page("pages/session/purpose.html", purposes=purposes)


@room.deed("/session/purpose", _HOLD, again=purpose)
def change_purpose(desk: Desk) -> Go:
    """Go on for another purpose or case, with a fresh code: another session begins (PR-01, PR-06)."""
    code = desk.form.text("code", needed=True, most=20)
    reason = _reason(desk.form)
    try:
        admission = desk.door.change_purpose(
            desk.tx, desk.who, desk.secret, code, reason, source=desk.source
        )
    except NotAuthenticated:  # the session itself stands: only the code was not right
        desk.form.blame("code", N_("This code is not right, or was used: wait for the next one."))
        desk.form.require()
        raise
    desk.afterwards(lambda response: _let_in(desk, response, admission))
    return Go("home.mine", said=N_("You go on for another purpose."))


@room.deed("/session/end", _HOLD)
def sign_out(desk: Desk) -> Go:
    """End the session."""
    desk.door.sign_out(desk.tx, desk.who, desk.secret)
    desk.afterwards(lambda response: response.delete_cookie(SESSION, path=PREFIX))
    return Go("session.door", said=N_("You have signed out."))


@room.page("/enrolment", open_because=_ENROLMENT)
def invitation(desk: Desk) -> Page:  # noqa: ARG001 - nothing is known of who comes here
    """Show the form that takes the one-time secret an administrator handed over."""
    return Page("pages/session/invitation.html")


@room.deed("/enrolment/factor", open_because=_ENROLMENT, again=invitation)
def begin_enrolment(desk: Desk) -> Page:
    """Give the second factor, and show the form that sets the password."""
    secret = desk.form.text("secret", needed=True, most=100)
    desk.form.require()
    return _enrol(desk, enrolment.begin(desk.tx, desk.door.factor, secret))


@room.page("/enrolment/factor", open_because=_ENROLMENT)
def factor(desk: Desk) -> Page:
    """Show the form that sets the password again; the authenticator has its key already."""
    return _enrol(desk, "")


@room.deed("/enrolment", open_because=_ENROLMENT, again=factor)
def finish_enrolment(desk: Desk) -> Go:
    """Set the password, once a code shows that the authenticator works."""
    form = desk.form
    secret = form.text("secret", needed=True, most=100)
    password, again = _secret(form, "password"), _secret(form, "password_again")
    code = form.text("code", needed=True, most=20)
    name, born = form.text("own_name", most=200), form.day("own_birth_date")
    if password != again:
        form.blame("password_again", N_("The two passwords are not the same."))
    form.require()
    own = None
    if name:
        own = lookups.key_of(desk.services.secrets, [name], born.isoformat() if born else None)
    door = desk.door
    enrolment.finish(
        desk.tx, door.passwords, door.factor, secret, password=password, code=code, own_person=own
    )
    return Go("session.door", said=N_("You are enrolled: sign in with your login."))


def _enrol(desk: Desk, address: str) -> Page:
    key = parse_qs(urlsplit(address).query).get("secret", [""])[0]
    grouped = " ".join(key[start : start + 4] for start in range(0, len(key), 4))
    picture = qr.drawn(address, desk.gettext(N_("QR code of the key"))) if address else ""
    secret = desk.form.text("secret", most=100)
    return Page(
        "pages/session/enrol.html",
        address=address,
        key=grouped,
        picture=picture,
        secret=secret,
        least=desk.services.settings.access.password_length,
    )


def _reason(form: Form) -> Reason:
    """Return why somebody signs in. Raises InvalidFields for all that is wrong with the form."""
    chosen = form.one_of("purpose", Purpose)
    reference, place = form.text("reference", most=200), form.text("place", most=200)
    if not reference and not place:
        form.blame("reference", N_("Name the case, or the post at which you work."))
    form.require()
    assert chosen is not None  # noqa: S101 - `require` has seen to it
    return Reason(purpose=chosen, reference=reference, place=place)


def _secret(form: Form, name: str) -> str:
    """Return a password as it was typed, blanks and all."""
    typed = (form.sent.get(name) or [""])[-1][:256]
    if not typed:
        form.blame(name, N_("Fill this in."))
    return typed


def _last_time(desk: Desk, admission: Admission) -> str:
    """Return when the user signed in before, in their language: a stranger's visit is noticed."""
    speech = Speech(look=_look_of(desk, admission), zone=desk.speech.zone)
    last = admission.last_sign_in_at
    if last is None:
        return speech.gettext(N_("This is the first time that you sign in."))
    words = N_("You signed in last on %(time)s. If that was not you, tell your administrator now.")
    return speech.gettext(words, time=f"\u2068{speech.time_of(last)}\u2069")


def _look_of(desk: Desk, admission: Admission) -> Look:
    """Return how the user sees the pages: in their own language, where the browser has none."""
    if look.COOKIE in desk.request.cookies or admission.language not in LANGUAGES:
        return desk.look
    return replace(desk.look, language=admission.language)


def _let_in(desk: Desk, response: Response, admission: Admission) -> None:
    """Hand out the session, and the user's language to a browser in which none was chosen."""
    set_cookie(desk, response, SESSION, admission.secret)
    own = _look_of(desk, admission)
    if own != desk.look:
        set_cookie(desk, response, look.COOKIE, own.to_cookie(), seconds=look.KEPT_SECONDS)
