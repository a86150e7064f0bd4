"""What other nodes report of the use of our records, and what they were given of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.store.tables.exchange_feeds import feed_reader
from didban.store.tables.exchange_records import copy, share_class, shared_record, withdrawal
from didban.store.tables.use import node_document_use, node_use
from didban.store.use import Use, UseCount

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeUse:
    """The use of one owner's records at another node in one month, as that node says.

    - `documents`, `counts`, `step`: as in a use report of this bank.
    """

    node: str
    owner: str
    month: date
    documents: tuple[Use, ...]
    counts: tuple[UseCount, ...]
    step: int


def add(tx: Transaction, new: NodeUse, now: datetime) -> bool:
    """Keep a report; return whether it is the first of this node, owner and month."""
    of = {"node": new.node, "owner": new.owner, "month": new.month}
    counts = [asdict(count) for count in new.counts]
    row = {**of, "counts": counts, "step": new.step, "received_at": now}
    added = upsert(node_use).values(row).on_conflict_do_nothing()
    if tx.scalar(added.returning(node_use.c.node)) is None:
        return False
    if new.documents:
        tx.execute(insert(node_document_use), [{**of, **asdict(use)} for use in new.documents])
    return True


def of_month(tx: Transaction, owner: str, month: date) -> list[NodeUse]:
    """Return what other nodes reported on an owner's records in a month, by node."""
    each, one = node_document_use.c, node_use.c
    documents: dict[str, list[Use]] = {}
    query = select(node_document_use).where(each.owner == owner, each.month == month)
    for row in tx.execute(query.order_by(each.on, each.record, each.authority, each.purpose)):
        use = Use(record=row.record, authority=row.authority, purpose=row.purpose, on=row.on)
        documents.setdefault(row.node, []).append(use)
    reports = select(node_use).where(one.owner == owner, one.month == month).order_by(one.node)
    return [
        NodeUse(
            node=row.node,
            owner=row.owner,
            month=row.month,
            documents=tuple(documents.get(row.node, ())),
            counts=tuple(UseCount(**count) for count in row.counts),
            step=row.step,
        )
        for row in tx.execute(reports)
    ]


def has_given(tx: Transaction, node: str) -> bool:
    """Return whether we ever held a record of this node, met or not."""
    return tx.scalar(select(copy.c.record).where(copy.c.node == node).limit(1)) is not None


def given_to(tx: Transaction, node: str, record_ids: Collection[str]) -> set[str]:
    """Return which of these records of ours a node has, or had and was told to let go of."""
    read = (
        select(shared_record.c.record)
        .join(share_class, share_class.c.id == shared_record.c["class"])
        .join(feed_reader, feed_reader.c.feed == share_class.c.feed)
        .where(feed_reader.c.node == node, shared_record.c.record.in_(record_ids))
    )
    ended = select(withdrawal.c.record).where(
        withdrawal.c.node == node, withdrawal.c.record.in_(record_ids)
    )
    return {record for record in tx.scalars(read.union(ended)) if record}


def forget(tx: Transaction, record_id: str) -> None:
    """Forget how a record was used elsewhere."""
    tx.execute(delete(node_document_use).where(node_document_use.c.record == record_id))
