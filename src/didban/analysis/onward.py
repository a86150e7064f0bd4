"""An owner lets another authority hand a record on: to a court, or to a third party (PR-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban import clock, ids
from didban.errors import InvalidInput
from didban.guard import access, audit, consents
from didban.intake import bank
from didban.model.deeds import Deed
from didban.model.onward import Onward, OnwardConsent
from didban.model.permissions import Permission
from didban.store import onward

if TYPE_CHECKING:
    from datetime import date

    from didban.model.actors import Actor
    from didban.store.database import Transaction


def let(  # noqa: PLR0913 - who lets whom hand on what, for what use, to whom, until when
    tx: Transaction,
    actor: Actor,
    record_id: str,
    *,
    authority: str,
    use: Onward,
    recipient: str = "",
    until: date,
) -> OnwardConsent:
    """Let an authority hand on a record of one's own; return the consent that goes with it.

    Raises NotFound, NotPermitted for a record of another owner, InvalidInput.
    """
    access.require(actor, Permission.ACCESS_CONSENT_GIVE)
    record = bank.found(tx, actor, record_id)
    consents.require_giver(tx, actor, record, authority=authority, until=until)
    if use is Onward.OWN_USE or (use is Onward.THIRD_PARTY) != bool(recipient):
        raise InvalidInput("a consent is for a court, or for a third party that is named")
    new = OnwardConsent(
        id=ids.new_id("otc"),
        record=record.id,
        owner=record.owner,
        authority=authority,
        use=use,
        recipient=recipient,
        until=until,
    )
    onward.add(tx, new, given_by=actor.user, now=clock.now())
    facts = {"consent": new.id, "authority": authority, "use": use}
    audit.enter(tx, actor, Deed.ONWARD_CONSENT_GIVEN, subject=record.id, facts=facts)
    return new
