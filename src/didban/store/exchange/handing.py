"""What was handed on with its owner's consent, and what owners at other nodes were told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, insert, select

from didban.model.onward import Onward, OnwardConsent
from didban.store.arrays import is_one_of
from didban.store.tables.attached import counter_evidence, dispute
from didban.store.tables.exchange_records import copy, handed_on, told_to_node
from didban.store.tables.exchange_trust import peer_authority
from didban.store.tables.onward import onward_consent
from didban.store.tables.records import record

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from typing import Any

    from didban.store.database import Transaction


def add(tx: Transaction, derived: str, original: str, consent: str) -> None:
    """Note that a record of ours is another owner's, handed on."""
    row = {"derived": derived, "original": original, "consent": consent}
    tx.execute(insert(handed_on).values(row))


def derived_of(tx: Transaction, original: str) -> list[str]:
    """Return the records of ours that another owner's was handed on as."""
    query = select(handed_on.c.derived).where(handed_on.c.original == original)
    return list(tx.scalars(query.order_by(handed_on.c.derived)))


def untold_consents(
    tx: Transaction, numbers: Sequence[int], owners: Collection[str]
) -> list[tuple[str, OnwardConsent]]:
    """Return the consents about these records of ours that another node is to be told."""
    query = (
        select(peer_authority.c.node, onward_consent)
        .join(record, record.c.id == onward_consent.c.record)
        .join(peer_authority, peer_authority.c.code == onward_consent.c.authority)
        .where(
            is_one_of(record.c.number, numbers),
            record.c.owner.in_(owners),
            ~_is_told(onward_consent),
        )
    )
    return [(row.node, _consent(row)) for row in tx.execute(query.order_by(onward_consent.c.id))]


def untold_doubts(tx: Transaction, numbers: Sequence[int]) -> Sequence[Any]:
    """Return (node, dispute) of those raised here about these copies that their owner is to be told."""
    query = (
        select(copy.c.node, record.c.owner, record.c.schema, dispute)
        .join(record, record.c.id == dispute.c.record)
        .join(copy, copy.c.record == dispute.c.record)
        .where(
            is_one_of(record.c.number, numbers),
            _is_from_here(dispute.c.raised_by),
            ~_is_told(dispute),
        )
    )
    return tx.execute(query.order_by(dispute.c.id)).all()


def untold_evidence(tx: Transaction, numbers: Sequence[int]) -> Sequence[Any]:
    """Return (node, counter-evidence) of what was given here and its owner is to be told."""
    given = counter_evidence.c
    query = (
        select(copy.c.node, record.c.owner, record.c.schema, counter_evidence)
        .join(record, record.c.id == given.record)
        .join(copy, copy.c.record == given.record)
        .where(
            is_one_of(record.c.number, numbers),
            _is_from_here(given.given_by),
            ~_is_told(counter_evidence),
        )
    )
    return tx.execute(query.order_by(given.id)).all()


def note_told(tx: Transaction, what: str, record_id: str, node: str, now: datetime) -> None:
    """Note that a node was told of something."""
    row = {"what": what, "record": record_id, "node": node, "told_at": now}
    tx.execute(insert(told_to_node).values(row))


def forget(tx: Transaction, record_id: str) -> None:
    """Let go of what stands here about a record that is erased."""
    tx.execute(delete(handed_on).where(handed_on.c.derived == record_id))
    tx.execute(delete(told_to_node).where(told_to_node.c.record == record_id))


def _is_told(table: Any) -> Any:
    return exists().where(told_to_node.c.what == table.c.id)


def _is_from_here(authority: Any) -> Any:
    return ~exists().where(peer_authority.c.code == authority)


def _consent(row: Any) -> OnwardConsent:
    return OnwardConsent(
        id=row.id,
        record=row.record,
        owner=row.owner,
        authority=row.authority,
        use=Onward(row.use),
        recipient=row.recipient,
        until=row.until,
    )
