"""What a node may read of our feeds, and from where on: set by set, for it is asked all the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from didban.model.exchange.envelopes import Envelope

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A feed of ours that a node reads.

    - `since`: the entry behind which it began; `until`: the last one that is for it, or None.
    - `cursor`: how far it said it is.
    """

    feed: str
    is_talk: bool
    epoch: int
    head_seq: int
    head_hash: bytes
    since: int
    until: int | None
    cursor: int

    @property
    def end(self) -> int:
        """The last entry that there is for it now."""
        return self.head_seq if self.until is None else min(self.until, self.head_seq)


_READINGS: Final = text("""
    select f.id as feed, coalesce(f.audience like 'talk:%', false) as is_talk, f.epoch, f.head_seq,
           f.head_hash, r.since_seq as since, r.until_seq as until, r.cursor_seq as cursor
    from feed_reader r join feed f on f.id = r.feed
    where r.node = :node order by f.audience not like 'talk:%', f.id
""")

# A reader of an older epoch goes on before the first entry of the next one, or where it is.
_START: Final = text("""
    select least(cast(:seq as bigint), min(seq) - 1) from entry
    where feed = :feed and epoch > :epoch and not is_void
""")

# The sizes alone decide how many fit; the first always does. Bodies of before a reader was removed
# are not for it any more, but the last entry is: it says what to destroy.
_BATCH: Final = text("""
    select header, key, signature,
           case when cast(:until as bigint) is null or seq = :until then body end as body
    from (
        select *, sum(octet_length(header) + coalesce(octet_length(body), 0))
                    over (order by seq) - octet_length(header) - coalesce(octet_length(body), 0)
                    as before
        from (select * from entry
              where feed = :feed and seq > :after and seq <= :end and not is_void
              order by seq limit :most) as next
    ) as sized
    where before < :bytes order by seq
""")

_ACKNOWLEDGE: Final = text("""
    update feed_reader set cursor_seq = :seq, seen_at = :now
    where feed = :feed and node = :node and (cursor_seq <> :seq or seen_at is null)
""")

_IS_HELD: Final = text("""
    select exists(select from entry
                  where feed = :feed and epoch = :epoch and seq = :seq and hash = :head)
""")


def readings(tx: Transaction, node: str) -> list[Reading]:
    """Return the feeds of ours that a node reads or has read; the bilateral one first."""
    rows = tx.execute(_READINGS, {"node": node}).mappings()
    return [Reading(**{**row, "head_hash": bytes(row["head_hash"])}) for row in rows]


def start(tx: Transaction, feed: str, epoch: int, seq: int) -> int:
    """Return behind which entry a reader of an older epoch goes on."""
    found = tx.scalar(_START, {"feed": feed, "epoch": epoch, "seq": seq})
    return seq if found is None else int(found)


def batch(tx: Transaction, reading: Reading, after: int, most: int, size: int) -> list[Envelope]:
    """Return the next entries for a reader: at most so many, of so many bytes in all, or one."""
    about = {
        "feed": reading.feed,
        "after": after,
        "end": reading.end,
        "until": reading.until,
        "most": most,
        "bytes": size,
    }
    return [
        Envelope(
            header=bytes(row.header),
            key=row.key,
            signature=bytes(row.signature),
            body=None if row.body is None else bytes(row.body),
        )
        for row in tx.execute(_BATCH, about)
    ]


def is_held(tx: Transaction, feed: str, epoch: int, seq: int, head: bytes) -> bool:
    """Return whether an entry of ours has this hash: who names it has what we published."""
    about = {"feed": feed, "epoch": epoch, "seq": seq, "head": head}
    return bool(tx.scalar(_IS_HELD, about))


def acknowledge(tx: Transaction, feed: str, node: str, seq: int, now: datetime) -> None:
    """Note how far a reader has taken a feed in, where that is news."""
    tx.execute(_ACKNOWLEDGE, {"feed": feed, "node": node, "seq": seq, "now": now})
