"""What others publish: verified, opened, applied, and the cursor moved, in one transaction.

The rules for one batch of entries, in their order; whatever fails stops the feed and changes nothing:

1. the peer is pinned, and the feed is its own;
2. the signature holds, by a key that might sign at the time that the entry bears;
3. the entry stands where the feed says: this feed and epoch, the next number, the hash of the one
   before. One that we hold already is passed over if it is the same, and is a fork if it is not;
4. a body for us opens, and says what was signed;
5. what it says is applied by the room of its kind. What that room refuses is put aside with the
   evidence, and the feed goes on.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Protocol

from didban.errors import Forked, Malformed, PeerFault, UnknownPeer
from didban.guard.crypto import envelopes as sealed
from didban.model.exchange.envelopes import MAX_BODY_BYTES, Fields, Header
from didban.model.exchange.feeds import START, Arrived, Feed, FeedState
from didban.model.exchange.peers import PeerState
from didban.store.exchange import feeds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.model.exchange.envelopes import Envelope
    from didban.model.exchange.peers import Peer
    from didban.store.database import Transaction


class Handler(Protocol):
    """What a room does with entries of one kind.

    Given several at once, in order; it applies all of them or raises PeerFault, having changed
    nothing that the caller's savepoint does not undo: then they come again one by one.
    """

    def __call__(self, tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
        """Apply them."""


Handlers = dict[str, Handler]
"""By kind. A kind that nobody handles is kept and not applied: newer nodes know more."""

_SKEW: Final = 300.0  # seconds that a clock may be ahead


def take_in(  # noqa: PLR0913, PLR0917 - who we are, whose entries of which feed, and what is done with them
    tx: Transaction,
    me: Identity,
    peer: Peer,
    feed_id: str,
    batch: Sequence[Envelope],
    handlers: Mapping[str, Handler],
    now: datetime,
) -> Feed:
    """Take in entries of one feed and return it as it is then.

    Raises PeerFault where the feed itself is not as it must be: nothing was taken in.
    """
    if peer.state is not PeerState.PINNED:
        raise UnknownPeer("this node is not pinned")
    feed = _feed(tx, peer, feed_id, now)
    new: list[tuple[Header, Envelope, Arrived]] = []
    for envelope in batch:
        header = _verified(peer, envelope, now)
        if _is_next(tx, feed, header, envelope, new):
            content = _opened(me, header, envelope)
            arrived = Arrived(peer=peer, header=header, envelope=envelope, content=content)
            new.append((header, envelope, arrived))
    if not new:
        return feed
    feed = feeds.append(tx, feed, [(h, e) for h, e, _ in new], is_ours=False)
    for kind, group in groupby((arrived for *_, arrived in new), key=lambda a: a.header.kind):
        _apply(tx, handlers.get(kind), list(group), now)
    return feed


def _feed(tx: Transaction, peer: Peer, feed_id: str, now: datetime) -> Feed:
    if not feed_id.startswith(f"{peer.node}."):
        raise Malformed("a feed bears the code of the node that publishes in it")
    new = Feed(
        id=feed_id,
        owner=peer.node,
        epoch=1,
        head_seq=0,
        head_hash=START,
        state=FeedState.OPEN,
    )
    feeds.add(tx, new, now)
    feed = feeds.get(tx, feed_id, to_change=True)
    if feed is None or feed.state is not FeedState.OPEN:
        raise Forked("this feed is stopped here")
    return feed


def _verified(peer: Peer, envelope: Envelope, now: datetime) -> Header:
    header = sealed.verify(envelope, peer.public_of(envelope.key))
    if header.sender != peer.node or header.place is None:
        raise Malformed("the entry is none of this node's feeds")
    if (header.time - now).total_seconds() > _SKEW:
        raise Malformed("the entry bears a time that is still to come")
    peer.require_window(envelope.key, header.time)
    return header


def _is_next(
    tx: Transaction, feed: Feed, header: Header, envelope: Envelope, new: Sequence[Any]
) -> bool:
    place = header.place
    if place is None or place.feed != feed.id:
        raise Malformed("the entry is of another feed")
    seq, prev = (new[-1][0].place.seq, new[-1][1].hash) if new else (feed.head_seq, feed.head_hash)
    if place.seq <= seq:
        held = feeds.at(tx, feed.id, place.seq)
        if held is None or held.hash != envelope.hash:
            raise Forked("two signed entries of one place differ")
        return False
    if place.epoch != feed.epoch or place.seq != seq + 1 or place.prev != prev:
        raise Forked("the entry does not go on from what we hold")
    return True


def _opened(me: Identity, header: Header, envelope: Envelope) -> Any:
    body = sealed.open_body(envelope, header, me.node, me.sealing)
    return None if body is None else Fields.parsed(body, MAX_BODY_BYTES)


def _apply(tx: Transaction, handler: Handler | None, arrived: list[Arrived], now: datetime) -> None:
    if handler is None:
        return
    try:
        with tx.begin_nested():
            handler(tx, arrived, now)
    except PeerFault:
        if len(arrived) == 1:
            raise  # put aside with the evidence: not built yet
        for each in arrived:
            _apply(tx, handler, [each], now)
