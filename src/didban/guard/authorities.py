"""Who takes part in this bank: each authority owns its records and has its users."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted, quoted
from didban.guard import access, audit
from didban.model.actors import AuthorityKind
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.training import is_specimen_code
from didban.store import authorities, node

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from didban.model.actors import Actor, Authority
    from didban.settings import Charter
    from didban.store.database import Transaction

CODE: Final = r"[a-z][a-z0-9-]{1,31}"
"""What a code looks like: it stands in audience tokens (`node:xbo`) and identifiers."""


def register(tx: Transaction, actor: Actor, new: Authority, charter: Charter) -> Authority:
    """Add an authority to the bank.

    - `charter`: what the network's charter says of who belongs in it.

    Raises NotPermitted, also for a military authority that the charter does not admit (PR-56) and
    for whoever is not of the host; InvalidInput for a code that is none, and for a specimen's code
    in a production network or another one in a training network (PR-51); Conflict where the code
    is taken.
    """
    access.require(actor, Permission.ACCESS_AUTHORITY_MANAGE)
    require_host(tx, actor)
    require_fit(new, charter)
    if not authorities.add(tx, new, now=clock.now()):
        raise Conflict("there is an authority of this code already")
    audit.enter(tx, actor, Deed.AUTHORITY_REGISTERED, subject=new.code, facts={"kind": new.kind})
    return new


def regroup(tx: Transaction, actor: Actor, code: str, groups: Iterable[str]) -> Authority:
    """Say of which groups an authority is a member: what is open to them is open to its users.

    Raises NotPermitted for whoever is not of the host; NotFound; InvalidInput for a code that is
    none.
    """
    access.require(actor, Permission.ACCESS_AUTHORITY_MANAGE)
    require_host(tx, actor)
    before = authorities.get(tx, code)
    if before is None:
        raise NotFound("there is no authority of this code")
    after = replace(before, groups=tuple(sorted(set(groups))))
    _require_codes(*after.groups)
    authorities.change_groups(tx, code, after.groups)
    audit.enter(
        tx, actor, Deed.AUTHORITY_GROUPED, subject=code, facts={"groups": len(after.groups)}
    )
    return after


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


def name_of(tx: Transaction, code: str) -> str:
    """Return what an authority is called: who is met by name on a page may be told; else the code."""
    known = authorities.get(tx, code)
    return known.name if known else code


def require_host(tx: Transaction, actor: Actor) -> None:
    """Return if the actor is of the authority whose node this is, or there is none yet.

    Raises NotPermitted: who takes part in the bank is decided by its host.
    """
    here = node.get(tx)
    if here is not None and here.host != actor.authority:
        raise NotPermitted("this is done by the authority whose node it is", "not_host")


def require_fit(new: Authority, charter: Charter) -> None:
    """Return if an authority is one that may take part, whatever bank there is.

    Raises InvalidInput, NotPermitted: see `register`.
    """
    _require_codes(new.code, *new.groups)
    if not new.name.strip():
        raise InvalidInput("an authority has a name")
    _require_charter(new, charter)


def _require_codes(*codes: str) -> None:
    for code in codes:
        if not re.fullmatch(CODE, code):
            raise InvalidInput("a code has 2 to 32 of a-z, 0-9 and '-', and begins with a letter")


def _require_charter(new: Authority, charter: Charter) -> None:
    if new.kind is AuthorityKind.MILITARY and not charter.admits_military:
        message = "the charter of this network does not admit military authorities (PR-56)"
        raise NotPermitted(message, "military")
    if new.kind is AuthorityKind.PUBLISHER:
        return  # an official list is public, and says itself which of its entries are specimens
    for code in filter(None, (new.code, new.country)):
        is_specimen = is_specimen_code(code)
        if charter.is_training and not is_specimen:
            raise InvalidInput(
                f"{quoted(code)} is of production: a training network takes specimen codes only,"
                " xaa to xzz and uto (PR-51)"
            )
        if is_specimen and not charter.is_training:
            raise InvalidInput(
                f"{quoted(code)} is a specimen's code: it has its place in a training network, and"
                " none in production (PR-51)"
            )
