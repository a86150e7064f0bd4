"""What other nodes are answered: their calls, and the entries that we publish for them.

    receive ──> answer                       any call, by the room it is for
            └─> pull ── nothing yet? wait for the bell ── pull again

Nothing here knows HTTP; `api.peers_wire` carries it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban import clock
from didban.errors import DidbanError
from didban.exchange import calls, pulls
from didban.exchange.offering import offer
from didban.exchange.pulls import Answer, Position, Question
from didban.model.exchange.feeds import Cursor
from didban.store.exchange import pulls as store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.exchange.calls import CallHandlers, Received
    from didban.exchange.offering import Offer
    from didban.exchange.ports import Exchange
    from didban.settings import Exchange as Terms
    from didban.store.database import Transaction
    from didban.store.exchange.pulls import Stand


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
    """Return where each feed stands that is for a node, and what is new to it.

    Every feed with something new has its share of the answer: none waits for another.
    """
    stands = store.stands(tx, node)
    news = [one for one in stands if _is_news(one, held.get(one.feed))]
    most, size = min(terms.batch_entries, pulls.MAX_ENTRIES), terms.batch_bytes
    offers: dict[str, Offer] = {}
    for place, one in enumerate(news):
        share, left = _share(most, len(news) - place), _share(size, len(news) - place)
        if share and left:
            cursor = _cursor(held.get(one.feed))
            made = offer(tx, node, one.feed, cursor, now, limit=share, most=left)
            most -= len(made.entries)
            size -= sum(len(each.header) + len(each.body or b"") for each in made.entries)
            offers[one.feed] = made
    positions = tuple(_position(one, offers.get(one.feed)) for one in stands)
    entries = (each for one in positions if one.count for each in offers[one.feed].entries)
    return Answer(positions=positions, entries=tuple(entries))


def _is_news(stand: Stand, there: Position | None) -> bool:
    """Return whether a reader is to be offered something, or showed that it took something in."""
    if there is None:
        return True
    if there.is_paused:
        return False
    at_head = (there.epoch, there.seq, there.head) == (stand.epoch, stand.head_seq, stand.head_hash)
    return not at_head or stand.cursor != there.seq


def _share(left: int, among: int) -> int:
    return max(0, -(-left // among))


def _cursor(there: Position | None) -> Cursor | None:
    return Cursor(epoch=there.epoch, seq=there.seq, head=there.head) if there else None


def _position(stand: Stand, made: Offer | None) -> Position:
    if made is None:
        head, count = Cursor(epoch=stand.epoch, seq=stand.head_seq, head=stand.head_hash), 0
    else:
        head, count = made.head, len(made.entries)
    return Position(feed=stand.feed, epoch=head.epoch, seq=head.seq, head=head.head, count=count)
