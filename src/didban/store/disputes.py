"""Disputes and counter-evidence in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, tuple_, update

from didban.model.disputes import CounterEvidence, Decision, Dispute, DisputedBy
from didban.store.records import announce_by_id
from didban.store.tables.attached import counter_evidence, dispute
from didban.store.tables.records import record

if TYPE_CHECKING:
    from datetime import date, datetime

    from didban.store.database import Transaction


def add(tx: Transaction, new: Dispute) -> None:
    """Keep a dispute that was raised."""
    values = {
        "id": new.id,
        "record": new.record,
        "raised_by": new.raised_by,
        "disputed_by": new.by,
        "ground": new.ground,
        "raised_at": new.raised_at,
        "due_on": new.due_on,
    }
    tx.execute(insert(dispute).values(values))


def decide_open(
    tx: Transaction, record_id: str, decision: Decision, *, at: datetime, by: str, answer: str
) -> int:
    """Decide every open dispute of a record; return how many there were."""
    decided = {"decision": decision, "decided_at": at, "decided_by": by, "answer": answer}
    is_open = (dispute.c.record == record_id) & dispute.c.decided_at.is_(None)
    return tx.execute(update(dispute).where(is_open).values(decided)).rowcount


def of_record(tx: Transaction, record_id: str) -> list[Dispute]:
    """Return the disputes of a record, oldest first."""
    query = select(dispute).where(dispute.c.record == record_id)
    return [_dispute_of(row) for row in tx.execute(query.order_by(dispute.c.raised_at))]


def open_for(
    tx: Transaction,
    owner: str,
    open_to: frozenset[int],
    *,
    after: tuple[date, str] | None = None,
    limit: int,
) -> list[Dispute]:
    """Return the open disputes about those of an owner's records that are open, the next due first.

    - `after`: day and identifier of the last one that was seen.
    """
    place = tuple_(dispute.c.due_on, dispute.c.id)
    query = (
        select(dispute)
        .join(record, record.c.id == dispute.c.record)
        .where(
            record.c.owner == owner,
            record.c.visibility.in_(open_to),
            dispute.c.decided_at.is_(None),
        )
    )
    if after is not None:
        query = query.where(place > tuple_(*after))
    return [_dispute_of(row) for row in tx.execute(query.order_by(place).limit(limit))]


def add_counter_evidence(tx: Transaction, record_id: str, new: CounterEvidence) -> None:
    """Attach what speaks against a record; every reading of the record has it from now on."""
    values = {
        "id": new.id,
        "record": record_id,
        "given_by": new.given_by,
        "text": new.text,
        "attachment": new.attachment,
        "given_at": new.given_at,
    }
    tx.execute(insert(counter_evidence).values(values))
    announce_by_id(tx, record_id)


def _dispute_of(row: Any) -> Dispute:
    return Dispute(
        id=row.id,
        record=row.record,
        raised_by=row.raised_by,
        by=DisputedBy(row.disputed_by),
        ground=row.ground,
        raised_at=row.raised_at,
        due_on=row.due_on,
        decision=Decision(row.decision) if row.decision else None,
        decided_at=row.decided_at,
        answer=row.answer,
    )
