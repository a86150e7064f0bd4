"""What is live, as hashes: of what we said in a class, and of what we hold by a feed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from didban.model.exchange.sharing import CopyState
from didban.store.exchange.copies import Copy
from didban.store.tables.exchange_records import drift

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction

EMPTY_BUCKET: Final = hashlib.sha256(b"").digest()

_BUCKET: Final = "get_byte(sha256(convert_to(record, 'UTF8')), 0)"
_LEAF: Final = "sha256(convert_to(record || ' ' || rev, 'UTF8'))"
_HASHES: Final = f"""
    select {_BUCKET} as bucket, count(*) as size,
           sha256(string_agg({_LEAF}, ''::bytea order by record collate "C")) as hash
    from {{source}} group by 1
"""  # noqa: S608 - fixed words of ours
_SAID: Final = "shared_record where class = :class and valid_until > :now"
_HELD: Final = "copy where feed = :feed and state <> 'gone'"
_SAID_HASHES: Final = text(_HASHES.format(source=_SAID))
_HELD_HASHES: Final = text(_HASHES.format(source=_HELD))
_SAID_IN: Final = text(f"select record, rev from {_SAID} and {_BUCKET} = :bucket")  # noqa: S608
_HELD_IN: Final = text(f"select * from {_HELD} and {_BUCKET} = :bucket for update")  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A feed of which we do not hold what its owner says is live."""

    feed: str
    node: str
    found_at: datetime


def said(tx: Transaction, class_id: int, now: datetime) -> tuple[int, dict[int, bytes]]:
    """Return how many records of a class are live, and the hash of each bucket that has any."""
    return _summed(tx.execute(_SAID_HASHES, {"class": class_id, "now": now}))


def held(tx: Transaction, feed: str) -> tuple[int, dict[int, bytes]]:
    """Return how many copies a feed brought, and the hash of each bucket that has any."""
    return _summed(tx.execute(_HELD_HASHES, {"feed": feed}))


def said_in(tx: Transaction, class_id: int, bucket: int, now: datetime) -> dict[str, int]:
    """Return the live records of one bucket of a class, with their revisions."""
    rows = tx.execute(_SAID_IN, {"class": class_id, "now": now, "bucket": bucket})
    return {row.record: row.rev for row in rows}


def held_in(tx: Transaction, feed: str, bucket: int) -> list[Copy]:
    """Return the copies of one bucket that a feed brought, held until the transaction ends."""
    names = Copy.__dataclass_fields__
    return [
        Copy(
            **{
                **{name: getattr(row, name) for name in names},
                "hash": bytes(row.hash),
                "state": CopyState(row.state),
            }
        )
        for row in tx.execute(_HELD_IN, {"feed": feed, "bucket": bucket})
    ]


def note_drift(tx: Transaction, feed: str, node: str, now: datetime) -> None:
    """Note that a feed is to be compared bucket by bucket."""
    row = {"feed": feed, "node": node, "found_at": now}
    tx.execute(insert(drift).values(row).on_conflict_do_nothing())


def note_asked(tx: Transaction, feed: str, now: datetime) -> None:
    """Note that its owner was asked, and did not answer."""
    tx.execute(update(drift).where(drift.c.feed == feed).values(asked_at=now))


def mended(tx: Transaction, feed: str) -> None:
    """Note that a feed brought what its owner says is live, or that the rest is on its way."""
    tx.execute(delete(drift).where(drift.c.feed == feed))


def drifts(tx: Transaction) -> list[Drift]:
    """Return the feeds that are to be compared, the oldest first."""
    query = select(drift).order_by(drift.c.found_at)
    return [Drift(feed=row.feed, node=row.node, found_at=row.found_at) for row in tx.execute(query)]


def _summed(rows: Any) -> tuple[int, dict[int, bytes]]:
    found = list(rows)
    return sum(row.size for row in found), {row.bucket: bytes(row.hash) for row in found}
