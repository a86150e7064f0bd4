"""Courier files: the entries of our feeds for one node as lines of a file, where there is no wire.

    1  {"bundle": 1, "from": "xar", "to": "xbo", "descriptors": [...]}    for whom, and our keys
    2  an envelope of the kind `bundle`, sealed for that node: which feeds, from where to where,
       and how far we have taken in its own
    3  the entries, feed by feed, as they were published

They are the same bytes as over the wire and are taken in by the same code, so that a file may come
twice, late, or beside the wire. Nobody vouches for a file: what does not verify is refused and holds
nothing up, but two signatures that contradict each other count wherever they come from.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from didban.errors import (
    Conflict,
    Forked,
    InvalidFile,
    InvalidInput,
    Malformed,
    NotFound,
    PeerFault,
    UnknownPeer,
)
from didban.exchange import calls, descriptors, faults, offering, peers, receiving
from didban.guard import access, audit
from didban.guard.crypto import envelopes as sealed
from didban.guard.crypto.hpke import PublicKey, Suite
from didban.model.deeds import Deed
from didban.model.encoding import b64
from didban.model.exchange.envelopes import MAX_BODY_BYTES, Envelope, Fields, Header
from didban.model.exchange.kinds import Kind
from didban.model.exchange.peers import PeerState
from didban.model.exchange.signed import Signed
from didban.model.permissions import Permission
from didban.store.exchange import feeds
from didban.store.exchange import peers as known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.exchange.receiving import Handlers
    from didban.model.actors import Actor
    from didban.model.exchange.peers import Peer
    from didban.store.database import Database, Transaction

VERSION: Final = 1
KIND: Final = "bundle"
START: Final = "start"
MAX_LINE: Final = 24_000_000  # bytes
PAGE: Final = 500  # entries in one transaction
_MOST_FEEDS: Final = 5_000
_MOST_VERSIONS: Final = 500
_CURSOR: Final = re.compile(r"([a-z][a-z0-9-]*\.[A-Za-z0-9_]+)=(0|[1-9][0-9]{0,15})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The entries of one feed in a file: behind `after`, up to `seq`, which has this hash."""

    feed: str
    epoch: int
    after: int
    seq: int
    head: bytes

    def to_json(self) -> dict[str, Any]:
        """Return it as it stands in the file."""
        names = {"feed": self.feed, "epoch": self.epoch, "after": self.after, "seq": self.seq}
        return {**names, "head": b64(self.head)}

    @classmethod
    def of(cls, fields: Fields) -> Part:
        """Read what `to_json` wrote. Raises Malformed."""
        found = cls(
            feed=fields.text("feed"),
            epoch=fields.number("epoch"),
            after=fields.number("after"),
            seq=fields.number("seq"),
            head=fields.bytes("head", 32),
        )
        fields.require_all_read()
        if found.after > found.seq:
            raise Malformed("a part ends before it begins")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a file brought.

    - `entries`: those that were new; `cursor`: how far we are in the feeds of that node now.
    """

    node: str
    entries: int
    cursor: str


def cursor_from(text: str) -> dict[str, int]:
    """Return the numbers behind which to begin, by feed, as `didban import` prints them.

    `start` is none: from where the node began to read. Raises InvalidInput.
    """
    if text == START:
        return {}
    found = [_CURSOR.fullmatch(each) for each in text.split(",")]
    if not all(found):
        raise InvalidInput(f"a cursor is '{START}', or FEED=NUMBER,FEED=NUMBER ...")
    return {each[1]: int(each[2]) for each in found if each}


def write(
    database: Database,
    actor: Actor,
    identity_of: Callable[[Transaction], Identity],
    node: str,
    now: datetime,
    *,
    since: Mapping[str, int] | None = None,
) -> Iterator[bytes]:
    """Yield the lines of a file with what a node has not taken in yet.

    - `since`: behind which numbers to begin, by feed; None: where the node was when it last told.

    Raises NotPermitted; NotFound for a node that is not pinned.
    """
    access.require(actor, Permission.EXCHANGE_PEER_MANAGE)
    with database.begin() as tx:
        me, peer = identity_of(tx), known.get(tx, node)
        if peer is None or peer.state is not PeerState.PINNED:
            raise NotFound(f"no node '{node}' is pinned here: see 'didban peer list'")
        parts = list(_parts(tx, node, since))
        first = {
            "bundle": VERSION,
            "from": me.node,
            "to": node,
            "descriptors": [one.to_json() for one in known.signed(tx, me.node)],
        }
        told = {
            "parts": [part.to_json() for part in parts],
            "taken_in": [_taken_in(one.id, one.epoch, one.head_seq, one.head_hash) for one in
                         feeds.owned(tx, node)],
        }  # fmt: skip
        count = sum(part.seq - part.after for part in parts)
        audit.enter(tx, actor, Deed.BUNDLE_WRITTEN, subject=node, facts={"entries": count})
    yield json.dumps(first).encode() + b"\n"
    yield calls.lines(_sealed(me, peer, told, now))
    for part in parts:
        yield from _entries(database, node, part)


def _parts(tx: Transaction, node: str, since: Mapping[str, int] | None) -> Iterator[Part]:
    """Yield what each feed has for a node; where nothing, that it is as it was."""
    for feed_id in offering.offered(tx, node):
        feed, reader = feeds.require(tx, feed_id), feeds.reader(tx, feed_id, node)
        if reader is None:
            continue
        after = reader.cursor if since is None else since.get(feed_id, 0)
        seq = feed.head_seq if reader.until is None else reader.until
        last = feeds.at(tx, feed_id, seq)
        if last is not None:
            after = min(max(after, reader.since), seq)
            yield Part(feed=feed_id, epoch=feed.epoch, after=after, seq=seq, head=last.hash)


def _entries(database: Database, node: str, part: Part) -> Iterator[bytes]:
    after = part.after
    while after < part.seq:
        with database.begin() as tx:
            reader = feeds.reader(tx, part.feed, node)  # as it is now: it may have left since
            page = feeds.entries(tx, part.feed, after, PAGE, until=part.seq)
        if reader is None:
            return
        for each in page:
            yield calls.lines(offering.for_reader(reader, each))
        after += len(page) or PAGE


def take_in(
    database: Database,
    actor: Actor,
    identity_of: Callable[[Transaction], Identity],
    lines: Iterable[bytes],
    handlers: Handlers,
    now: datetime,
) -> TakenIn:
    """Take in a file that another node wrote for ours.

    Raises NotPermitted; InvalidFile for a file that is none, or for another node, or does not
    verify; NotFound for one of a node that is not pinned; Conflict where an earlier file is missing;
    Forked where it contradicts what we hold: then that feed is stopped. What was taken in before
    the fault stays.
    """
    access.require(actor, Permission.EXCHANGE_PEER_MANAGE)
    given = iter(lines)
    try:
        with database.begin() as tx:
            me = identity_of(tx)
            node = _first(tx, actor, me, next(given, b""), now)
            parts = _read(tx, me, _pinned(tx, node), next(given, b""), now)
        count = sum(_take_part(database, me, node, part, given, handlers, now) for part in parts)
    except Forked:
        raise
    except PeerFault as fault:
        raise InvalidFile(f"the file is refused: {fault}") from fault
    with database.begin() as tx:
        audit.enter(tx, actor, Deed.BUNDLE_TAKEN_IN, subject=node, facts={"entries": count})
        held = feeds.owned(tx, node)
    cursor = ",".join(f"{feed.id}={feed.head_seq}" for feed in held) or START
    return TakenIn(node=node, entries=count, cursor=cursor)


def _first(tx: Transaction, actor: Actor, me: Identity, line: bytes, now: datetime) -> str:
    """Return whose file it is, with its keys as they are now."""
    fields = Fields.of(line, MAX_LINE)
    if fields.number("bundle") != VERSION:
        raise Malformed("of a version that this node does not read")
    node, to = fields.text("from"), fields.text("to")
    given = [Signed.from_json(each) for each in _listed(fields.raw("descriptors"))]
    fields.require_all_read()
    if to != me.node:
        raise Malformed(f"it is for the node '{to[:40]}'")
    _pinned(tx, node)
    if any(descriptors.read(one).node != node for one in given):
        raise Malformed("it names another node than it is from")
    peers.renew(tx, actor, node, given, now)
    return node


def _listed(raw: Any) -> Sequence[object]:
    if not isinstance(raw, list) or len(raw) > _MOST_VERSIONS:
        raise Malformed("'descriptors' is no list of at most 500")
    return raw


def _pinned(tx: Transaction, node: str) -> Peer:
    peer = known.get(tx, node)
    if peer is None or peer.state is not PeerState.PINNED:
        raise UnknownPeer("the node that it is from is not pinned here")
    return peer


def _read(tx: Transaction, me: Identity, peer: Peer, line: bytes, now: datetime) -> list[Part]:
    """Return which entries come, and note how far the other node has taken ours in."""
    envelope = Envelope.from_json(Fields.parsed(line, MAX_LINE))
    header = sealed.verify(envelope, peer.public_of(envelope.key))
    if (header.sender, header.kind, header.place) != (peer.node, KIND, None):
        raise Malformed("its second line is not what belongs there")
    peer.require_window(envelope.key, header.time)
    content = sealed.open_body(envelope, header, me.node, me.sealing)
    fields = Fields.of(content or b"", MAX_BODY_BYTES)
    parts = fields.each("parts", _MOST_FEEDS, Part.of)
    for feed, epoch, seq, head in fields.each("taken_in", _MOST_FEEDS, _position):
        reader, mine = feeds.reader(tx, feed, peer.node), feeds.at(tx, feed, seq)
        is_further = reader is not None and seq > reader.cursor
        if is_further and mine is not None and mine.hash == head and epoch:
            feeds.acknowledge(tx, feed, peer.node, seq, now)
    fields.require_all_read()
    return parts


def _take_part(  # noqa: PLR0913, PLR0917 - as `take_in`
    database: Database,
    me: Identity,
    node: str,
    part: Part,
    given: Iterator[bytes],
    handlers: Handlers,
    now: datetime,
) -> int:
    """Take in the entries of one feed; return how many were new."""
    left, count = part.seq - part.after, 0
    while left:
        lines = list(islice(given, min(left, PAGE)))
        batch = [Envelope.from_json(Fields.parsed(line, MAX_LINE)) for line in lines]
        if not batch:
            raise Malformed("it breaks off")
        left -= len(batch)
        try:
            with database.begin() as tx:
                before = feeds.get(tx, part.feed)
                _require_connected(part, batch[0], before.head_seq if before else 0)
                peer = _pinned(tx, node)
                feed = receiving.take_in(tx, me, peer, part.feed, batch, handlers, now)
            begun = before.head_seq if before and before.head_seq else part.after
            count += max(feed.head_seq - begun, 0)
        except Forked as fault:
            with database.begin() as tx:
                faults.stop(tx, me, node, part.feed, fault, now)
            raise
    return count


def _require_connected(part: Part, first: Envelope, held: int) -> None:
    """Return if a file goes on from what we hold, or begins anew. Raises Conflict."""
    header = Header.from_bytes(first.header)
    begins = header.kind in {Kind.MEMBERS, Kind.EPOCH}
    if header.place is not None and header.place.seq > held + 1 and not begins:
        raise Conflict(
            f"entries {held + 1} to {header.place.seq - 1} of '{part.feed}' are missing: take in the"
            " file that was made before, or have it made again with '--since start'"
        )


def _sealed(me: Identity, peer: Peer, told: Mapping[str, Any], now: datetime) -> Envelope:
    header = Header(sender=me.node, kind=KIND, time=now, nonce=secrets.token_bytes(16))
    key = peer.sealing_key(now)
    to = [(peer.node, PublicKey(key.id, Suite(key.suite), key.public))]
    return sealed.seal(header, json.dumps(told).encode(), me.signing, to)


def _taken_in(feed: str, epoch: int, seq: int, head: bytes) -> dict[str, Any]:
    return {"feed": feed, "epoch": epoch, "seq": seq, "head": b64(head)}


def _position(fields: Fields) -> tuple[str, int, int, bytes]:
    found = (
        fields.text("feed"),
        fields.number("epoch"),
        fields.number("seq"),
        fields.bytes("head", 32),
    )
    fields.require_all_read()
    return found
