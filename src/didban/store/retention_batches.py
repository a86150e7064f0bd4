"""Reviews of retention that are answered together, while they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from didban.model.retention import Batch, BatchDecision
from didban.store.tables.retention import retention_batch, retention_batch_record

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction

_BATCH, _RECORD = retention_batch.c, retention_batch_record.c


def add(tx: Transaction, new: Batch) -> None:
    """Add a batch with its records."""
    values = {
        "id": new.id,
        "owner": new.owner,
        "decision": new.decision,
        "until": new.until,
        "assessment": new.assessment,
        "drawn_by": new.drawn_by,
        "drawn_at": new.drawn_at,
    }
    tx.execute(insert(retention_batch).values(values))
    rows = [
        {"record": name, "batch": new.id, "version": version, "is_sampled": name in new.sample}
        for name, version in new.records.items()
    ]
    tx.execute(insert(retention_batch_record), rows)


def drawn_by(tx: Transaction, user: str) -> Batch | None:
    """Return the batch that a reviewer has open, for this transaction to change; or None."""
    query = select(retention_batch).where(_BATCH.drawn_by == user).with_for_update()
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    its = select(retention_batch_record).where(_RECORD.batch == row.id).order_by(_RECORD.record)
    rows = tx.execute(its).all()
    return Batch(
        id=row.id,
        owner=row.owner,
        decision=BatchDecision(row.decision),
        until=row.until,
        assessment=row.assessment,
        drawn_by=row.drawn_by,
        drawn_at=row.drawn_at,
        records={one.record: one.version for one in rows},
        sample=tuple(one.record for one in rows if one.is_sampled),
        left=tuple(one.record for one in rows if one.is_sampled and one.seen_at is None),
    )


def taken(tx: Transaction, records: list[str]) -> bool:
    """Return whether one of these records stands in an open batch."""
    return tx.scalar(select(_RECORD.record).where(_RECORD.record.in_(records)).limit(1)) is not None


def note_seen(tx: Transaction, record_id: str, now: datetime) -> None:
    """Note that a record of a sample was looked at."""
    one = _RECORD.record == record_id
    tx.execute(update(retention_batch_record).where(one).values(seen_at=now))


def remove(tx: Transaction, batch_id: str) -> None:
    """Take a batch away; its records stay as they are."""
    tx.execute(delete(retention_batch).where(_BATCH.id == batch_id))


def forget(tx: Transaction, record_id: str) -> None:
    """Take away the batch that a record stands in which is erased: its words may tell of it."""
    its = select(_RECORD.batch).where(_RECORD.record == record_id)
    tx.execute(delete(retention_batch).where(_BATCH.id.in_(its)))
