"""What others publish: verified, opened, applied, and the cursor moved, in one transaction.

The rules for one batch of entries, in their order; what fails changes nothing and stops the feed:

1. the peer is pinned, or was removed and owes receipts (`leaving`), and the feed is its own;
2. the signature holds, by a key that might sign at the time that the entry bears;
3. the entry stands where the feed says: this feed and epoch, the next number, the hash of the one
   before. One that we hold already is passed over if it is the same, and is a fork if it is not.

An entry that is in its place is kept, whatever it says. What its room refuses, or cannot be opened or
read, is put aside with the evidence; the sender is told, and the feed goes on (`faults`).
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from didban.errors import (
    Conflict,
    Forked,
    InvalidInput,
    LimitReached,
    Malformed,
    NotFound,
    NotPermitted,
    PeerFault,
    UnknownPeer,
)
from didban.exchange import epochs, faults, leaving, members
from didban.guard.crypto import envelopes as sealed
from didban.model.exchange.envelopes import MAX_BODY_BYTES, Fields, Header
from didban.model.exchange.feeds import Arrived, Feed, FeedState, new_feed
from didban.model.exchange.kinds import Kind
from didban.model.exchange.peers import PeerState
from didban.store.database import NoRoom
from didban.store.exchange import feeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
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

_Taken: TypeAlias = "Sequence[tuple[Header, Envelope]]"

REFUSED: Final = (PeerFault, InvalidInput, NotFound, NotPermitted, Conflict, LimitReached)
"""What a room raises for an entry that it does not take: the peer's rules, or those of the bank."""

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

    Raises PeerFault where the feed itself is not as it must be: nothing was taken in. The caller
    ends the transaction and has `faults.stop` keep the evidence in another one.
    """
    if not leaving.is_heard(tx, peer, now):
        raise UnknownPeer("this node is not pinned")
    feed = _feed(tx, peer, feed_id, now)
    verified = [_verified(peer, feed, each, now) for each in batch]
    if peer.state is PeerState.REMOVED:
        verified = leaving.receipts_of(tx, feed, verified)
        handlers = {kind: room for kind, room in handlers.items() if kind == Kind.RECEIPT}
    for part in _parts(verified):
        feed = _take(tx, me, peer, _begun(tx, me, peer, feed, part[0]), part, handlers, now)
    return feed


def _parts(verified: Iterable[tuple[Header, Envelope]]) -> list[list[tuple[Header, Envelope]]]:
    """Return the entries, apart where one may begin the feed anew."""
    parts: list[list[tuple[Header, Envelope]]] = []
    for header, envelope in verified:
        if not parts or header.kind in {Kind.EPOCH, Kind.MEMBERS}:
            parts.append([])
        parts[-1].append((header, envelope))
    return parts


def _take(  # noqa: PLR0913, PLR0917 - as `take_in`
    tx: Transaction,
    me: Identity,
    peer: Peer,
    feed: Feed,
    part: Sequence[tuple[Header, Envelope]],
    handlers: Mapping[str, Handler],
    now: datetime,
) -> Feed:
    new: list[tuple[Header, Envelope]] = []
    for header, envelope in part:
        with _shown(envelope):
            if _is_next(tx, feed, header, envelope, new):
                new.append((header, envelope))
    if not new:
        return feed
    if feed.state is FeedState.STOPPED:
        raise Forked("this feed is stopped: it goes on in a new epoch")
    feed = feeds.append(tx, feed, new, is_ours=False)
    opened = filter(None, [_opened(tx, me, peer, header, one, now) for header, one in new])
    for kind, group in groupby(opened, key=lambda one: one.header.kind):
        _apply(tx, me, handlers.get(kind), list(group), now)
    return feeds.require(tx, feed.id)  # a room may have ended it


def _begun(
    tx: Transaction, me: Identity, peer: Peer, feed: Feed, first: tuple[Header, Envelope]
) -> Feed:
    """Return the feed as it goes on from an entry, where that one begins it anew for us.

    - A new epoch, signed by the root key, begins behind an entry that we hold.
    - A reader begins at the entry that names it: it has nothing before, or was no reader any more.
    """
    header, envelope = first
    at = header.place
    if at is None or (at.seq <= feed.head_seq and header.kind != Kind.EPOCH):
        return feed
    is_reader = feed.head_seq > 0 and feed.state is not FeedState.ENDED
    is_epoch = header.kind == Kind.EPOCH and at.epoch > feed.epoch
    is_start = header.kind == Kind.MEMBERS and at.seq > feed.head_seq + 1 and not is_reader
    if not (is_epoch or is_start):
        return feed
    with _shown(envelope):
        arrived = Arrived(
            peer=peer,
            header=header,
            envelope=envelope,
            content=_read(me, header, envelope),
        )
        if is_epoch:
            epochs.require_begun(tx, feed, arrived)
        elif not members.may_begin(me, arrived):
            raise Forked("a reader begins where it is named", envelope)
    return feeds.go_on_from(tx, feed.id, at.epoch, at.seq - 1, at.prev)


@contextmanager
def _shown(envelope: Envelope) -> Iterator[None]:
    """Let what is wrong with an envelope be shown by it."""
    try:
        yield
    except PeerFault as fault:
        fault.signed = fault.signed or (envelope,)
        raise


def _feed(tx: Transaction, peer: Peer, feed_id: str, now: datetime) -> Feed:
    if not feed_id.startswith(f"{peer.node}."):
        raise Malformed("a feed bears the code of the node that publishes in it")
    feeds.add(tx, new_feed(peer.node, feed_id), now)
    return feeds.require(tx, feed_id, to_change=True)


def _verified(peer: Peer, feed: Feed, envelope: Envelope, now: datetime) -> tuple[Header, Envelope]:
    with _shown(envelope):
        header = sealed.verify(envelope, peer.public_of(envelope.key))
        if header.sender != peer.node or header.place is None or header.place.feed != feed.id:
            raise Malformed("the entry is none of this feed")
        if (header.time - now).total_seconds() > _SKEW:
            raise Malformed("the entry bears a time that is still to come")
        peer.require_window(envelope.key, header.time)
        return header, envelope


def _is_next(tx: Transaction, feed: Feed, header: Header, envelope: Envelope, new: _Taken) -> bool:
    place = header.place
    if place is None:
        raise Malformed("an entry has a place")
    seq, prev = feed.head_seq + len(new), new[-1][1].hash if new else feed.head_hash
    if place.seq <= seq:
        is_older = place.seq <= feed.head_seq
        held = feeds.at(tx, feed.id, place.seq) if is_older else new[place.seq - seq - 1][1]
        if held is None or held.hash != envelope.hash:
            raise Forked("two signed entries of one place differ", *filter(None, [held]), envelope)
        return False
    if place.epoch != feed.epoch or place.seq != seq + 1 or place.prev != prev:
        held = new[-1][1] if new else feeds.at(tx, feed.id, seq)
        raise Forked("the entry does not go on from what we hold", *filter(None, [held]), envelope)
    return True


def _opened(
    tx: Transaction, me: Identity, peer: Peer, header: Header, envelope: Envelope, now: datetime
) -> Arrived | None:
    """Return an entry with what it says; None where that is nothing to be read: it is put aside."""
    try:
        content = _read(me, header, envelope)
    except PeerFault as fault:
        unread = Arrived(peer=peer, header=header, envelope=envelope, content=None)
        faults.put_aside(tx, me, unread, fault, now)
        return None
    return Arrived(peer=peer, header=header, envelope=envelope, content=content)


def _read(me: Identity, header: Header, envelope: Envelope) -> Any:
    body = sealed.open_body(envelope, header, me.node, me.sealing)
    return None if body is None else Fields.parsed(body, MAX_BODY_BYTES)


def _apply(
    tx: Transaction, me: Identity, handler: Handler | None, arrived: list[Arrived], now: datetime
) -> None:
    """Let a room apply entries, all of them or else one by one; put aside what it refuses."""
    if handler is None:
        return
    try:
        with tx.begin_nested():
            handler(tx, arrived, now)
    except (*REFUSED, NoRoom) as fault:
        if len(arrived) == 1:
            told = Malformed("no bank has room for it") if isinstance(fault, NoRoom) else fault
            faults.put_aside(tx, me, arrived[0], told, now)
            return
        for each in arrived:
            _apply(tx, me, handler, [each], now)
