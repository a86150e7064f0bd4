"""What other nodes are answered: their calls, and the entries that we publish for them.

    receive ──> answer                       any call, by the room it is for
            └─> pull ── nothing yet? wait for the bell ── pull again

Nothing here knows HTTP; `api.peers_wire` carries it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import DidbanError
from didban.exchange import calls, pulls
from didban.exchange.pulls import Answer, Position, Question
from didban.store.exchange import pulls as store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from didban.exchange.calls import CallHandlers, Received
    from didban.exchange.ports import Exchange
    from didban.model.exchange.envelopes import Envelope
    from didban.settings import Exchange as Terms
    from didban.store.database import Transaction
    from didban.store.exchange.pulls import Reading

_NOTHING: Final = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Answers other nodes from this bank. Safe for several threads."""

    exchange: Exchange
    handlers: CallHandlers
    terms: Terms

    def receive(self, call: str, raw: bytes) -> Received:
        """Return a call that may be answered.

        Raises PeerFault, or Conflict where this node has no identity: nothing is answered then.
        """
        now = clock.now()
        with self.exchange.database.begin() as tx:
            return calls.receive(tx, self.exchange.me(tx), call, raw, now)

    def answer(self, received: Received) -> bytes:
        """Return what is sent back to a call."""
        now = clock.now()
        database = self.exchange.database
        with database.begin() as tx:
            me = self.exchange.me(tx)
        return calls.lines(calls.answer(database, me, received, self.handlers, now))

    def pull(self, received: Received, *, may_wait: bool) -> bytes | None:
        """Return the entries that a node asks for; None where there are none yet and it may wait.

        What it holds is acknowledged by that, once.
        """
        now = clock.now()
        with self.exchange.database.begin() as tx:
            me = self.exchange.me(tx)
            try:
                question = Question.of(received.body)
            except DidbanError as error:
                return calls.lines(calls.refuse(me, received, error.code, now))
            held = {each.feed: each for each in question.positions}
            node = received.caller.node
            found = _found(tx, node, held, self.terms, now)
        if not found.entries and may_wait:
            return None
        return calls.lines(calls.reply(me, received, found.to_json(), now), *found.entries)

    def longest_wait(self, received: Received) -> float:
        """Return how long a pull waits here for something new, in seconds."""
        try:
            return float(min(Question.of(received.body).wait, self.terms.poll_seconds))
        except DidbanError:
            return 0.0


def _found(
    tx: Transaction, node: str, held: Mapping[str, Position], terms: Terms, now: datetime
) -> Answer:
    news: list[tuple[Reading, int]] = []
    positions = []
    for reading in store.readings(tx, node):
        there = held.get(reading.feed)
        after = _after(tx, node, reading, there, now)
        is_over = reading.until is not None and after >= reading.until
        if is_over:
            continue
        positions.append(
            Position(
                feed=reading.feed,
                epoch=reading.epoch,
                seq=reading.head_seq,
                head=reading.head_hash,
            )
        )
        if after < reading.end and not (there and there.is_paused):
            news.append((reading, after))
    entries = _entries(tx, news, terms)
    return Answer(
        positions=tuple(replace(each, count=len(entries.get(each.feed, ()))) for each in positions),
        entries=tuple(one for each in positions for one in entries.get(each.feed, ())),
    )


def _after(
    tx: Transaction, node: str, reading: Reading, there: Position | None, now: datetime
) -> int:
    """Return behind which entry a reader goes on, and note what it has taken in."""
    if there is None:
        return reading.since
    if there.epoch < reading.epoch:
        return store.start(tx, reading.feed, there.epoch, there.seq)
    is_news = there.seq != reading.cursor
    if is_news and store.is_held(tx, reading.feed, there.epoch, there.seq, there.head):
        store.acknowledge(tx, reading.feed, node, there.seq, now)
    return there.seq


def _entries(
    tx: Transaction, news: Sequence[tuple[Reading, int]], terms: Terms
) -> dict[str, list[Envelope]]:
    """Return new entries by feed: each has its share of the answer, so that none waits for another."""
    found: dict[str, list[Envelope]] = {}
    for place, (reading, after) in enumerate(news):
        left = len(news) - place
        count = sum(map(len, found.values()))
        size = sum(
            len(one.header) + len(one.body or b"") for each in found.values() for one in each
        )
        most = math.ceil((min(terms.batch_entries, pulls.MAX_ENTRIES) - count) / left)
        share = math.ceil((terms.batch_bytes - size) / left)
        if most > 0 and share > 0:
            found[reading.feed] = store.batch(tx, reading, after, most, share)
    return found
