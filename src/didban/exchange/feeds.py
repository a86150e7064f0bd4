"""What we publish: entries without a gap, in the transaction of the deed itself.

The feed's row is locked from the first entry to the end of the transaction, so that numbers rise in
the order of commits and no reader's cursor passes an entry that is not yet there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Conflict, InvalidInput, Malformed
from didban.guard.crypto import envelopes
from didban.guard.crypto.hpke import PublicKey, Suite
from didban.ids import new_id
from didban.model.exchange.envelopes import MAX_BODY_BYTES, Header, Place
from didban.model.exchange.feeds import Feed, FeedState, Item, new_feed
from didban.model.exchange.kinds import Kind
from didban.model.exchange.peers import PeerState
from didban.store.exchange import feeds, peers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.model.exchange.peers import Peer
    from didban.store.database import Transaction


_TALK: Final = "talk:"
_SEALED: Final = 32  # bytes that a body has beside its content: salt and tag


def talk(tx: Transaction, me: Identity, node: str, now: datetime) -> str:
    """Return the feed that only this node reads, which is begun where there is none yet."""
    return for_audience(tx, me, _TALK + node, [node], now)


def for_audience(
    tx: Transaction, me: Identity, audience: str, readers: Sequence[str], now: datetime
) -> str:
    """Return the feed of ours for an audience; begun, with these readers, where there is none yet.

    A feed that may come to have other readers begins with an entry that names them.
    """
    known = feeds.by_audience(tx, audience)
    if known is None:
        new = new_feed(me.node, f"{me.node}.{new_id('fed')}", audience)
        feeds.add(tx, new, now)
        for node in readers:
            feeds.add_reader(tx, new.id, node, 0)
        if not audience.startswith(_TALK):
            publish(tx, me, new.id, [members(readers)], now)
        known = new
    return known.id


def members(readers: Iterable[str]) -> Item:
    """Return the entry that says who reads a feed from here on."""
    return Item(kind=Kind.MEMBERS, content={"readers": sorted(readers)})


def publish(
    tx: Transaction, me: Identity, feed_id: str, items: Sequence[Item], now: datetime
) -> Feed:
    """Publish in this order, with the transaction or not at all; return the feed as it is then.

    Raises Conflict for a feed that is stopped, InvalidInput for what no entry can hold.
    """
    feed = feeds.get(tx, feed_id, to_change=True)
    if feed is None or feed.state is not FeedState.OPEN:
        raise Conflict(
            "this feed does not go on: it needs a new epoch, see 'didban network status'"
        )
    keys = _sealing_keys(tx, feeds.readers(tx, feed_id), now)
    made, seq, prev = [], feed.head_seq, feed.head_hash
    for item in items:
        seq += 1
        header = Header(
            sender=me.node,
            kind=item.kind,
            time=now,
            place=Place(feed=feed_id, epoch=feed.epoch, seq=seq, prev=prev),
            record=item.record,
            rev=item.rev,
            valid_until=item.valid_until,
            handling=item.handling,
        )
        content = None if item.content is None else _written(item.content)
        to = [
            (peer.node, key)
            for peer, key in keys
            if (item.to is None or peer.node in item.to)
            and (peer.state is not PeerState.REMOVED or item.kind == Kind.MEMBERS)
        ]
        sealed = envelopes.seal(header, content, me.signing, to)
        made.append((header, sealed))
        prev = sealed.hash
    return feeds.append(tx, feed, made, is_ours=True) if made else feed


def _written(content: Mapping[str, Any]) -> bytes:
    raw = json.dumps(content, allow_nan=False).encode()
    if len(raw) + _SEALED > MAX_BODY_BYTES:
        raise InvalidInput(f"more than {MAX_BODY_BYTES} bytes do not fit into one entry")
    return raw


def _sealing_keys(
    tx: Transaction, readers: Sequence[str], now: datetime
) -> list[tuple[Peer, PublicKey]]:
    """Return the readers who can open what is published now, each with its key.

    Whoever was removed is told that alone: its last entry is sealed for it, and nothing else.
    Where a node let its keys end, the one that stood longest: the deed does not wait for its
    renewal, and what is sealed does.
    """
    found = []
    for node in readers:
        peer = peers.get(tx, node)
        if peer is None:
            continue
        try:
            key = peer.sealing_key(now)
        except Malformed:
            key = max(peer.descriptor.sealing_keys, key=lambda one: one.valid_until)
        found.append((peer, PublicKey(key.id, Suite(key.suite), key.public)))
    return found
