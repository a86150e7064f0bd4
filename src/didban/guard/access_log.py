"""Who looked at records, when and why: for the supervisors of their own authority.

Entries of other authorities would tell where their officers met somebody: nobody reads them here
(PR-53). Who watches over the log reads all of it (`guard.audit_reading`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.store import audit as entries
from didban.store.audit import Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.model.actors import Actor
    from didban.model.audit import AuditEntry
    from didban.store.database import Transaction

LOOKS: Final = (
    Deed.FILE_VIEWED,
    Deed.RECORD_EXPORTED,
    Deed.RECORD_HISTORY_VIEWED,
    Deed.RECORD_LINKS_VIEWED,
    Deed.RECORD_VIEWED,
)
"""Deeds by which somebody read a record, or took it along."""


def looks(
    tx: Transaction,
    actor: Actor,
    records: Sequence[str],
    *,
    before: int | None = None,
    limit: int,
) -> list[AuditEntry]:
    """Return who of the actor's authority looked at records, the latest first.

    Raises NotPermitted. That it was read is an entry, too (PR-40).
    """
    access.require(actor, Permission.AUDIT_USE_READ)
    chosen = Selection(
        authority=actor.authority, subjects=tuple(records), deeds=LOOKS, before=before
    )
    found = entries.select_entries(tx, chosen, limit)
    for record in records:
        audit.enter(tx, actor, Deed.AUDIT_READ, subject=record, facts={"count": len(found)})
    return found


def count(tx: Transaction, actor: Actor, records: Sequence[str]) -> int:
    """Return how often somebody of the actor's authority looked at records. Raises NotPermitted."""
    access.require(actor, Permission.AUDIT_USE_READ)
    chosen = Selection(authority=actor.authority, subjects=tuple(records), deeds=LOOKS)
    return entries.count(tx, chosen)
