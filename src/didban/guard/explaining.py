"""Why does somebody see of a record what they see? Asked of the rules that decide it, rule by rule.

- `own`: a user asks about themselves and a record that they may know of.
- `of_user`: an administrator asks about a user; of the record they learn which rules bear on it, and
  nothing that it says.

Whether there is a record that may not be known of is told to nobody (PR-09); that a person is
protected from an authority, to the owner's people alone (PR-16).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidInput, NotFound
from didban.guard import access, audit, users
from didban.guard.disclosure import hidden_from
from didban.guard.fields import Bar
from didban.model.actors import Actor
from didban.model.bank import FOUND
from didban.model.deeds import Deed
from didban.model.marking import Confidentiality
from didban.model.permissions import Permission, purposes_of
from didban.model.searches import tells_details
from didban.store import authorities, records
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.guard.access import Decision
    from didban.guard.fields import Field
    from didban.model.bank import BankRecord
    from didban.model.purposes import Purpose
    from didban.store.database import Transaction

DEEDS: Final = (
    Permission.BANK_RECORD_READ,
    Permission.BANK_RECORD_READ_FULL,
    Permission.ANALYSIS_FILE_READ,
    Permission.BANK_SEARCH_ASK,
)
"""What is done with a record to see something of it."""


class Rule(StrEnum):
    """A rule that decides whether a record is there for somebody at all."""

    ACTIVE = "active"  # the user may sign in
    CLEARANCE = "clearance"  # it is not classified higher than they may see
    AUDIENCE = "audience"  # its owner lets their authority know of it (PR-09)
    STANDING = "standing"  # it is in force, or their authority's own
    TOLD = "told"  # a search tells more of it than that it exists (PR-03)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why somebody sees of a record what they see.

    - `deeds`: whether their roles and purpose let them do each of `DEEDS`, with the reasons.
    - `rules`: rule -> whether it is met; all but `TOLD` must be, for the record to be there.
    - `hidden`: parts that are not shown -> the rule that hides them.
    """

    record: str
    user: str
    purpose: Purpose | None
    deeds: Mapping[Permission, Decision]
    rules: Mapping[Rule, bool]
    hidden: Mapping[Field, Bar]

    @property
    def is_there(self) -> bool:
        """Whether something of the record is shown to them."""
        may_read = self.deeds[Permission.BANK_RECORD_READ].is_allowed
        return may_read and all(met for rule, met in self.rules.items() if rule is not Rule.TOLD)


def own(tx: Transaction, actor: Actor, record_id: str) -> Explanation:
    """Explain to somebody what they see of a record. Raises NotFound where it is not there for them."""
    access.require(actor, Permission.BANK_RECORD_READ)
    made = _explained(tx, _found(tx, record_id, actor), actor, asker=actor, is_active=True)
    if not made.is_there:
        raise NotFound(_NOTHING)
    return made


def of_user(
    tx: Transaction, actor: Actor, user_id: str, record_id: str, purpose: Purpose
) -> Explanation:
    """Explain to an administrator what a user sees of a record for a purpose.

    Raises NotPermitted; NotFound for a user out of reach, and for a record of which neither of the
    two authorities may know; InvalidInput for a purpose for which none of the user's roles acts.
    """
    user = users.found(tx, actor, user_id)
    if purpose not in purposes_of(user.roles):
        raise InvalidInput("purpose: none of the user's roles acts for it")
    body = authorities.get(tx, user.authority)
    if body is None:
        raise NotFound("there is no user of this identifier")
    asked = Actor(
        user=user.id,
        authority=body.code,
        kind=body.kind,
        roles=user.roles,
        purpose=purpose,
        reference="explanation",
        groups=frozenset(body.groups),
        clearance=user.clearance,
    )
    record = _found(tx, record_id, actor, asked)
    is_active = user.is_active and user.is_enrolled
    return _explained(tx, record, asked, asker=actor, is_active=is_active)


_NOTHING: Final = "there is no such record"


def _found(tx: Transaction, record_id: str, *who: Actor) -> BankRecord:
    """Return a record of which the authority of one of them may know, whatever their clearance."""
    kept = records.get(tx, record_id, every_number(tx))
    if kept is None or not any(_is_known(kept, one) for one in who):
        raise NotFound(_NOTHING)
    return kept


def _is_known(record: BankRecord, actor: Actor) -> bool:
    cleared = replace(actor, clearance=Confidentiality.CONFIDENTIAL)
    return record.marking.visibility.is_open_to(cleared) and _stands_for(record, actor)


def _stands_for(record: BankRecord, actor: Actor) -> bool:
    is_in_force = record.state in FOUND and not record.marking.is_tainted
    return is_in_force or record.owner == actor.authority


def _explained(
    tx: Transaction, record: BankRecord, about: Actor, *, asker: Actor, is_active: bool
) -> Explanation:
    visibility, owner = record.marking.visibility, authorities.get(tx, record.owner)
    hidden = hidden_from(tx, about, record)
    if asker.authority != record.owner:
        hidden = {part: bar for part, bar in hidden.items() if bar is not Bar.PROTECTED}
    cleared = replace(about, clearance=Confidentiality.CONFIDENTIAL)
    facts = {"of_actor": about.user, "purpose": about.purpose or ""}
    audit.enter(tx, asker, Deed.ACCESS_EXPLAINED, subject=record.id, facts=facts)
    return Explanation(
        record=record.id,
        user=about.user,
        purpose=about.purpose,
        deeds={deed: access.decide(about, deed) for deed in DEEDS},
        rules={
            Rule.ACTIVE: is_active,
            Rule.CLEARANCE: visibility.confidentiality <= about.clearance,
            Rule.AUDIENCE: visibility.is_open_to(cleared),
            Rule.STANDING: _stands_for(record, about),
            Rule.TOLD: owner is not None and tells_details(visibility, owner.kind, about),
        },
        hidden=hidden,
    )
