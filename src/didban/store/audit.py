"""Entries of the audit log: written once, never changed. Their places are `store.audit_tree`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select

from didban.model.audit import AuditEntry
from didban.store.tables.audit import audit_entry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from didban.model.actors import Actor
    from didban.model.deeds import Deed
    from didban.store.database import Transaction

COLUMNS: Final = tuple(column for column in audit_entry.c if column.name != "xid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which entries to read; what is not given does not restrict. `since` is in, `until` is not.

    - `subjects`: those about any of these.
    """

    actor: str | None = None
    authority: str | None = None
    subject: str | None = None
    subjects: tuple[str, ...] = ()
    deeds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None  # entries of lower numbers, to page backwards

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return it as conditions on the table."""
        entry = audit_entry.c
        found = [
            column == value
            for column, value in (
                (entry.actor, self.actor),
                (entry.authority, self.authority),
                (entry.subject, self.subject),
            )
            if value is not None
        ]
        if self.subjects:
            found.append(entry.subject.in_(self.subjects))
        if self.deeds:
            found.append(entry.deed.in_(self.deeds))
        if self.since is not None:
            found.append(entry.at >= self.since)
        if self.until is not None:
            found.append(entry.at < self.until)
        if self.before is not None:
            found.append(entry.number < self.before)
        return found


def append(
    tx: Transaction,
    actor: Actor,
    deed: Deed,
    *,
    at: datetime,
    subject: str,
    facts: Mapping[str, str | int | bool],
) -> None:
    """Append one entry. It has no place in the tree before it is sealed."""
    tx.execute(
        insert(audit_entry).values(
            at=at,
            actor=actor.user,
            authority=actor.authority,
            roles=sorted(actor.roles),
            device=actor.device,
            purpose=actor.purpose,
            reference=actor.reference,
            place=actor.place,
            request=actor.request_id,
            deed=deed,
            subject=subject,
            facts=dict(facts),
        )
    )


def select_entries(
    tx: Transaction, chosen: Selection, limit: int | None = None
) -> list[AuditEntry]:
    """Return these entries, the newest first."""
    query = (
        select(*COLUMNS)
        .where(*chosen.conditions())
        .order_by(audit_entry.c.number.desc())
        .limit(limit)
    )
    return [entry_of(row) for row in tx.execute(query)]


def count_requests(tx: Transaction, chosen: Selection) -> int:
    """Return in how many requests these were entered; those of one are counted once."""
    query = select(func.count(audit_entry.c.request.distinct())).where(*chosen.conditions())
    return int(tx.scalar(query) or 0)


def get(tx: Transaction, number: int) -> AuditEntry | None:
    """Return the entry of this number, or None."""
    row = tx.execute(select(*COLUMNS).where(audit_entry.c.number == number)).one_or_none()
    return entry_of(row) if row else None


def entry_of(row: Any) -> AuditEntry:
    """Return the value of a row that has `COLUMNS`."""
    values = {column.name: getattr(row, column.name) for column in COLUMNS}
    return AuditEntry(**{**values, "roles": tuple(row.roles), "salt": bytes(row.salt)})
