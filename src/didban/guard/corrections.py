"""Whoever had received a record hears of its correction, within 24 hours and without asking (PR-47).

A duty follows the sealed audit log: every change of a record makes one notice for each authority to
which the log shows it was disclosed. So no way of correcting or withdrawing can forget somebody, and
what was told can be proven.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.errors import NotFound
from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.store import audit_tree, corrections
from didban.store.corrections import CorrectionNotice

if TYPE_CHECKING:
    from datetime import datetime

    from didban.guard.audit import Facts
    from didban.model.actors import Actor
    from didban.store.corrections import Change
    from didban.store.database import Database, Transaction

CHANGES: Final = (
    Deed.OVERSIGHT_LIFTED,
    Deed.OVERSIGHT_SUSPENDED,
    Deed.RECORD_CORRECTED,
    Deed.RECORD_COUNTERED,  # PR-48
    Deed.RECORD_DISPUTED,
    Deed.RECORD_DISPUTE_DECIDED,
    Deed.RECORD_ERASED,
    Deed.RECORD_EXPIRED,
    Deed.RECORD_INVALIDATED,
    Deed.RECORD_LIFTED,
    Deed.RECORD_RECOVERED,
    Deed.RECORD_REJECTED,
    Deed.RECORD_SUSPENDED,
    Deed.RECORD_WITHDRAWN,
)
"""Deeds that are told: whatever changes what a record says or asks."""

DISCLOSURES: Final = (
    Deed.MATCH_OPENED,
    Deed.RECORD_EXPORTED,
    Deed.RECORD_HISTORY_VIEWED,
    Deed.RECORD_LINKS_VIEWED,
    Deed.RECORD_VIEWED,
)
"""Deeds by which an authority receives what a record says."""

_BATCH: Final = 5_000  # leaves looked at in one transaction
_DUTY: Final = "corrections"


def run_due(database: Database, now: datetime) -> int:
    """Tell of the changes that were sealed since the last time; return how many were told."""
    told = 0
    while True:
        with database.begin() as tx:
            first = corrections.position(tx)
            end = min(audit_tree.size(tx), first + _BATCH)
            for change in corrections.changes(tx, first, end, CHANGES):
                told += _tell(tx, change, now)
            corrections.move_to(tx, end)
        if end - first < _BATCH:
            return told


def _tell(tx: Transaction, change: Change, now: datetime) -> int:
    told = 0
    for recipient in corrections.recipients(tx, change.record, DISCLOSURES):
        notice = CorrectionNotice(
            id=ids.new_id("cor"),
            record=change.record,
            owner=change.owner,
            recipient=recipient,
            change=change.deed,
            entry=change.entry,
            changed_at=change.at,
            told_at=now,
        )
        if recipient not in {change.owner, change.by} and corrections.add(tx, notice):
            # Entered as the recipient's: the owner must not learn who had met its person (PR-53).
            actor = access.system_actor(recipient, _DUTY)
            facts: Facts = {"change": change.deed, "entry": change.entry}
            audit.enter(tx, actor, Deed.CORRECTION_TOLD, subject=change.record, facts=facts)
            told += 1
    return told


def waiting(
    tx: Transaction, actor: Actor, *, after: tuple[datetime, str] | None = None, limit: int
) -> list[CorrectionNotice]:
    """Return the notices to the actor's authority, the oldest first."""
    access.require(actor, Permission.RIGHTS_CORRECTION_RECEIVE)
    found = corrections.listed(tx, actor.authority, after=after, limit=limit)
    audit.enter(tx, actor, Deed.CORRECTION_LISTED, facts={"count": len(found)})
    return found


def acknowledge(tx: Transaction, actor: Actor, notice_id: str) -> CorrectionNotice:
    """Say that a notice was read and followed; the first one to say so is kept.

    Raises NotFound, NotPermitted.
    """
    access.require(actor, Permission.RIGHTS_CORRECTION_RECEIVE)
    found = corrections.acknowledge(tx, notice_id, actor.authority, by=actor.user, at=clock.now())
    if found is None:
        raise NotFound("there is no such notice")
    audit.enter(tx, actor, Deed.CORRECTION_ACKNOWLEDGED, subject=notice_id)
    return found
