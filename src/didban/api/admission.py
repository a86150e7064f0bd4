"""Who asks, and whether they may: decided before anything else of a request is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.errors import NotAuthenticated
from didban.guard import access, credentials, refusals

if TYPE_CHECKING:
    from starlette.requests import Request

    from didban.errors import DidbanError
    from didban.model.actors import Actor
    from didban.model.permissions import Permission
    from didban.serving.services import Services
    from didban.store.database import Transaction

_SCHEMES = frozenset({"bearer", "apikey"})


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
    """Enter a refusal in a transaction of its own: that of the request is undone."""
    if isinstance(error, refusals.REFUSALS):
        with services.database.begin() as tx:
            refusals.enter(tx, actor, error, asked=route)
