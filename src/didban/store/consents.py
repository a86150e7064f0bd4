"""Consents of owners and acknowledgements of users, by the record that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, delete, insert, literal, null, select, tuple_
from sqlalchemy.dialects import postgresql

from didban.model.consents import Consent, ConsentGiven
from didban.model.onward import Onward
from didban.model.purposes import Purpose
from didban.store.arrays import is_one_of
from didban.store.tables.consents import acknowledgement, consent
from didban.store.tables.onward import onward_consent
from didban.store.tables.records import record as kept

if TYPE_CHECKING:
    from collections.abc import Iterable
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


def given_for(
    tx: Transaction, records: Iterable[str], *, authority: str, purpose: Purpose, on: date
) -> frozenset[tuple[str, str]]:
    """Return record and owner of the consents in force about these records, as `found` finds them."""
    query = select(consent.c.record, consent.c.owner).where(
        is_one_of(consent.c.record, set(records)),
        consent.c.authority == authority,
        consent.c.purpose == purpose,
        consent.c.until >= on,
    )
    return frozenset((row.record, row.owner) for row in tx.execute(query))


def listed(
    tx: Transaction,
    open_to: frozenset[int],
    *,
    owner: str | None = None,
    authority: str | None = None,
    after: tuple[datetime, str] | None = None,
    most: int,
) -> list[ConsentGiven]:
    """Return the consents of an owner, or those to an authority, of either kind, the newest first.

    Only those about records that are open.
    """
    used, handed = consent.c, onward_consent.c
    none = cast(null(), Text)
    shared = ("id", "record", "owner", "authority", "until", "given_by", "given_at")
    both = (
        select(
            *(used[name] for name in shared),
            used.purpose,
            none.label("use"),
            literal("").label("recipient"),
        )
        .union_all(
            select(*(handed[name] for name in shared), none, handed.use, handed.recipient),
        )
        .subquery()
    )
    query = (
        select(both).join(kept, kept.c.id == both.c.record).where(kept.c.visibility.in_(open_to))
    )
    for column, value in ((both.c.owner, owner), (both.c.authority, authority)):
        if value is not None:
            query = query.where(column == value)
    place = (both.c.given_at, both.c.id)
    if after is not None:
        query = query.where(tuple_(*place) < after)
    rows = tx.execute(query.order_by(*(column.desc() for column in place)).limit(most))
    return [
        ConsentGiven(
            **{name: getattr(row, name) for name in (*shared, "recipient")},
            purpose=Purpose(row.purpose) if row.purpose else None,
            use=Onward(row.use) if row.use else None,
        )
        for row in rows
    ]


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
