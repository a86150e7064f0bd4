"""Who reads which records follows from what the bank knows, and is put right when that changes.

a group, a peer or an assessment changes -> Settler, before the commit:
    a reader too few     it is let in, and is sent what is live (`run_due`)
    a reader too many    it is refused from here on, and owes a receipt for all that it had
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban import clock
from didban.exchange import feeds as publishing
from didban.exchange import members
from didban.exchange.records import inventory, readers
from didban.exchange.records.publishing import Publisher, again, send, withdrawal_of
from didban.model.exchange.feeds import FeedState
from didban.model.exchange.sharing import GoneReason, is_shareable
from didban.store.exchange import backfills, feeds, sharing, withdrawals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.exchange.records.readers import IdentityOf
    from didban.model.exchange.sharing import Reader, Terms
    from didban.store.database import Database, Transaction
    from didban.store.exchange.backfills import Backfill
    from didban.store.exchange.sharing import KeptClass

BATCH: Final = 200  # records of one transaction that somebody may wait for


class Settler:
    """Puts right who reads which class. Registered for `Topic.READERS`.

    - `has_said_all`: what was never said has been, since this was made.
    """

    def __init__(self, identity_of: IdentityOf, terms: Terms) -> None:
        self.identity_of = identity_of
        self.publisher = Publisher(identity_of, terms)
        self.has_said_all = False

    def __call__(self, tx: Transaction) -> None:
        """Put it right in the transaction that changed it."""
        self.settle(tx, clock.now())

    def settle(self, tx: Transaction, now: datetime) -> int:
        """Let in and shut out whom it now concerns; return how many nodes, over all classes."""
        found, classes = readers.nodes(tx), sharing.classes(tx, to_change=True)
        if found:
            backfills.begin_unsaid(tx)
        if not classes:
            return 0
        me = self.identity_of(tx)
        return sum(self._settle_one(tx, me, kept, found, now) for kept in classes.values())

    def _settle_one(
        self,
        tx: Transaction,
        me: Identity,
        kept: KeptClass,
        found: Sequence[Reader],
        now: datetime,
    ) -> int:
        wanted = self.publisher.readers_of(kept, found)
        if kept.feed is None:
            if wanted:
                audience = f"records:{kept.id}"
                feed = publishing.for_audience(tx, me, audience, sorted(wanted), now)
                sharing.set_feed(tx, kept.id, feed)
                backfills.begin(tx, kept.id, wanted)
            return len(wanted)
        feed = kept.feed
        gone = frozenset(feeds.readers(tx, feed)) - wanted
        if feeds.require(tx, feed, to_change=True).state is not FeedState.OPEN:
            for node in sorted(gone):  # nothing can be said in it; whom it was for is shut out
                feeds.end_reader(tx, feed, node, 0)
            return len(gone)
        made = members.change(tx, me, feed, wanted, now)
        _tell_again(tx, me, feed, made.added, now)
        backfills.begin(tx, kept.id, made.added)
        backfills.end(tx, kept.id, made.removed)
        if made.removed:
            last = feeds.require(tx, feed).head_seq
            reason = GoneReason.NOT_SHARED
            sharing.ask_back(
                tx, feed, last, sorted(made.removed), record_id=None, reason=reason, now=now
            )
        return len(made.added) + len(made.removed)

    def run_due(self, database: Database, now: datetime) -> int:
        """Send new readers what was there before them, and say what was never said."""
        done = 0
        while True:
            with database.begin() as tx:
                waiting = backfills.next_one(tx)
                if waiting is None:
                    return done
                done += self._fill(tx, waiting, now)

    def put_right(self, database: Database, now: datetime) -> int:
        """Put right what no transaction did: assurances end by themselves."""
        with database.begin() as tx:
            return self.settle(tx, now) + self.publisher.publish(tx, sharing.assured(tx), now)

    def _fill(self, tx: Transaction, waiting: Backfill, now: datetime) -> int:
        me = self.identity_of(tx)
        owners = readers.own_authorities(tx, me.node)
        if waiting.is_unsaid:
            numbers = sharing.unsaid(tx, owners, BATCH)
            if not numbers:
                backfills.end_unsaid(tx)
                self.has_said_all = True
            return self.publisher.publish(tx, numbers, now)
        kept = sharing.classes(tx, [waiting.class_id], to_change=True)[waiting.class_id]
        said = sharing.of_class(tx, kept.id, waiting.after, BATCH)
        if kept.feed is None or not said:
            backfills.end(tx, kept.id, [waiting.node])
            # It may hold what was withdrawn while it was no reader, and not have heard of that.
            inventory.state(tx, kept.id, now, self.identity_of)
            return 0
        there = sharing.present_of(tx, [one.number for one in said], owners)
        leaving = [
            again(tx, one, there[one.number], waiting.node)
            for one in said
            if one.number in there and is_shareable(there[one.number])
        ]
        if leaving:
            send(tx, me, kept.feed, leaving, now)
        backfills.move(tx, waiting, said[-1].number)
        return len(leaving)


def _tell_again(
    tx: Transaction, me: Identity, feed: str, nodes: frozenset[str], now: datetime
) -> None:
    """Tell nodes that come back what they never confirmed: they may have skipped it."""
    again_gone = [
        withdrawal_of(record, rev, reason, frozenset([node]), is_for_some=True)
        for node, record, rev, reason in withdrawals.take_over(tx, feed, nodes)
    ]
    if again_gone:
        send(tx, me, feed, again_gone, now)
