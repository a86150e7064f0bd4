"""Where a reader and our feeds stand, at a glance: it is asked all the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a feed of ours ends, and how far its reader showed that it is (`cursor`)."""

    feed: str
    epoch: int
    head_seq: int
    head_hash: bytes
    cursor: int


# A feed that a node may not read any more is among them until it has its last entry;
# of a node that was removed, those alone.
_STANDS: Final = text("""
    select f.id as feed, f.epoch, f.head_seq, f.head_hash, r.cursor_seq as cursor
    from feed_reader r join feed f on f.id = r.feed
    where r.node = :node and (
        r.cursor_seq < r.until_seq
        or r.until_seq is null
        and not exists (select from peer where peer.node = r.node and peer.state = 'removed')
    )
    order by coalesce(f.audience not like 'talk:%', true), f.id
""")


def stands(tx: Transaction, node: str) -> list[Stand]:
    """Return the feeds of ours that a node reads; the bilateral one first."""
    rows = tx.execute(_STANDS, {"node": node}).mappings()
    return [Stand(**{**row, "head_hash": bytes(row["head_hash"])}) for row in rows]
