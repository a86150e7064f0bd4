"""How the exchange stands: what each node has not taken in yet, and which feeds do not go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, text

from didban.model.exchange.feeds import FeedState
from didban.store.tables.exchange_feeds import feed
from didban.store.tables.exchange_trust import evidence

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Entries of ours that a node has not acknowledged, and when the oldest was published."""

    count: int
    since: datetime | None


_OWED: Final = text("""
    select r.node, sum(e.count) as entries, min(e.since) as since
    from feed_reader r join feed f on f.id = r.feed
    cross join lateral (
        select count(*) as count, min(at) as since from entry
        where feed = r.feed and not is_void
          and seq > greatest(r.cursor_seq, r.since_seq)
          and (r.until_seq is null or seq <= r.until_seq)
    ) as e
    where f.state = 'open' and greatest(r.cursor_seq, r.since_seq) < f.head_seq
    group by r.node
""")


def owed(tx: Transaction) -> dict[str, Owed]:
    """Return what each node has still to take in of our feeds."""
    rows = tx.execute(_OWED)
    return {row.node: Owed(count=int(row.entries), since=row.since) for row in rows if row.entries}


def stopped(tx: Transaction) -> dict[str, list[str]]:
    """Return the feeds that do not go on, by the node that owns them."""
    query = select(feed.c.owner, feed.c.id).where(feed.c.state == FeedState.STOPPED)
    found: dict[str, list[str]] = {}
    for owner, feed_id in tx.execute(query.order_by(feed.c.id)):
        found.setdefault(owner, []).append(feed_id)
    return found


def accused(tx: Transaction) -> dict[str, int]:
    """Return how many pieces of evidence nobody has closed, by node."""
    query = select(evidence.c.node, func.count()).where(evidence.c.closed_at.is_(None))
    return {node: int(count) for node, count in tx.execute(query.group_by(evidence.c.node))}
