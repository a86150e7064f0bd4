"""Who looked at records, when and why: for the supervisors of their own authority.

Entries of other authorities would tell where their officers met somebody: nobody reads them here
(PR-53). Who watches over the log reads all of it (`guard.audit_reading`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
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

_AT_ONCE: Final = 20  # entries of one look, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What somebody did at once: the last of its entries, and every deed and record of them.

    - `number`: of its first entry, to go on before it.
    """

    last: AuditEntry
    number: int
    deeds: tuple[str, ...]
    records: tuple[str, ...]


def looks(
    tx: Transaction,
    actor: Actor,
    records: Sequence[str],
    *,
    before: int | None = None,
    limit: int,
) -> list[Look]:
    """Return who of the actor's authority looked at records, the latest first.

    - `before`: entries of lower numbers, to go on.

    Raises NotPermitted. That it was read is an entry, too (PR-40).
    """
    access.require(actor, Permission.AUDIT_USE_READ)
    chosen = Selection(
        authority=actor.authority, subjects=tuple(records), deeds=LOOKS, before=before
    )
    found = entries.select_entries(tx, chosen, limit * _AT_ONCE)
    for record in records:
        audit.enter(tx, actor, Deed.AUDIT_READ, subject=record, facts={"count": len(found)})
    return [
        Look(
            last=each[0],
            number=each[-1].number,
            deeds=tuple(dict.fromkeys(entry.deed for entry in each)),
            records=tuple(dict.fromkeys(entry.subject for entry in each)),
        )
        for _, same in groupby(found, key=lambda entry: entry.request or entry.number)
        if (each := list(same))
    ][:limit]


def count(tx: Transaction, actor: Actor, records: Sequence[str]) -> int:
    """Return how often somebody of the actor's authority looked at records. Raises NotPermitted."""
    access.require(actor, Permission.AUDIT_USE_READ)
    chosen = Selection(authority=actor.authority, subjects=tuple(records), deeds=LOOKS)
    return entries.count_requests(tx, chosen)
