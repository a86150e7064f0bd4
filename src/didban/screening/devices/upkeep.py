"""What a node does about its devices by itself: deletions that were not confirmed in time (PR-34)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from didban import clock
from didban.guard import access, audit, signals
from didban.guard.reach import reach_of
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.signals import SignalKind
from didban.screening.devices import enrolment
from didban.store import devices

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.settings import Devices
    from didban.store.database import Database, Transaction
    from didban.store.devices import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """What a device has not confirmed yet. `is_overdue`: for longer than is allowed."""

    device: str
    count: int
    since: datetime
    is_overdue: bool


def run_due(database: Database, now: datetime, terms: Devices) -> int:
    """Note what devices hold and the bank has no more; signal what is overdue; return how many."""
    with database.begin() as tx:
        devices.note_gone(tx, now)
        late = [
            one
            for one in devices.owed(tx, None)
            if one.since <= now - _allowed(terms) and devices.warn(tx, one.device, now)
        ]
        for one in late:
            found = devices.get(tx, one.device, None)
            if found is not None:
                duty = access.system_actor(found.authority, "devices.receipts")
                kind = SignalKind.DELETION_OVERDUE
                signals.raise_about(tx, kind, duty, about=one.device)
    return len(late)


def owing(tx: Transaction, actor: Actor, terms: Devices) -> list[Owing]:
    """Return the deletions that devices owe, the longest due first."""
    access.require(actor, Permission.SCREENING_DEVICE_SERVE)
    now = clock.now()
    devices.note_gone(tx, now)
    found = [
        Owing(
            device=one.device,
            count=one.count,
            since=one.since,
            is_overdue=one.since <= now - _allowed(terms),
        )
        for one in devices.owed(tx, reach_of(tx, actor))
    ]
    audit.enter(tx, actor, Deed.DEVICE_LISTED, facts={"owing": len(found)})
    return found


def receipts(tx: Transaction, actor: Actor, device_id: str, *, limit: int) -> list[Receipt]:
    """Return what a device confirmed, the latest first. Raises NotPermitted, NotFound."""
    access.require(actor, Permission.SCREENING_DEVICE_SERVE)
    device = enrolment.found_for(tx, actor, device_id)
    found = devices.receipts(tx, device.id, most=limit)
    audit.enter(tx, actor, Deed.DEVICE_LISTED, subject=device.id, facts={"receipts": len(found)})
    return found


def _allowed(terms: Devices) -> timedelta:
    return timedelta(hours=terms.receipt_hours)
