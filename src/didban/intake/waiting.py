"""What waits for somebody of the owner: reports for a second person, suspensions for a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.store import records, suspensions
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.store.database import Transaction
    from didban.store.suspensions import Review


def reports(tx: Transaction, actor: Actor, *, after: str = "", limit: int) -> list[BankRecord]:
    """Return the reports of the actor's authority that a second person must look at (4.1)."""
    access.require(actor, Permission.BANK_RECORD_VALIDATE)
    classes = open_to(tx, actor)
    found = records.waiting(tx, actor.authority, classes, after=after, limit=limit)
    audit.enter(tx, actor, Deed.RECORD_VIEWED, facts={"waiting": len(found)})
    return found


def reviews(tx: Transaction, actor: Actor, *, after: str = "", limit: int) -> list[Review]:
    """Return the suspensions that the actor's authority has to review, by whichever cause."""
    access.require(actor, Permission.BANK_RECORD_VALIDATE)
    found = suspensions.open_for(tx, actor.authority, after=after, limit=limit)
    audit.enter(tx, actor, Deed.RECORD_VIEWED, facts={"reviews": len(found)})
    return found
