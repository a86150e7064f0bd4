"""Leases: a copy is kept as long as its owner's node renews it, and no longer.

    owner    half of a lease is over -> RENEW {before, until}: whatever of this feed ends before
             that moment may be kept until then
    reader   a lease is over -> the copy is erased, like one that was withdrawn

This reaches nodes and devices that nobody can call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.errors import Malformed
from didban.exchange import feeds as publishing
from didban.exchange.records.copies import end_copy
from didban.model.exchange.envelopes import Fields, time_text
from didban.model.exchange.feeds import FeedState, Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.sharing import LONGEST_LEASE, lease_of
from didban.model.retention import ErasureReason
from didban.store.exchange import copies, feeds, sharing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.exchange.records.readers import IdentityOf
    from didban.model.exchange.feeds import Arrived
    from didban.model.exchange.sharing import Terms
    from didban.store.database import Database, Transaction

_BATCH: Final = 200  # copies of one transaction


def renew_due(database: Database, now: datetime, *, identity_of: IdentityOf, terms: Terms) -> int:
    """Renew the leases of which half is over; return how many."""
    with database.begin() as tx:
        ids = sorted(sharing.classes(tx))
    done = 0
    for class_id in ids:
        with database.begin() as tx:
            done += _renew(tx, class_id, now, identity_of, terms)
    return done


def _renew(
    tx: Transaction, class_id: int, now: datetime, identity_of: IdentityOf, terms: Terms
) -> int:
    kept = sharing.classes(tx, [class_id], to_change=True)[class_id]
    if kept.feed is None or feeds.require(tx, kept.feed).state is not FeedState.OPEN:
        return 0
    until = lease_of(kept.about.sort, terms, now)
    before = now + (until - now) / 2
    renewed = sharing.renew(tx, class_id, before, until)
    if renewed:
        content = {"before": time_text(before), "until": time_text(until)}
        publishing.publish(
            tx, identity_of(tx), kept.feed, [Item(kind=Kind.RENEW, content=content)], now
        )
    return renewed


def renewed(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
    """Keep copies longer, as their owner says; handler of `Kind.RENEW`."""
    for each in arrived:
        place = each.header.place
        if each.content is None or place is None:
            continue  # it was for others
        fields = Fields(each.content)
        before, until = fields.time("before"), fields.time("until")
        fields.require_all_read()
        if until <= before:
            raise Malformed("a renewal ends after what it renews")
        copies.renew(tx, place.feed, before, min(until, now + LONGEST_LEASE))


def expire_due(database: Database, now: datetime) -> int:
    """Erase the copies whose lease is over; return how many."""
    done = 0
    while True:
        with database.begin() as tx:
            over = copies.over(tx, now, _BATCH)
            for one in over:
                end_copy(tx, one, ErasureReason.LEASE_ENDED, now)
        done += len(over)
        if len(over) < _BATCH:
            return done
