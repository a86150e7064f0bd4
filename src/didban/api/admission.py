"""Who asks, and whether they may: decided before anything else of a request is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from didban.errors import LimitReached, NotAuthenticated, NotPermitted, PurposeMissing
from didban.guard import access, audit, credentials
from didban.model.deeds import Deed

if TYPE_CHECKING:
    from starlette.requests import Request

    from didban.api.services import Services
    from didban.errors import DidbanError
    from didban.model.actors import Actor
    from didban.model.permissions import Permission
    from didban.store.database import Transaction

_SCHEMES = frozenset({"bearer", "apikey"})
_REASON = re.compile(r"[a-z0-9_:.-]+")
_MAX_TOLD = 200  # characters
_REFUSALS = (NotPermitted, PurposeMissing, LimitReached)


def admit(tx: Transaction, request: Request, permission: Permission) -> Actor:
    """Return who asks, once they are known and hold the permission.

    Raises NotAuthenticated, NotPermitted, PurposeMissing.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() not in _SCHEMES or not secret:
        raise NotAuthenticated("sign in, and send what you were given in `Authorization`")
    actor = credentials.actor_of(tx, secret.strip(), request.state.request_id)
    request.state.actor = actor
    access.require(actor, permission)
    return actor


def refused(services: Services, actor: Actor, route: str, error: DidbanError) -> None:
    """Enter a refusal in the audit, in a transaction of its own: that of the request is undone."""
    if not isinstance(error, _REFUSALS):
        return
    reasons = error.reasons if isinstance(error, NotPermitted) else ()
    told = ",".join(filter(_REASON.fullmatch, reasons))
    with services.database.begin() as tx:
        facts = {"code": error.code, "route": route, "reasons": told[:_MAX_TOLD]}
        audit.enter(tx, actor, Deed.REQUEST_REFUSED, facts=facts)
