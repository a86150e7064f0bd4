"""May this actor do this? Every service asks here first; the answer is silence or an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.errors import NotPermitted, PurposeMissing
from didban.model.permissions import permissions_of

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.model.permissions import Permission


def require(actor: Actor, permission: Permission) -> None:
    """Return if a role of the actor holds the permission and a purpose was given (PR-01).

    Does not decide about one record or field: that is ownership, audience and the field matrix.
    Raises NotPermitted, PurposeMissing.
    """
    if permission not in permissions_of(actor.roles):
        raise NotPermitted(f"your roles do not include '{permission}'", f"lacks:{permission}")
    if actor.purpose is None or not (actor.reference or actor.place):
        raise PurposeMissing("a purpose and a case or post are needed: choose them at sign-in")
