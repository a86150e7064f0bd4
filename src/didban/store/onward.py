"""Consents of owners to hand a record on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from didban.model.onward import Onward, OnwardConsent
from didban.store.records import announce_by_id
from didban.store.tables.onward import onward_consent

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from didban.store.database import Transaction


def add(tx: Transaction, new: OnwardConsent, *, given_by: str, now: datetime) -> None:
    """Add a consent."""
    values = {
        "id": new.id,
        "record": new.record,
        "owner": new.owner,
        "authority": new.authority,
        "use": new.use,
        "recipient": new.recipient,
        "until": new.until,
        "given_by": given_by,
        "given_at": now,
    }
    tx.execute(insert(onward_consent).values(values))
    announce_by_id(tx, new.record)


def in_force(
    tx: Transaction, ids: Collection[str], *, authority: str, on: date
) -> list[OnwardConsent]:
    """Return those of these consents that an authority may use on that day."""
    query = select(onward_consent).where(
        onward_consent.c.id.in_(ids),
        onward_consent.c.authority == authority,
        onward_consent.c.until >= on,
    )
    return [
        OnwardConsent(
            id=row.id,
            record=row.record,
            owner=row.owner,
            authority=row.authority,
            use=Onward(row.use),
            recipient=row.recipient,
            until=row.until,
        )
        for row in tx.execute(query)
    ]


def forget(tx: Transaction, record_id: str) -> None:
    """Delete what stands here of a record that is erased."""
    tx.execute(delete(onward_consent).where(onward_consent.c.record == record_id))
