"""May this actor do this? Every service asks here first; the answer is silence or an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban.errors import NotPermitted, PurposeMissing
from didban.model.actors import Actor, AuthorityKind
from didban.model.marking import Confidentiality
from didban.model.permissions import HOLDERS, NO_USERS, ROLE_PURPOSES, Role
from didban.model.purposes import Purpose

if TYPE_CHECKING:
    from didban.model.actors import Authority
    from didban.model.bank import BankRecord
    from didban.model.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An access decision. `reasons` are stable words, one for each rule that refused or allowed."""

    is_allowed: bool
    reasons: tuple[str, ...]


def decide(actor: Actor, permission: Permission) -> Decision:
    """Decide whether a role of the actor holds the permission for the purpose that was chosen.

    - Without a purpose and a case or post nothing is allowed (PR-01).
    - A role counts only if it may act for the purpose: who is analyst and recorder does not report
      records while analysing (PR-02).

    Does not decide about one record or field: that is ownership, audience and the field matrix.
    """
    if actor.purpose is None or not (actor.reference or actor.place):
        return Decision(is_allowed=False, reasons=("no_purpose",))
    granting = sorted(HOLDERS[permission] & actor.roles)
    if not granting:
        return Decision(is_allowed=False, reasons=(f"lacks:{permission}",))
    fitting = [role for role in granting if actor.purpose in ROLE_PURPOSES[role]]
    if not fitting:
        return Decision(is_allowed=False, reasons=(f"purpose:{actor.purpose}",))
    return Decision(is_allowed=True, reasons=tuple(f"role:{role}" for role in fitting))


def require(actor: Actor, permission: Permission) -> None:
    """Return if `decide` allows it.

    Raises NotPermitted, PurposeMissing.
    """
    decision = decide(actor, permission)
    if decision.is_allowed:
        return
    if decision.reasons == ("no_purpose",):
        raise PurposeMissing("a purpose and a case or post are needed: choose them at sign-in")
    if decision.reasons[0].startswith("purpose:"):
        message = f"'{permission}' is not done for the purpose '{actor.purpose}'"
        raise NotPermitted(message, *decision.reasons)
    raise NotPermitted(f"your roles do not include '{permission}'", *decision.reasons)


def require_other_person(actor: Actor, earlier_user: str, what: str) -> None:
    """Return if the actor is not the person who took the earlier step (PR-28).

    - `what`: the step that needs another person, as the message names it ("the confirmation").

    A device or another program is no person, so it never counts as the second one.
    Raises NotPermitted.
    """
    if actor.device is not None or not actor.roles.isdisjoint(NO_USERS):
        raise NotPermitted(f"{what} needs a person", "not_a_person")
    if actor.user == earlier_user:
        raise NotPermitted(f"{what} needs another person (PR-28)", "same_person")


def require_owner(actor: Actor, record: BankRecord) -> None:
    """Return if the record belongs to the actor's authority, which alone may change it (PR-07).

    Raises NotPermitted.
    """
    if actor.authority != record.owner:
        raise NotPermitted("only the owner may change a record (PR-07)", "not_owner")


def system_actor(authority_code: str, duty: str) -> Actor:
    """Return the actor of a duty that the node does on its own.

    - `authority_code`: for whom it is done: the host, or the publisher whose list is taken in.
    - `duty`: its name, as the audit shows it.
    """
    return Actor(
        user=f"duty:{duty}",
        authority=authority_code,
        kind=AuthorityKind.OTHER,
        roles=frozenset({Role.SYSTEM}),
        purpose=Purpose.NODE_DUTY,
        reference=duty,
        clearance=Confidentiality.CONFIDENTIAL,
    )


def peer_actor(node: str, about: Authority, purpose: Purpose, reference: str) -> Actor:
    """Return the actor of what another node asks for one of the authorities it speaks for.

    - `reference`: under which it asks, in its own words; what a reference must be is the caller's.
    """
    return Actor(
        user=f"node:{node}",
        authority=about.code,
        kind=about.kind,
        roles=frozenset({Role.PEER}),
        purpose=purpose,
        reference=reference,
        groups=frozenset(about.groups),
    )
