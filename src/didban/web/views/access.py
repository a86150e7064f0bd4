"""Access: users and their roles, authorities, tokens of programs."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from didban.guard import authorities, tokens, users
from didban.model.actors import Authority, AuthorityKind
from didban.model.marking import Confidentiality
from didban.model.permissions import DEVICE_ROLES, Permission, Role
from didban.model.purposes import Purpose
from didban.model.users import LANGUAGES, DeviceToken, User
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged_by_name
from didban.web.presenters import access as shaped
from didban.web.presenters import steps

if TYPE_CHECKING:
    from datetime import date

    from didban.web.desk import Desk

room = Room("access")

_USERS: Final = Permission.ACCESS_USER_MANAGE
_AUTHORITIES: Final = Permission.ACCESS_AUTHORITY_MANAGE
_TOKENS: Final = Permission.ACCESS_TOKEN_ISSUE
_MOST_AUTHORITIES: Final = 500


@room.page("/access", _USERS)
def listed(desk: Desk) -> Page:
    """Show the users of one's authority, or of all for the host's administrators."""
    found = users.listed(desk.tx, desk.who, after=desk.asked("after"), limit=ROWS + 1)
    rows, following = paged_by_name(desk, [(each.login, each) for each in found])
    return Page("pages/access/users.html", rows=rows, next=following)


@room.page("/access/users/new", _USERS)
def new(desk: Desk) -> Page:
    """Ask who is to have access, and to what."""
    return Page(
        "pages/access/new.html", **_choices(desk), owners=_owners(desk), roles=shaped.roles(desk)
    )


@room.deed("/access/users", _USERS, again=new)
def add(desk: Desk) -> Page:
    """Add a user, and show once the secret with which they enrol."""
    form = desk.form
    login, authority = form.text("login", needed=True, most=64), form.text("authority", needed=True)
    roles = _roles(desk)
    clearance, language = _clearance(desk), form.text("language", needed=True)
    last = form.day("last_day")
    form.require()
    draft = User(
        id="",
        login=login,
        authority=authority,
        roles=roles,
        clearance=clearance,
        language=language,
        access_until=_end_of(desk, last),
    )
    made = users.add(desk.tx, desk.who, draft, desk.services.settings.access)
    return Page(
        "pages/access/secret.html", subject=made.user.login, secret=made.secret, kind="user"
    )


@room.page("/access/users/{user}", _USERS)
def one(desk: Desk, user: str) -> Page:
    """Show what a user may do, and let it be changed."""
    found = users.found(desk.tx, desk.who, user)
    return Page(
        "pages/access/user.html",
        about=found,
        last_day=shaped.last_day(desk, found),
        **_choices(desk),
        roles=shaped.roles(desk),
    )


@room.deed("/access/users/{user}", _USERS, again=one)
def change(desk: Desk, user: str) -> Go:
    """Change what a user may do; other roles or clearance end their sessions."""
    roles, clearance = _roles(desk), _clearance(desk)
    language = desk.form.text("language", needed=True)
    desk.form.require()
    users.change(desk.tx, desk.who, user, roles=roles, clearance=clearance, language=language)
    return _back(user, N_("The access is changed."))


@room.deed("/access/users/{user}/end", _USERS, again=one)
def limit(desk: Desk, user: str) -> Go:
    """Let a user's access end after a day, or have no end."""
    last = desk.form.day("last_day")
    desk.form.require()
    users.limit(desk.tx, desk.who, user, _end_of(desk, last))
    said = N_("The access ends then.") if last else N_("The access has no end.")
    return _back(user, said)


@room.deed("/access/users/{user}/subject", _USERS, again=one)
def bind(desk: Desk, user: str) -> Go:
    """Say who a user is to the provider of sign-in; an empty text unbinds."""
    subject = desk.form.text("subject", most=255)
    desk.form.require()
    users.bind_subject(desk.tx, desk.who, user, subject)
    return _back(user, N_("It is noted who the user is to the provider of sign-in."))


@room.page("/access/users/{user}/deactivation", _USERS)
def deactivating(desk: Desk, user: str) -> Page:
    """Ask whether the access of a user is closed."""
    found = users.found(desk.tx, desk.who, user)
    back = desk.url("access.one", user=user)
    return steps.page_of(desk, shaped.DEACTIVATE, back=back, subject=found.login, user=user)


@room.deed("/access/users/{user}/deactivation", _USERS, again=deactivating)
def deactivate(desk: Desk, user: str) -> Go:
    """Close a user's access at once."""
    users.deactivate(desk.tx, desk.who, user)
    return _back(user, N_("The access is closed."))


@room.page("/access/users/{user}/activation", _USERS)
def activating(desk: Desk, user: str) -> Page:
    """Ask whether the access of a user is opened again."""
    found = users.found(desk.tx, desk.who, user)
    back = desk.url("access.one", user=user)
    return steps.page_of(desk, shaped.ACTIVATE, back=back, subject=found.login, user=user)


@room.deed("/access/users/{user}/activation", _USERS, again=activating)
def activate(desk: Desk, user: str) -> Go:
    """Open a deactivated user's access again."""
    users.activate(desk.tx, desk.who, user)
    return _back(user, N_("The access is open again."))


@room.page("/access/roles", Permission.ACCESS_AUTHORITY_READ)
def matrix(desk: Desk) -> Page:
    """Show what each role may do, for what, and what of a record it is shown."""
    return Page("pages/access/roles.html", roles=shaped.matrix(desk), pairs=shaped.NEEDS_TWO)


@room.page("/access/authorities", _AUTHORITIES)
def bodies(desk: Desk, code: str = "") -> Page:  # noqa: ARG001 - of the deed that failed
    """Show the authorities of this bank, and register one."""
    after = desk.asked("after")
    found = authorities.listed(desk.tx, desk.who, after=after, limit=ROWS + 1)
    rows, following = paged_by_name(desk, [(each.code, each) for each in found])
    return Page(
        "pages/access/authorities.html", rows=rows, next=following, kinds=shaped.kinds(desk)
    )


@room.deed("/access/authorities", _AUTHORITIES, again=bodies)
def register(desk: Desk) -> Go:
    """Register an authority: from now on it can own records and have users."""
    form = desk.form
    code, name = form.text("code", needed=True, most=40), form.text("name", needed=True, most=200)
    kind, country = form.one_of("kind", AuthorityKind), form.text("country", most=3)
    form.require()
    assert kind is not None  # noqa: S101 - `require` has seen to it
    body = Authority(code=code, name=name, kind=kind, country=country or None, groups=_groups(desk))
    authorities.register(desk.tx, desk.who, body, desk.services.settings.charter)
    return Go("access.bodies", said=N_("The authority is registered."))


@room.deed("/access/authorities/{code}/groups", _AUTHORITIES, again=bodies)
def regroup(desk: Desk, code: str) -> Go:
    """Say of which groups an authority is a member."""
    authorities.regroup(desk.tx, desk.who, code, _groups(desk))
    return Go("access.bodies", said=N_("The groups of the authority are changed."))


@room.page("/access/tokens", _TOKENS)
def keys(desk: Desk) -> Page:
    """Show the tokens of programs, and what each is bound to."""
    found = tokens.listed(desk.tx, desk.who, after=desk.asked("after"), limit=ROWS + 1)
    rows, following = paged_by_name(desk, [(each.id, each) for each in found])
    return Page("pages/access/tokens.html", rows=rows, next=following)


@room.page("/access/tokens/new", _TOKENS)
def new_token(desk: Desk) -> Page:
    """Ask what a program is to do, where, why and until when."""
    return Page(
        "pages/access/new_token.html",
        **_choices(desk),
        owners=_owners(desk),
        roles=shaped.roles(desk, DEVICE_ROLES),
        purposes=shaped.device_purposes(desk),
    )


@room.deed("/access/tokens", _TOKENS, again=new_token)
def issue(desk: Desk) -> Page:
    """Issue a token, and show its secret once."""
    form = desk.form
    authority, label = (
        form.text("authority", needed=True),
        form.text("label", needed=True, most=200),
    )
    roles, purpose = _roles(desk), form.one_of("purpose", Purpose)
    spot, until = form.text("place", needed=True, most=200), form.day("until", needed=True)
    clearance = _clearance(desk)
    form.require()
    assert purpose is not None  # noqa: S101 - `require` has seen to it
    assert until is not None  # noqa: S101 - the same
    draft = DeviceToken(
        id="",
        label=label,
        authority=authority,
        roles=roles,
        purpose=purpose,
        place=spot,
        expires_at=datetime.combine(until, time(), UTC),
        clearance=clearance,
    )
    made = tokens.issue(desk.tx, desk.who, draft, desk.services.settings.access)
    return Page("pages/access/secret.html", subject=label, secret=made.secret, kind="token")


@room.page("/access/tokens/{token}/revocation", _TOKENS)
def revoking(desk: Desk, token: str) -> Page:
    """Ask whether a token is revoked."""
    return steps.page_of(desk, shaped.REVOKE, back=desk.url("access.keys"), token=token)


@room.deed("/access/tokens/{token}/revocation", _TOKENS, again=revoking)
def revoke(desk: Desk, token: str) -> Go:
    """Revoke a token, at once."""
    tokens.revoke(desk.tx, desk.who, token)
    return Go("access.keys", said=N_("The token is revoked."))


def _choices(desk: Desk) -> dict[str, Any]:
    languages = [(one, desk.speech.term(one, "language")) for one in LANGUAGES]
    return {"clearances": shaped.clearances(desk), "languages": languages}


def _owners(desk: Desk) -> list[tuple[str, str]]:
    found = authorities.listed(desk.tx, desk.who, limit=_MOST_AUTHORITIES)
    return [(one.code, one.name) for one in found if one.kind is not AuthorityKind.PUBLISHER]


def _roles(desk: Desk) -> frozenset[Role]:
    chosen = desk.form.some_of("roles", Role)
    if not chosen:
        desk.form.blame("roles", N_("Tick at least one role."))
    return frozenset(chosen)


def _clearance(desk: Desk) -> Confidentiality:
    return desk.form.one_of("clearance", Confidentiality) or Confidentiality.FOR_OFFICIAL_USE


def _groups(desk: Desk) -> tuple[str, ...]:
    return tuple(sorted(set(desk.form.text("groups", most=2_000).split())))


def _end_of(desk: Desk, last: date | None) -> datetime | None:
    """Return the moment after the last day of an access, at the node; None for no end."""
    if last is None:
        return None
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(desk.speech.zone))


def _back(user: str, said: str) -> Go:
    return Go("access.one", path={"user": user}, said=said)
