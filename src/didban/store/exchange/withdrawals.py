"""Whom we told to let go of records, and who confirmed that they are gone (PR-34)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from didban.model.exchange.kinds import Kind
from didban.model.exchange.sharing import CopyState, GoneReason
from didban.store.tables.exchange_feeds import entry, feed_reader
from didban.store.tables.exchange_records import copy, share_class, shared_record, withdrawal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """One node was told to let go of one record, or of all of a feed.

    - `erased`, `onward`: copies that it had, and that it had handed on; None until it confirms.
    """

    feed: str
    seq: int
    node: str
    record: str | None
    reason: GoneReason
    asked_at: datetime
    confirmed_at: datetime | None
    erased: int | None
    onward: int | None


def confirm(  # noqa: PLR0913 - which entry, by whom, what and when
    tx: Transaction,
    feed: str,
    seq: int,
    node: str,
    *,
    erased: int,
    onward: int,
    now: datetime,
) -> None:
    """Note that a node let go; the first receipt counts."""
    is_it = (withdrawal.c.feed == feed) & (withdrawal.c.seq == seq) & (withdrawal.c.node == node)
    done = update(withdrawal).where(is_it, withdrawal.c.confirmed_at.is_(None))
    tx.execute(done.values(confirmed_at=now, erased=erased, onward=onward))


def take_over(
    tx: Transaction, feed: str, nodes: Collection[str]
) -> list[tuple[str, str, int, GoneReason]]:
    """Take off the list what these nodes have not confirmed in a feed that they begin anew.

    Returns (node, record, revision, reason) of what they are to be told again: that they should
    have let go of all of it is over.
    """
    w = withdrawal.c
    is_open = (w.feed == feed) & w.confirmed_at.is_(None) & w.node.in_(nodes)
    gone = delete(withdrawal).where(is_open).returning(w.node, w.record, w.reason)
    rows = [row for row in tx.execute(gone) if row.record is not None]
    said = shared_record.c
    query = select(said.record, said.rev).where(said.record.in_({row.record for row in rows}))
    revs = {row.record: row.rev for row in tx.execute(query)}
    return sorted(
        (row.node, row.record, revs[row.record], GoneReason(row.reason))
        for row in rows
        if row.record in revs
    )


def unconfirmed(
    tx: Transaction, *, after: tuple[datetime, str, int, str] | None = None, limit: int
) -> list[Withdrawal]:
    """Return what nobody confirmed yet, the oldest first."""
    w = withdrawal.c
    query = select(withdrawal).where(w.confirmed_at.is_(None))
    if after is not None:
        query = query.where(func.row(w.asked_at, w.feed, w.seq, w.node) > func.row(*after))
    rows = tx.execute(query.order_by(w.asked_at, w.feed, w.seq, w.node).limit(limit))
    return [_withdrawal(row) for row in rows]


def owing(tx: Transaction, since: datetime) -> frozenset[str]:
    """Return the nodes that have not confirmed what they were told after a moment."""
    w = withdrawal.c
    query = select(w.node).where(w.confirmed_at.is_(None), w.asked_at > since).distinct()
    return frozenset(tx.scalars(query))


def copies_at(tx: Transaction, node: str) -> int:
    """Return how many copies a node has of ours at most: it reads them, or was told to let go."""
    w, r = withdrawal.c, feed_reader.c
    read = select(r.feed).where(r.node == node, r.until_seq.is_(None))
    told = select(w.feed).where(w.node == node, w.record.is_(None), w.confirmed_at.is_(None))
    ours = select(share_class.c.id).where(share_class.c.feed.in_(read.union(told)))
    live = select(func.count()).where(shared_record.c["class"].in_(ours))
    return tx.scalar(live) or 0


def of_record(tx: Transaction, record_id: str) -> list[Withdrawal]:
    """Return who was told to let go of a record, the oldest first."""
    w = withdrawal.c
    query = select(withdrawal).where(w.record == record_id)
    return [_withdrawal(row) for row in tx.execute(query.order_by(w.asked_at, w.node))]


def late(tx: Transaction, before: datetime, now: datetime) -> list[Withdrawal]:
    """Return what was asked before a moment and is not confirmed, each once: it is told now."""
    is_late = withdrawal.c.confirmed_at.is_(None) & (withdrawal.c.asked_at < before)
    told = update(withdrawal).where(is_late, withdrawal.c.alarmed_at.is_(None))
    rows = tx.execute(told.values(alarmed_at=now).returning(withdrawal))
    return [_withdrawal(row) for row in rows]


def put_seq(tx: Transaction, feed: str, record_id: str) -> int:
    """Return the number of the entry that says a record last to all readers of a feed; 0 for none."""
    is_it = (entry.c.feed == feed) & (entry.c.record == record_id) & (entry.c.kind == Kind.PUT)
    newest = select(func.max(entry.c.rev)).where(is_it).scalar_subquery()
    return tx.scalar(select(func.min(entry.c.seq)).where(is_it, entry.c.rev == newest)) or 0


def counts(tx: Transaction) -> Sequence[Any]:
    """Return (node, feed, size) of the copies of other nodes' records that we hold."""
    query = select(copy.c.node, copy.c.feed, func.count().label("size"))
    is_live = copy.c.state == CopyState.LIVE
    groups = query.where(is_live).group_by(copy.c.node, copy.c.feed)
    return tx.execute(groups.order_by(copy.c.node, copy.c.feed)).all()


def _withdrawal(row: Any) -> Withdrawal:
    values = {f.name: getattr(row, f.name) for f in fields(Withdrawal)}
    return Withdrawal(**{**values, "reason": GoneReason(row.reason)})
