"""Users: made, changed and deactivated by an administrator of their authority or of the host's.

Who gives access reads nothing: an administrator has no other role, and what an administrator does
here is entered in the audit. A user sets password and second factor alone (`guard.enrolment`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit
from didban.guard.credentials import digest_of, new_secret
from didban.guard.reach import reach_of
from didban.model.actors import Actor, AuthorityKind
from didban.model.deeds import Deed
from didban.model.permissions import (
    NO_USERS,
    STAND_ALONE,
    Permission,
    Role,
    may_stand_together,
)
from didban.model.purposes import Purpose
from didban.model.users import LANGUAGES, User, folded_login, is_login
from didban.store import authorities, sign_in, users

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from didban.model.marking import Confidentiality
    from didban.settings import Access
    from didban.store.database import Transaction

ENROLMENT: Final = "enr_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A user who is to enrol. `secret` is shown once, to who made it, and works once."""

    user: User
    secret: str


def operator(name: str, authority: str) -> Actor:
    """Return the actor of the command line on the node's own machine.

    - `name`: the operating system's user; `authority`: the host's code.
    """
    return Actor(
        user=f"operator:{name}",
        authority=authority,
        kind=AuthorityKind.OTHER,
        roles=frozenset({Role.ADMINISTRATOR}),
        purpose=Purpose.ADMINISTRATION,
        place="command line",
    )


def add(tx: Transaction, actor: Actor, draft: User, settings: Access) -> Invitation:
    """Add a user, and return the secret with which they enrol.

    - `draft`: its identifier, and whether it is enrolled or active, are not looked at.

    Raises NotPermitted; NotFound for an authority that is not the actor's to manage; InvalidInput
    for roles that do not stand together, a name or a language that is none; Conflict for a login
    name in use.
    """
    access.require(actor, Permission.ACCESS_USER_MANAGE)
    reach = reach_of(tx, actor)
    authority = authorities.get(tx, draft.authority)
    if authority is None or reach not in {None, authority.code}:
        raise NotFound("there is no authority of this code")
    if authority.kind is AuthorityKind.PUBLISHER:
        raise InvalidInput("a publisher of lists has no users")
    new = replace(draft, id=ids.new_id("usr"), login=folded_login(draft.login), is_active=True)
    _require_sound(new)
    if users.is_login_taken(tx, new.login):
        raise Conflict("this login name is in use")
    users.add(tx, new, created_by=actor.user, now=clock.now())
    secret = invite(tx, new.id, settings)
    audit.enter(tx, actor, Deed.USER_ADDED, subject=new.id, facts=_facts(new))
    return Invitation(user=new, secret=secret)


def add_first_administrator(
    tx: Transaction, actor: Actor, login: str, settings: Access
) -> Invitation:
    """Add the administrator who adds everybody else; for `didban init`.

    Raises Conflict when there are users already: then only one of them can add another.
    """
    if users.listed(tx, None, after="", limit=1):
        raise Conflict("this node has users already")
    draft = User(
        id="", login=login, authority=actor.authority, roles=frozenset({Role.ADMINISTRATOR})
    )
    return add(tx, actor, draft, settings)


def change(
    tx: Transaction,
    actor: Actor,
    user_id: str,
    *,
    roles: frozenset[Role] | None = None,
    clearance: Confidentiality | None = None,
    language: str | None = None,
) -> User:
    """Change what a user may do; what is None stays. Other roles or clearance end the sessions.

    Raises NotPermitted, also for one's own access (PR-28); NotFound, InvalidInput; Conflict where
    somebody would come to or leave a role that stands alone.
    """
    before = found(tx, actor, user_id)
    access.require_other_person(actor, user_id, "a change of access")
    after = replace(
        before,
        roles=before.roles if roles is None else roles,
        clearance=before.clearance if clearance is None else clearance,
        language=language or before.language,
    )
    _require_sound(after)
    if before.roles != after.roles and (before.roles | after.roles) & STAND_ALONE:
        raise Conflict("who changes sides gets a new user: the old one is deactivated (PR-28)")
    users.change(
        tx,
        user_id,
        roles=sorted(after.roles),
        clearance=int(after.clearance),
        language=after.language,
    )
    ended = 0
    if (before.roles, before.clearance) != (after.roles, after.clearance):
        ended = users.end_sessions(tx, user_id, now=clock.now())
    facts = {**_facts(after), "ended": ended}
    audit.enter(tx, actor, Deed.USER_CHANGED, subject=user_id, facts=facts)
    return after


def limit(tx: Transaction, actor: Actor, user_id: str, until: datetime | None) -> User:
    """Let the access of a user end at a moment, or at none; sessions do not last beyond it.

    Raises NotPermitted, also for one's own access (PR-28); NotFound; InvalidInput for a moment that
    is past; Conflict where the last administrator of an authority would come to an end.
    """
    user = found(tx, actor, user_id)
    access.require_other_person(actor, user_id, "a change of access")
    if until is not None and until <= clock.now():
        raise InvalidInput("an access ends in the future: close it to end it now")
    if until is not None and Role.ADMINISTRATOR in user.roles:
        _require_another_administrator(tx, user)
    users.change(tx, user_id, access_until=until)
    if until is not None:
        users.shorten_sessions(tx, user_id, until)
    facts = {"until": until.isoformat() if until else ""}
    audit.enter(tx, actor, Deed.USER_CHANGED, subject=user_id, facts=facts)
    return replace(user, access_until=until)


def bind_subject(tx: Transaction, actor: Actor, user_id: str, subject: str) -> None:
    """Write down who a user is to the OpenID provider; an empty text unbinds.

    Raises NotPermitted, also for oneself; NotFound; Conflict where another user is that already.
    """
    found(tx, actor, user_id)
    access.require_other_person(actor, user_id, "a change of access")
    holder = sign_in.by_subject(tx, subject) if subject else None
    if holder is not None and holder.id != user_id:
        raise Conflict("another user is bound to this subject")
    users.change(tx, user_id, subject=subject or None)
    audit.enter(tx, actor, Deed.USER_CHANGED, subject=user_id, facts={"bound": bool(subject)})


def deactivate(tx: Transaction, actor: Actor, user_id: str) -> User:
    """Close a user's access at once: no sign-in, every session ended, no enrolment.

    Raises NotPermitted, NotFound; Conflict for the last administrator of an authority.
    """
    user = found(tx, actor, user_id)
    if Role.ADMINISTRATOR in user.roles and user.is_active:
        _require_another_administrator(tx, user)
    now = clock.now()
    users.change(tx, user_id, is_active=False, enrolment_digest=None, enrolment_until=None)
    ended = users.end_sessions(tx, user_id, now=now)
    audit.enter(tx, actor, Deed.USER_DEACTIVATED, subject=user_id, facts={"ended": ended})
    return replace(user, is_active=False)


def activate(tx: Transaction, actor: Actor, user_id: str) -> User:
    """Open a deactivated user's access again, with the password and second factor they had.

    Raises NotPermitted, also for oneself; NotFound.
    """
    user = found(tx, actor, user_id)
    access.require_other_person(actor, user_id, "a change of access")
    users.change(tx, user_id, is_active=True)
    audit.enter(tx, actor, Deed.USER_CHANGED, subject=user_id, facts={"active": True})
    return replace(user, is_active=True)


def listed(tx: Transaction, actor: Actor, *, after: str = "", limit: int) -> list[User]:
    """Return the users of the actor's authority, or of all for the host's, by login name."""
    access.require(actor, Permission.ACCESS_USER_MANAGE)
    rows = users.listed(tx, reach_of(tx, actor), after=after, limit=limit)
    audit.enter(tx, actor, Deed.USER_LISTED, facts={"count": len(rows)})
    return rows


def own_names(tx: Transaction, actor: Actor) -> tuple[str, str]:
    """Return the login of who asks and the name of their authority, to be shown to themselves.

    Where no user of this bank asks, the identifier and the code.
    """
    return users.names(tx, actor.user) or (actor.user, actor.authority)


def colleagues(tx: Transaction, actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Return the logins of those of these users who are of the actor's authority.

    What is kept has identifiers alone (PR-37): names are looked up for who reads it.
    """
    return users.logins(tx, ids, actor.authority)


def host_name(tx: Transaction) -> str:
    """Return the name of the authority that runs this node; everybody may know it."""
    host = authorities.host(tx)
    return host.name if host else ""


def invite(tx: Transaction, user_id: str, settings: Access) -> str:
    """Return a fresh enrolment secret of a user; an earlier one no longer works.

    Asks no permission: `add` and `guard.recovery` do.
    """
    secret = new_secret(ENROLMENT)
    until = clock.now() + timedelta(hours=settings.enrolment_hours)
    users.change(tx, user_id, enrolment_digest=digest_of(secret), enrolment_until=until)
    return secret


def found(tx: Transaction, actor: Actor, user_id: str) -> User:
    """Return a user in the actor's reach. Raises NotPermitted, NotFound."""
    access.require(actor, Permission.ACCESS_USER_MANAGE)
    reach = reach_of(tx, actor)
    user = users.get(tx, user_id, None if reach is None else [reach])
    if user is None:
        raise NotFound("there is no user of this identifier")
    return user


def _facts(user: User) -> dict[str, str | int | bool]:
    """Return what the audit says of an access: what may be done, not by whom."""
    return {"roles": ",".join(sorted(user.roles)), "clearance": int(user.clearance)}


def _require_sound(user: User) -> None:
    if not is_login(user.login):
        raise InvalidInput("a login name has 3 to 64 of a-z, 0-9, '.', '_', '-' and '@'")
    if not may_stand_together(user.roles):
        alone = ", ".join(sorted(STAND_ALONE - NO_USERS))
        raise InvalidInput(f"a user has at least one role; these stand alone (PR-28): {alone}")
    if user.language not in LANGUAGES:
        raise InvalidInput(f"the languages are: {', '.join(LANGUAGES)}")


def _require_another_administrator(tx: Transaction, user: User) -> None:
    if not users.count_administrators(tx, user.authority, besides=user.id):
        raise Conflict("this is the authority's last administrator: appoint another one first")
