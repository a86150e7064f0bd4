"""Who takes part in this bank: each authority owns its records and has its users."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.store import authorities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.model.actors import Actor, Authority
    from didban.store.database import Transaction

CODE: Final = r"[a-z][a-z0-9-]{1,31}"
"""What a code looks like: it stands in audience tokens (`node:xbo`) and identifiers."""


def register(tx: Transaction, actor: Actor, new: Authority) -> Authority:
    """Add an authority to the bank.

    Raises NotPermitted; InvalidInput for a code that is none; Conflict where the code is taken.
    """
    access.require(actor, Permission.ACCESS_AUTHORITY_MANAGE)
    for code in (new.code, *new.groups):
        if not re.fullmatch(CODE, code):
            raise InvalidInput("a code has 2 to 32 of a-z, 0-9 and '-', and begins with a letter")
    if not authorities.add(tx, new, now=clock.now()):
        raise Conflict("there is an authority of this code already")
    audit.enter(tx, actor, Deed.AUTHORITY_REGISTERED, subject=new.code, facts={"kind": new.kind})
    return new


def listed(tx: Transaction, actor: Actor, *, after: str = "", limit: int) -> Sequence[Authority]:
    """Return who takes part, in the order of the codes, from behind one code on."""
    access.require(actor, Permission.ACCESS_AUTHORITY_READ)
    return authorities.listed(tx, after=after, limit=limit)


def found(tx: Transaction, actor: Actor, code: str) -> Authority:
    """Return one authority. Raises NotFound."""
    access.require(actor, Permission.ACCESS_AUTHORITY_READ)
    authority = authorities.get(tx, code)
    if authority is None:
        raise NotFound("there is no authority of this code")
    return authority
