"""Whatever the way does to entries, every reader ends with what the owner said, once and in order.

The way loses, repeats, reorders, cuts and delays; transactions are undone at any moment at either
end, as if the process had been killed. Then the way heals.

Who is removed may go without what it had not heard by then, and is served no more of it.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from didban import clock
from didban.errors import PeerFault
from didban.exchange import feeds as publishing
from didban.exchange import members, offering, receiving
from didban.exchange.members import Membership
from didban.model.exchange.envelopes import Header
from didban.model.exchange.feeds import FeedState
from didban.model.exchange.kinds import Kind
from didban.store.exchange import feeds, peers
from exchange_help import banks, item

if TYPE_CHECKING:
    from didban.model.exchange.envelopes import Envelope
    from didban.store.embedded import EmbeddedPostgres

READERS = ("xbo", "xca")
few = st.integers(1, 4)


class Killed(Exception):
    """The process ended before its transaction did."""


class Delivery(RuleBasedStateMachine):
    """xar publishes in a group's feed and in one for xbo alone; both take in what comes."""

    postgres: EmbeddedPostgres

    @initialize()
    def begin(self) -> None:
        """Open three banks and two feeds."""
        self.stack = contextlib.ExitStack()
        self.network = self.stack.enter_context(banks(self.postgres, "xar", *READERS))
        xar, now = self.network["xar"], clock.now()
        self.group = xar.do(publishing.for_audience, xar.identity, "group:g", READERS, now)
        self.talk = xar.do(publishing.talk, xar.identity, "xbo", now)
        self.said = 0
        # By reader and feed: what it is to hear, and what of it it may go without.
        self.owed: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.forgone: dict[tuple[str, str], set[int]] = defaultdict(set)
        self.away: list[tuple[str, str, list[Envelope]]] = []  # batches on their way
        for reader in READERS:
            bank = self.network[reader]
            bank.handlers = {
                Kind.MESSAGE: lambda tx, arrived, _now, reader=reader: self._hear(
                    tx, reader, arrived
                ),
                Kind.MEMBERS: Membership(bank.identity, lambda *_: None),
            }
            bank.do(lambda tx: tx.exec_driver_sql("create table heard (feed text, n int)"))

    def teardown(self) -> None:
        """Let the way heal; then everything is there, once and in order."""
        if not hasattr(self, "stack"):
            return
        with self.stack:
            for reader in READERS:
                while self.network.pull(reader, "xar"):
                    pass
                for feed in (self.group, self.talk):
                    kept = self._kept(reader, feed)
                    assert kept == self._due(reader, feed, kept)
                    known = self.network[reader].do(feeds.get, feed)
                    assert known is None or known.state is not FeedState.STOPPED

    def _hear(self, tx, reader, arrived) -> None:
        for one in arrived:
            if one.content is not None:
                values = (one.header.place.feed, one.content["n"])
                tx.exec_driver_sql("insert into heard values (%s, %s)", values)

    def _kept(self, reader, feed) -> list[int]:
        query = "select n from heard where feed = %s order by ctid"
        rows = self.network[reader].do(lambda tx: tx.exec_driver_sql(query, (feed,)).all())
        return [row.n for row in rows]

    def _due(self, reader, feed, kept) -> list[int]:
        gone = self.forgone[reader, feed].difference(kept)
        return [n for n in self.owed[reader, feed] if n not in gone]

    @rule(count=few, is_group=st.booleans(), is_killed=st.booleans())
    def publish(self, count: int, *, is_group: bool, is_killed: bool) -> None:
        """Publish with a deed, which may be undone."""
        xar, now = self.network["xar"], clock.now()
        feed = self.group if is_group else self.talk
        numbers = [self.said + n for n in range(count)]
        items = [item(Kind.MESSAGE, {"n": n}) for n in numbers]
        with contextlib.suppress(Killed), xar.database.begin() as tx:
            publishing.publish(tx, xar.identity, feed, items, now)
            if is_killed:
                raise Killed
            self.said += count
            for reader in feeds.readers(tx, feed):
                self.owed[reader, feed] += numbers

    @rule(readers=st.sets(st.sampled_from(READERS)))
    def change_readers(self, readers: set[str]) -> None:
        """Let others read the group's feed."""
        xar = self.network["xar"]
        made = xar.do(members.change, xar.identity, self.group, readers, clock.now())
        for reader in made.removed:
            unheard = set(self.owed[reader, self.group]).difference(self._kept(reader, self.group))
            self.forgone[reader, self.group] |= unheard

    @rule(reader=st.sampled_from(READERS), limit=few)
    def fetch(self, reader: str, limit: int) -> None:
        """Ask for what is next; the answer is on its way."""
        xar, bank = self.network["xar"], self.network[reader]
        for feed in xar.do(offering.offered, reader):
            cursor = bank.do(offering.cursor_of, feed)
            offer = xar.do(offering.offer, reader, feed, cursor, clock.now(), limit=limit)
            if reader not in xar.do(feeds.readers, feed):
                told = [Header.from_bytes(one.header).kind for one in offer.entries if one.body]
                assert set(told) <= {Kind.MEMBERS}
            if offer.entries:
                self.away.append((reader, feed, list(offer.entries)))

    @rule(data=st.data(), is_killed=st.booleans(), is_again=st.booleans())
    def deliver(self, data, *, is_killed: bool, is_again: bool) -> None:
        """Deliver any of what is on its way, perhaps not for the last time, and perhaps in vain."""
        if not self.away:
            return
        which = data.draw(st.integers(0, len(self.away) - 1))
        reader, feed, batch = self.away[which]
        if not is_again:
            self.away.pop(which)
        bank = self.network[reader]
        # A batch that comes late is passed over; one that comes early is refused, and stops
        # nothing: that would be the caller's to do, who knows what it asked for.
        with contextlib.suppress(Killed, PeerFault), bank.database.begin() as tx:
            peer = peers.get(tx, "xar")
            assert peer is not None
            receiving.take_in(tx, bank.identity, peer, feed, batch, bank.handlers, clock.now())
            if is_killed:
                raise Killed

    @rule(data=st.data())
    def lose(self, data) -> None:
        """Lose what is on its way."""
        if self.away:
            self.away.pop(data.draw(st.integers(0, len(self.away) - 1)))

    @invariant()
    def nothing_is_heard_twice_or_out_of_order(self) -> None:
        """At every moment a reader has heard a beginning of what it is owed."""
        for reader, feed in list(getattr(self, "owed", ())):
            kept = self._kept(reader, feed)
            assert kept == self._due(reader, feed, kept)[: len(kept)]


@pytest.mark.slow
def test_every_reader_ends_with_what_was_said(postgres):
    """Reordering, duplication, loss and crashes leave no trace once the way heals."""
    Delivery.postgres = postgres
    short = settings(
        max_examples=8,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Delivery, settings=short)


def test_who_is_removed_unheard_is_served_no_more_of_it(postgres):
    """Published, then nobody reads: only the last entry comes, and the feed is whole."""
    Delivery.postgres = postgres
    machine = Delivery()
    machine.begin()
    machine.publish(1, is_group=True, is_killed=False)
    machine.change_readers(set())
    machine.fetch("xbo", 4)
    machine.teardown()
    assert machine.forgone["xbo", machine.group] == {0}
