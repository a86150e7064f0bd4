"""Conditions of an owner in words (H3): shown first, acknowledged before the rest (PR-08)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from didban import clock
from didban.errors import Conflict, NotPermitted
from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.marking import Handling
from didban.model.permissions import Permission
from didban.store import consents

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.store.database import Transaction


def acknowledge(tx: Transaction, actor: Actor, record: BankRecord, *, version: int) -> None:
    """Note that the actor has read the conditions of a record and will keep to them.

    - `version`: that of the record whose conditions were read.

    Raises NotPermitted for a device, which reads nothing; Conflict where the record has no
    conditions, or others by now.
    """
    access.require(actor, Permission.BANK_RECORD_READ)
    if actor.device is not None:
        raise NotPermitted("conditions are read by a person", "not_a_person")
    if record.marking.handling is not Handling.H3 or record.version != version:
        raise Conflict("these conditions are not those of the record now: read it again")
    consents.acknowledge(tx, record.id, actor.user, digest=_digest(record), now=clock.now())
    audit.enter(
        tx, actor, Deed.CONDITIONS_ACKNOWLEDGED, subject=record.id, facts={"version": version}
    )


def has_acknowledged(tx: Transaction, actor: Actor, record: BankRecord) -> bool:
    """Return whether the actor acknowledged the conditions as they are, where there are any."""
    if record.marking.handling is not Handling.H3:
        return True
    return consents.has_acknowledged(tx, record.id, actor.user, digest=_digest(record))


def _digest(record: BankRecord) -> bytes:
    return hashlib.sha256(record.marking.handling_conditions.encode()).digest()
