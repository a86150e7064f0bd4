"""Fetching what other nodes publish: one puller for each node, in the process that does the duties.

    cursors ── pull ──> answer ── feed by feed: verify, open, apply, move the cursor: one transaction

- A pull that finds nothing waits at the other node. So an entry is here as soon as it is committed
  there, and nobody asks in vain.
- A node that does not answer is tried again after 0.2 s, ever more rarely, with jitter; as soon as it
  calls us it is tried at once.
- What came twice is passed over by its number; what was applied is acknowledged by the next pull.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from typing import TYPE_CHECKING, Final, Self

import structlog

from didban import clock
from didban.errors import (
    DidbanError,
    Expired,
    LimitReached,
    PeerFault,
    UnknownKey,
    UnknownPeer,
)
from didban.exchange import calls, faults, quotas, receiving
from didban.exchange.leaving import heard, is_heard, is_passed_over
from didban.exchange.lines import Patience, Unanswered
from didban.exchange.offering import require_not_behind
from didban.exchange.pulls import Answer, Position, Question
from didban.guard import refusals
from didban.model.exchange.envelopes import Envelope, Fields, Header
from didban.model.exchange.feeds import Cursor, FeedState
from didban.model.exchange.kinds import Call
from didban.model.exchange.peers import PeerState
from didban.store.exchange import feeds, links, peers

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from didban.exchange.ports import Exchange
    from didban.exchange.receiving import Handlers
    from didban.model.exchange.feeds import Feed
    from didban.model.exchange.peers import Peer
    from didban.settings import Exchange as Terms
    from didban.store.database import Transaction
    from didban.store.exchange.bell import Bell

_FIRST_WAIT: Final = 0.2  # seconds
_PAUSE: Final = 60.0  # seconds that a feed rests which could not be taken in
_LOOK: Final = 2.0  # seconds between two looks at which nodes are pinned
_MAX_ANSWER: Final = 160_000_000  # bytes: the largest that settings allow to be sent, as base64
_MENDED_BY_DESCRIPTOR: Final = (UnknownKey, Expired)

_log = structlog.get_logger("didban.exchange")


class Puller:
    """Fetches from one node. Not for several threads at once, but for `wake`."""

    def __init__(
        self,
        exchange: Exchange,
        handlers: Handlers,
        node: str,
        terms: Terms,
        renew: Callable[[str], object],
    ) -> None:
        """`renew` asks a node for its newest descriptors, where an entry bears a key unknown here."""
        self.node = node
        self._exchange = exchange
        self._handlers = handlers
        self._terms = terms
        self._renew = renew
        self._failures = 0
        self._paused: dict[str, float] = {}
        self._epochs: dict[str, int] = {}
        self._renewed_at = -_PAUSE
        self._applying = threading.Lock()
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name=f"pull-{node}", daemon=True)

    def start(self) -> None:
        """Begin to fetch."""
        self._thread.start()

    def stop(self) -> None:
        """Fetch no more. What comes of a pull that still waits is not taken in."""
        self._stopping.set()
        self._awake.set()

    def finish(self, patience: float) -> None:
        """Wait until what is being applied is applied, so many seconds at most."""
        if self._applying.acquire(timeout=patience):
            self._applying.release()

    def wake(self) -> None:
        """Try at once: the node can be reached again."""
        self._awake.set()

    def run(self) -> None:
        """Fetch until told to stop."""
        while not self._stopping.is_set():
            try:
                self.pull(wait=self._terms.poll_seconds)
                self._failures = 0
            except DidbanError as error:
                self._rest(error)
            except Exception:  # noqa: BLE001 - whatever one node brings about, we go on
                _log.exception("pull.failed", node=self.node)
                self._rest(None)

    def pull(self, *, wait: int = 0) -> int:
        """Fetch once and take in what came; return how many entries that were.

        Raises Unanswered, PeerFault where the answer is none, Unavailable without our database,
        LimitReached where enough came today.
        """
        with self._exchange.database.begin() as tx:
            me, peer = self._exchange.me(tx), self._heard(tx)
            quotas.require_room(tx, self.node, self._terms, clock.now())
            held = {feed.id: feed for feed in feeds.owned(tx, self.node)}
            is_removed = peer.state is PeerState.REMOVED
            rest = {one.id for one in held.values() if is_removed and is_passed_over(tx, one)}
        question = Question(positions=tuple(self._positions(held.values(), rest)), wait=wait)
        sent = calls.ask(me, peer, Call.PULL, question.to_json(), clock.now())
        raw = self._exchange.lines.post(
            peer.descriptor,
            Call.PULL,
            calls.lines(sent),
            most=_MAX_ANSWER,
            patience=Patience(
                connect=self._terms.connect_seconds, read=wait + self._terms.answer_seconds
            ),
        )
        now = clock.now()
        first, *others = raw.splitlines() or [b""]
        signed = Envelope.from_json(Fields.parsed(first, calls.MAX_BYTES))
        answer = Answer.of(calls.read(me, peer, sent, signed, now), others)
        with self._applying:
            if self._stopping.is_set():
                return 0
            try:
                return self._take(signed, answer)
            finally:  # what came is what somebody waits for; how the link is can wait
                self._note(signed, answer, held, len(raw), now)

    def _heard(self, tx: Transaction) -> Peer:
        peer = peers.get(tx, self.node)
        if peer is None or not is_heard(tx, peer, clock.now()):
            raise UnknownPeer("the node is not pinned any more")
        return peer

    def _positions(self, held: Iterable[Feed], rest: Container[str]) -> Iterator[Position]:
        for feed in held:
            yield Position(
                feed=feed.id,
                epoch=feed.epoch,
                seq=feed.head_seq,
                head=feed.head_hash,
                is_paused=feed.id in rest or self._is_paused(feed),
            )

    def _take(self, signed: Envelope, answer: Answer) -> int:
        """Take in what came, feed by feed: what is wrong with one does not hold up the others."""
        taken, start = 0, 0
        fault: PeerFault | None = None
        for position in answer.positions:
            batch = answer.entries[start : start + position.count]
            start += position.count
            try:
                self._take_feed(position, batch, signed)
                taken += len(batch)
            except PeerFault as error:
                self._paused[position.feed] = time.monotonic() + _PAUSE
                self._stop_feed(position.feed, error)
                fault = error
            except DidbanError:
                raise  # our own side: the database is away, and all feeds wait for it
            except Exception:  # noqa: BLE001 - what one feed meets here does not hold up the others
                self._paused[position.feed] = time.monotonic() + _PAUSE
                _log.exception("feed.failed", node=self.node)
        if fault is not None:
            raise fault
        return taken

    def _take_feed(self, position: Position, batch: Sequence[Envelope], signed: Envelope) -> None:
        head = Cursor(epoch=position.epoch, seq=position.seq, head=position.head)
        with self._exchange.database.begin() as tx:
            require_not_behind(tx, position.feed, head, signed)
            if batch:
                quotas.require_few_feeds(tx, self.node, position.feed, self._terms)
                me, peer = self._exchange.me(tx), self._heard(tx)  # as they are by now
                handlers, now = self._handlers, clock.now()
                receiving.take_in(tx, me, peer, position.feed, batch, handlers, now)

    def _stop_feed(self, feed: str, fault: PeerFault) -> None:
        """Keep the evidence, unless the fault may be mended by what the node says of itself anew."""
        if isinstance(fault, (*_MENDED_BY_DESCRIPTOR, UnknownPeer)):
            return
        with self._exchange.database.begin() as tx:
            if faults.stop(tx, self._exchange.me(tx), self.node, feed, fault, clock.now()):
                _log.error("feed.stopped", node=self.node, fault=fault.code)

    def _note(
        self, signed: Envelope, answer: Answer, held: Mapping[str, Feed], size: int, now: datetime
    ) -> None:
        """Note that the node answered, how much came, and how much it still has for us."""
        self._epochs = {each.feed: each.epoch for each in answer.positions}
        skew = (Header.from_bytes(signed.header).time - now).total_seconds()
        backlog = sum(
            max(0, each.seq - each.count - (held[each.feed].head_seq if each.feed in held else 0))
            for each in answer.positions
        )
        with self._exchange.database.begin() as tx:
            links.answered(tx, self.node, skew, backlog, now)
            if answer.entries:
                links.take(tx, self.node, len(answer.entries), size, now.date())

    def _is_paused(self, feed: Feed) -> bool:
        """Return whether nothing is wanted of a feed: it failed a moment ago, or is stopped.

        One that is stopped goes on when its owner names a head in a later epoch.
        """
        if feed.state is FeedState.STOPPED and self._epochs.get(feed.id, 0) <= feed.epoch:
            return True
        until = self._paused.get(feed.id, 0.0)
        if time.monotonic() < until:
            return True
        self._paused.pop(feed.id, None)
        return False

    def _rest(self, error: DidbanError | None) -> None:
        """Wait before the next try: longer each time, a little at random, and until woken at most."""
        self._failures += 1
        if error is not None:
            self._told(error)
        longest = min(
            _FIRST_WAIT * 2 ** min(self._failures - 1, 20), self._terms.longest_wait_seconds
        )
        self._awake.clear()
        self._awake.wait(longest * random.uniform(0.5, 1.0))  # noqa: S311 - nothing is secret in it

    def _signal(self, error: LimitReached) -> None:
        """Tell the data-protection officer that a node says more than is taken from one."""
        with contextlib.suppress(DidbanError), self._exchange.database.begin() as tx:
            actor = faults.actor_of(self._heard(tx))
            refusals.enter(tx, actor, error, asked="pull")

    def _told(self, error: DidbanError) -> None:
        if self._failures == 1:
            _log.warning("pull.unanswered", node=self.node, fault=error.code)
            if isinstance(error, LimitReached):
                self._signal(error)
        with contextlib.suppress(DidbanError):
            self._exchange.note_failure(self.node, error)
        is_refused = isinstance(error, Unanswered) and error.is_reached
        is_due = time.monotonic() - self._renewed_at > _PAUSE
        if is_due and (is_refused or isinstance(error, _MENDED_BY_DESCRIPTOR)):
            self._renewed_at = time.monotonic()
            with contextlib.suppress(DidbanError):
                self._renew(self.node)
                self._paused.clear()


class Pullers:
    """One puller for each node that is heard (`leaving`), as long as the block lasts."""

    def __init__(
        self,
        exchange: Exchange,
        handlers: Handlers,
        terms: Terms,
        bell: Bell,
        renew: Callable[[str], object],
    ) -> None:
        self._exchange = exchange
        self._handlers = handlers
        self._terms = terms
        self._bell = bell
        self._renew = renew
        self._pullers: dict[str, Puller] = {}
        self._stopping = threading.Event()
        self._looking = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="pullers", daemon=True)

    def __enter__(self) -> Self:
        """Begin to fetch from every node that is pinned, and from those that will be."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop all of them; what is being applied is finished."""
        self._stopping.set()
        self._looking.set()
        self._thread.join()
        for puller in self._pullers.values():
            puller.stop()
        for puller in self._pullers.values():
            puller.finish(self._terms.answer_seconds)

    def _keep(self) -> None:
        with self._bell.heard(self._told):
            while not self._stopping.is_set():
                with contextlib.suppress(DidbanError):
                    self._look()
                self._looking.wait(_LOOK)
                self._looking.clear()

    def _told(self, channel: str, node: str) -> None:
        if channel == links.BELL:
            puller = self._pullers.get(node)
            if puller is not None:
                puller.wake()
            else:
                self._looking.set()  # it was pinned a moment ago

    def _look(self) -> None:
        with self._exchange.database.begin() as tx:
            nodes = heard(tx, clock.now())
        for node in self._pullers.keys() - nodes:
            self._pullers.pop(node).stop()
        for node in nodes - self._pullers.keys():
            new = Puller(self._exchange, self._handlers, node, self._terms, self._renew)
            self._pullers[node] = new
            new.start()
