"""What is wrong with what another node published: kept as evidence, and told to it as a code.

    an entry that its room refuses        put aside; the feed goes on; the sender gets a REFUSAL
    an entry that does not belong there   the feed stops, until a new epoch signed by the root key
    too much of either                    the node is quarantined, until a person decides

A REFUSAL names the entry and the code of the error, never a reason in words. Where the feed forked
or went back it carries the header that we hold: the owner, restored from a backup, learns from its
own signature that it said more than it knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from didban.errors import Expired, Forked, Malformed, PeerFault, UnknownKey, UnknownPeer
from didban.exchange import feeds as publishing
from didban.guard.crypto import envelopes as sealed
from didban.model.exchange.envelopes import Envelope, Fields
from didban.model.exchange.feeds import FeedState, Item, Refused
from didban.model.exchange.kinds import Kind
from didban.model.exchange.peers import PeerState
from didban.store.exchange import evidence, feeds, peers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from didban.errors import DidbanError
    from didban.exchange.identity import Identity
    from didban.model.exchange.envelopes import Header
    from didban.model.exchange.feeds import Arrived, Feed
    from didban.store.database import Transaction

MOST_OPEN: Final = 100
"""Pieces of evidence that nobody has closed, after which a node is quarantined."""

_MAY_PASS: Final = (Expired, UnknownKey, UnknownPeer)
_CODE_LENGTH: Final = 40


def put_aside(
    tx: Transaction, me: Identity, arrived: Arrived, fault: DidbanError, now: datetime
) -> None:
    """Keep one entry that its room refused as evidence, and tell the sender."""
    header, node = arrived.header, arrived.peer.node
    if header.place is None:
        raise RuntimeError("only entries are put aside")
    _keep(tx, node, header.place.feed, fault, [arrived.envelope], now)
    if header.kind != Kind.REFUSAL:  # nodes that refuse each other's refusals would never end
        at = header.place
        told: dict[str, Any] = {"feed": at.feed, "epoch": at.epoch, "seq": at.seq}
        told |= {"fault": fault.code, "is_stop": False}
        _tell(tx, me, node, told, now)


def stop(
    tx: Transaction, me: Identity, node: str, feed_id: str, fault: PeerFault, now: datetime
) -> bool:
    """Stop a feed that is not as it must be; return whether it went on until now.

    To be called in a transaction of its own, after `take_in` raised: that one changed nothing.
    What a newer descriptor may mend stops nothing: it is tried again.
    """
    if isinstance(fault, _MAY_PASS):
        return False
    feed = feeds.get(tx, feed_id, to_change=True)
    if feed is not None and (feed.owner != node or feed.state is not FeedState.OPEN):
        return False
    signed = [one for one in fault.signed if isinstance(one, Envelope)]
    _keep(tx, node, feed_id, fault, signed, now)
    if feed is None:
        return False
    feeds.set_state(tx, feed_id, FeedState.STOPPED)
    told: dict[str, Any] = {"feed": feed_id, "epoch": feed.epoch, "seq": feed.head_seq}
    told |= {"fault": fault.code, "is_stop": True}
    if isinstance(fault, Forked) and (held := _held(tx, feed, signed)):
        bare = Envelope(header=held.header, key=held.key, signature=held.signature)
        told["held"] = bare.to_json()
    _tell(tx, me, node, told, now)
    return True


def _held(tx: Transaction, feed: Feed, signed: Sequence[Envelope]) -> Envelope | None:
    """Return what we hold where the feed forked: shown by the fault, or at our head."""
    first = signed[0] if signed else None
    is_ours = first is not None and feeds.has(tx, feed.id, first.hash)
    return first if is_ours else feeds.at(tx, feed.id, feed.head_seq)


def _keep(
    tx: Transaction,
    node: str,
    feed_id: str,
    fault: DidbanError,
    signed: Sequence[Envelope],
    now: datetime,
) -> None:
    evidence.keep(
        tx, node=node, feed=feed_id, fault=fault.code, what=str(fault), signed=signed, now=now
    )
    if evidence.count_open(tx, node) >= MOST_OPEN:
        peers.set_state(tx, node, PeerState.QUARANTINED, by="", now=now)


def _tell(tx: Transaction, me: Identity, node: str, told: Mapping[str, Any], now: datetime) -> None:
    reverse = publishing.talk(tx, me, node, now)
    if feeds.require(tx, reverse, to_change=True).state is FeedState.OPEN:
        publishing.publish(tx, me, reverse, [Item(kind=Kind.REFUSAL, content=told)], now)


def told(me: Identity, tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
    """Note what a reader put aside of ours: the handler of `Kind.REFUSAL`.

    With our own signature over an entry that we do not hold, our feed is stopped: this bank was
    restored from a copy, or somebody else has our key.
    """
    for each in arrived:
        fields = Fields(each.content)
        refused = Refused(
            node=each.peer.node,
            feed=fields.text("feed"),
            epoch=fields.number("epoch"),
            seq=fields.number("seq"),
            fault=fields.text("fault", _CODE_LENGTH),
            is_stop=fields.truth("is_stop"),
            at=now,
        )
        proof = Envelope.from_json(fields.raw("held")) if fields.has("held") else None
        fields.require_all_read()
        feed = feeds.get(tx, refused.feed, to_change=True)
        if feed is None or feed.owner != me.node:
            raise Malformed("what was refused is no feed of ours")
        evidence.add_refusal(tx, refused)
        if proof is not None and feed.state is FeedState.OPEN and _is_lost(tx, me, feed, proof):
            feeds.set_state(tx, feed.id, FeedState.STOPPED)
            fault = Forked("a reader holds an entry that we signed and do not have")
            _keep(tx, me.node, feed.id, fault, [proof], now)


def _is_lost(tx: Transaction, me: Identity, feed: Feed, proof: Envelope) -> bool:
    """Return whether we signed an entry and do not have it. Raises PeerFault where we did not."""
    at = _own(tx, me, proof).place
    if at is None or at.feed != feed.id:
        raise Malformed("what is shown is no entry of the feed")
    held = feeds.at(tx, at.feed, at.seq)
    return at.epoch == feed.epoch and (held is None or held.hash != proof.hash)


def _own(tx: Transaction, me: Identity, proof: Envelope) -> Header:
    if proof.key == me.signing.id:
        return sealed.verify(proof, me.signing.public)
    for version in peers.descriptors(tx, me.node):
        for key in version.online_keys:
            if key.id == proof.key:
                return sealed.verify(proof, key.public)
    raise Malformed("what is shown is signed by no key of ours")
