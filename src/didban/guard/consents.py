"""Use for another purpose: the owner's consent first, its identifier with every use (PR-06)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban import clock, ids
from didban.errors import InvalidInput, NotPermitted
from didban.guard import access, audit
from didban.model.consents import Consent
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.purposes import CHECK_PURPOSES, serves
from didban.store import authorities, consents
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.consents import ConsentGiven
    from didban.model.purposes import Purpose
    from didban.store.database import Transaction


def give(
    tx: Transaction,
    actor: Actor,
    record: BankRecord,
    *,
    authority: str,
    purpose: Purpose,
    until: date,
) -> Consent:
    """Let another authority use a record of one's own for a purpose, and return the consent.

    Raises InvalidInput for a purpose that is not one of checks, and what `require_giver` raises.
    """
    require_giver(tx, actor, record, authority=authority, until=until)
    if purpose not in CHECK_PURPOSES:
        raise InvalidInput(f"a consent is for one of: {', '.join(CHECK_PURPOSES)}")
    new = Consent(
        id=ids.new_id("cns"),
        record=record.id,
        owner=record.owner,
        authority=authority,
        purpose=purpose,
        until=until,
    )
    consents.add(tx, new, given_by=actor.user, now=clock.now())
    facts = {"consent": new.id, "authority": authority, "purpose": purpose}
    audit.enter(tx, actor, Deed.CONSENT_GIVEN, subject=record.id, facts=facts)
    return new


def require_giver(
    tx: Transaction, actor: Actor, record: BankRecord, *, authority: str, until: date
) -> None:
    """Return if the actor may let an authority do something with a record until that day.

    Raises NotPermitted unless the actor's authority owns the record; InvalidInput for an authority
    that is none, or a day that has passed or on which the record is not kept any more.
    """
    access.require(actor, Permission.ACCESS_CONSENT_GIVE)
    access.require_owner(actor, record)
    if authorities.get(tx, authority) is None:
        raise InvalidInput("authority: there is none of this code")
    if not clock.today() <= until <= record.marking.retention_until:
        raise InvalidInput("until: from today on, and no later than the record is kept")


def given(
    tx: Transaction, actor: Actor, *, after: tuple[datetime, str] | None = None, limit: int
) -> list[ConsentGiven]:
    """Return what the actor's authority consented to, the newest first. Raises NotPermitted."""
    access.require(actor, Permission.ACCESS_CONSENT_GIVE)
    own = actor.authority
    found = consents.listed(tx, open_to(tx, actor), owner=own, after=after, most=limit)
    audit.enter(tx, actor, Deed.CONSENT_LISTED, facts={"count": len(found)})
    return found


def received(
    tx: Transaction, actor: Actor, *, after: tuple[datetime, str] | None = None, limit: int
) -> list[ConsentGiven]:
    """Return what owners consented to for the actor's authority, the newest first.

    Raises NotPermitted.
    """
    access.require(actor, Permission.BANK_RECORD_EXPORT)
    own = actor.authority
    found = consents.listed(tx, open_to(tx, actor), authority=own, after=after, most=limit)
    audit.enter(tx, actor, Deed.CONSENT_LISTED, facts={"count": len(found)})
    return found


def has_consent(tx: Transaction, actor: Actor, record: BankRecord) -> bool:
    """Return whether the owner consented to the actor's purpose, for `guard.fields.shown`."""
    return record.id in consented(tx, actor, [record])


def consented(tx: Transaction, actor: Actor, chosen: Iterable[BankRecord]) -> frozenset[str]:
    """Return those of some records whose owners consented to the actor's purpose."""
    if actor.purpose is None:
        return frozenset()
    owners = {record.id: record.owner for record in chosen}
    found = consents.given_for(
        tx, owners, authority=actor.authority, purpose=actor.purpose, on=clock.today()
    )
    return frozenset(record for record, owner in found if owner == owners[record])


def require_use(
    tx: Transaction, actor: Actor, record: BankRecord, *, named: Collection[str] = ()
) -> None:
    """Return if the actor may use a record's content for the purpose of the session.

    - The owner may; so may who has a purpose that the record serves (`model.purposes.SERVED`).
    - Anybody else has named the owner's consent: to this authority, for this purpose, still in force.

    For whatever stores, sends or evaluates a record's content: an export, a report, a rule.
    Raises NotPermitted.
    """
    purpose = actor.purpose
    if actor.authority == record.owner or (purpose and serves(record.marking.purpose, purpose)):
        return
    if not any(found.id in named for found in _in_force(tx, actor, record)):
        message = f"the use for '{purpose}' needs the owner's consent (PR-06)"
        raise NotPermitted(message, "other_purpose")


def _in_force(tx: Transaction, actor: Actor, record: BankRecord) -> list[Consent]:
    if actor.purpose is None:
        return []
    found = consents.found(
        tx, record.id, authority=actor.authority, purpose=actor.purpose, on=clock.today()
    )
    return [consent for consent in found if consent.owner == record.owner]
