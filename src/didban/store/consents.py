"""Consents of owners and acknowledgements of users, by the record that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql

from didban.model.consents import Consent
from didban.model.purposes import Purpose
from didban.store.tables.consents import acknowledgement, consent

if TYPE_CHECKING:
    from datetime import date, datetime

    from didban.store.database import Transaction


def add(tx: Transaction, new: Consent, *, given_by: str, now: datetime) -> None:
    """Add a consent."""
    values = {
        "id": new.id,
        "record": new.record,
        "owner": new.owner,
        "authority": new.authority,
        "purpose": new.purpose,
        "until": new.until,
        "given_by": given_by,
        "given_at": now,
    }
    tx.execute(insert(consent).values(values))


def found(
    tx: Transaction, record: str, *, authority: str, purpose: Purpose, on: date
) -> list[Consent]:
    """Return what the owner of a record consented to for an authority, as far as it is in force."""
    query = select(consent).where(
        consent.c.record == record,
        consent.c.authority == authority,
        consent.c.purpose == purpose,
        consent.c.until >= on,
    )
    return [_consent_of(row) for row in tx.execute(query)]


def acknowledge(tx: Transaction, record: str, user: str, *, digest: bytes, now: datetime) -> None:
    """Note that a user acknowledged the conditions of this digest."""
    query = postgresql.insert(acknowledgement).values(
        record=record, user=user, digest=digest, at=now
    )
    tx.execute(
        query.on_conflict_do_update(
            index_elements=["record", "user"], set_={"digest": digest, "at": now}
        )
    )


def has_acknowledged(tx: Transaction, record: str, user: str, *, digest: bytes) -> bool:
    """Return whether a user acknowledged exactly these conditions."""
    query = select(acknowledgement.c.digest).where(
        acknowledgement.c.record == record, acknowledgement.c.user == user
    )
    return tx.scalar(query) == digest


def forget(tx: Transaction, record: str) -> None:
    """Forget everything about a record that is erased."""
    tx.execute(delete(consent).where(consent.c.record == record))
    tx.execute(delete(acknowledgement).where(acknowledgement.c.record == record))


def _consent_of(row: Any) -> Consent:
    return Consent(
        id=row.id,
        record=row.record,
        owner=row.owner,
        authority=row.authority,
        purpose=Purpose(row.purpose),
        until=row.until,
    )
