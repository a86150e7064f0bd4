"""Records into the bank, one at a time: reported, corrected and withdrawn by their owner alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban import clock
from didban.errors import NotPermitted
from didban.guard import access, audit
from didban.model.bank import BankRecord, RecordState
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.store import records

if TYPE_CHECKING:
    from datetime import date

    from didban.model.actors import Actor
    from didban.model.alerts import Alert
    from didban.model.marking import Marking
    from didban.model.records import Record
    from didban.store.database import Transaction


def report(
    tx: Transaction,
    actor: Actor,
    entity: Record,
    marking: Marking,
    alert: Alert | None = None,
    *,
    valid_from: date | None = None,
) -> BankRecord:
    """Enter what the actor's authority says about a thing, and return it as it is kept."""
    access.require(actor, Permission.BANK_RECORD_WRITE)
    if marking.owner != actor.authority:
        raise NotPermitted("a record is entered by its owner alone (PR-07)", "not_owner")
    new = BankRecord(
        entity=entity,
        marking=marking,
        alert=alert,
        state=RecordState.ACTIVE,
        version=1,
        recorded_at=clock.now(),
        recorded_by=actor.user,
        valid_from=valid_from,
    )
    records.insert_record(tx, new)
    audit.enter(tx, actor, Deed.RECORD_REPORTED, subject=new.id, facts={"version": 1})
    return new
