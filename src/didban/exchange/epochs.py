"""A stopped feed goes on: in a new epoch, which the root key signs.

    our bank was restored, or our key was stolen     begin: what was behind the last common entry
                                                     does not count; what is live is said again
    the owner began a new epoch                      require_begun: its root key signed it, and the
                                                     last common entry is one that we hold

What was behind the last common entry stays in the bank as void, for whoever must know what was said.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.errors import BadSignature, Conflict, Forked, InvalidInput, Malformed
from didban.exchange import feeds as publishing
from didban.guard import access, audit
from didban.guard.crypto import dsse
from didban.guard.crypto.root_keys import id_of
from didban.model.deeds import Deed
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Envelope, Fields, Header, time_text
from didban.model.exchange.feeds import START, FeedState, Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.signed import Signed
from didban.model.permissions import Permission
from didban.store.exchange import evidence, feeds, peers, sharing

if TYPE_CHECKING:
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.guard.crypto.dsse import SigningKey
    from didban.model.actors import Actor
    from didban.model.exchange.feeds import Arrived, Feed
    from didban.store.database import Transaction

_MAX_BYTES: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the root key signs: the feed goes on in this epoch behind its last common entry."""

    node: str
    feed: str
    epoch: int
    last_seq: int
    last_hash: bytes
    made_at: datetime

    def to_bytes(self) -> bytes:
        """Return the bytes that are signed."""
        data: dict[str, Any] = {
            "node": self.node,
            "feed": self.feed,
            "epoch": self.epoch,
            "last_seq": self.last_seq,
            "last_hash": b64(self.last_hash),
            "made_at": time_text(self.made_at),
        }
        return json.dumps(data, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Statement:
        """Read what `to_bytes` wrote. Raises Malformed; does not check any signature."""
        fields = Fields.of(raw, _MAX_BYTES)
        found = cls(
            node=fields.text("node"),
            feed=fields.text("feed"),
            epoch=fields.number("epoch"),
            last_seq=fields.number("last_seq"),
            last_hash=fields.bytes("last_hash", 32),
            made_at=fields.time("made_at"),
        )
        fields.require_all_read()
        return found


def stopped(tx: Transaction, me: Identity) -> list[Feed]:
    """Return the feeds of ours that do not go on, or that a reader stopped, by identifier."""
    told = {one.feed for one in evidence.stops(tx)}
    return [
        feed
        for feed in feeds.owned(tx, me.node)
        if feed.state is FeedState.STOPPED or feed.id in told
    ]


def last_common(tx: Transaction, feed: Feed) -> int:
    """Return the number of the last entry of our feed that all its readers are known to hold.

    What readers showed says it exactly, where the entry that they hold follows on one of ours;
    else it is the cursor, which proved by its hash what a reader held.
    """
    found = [feed.head_seq, *(one.seq for one in evidence.stops(tx, feed.id))]
    for shown in evidence.of_feed(tx, feed.owner, feed.id):
        place = Header.from_bytes(Envelope.from_json(shown).header).place
        if place is None or place.epoch != feed.epoch or place.seq > feed.head_seq:
            continue
        before = feeds.at(tx, feed.id, place.seq - 1)
        follows = place.prev == (before.hash if before else START)
        found.append(place.seq - 1 if follows else _least_cursor(tx, feed.id))
    return min(found)


def _least_cursor(tx: Transaction, feed_id: str) -> int:
    return min((one.cursor for one in feeds.reading(tx, feed_id) if one.until is None), default=0)


def recover(  # noqa: PLR0913 - who lets what go on, and by which key
    tx: Transaction,
    actor: Actor,
    me: Identity,
    root: SigningKey,
    now: datetime,
    *,
    feed_id: str | None = None,
    last: int | None = None,
) -> list[Feed]:
    """Let feeds of ours go on in a new epoch: one of them, or all that stopped; return them.

    - `last`: the last entry that all readers of this one hold; None: what they showed.

    Raises NotPermitted; as `begin`.
    """
    access.require(actor, Permission.EXCHANGE_IDENTITY_MANAGE)
    if last is not None and feed_id is None:
        raise InvalidInput("the last common entry is that of one feed: name it")
    named = [feeds.get(tx, feed_id)] if feed_id is not None else stopped(tx, me)
    done = []
    for feed in named:
        if feed is None:
            raise InvalidInput("there is no such feed of this node: see 'didban network status'")
        behind = last_common(tx, feed) if last is None else last
        done.append(begin(tx, me, root, feed.id, behind, now))
        facts = {"epoch": done[-1].epoch, "behind": behind}
        audit.enter(tx, actor, Deed.FEED_RECOVERED, subject=feed.id, facts=facts)
    return done


def begin(
    tx: Transaction, me: Identity, root: SigningKey, feed_id: str, last_seq: int, now: datetime
) -> Feed:
    """Let a feed of ours go on in a new epoch behind its last common entry; return it.

    What is live of our records is said again (`exchange.records.settling`).
    Raises InvalidInput for an entry that is not there, Conflict for another root key than ours.
    """
    feed = feeds.get(tx, feed_id, to_change=True)
    if feed is None or feed.owner != me.node:
        raise InvalidInput("there is no such feed of this node: see 'didban network status'")
    if peers.descriptors(tx, me.node)[-1].root != root.public:
        raise Conflict("this is not the root key of the newest descriptor of this node")
    last = feeds.at(tx, feed_id, last_seq)
    if last is None and last_seq:
        raise InvalidInput(f"the feed has no entry {last_seq}")
    statement = Statement(
        node=me.node,
        feed=feed_id,
        epoch=feed.epoch + 1,
        last_seq=last_seq,
        last_hash=last.hash if last else START,
        made_at=now,
    )
    payload = statement.to_bytes()
    signed = Signed(
        payload=payload, signatures={id_of(root.public): root.sign(dsse.EPOCH, payload)}
    )
    feeds.go_on_from(tx, feed_id, statement.epoch, last_seq, statement.last_hash)
    sharing.unsay(tx, feed_id)
    feeds.turn_back(tx, feed_id, last_seq)
    evidence.answer_stops(tx, feed_id)
    return publishing.publish(
        tx, me, feed_id, [Item(kind=Kind.EPOCH, content=signed.to_json())], now
    )


def require_begun(tx: Transaction, feed: Feed, arrived: Arrived) -> Statement:
    """Return what the root key of a node says of a new epoch of its feed.

    Raises BadSignature where it did not sign that, Malformed where it says something else than the
    entry, Forked where the last common entry is none of those that we hold.
    """
    header, at = arrived.header, arrived.header.place
    signed = Signed.from_json(arrived.content)
    _require_root(arrived, signed)
    found = Statement.from_bytes(signed.payload)
    if at is None or (found.node, found.feed, found.epoch, found.last_seq + 1, found.last_hash) != (
        header.sender,
        feed.id,
        at.epoch,
        at.seq,
        at.prev,
    ):
        raise Malformed("the root key signed another new beginning")
    last = feeds.at(tx, feed.id, found.last_seq)
    if found.last_hash != (last.hash if last else START) or (last is None and found.last_seq):
        held = feeds.at(tx, feed.id, feed.head_seq)
        raise Forked(
            "the new epoch begins behind an entry that we do not hold", *filter(None, [held])
        )
    return found


def _require_root(arrived: Arrived, signed: Signed) -> None:
    for signature in signed.signatures.values():
        try:
            dsse.verify(arrived.peer.descriptor.root, dsse.EPOCH, signed.payload, signature)
        except BadSignature:
            continue
        return
    raise BadSignature("the root key did not sign the new epoch")
