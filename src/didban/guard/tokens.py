"""Device tokens: what a scanner, a gate or another program presents instead of signing in.

Purpose and place are bound to the token, so that existing clients need no new fields (PR-01). Only
roles that need no person are given to devices, and a device is never anybody's second person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from didban import clock, ids
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit
from didban.guard.credentials import DEVICE, digest_of, new_secret
from didban.guard.reach import reach_of
from didban.model.actors import AuthorityKind
from didban.model.deeds import Deed
from didban.model.permissions import DEVICE_ROLES, ROLE_PURPOSES, Permission
from didban.store import authorities, users

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.model.users import DeviceToken
    from didban.settings import Access
    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A token that was made. `secret` is shown once and kept nowhere."""

    token: DeviceToken
    secret: str


def issue(tx: Transaction, actor: Actor, draft: DeviceToken, settings: Access) -> Issued:
    """Make a device token of an authority.

    - `draft`: its identifier, maker and marks of use are not looked at.

    Raises NotPermitted; NotFound for an authority that is not the actor's to manage; InvalidInput
    for roles that no device has, a purpose that does not go with each role, no place, or an end
    that has passed or lies too far away.
    """
    access.require(actor, Permission.ACCESS_TOKEN_ISSUE)
    authority = authorities.get(tx, draft.authority)
    if authority is None or reach_of(tx, actor) not in {None, authority.code}:
        raise NotFound("there is no authority of this code")
    if authority.kind is AuthorityKind.PUBLISHER:
        raise InvalidInput("a publisher of lists has no devices")
    now = clock.now()
    _require_sound(draft)
    if not now < draft.expires_at <= now + timedelta(days=settings.token_days):
        raise InvalidInput(f"a token ends after now and within {settings.token_days} days")
    secret = new_secret(DEVICE)
    new = replace(draft, id=ids.new_id("tok"), created_by=actor.user)
    users.add_token(tx, new, digest=digest_of(secret), now=now)
    facts = {"roles": ",".join(sorted(new.roles)), "purpose": new.purpose}
    audit.enter(tx, actor, Deed.TOKEN_ISSUED, subject=new.id, facts=facts)
    return Issued(token=new, secret=secret)


def revoke(tx: Transaction, actor: Actor, token_id: str) -> DeviceToken:
    """Revoke a token, at once. Raises NotPermitted, NotFound; Conflict if it was revoked before."""
    access.require(actor, Permission.ACCESS_TOKEN_ISSUE)
    token = users.token(tx, token_id, reach_of(tx, actor))
    if token is None:
        raise NotFound("there is no token of this identifier")
    if token.revoked_at is not None:
        raise Conflict("this token was revoked already")
    now = clock.now()
    users.revoke_token(tx, token_id, by=actor.user, now=now)
    audit.enter(tx, actor, Deed.TOKEN_REVOKED, subject=token_id)
    return replace(token, revoked_at=now)


def listed(tx: Transaction, actor: Actor, *, after: str = "", limit: int) -> list[DeviceToken]:
    """Return the tokens of the actor's authority, or of all for the host's, without secrets."""
    access.require(actor, Permission.ACCESS_TOKEN_ISSUE)
    found = users.tokens(tx, reach_of(tx, actor), after=after, limit=limit)
    audit.enter(tx, actor, Deed.TOKEN_LISTED, facts={"count": len(found)})
    return found


def _require_sound(draft: DeviceToken) -> None:
    if not draft.roles or not draft.roles <= DEVICE_ROLES:
        raise InvalidInput(f"the roles of a device are: {', '.join(sorted(DEVICE_ROLES))}")
    unfit = sorted(role for role in draft.roles if draft.purpose not in ROLE_PURPOSES[role])
    if unfit:
        raise InvalidInput(f"'{unfit[0]}' does not act for the purpose '{draft.purpose}'")
    if not draft.place.strip() or not draft.label.strip():
        raise InvalidInput("a token has a label and a place: which device, and where it stands")
