"""What is wrong with what another node published: kept as evidence, and told to it as a code.

    an entry that its room refuses        put aside; the feed goes on; the sender gets a REFUSAL
    an entry that does not belong there   the feed stops, until a new epoch signed by the root key
    too much of either                    the node is quarantined, until a person decides

A REFUSAL names the entry and the code of the error, never a reason in words. Where the feed forked
or went back it carries the header that we hold: the owner, restored from a backup, learns from its
own signature that it said more than it knows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from didban.errors import (
    Expired,
    Forked,
    LimitReached,
    Malformed,
    PeerFault,
    UnknownKey,
    UnknownPeer,
)
from didban.exchange import feeds as publishing
from didban.guard import access, audit, refusals
from didban.guard.crypto import envelopes as sealed
from didban.model.deeds import Deed
from didban.model.exchange.envelopes import Envelope, Fields
from didban.model.exchange.feeds import FeedState, Item, Refused, new_feed
from didban.model.exchange.kinds import Kind
from didban.model.exchange.peers import PeerState
from didban.model.notifications import Notification, Post
from didban.model.purposes import Purpose
from didban.store import notifications
from didban.store.exchange import evidence, feeds, peers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from didban.errors import DidbanError
    from didban.exchange.identity import Identity
    from didban.model.actors import Actor
    from didban.model.exchange.envelopes import Header
    from didban.model.exchange.feeds import Arrived, Feed
    from didban.model.exchange.peers import Peer
    from didban.store.database import Transaction

MOST_OPEN: Final = 100
"""Pieces of evidence that nobody has closed, after which a node is quarantined."""

_DUTY: Final = "exchange.faults"
_MAY_PASS: Final = (Expired, UnknownKey, UnknownPeer)
_CODE_LENGTH: Final = 40


def put_aside(
    tx: Transaction, me: Identity, arrived: Arrived, fault: DidbanError, now: datetime
) -> None:
    """Keep one entry that its room refused as evidence, and tell the sender."""
    header, node = arrived.header, arrived.peer.node
    if header.place is None:
        raise RuntimeError("only entries are put aside")
    if isinstance(fault, LimitReached):
        refusals.enter(tx, actor_of(arrived.peer), fault, asked=header.kind)
    _keep(tx, me, node, header.place.feed, fault, [arrived.envelope], now)
    if header.kind != Kind.REFUSAL:  # nodes that refuse each other's refusals would never end
        at = header.place
        told: dict[str, Any] = {"feed": at.feed, "epoch": at.epoch, "seq": at.seq}
        told |= {"fault": fault.code, "is_stop": False}
        _tell(tx, me, node, told, now)


def actor_of(peer: Peer) -> Actor:
    """Return the actor of what a node does by itself, for none of its authorities in particular."""
    about = peer.descriptor.authorities[0]
    return access.peer_actor(peer.node, about, Purpose.NODE_DUTY, "feed")


def stop(
    tx: Transaction, me: Identity, node: str, feed_id: str, fault: PeerFault, now: datetime
) -> bool:
    """Stop a feed that is not as it must be; return whether it went on until now.

    To be called in a transaction of its own, after `take_in` raised: that one changed nothing.
    What a newer descriptor may mend stops nothing: it is tried again.
    """
    if isinstance(fault, _MAY_PASS):
        return False
    signed = [one for one in fault.signed if isinstance(one, Envelope)]
    if not feed_id.startswith(f"{node}."):
        if not evidence.is_open(tx, node, feed_id, fault.code):
            _keep(tx, me, node, feed_id, fault, signed, now)
        return False
    feeds.add(tx, new_feed(node, feed_id), now)  # also where its first entry is what is wrong
    feed = feeds.require(tx, feed_id, to_change=True)
    if feed.state is not FeedState.OPEN:
        return False
    _keep(tx, me, node, feed_id, fault, signed, now)
    _stopped(tx, me, feed_id, fault, now)
    told: dict[str, Any] = {"feed": feed_id, "epoch": feed.epoch, "seq": feed.head_seq}
    told |= {"fault": fault.code, "is_stop": True}
    if isinstance(fault, Forked) and (held := _held(tx, feed, signed)):
        told["held"] = replace(held, body=None).to_json()
    _tell(tx, me, node, told, now)
    return True


def _stopped(tx: Transaction, me: Identity, feed_id: str, fault: PeerFault, now: datetime) -> None:
    """Stop a feed, of whoever it is, and raise the alarm."""
    feeds.set_state(tx, feed_id, FeedState.STOPPED)
    actor = access.system_actor(me.node, _DUTY)
    audit.enter(tx, actor, Deed.FEED_STOPPED, subject=feed_id, facts={"fault": fault.code})
    _alarm(tx, me, Notification.FEED_STOPPED, feed_id, now)


def _held(tx: Transaction, feed: Feed, signed: Sequence[Envelope]) -> Envelope | None:
    """Return what we hold where the feed forked: shown by the fault, or at our head."""
    first = signed[0] if signed else None
    is_ours = first is not None and feeds.has(tx, feed.id, first.hash)
    return first if is_ours else feeds.at(tx, feed.id, feed.head_seq)


def _keep(  # noqa: PLR0913, PLR0917 - whose, where, what, and the proof of it
    tx: Transaction,
    me: Identity,
    node: str,
    feed_id: str,
    fault: DidbanError,
    signed: Sequence[Envelope],
    now: datetime,
) -> None:
    """Keep evidence against a node; with too much of it, quarantine the node.

    What was signed is the header; a body is nowhere but in its entry, where it can be erased.
    """
    bare = [replace(one, body=None) for one in signed]
    evidence.keep(
        tx, node=node, feed=feed_id, fault=fault.code, what=str(fault), signed=bare, now=now
    )
    peer = peers.get(tx, node)
    is_pinned = peer is not None and peer.state is PeerState.PINNED
    if is_pinned and evidence.count_open(tx, node) >= MOST_OPEN:
        peers.set_state(tx, node, PeerState.QUARANTINED, by="", now=now)
        actor = access.system_actor(me.node, _DUTY)
        audit.enter(tx, actor, Deed.PEER_QUARANTINED, subject=node)
        _alarm(tx, me, Notification.PEER_QUARANTINED, node, now)


def _alarm(tx: Transaction, me: Identity, kind: Notification, subject: str, now: datetime) -> None:
    """Tell the supervisors of who runs this node."""
    for contact in notifications.contacts(tx, me.node):
        if contact.post is Post.SUPERVISOR:
            notifications.put(tx, contact, kind, subject, at=now, not_before=now, due_at=None)


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
            fault = Forked("a reader holds an entry that we signed and do not have")
            _keep(tx, me, me.node, feed.id, fault, [proof], now)
            _stopped(tx, me, feed.id, fault, now)


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
