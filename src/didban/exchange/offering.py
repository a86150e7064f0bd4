"""What a reader gets of our feeds: what is behind its cursor, and what shows where we differ.

    cursor before our head, same hash     the entries behind it
    cursor at one of our entries, other   from before it: the reader sees the fork by itself
    cursor behind our head                our head as well: the reader sees the roll-back
    cursor in an epoch that ended         from the beginning of the next one
    no cursor                             from where the reader began to read

Who is no reader, or not any more, gets nothing behind the entry that said so, and before it nothing
but what tells it to let go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from didban.errors import Forked, NotFound
from didban.model.exchange.envelopes import Header
from didban.model.exchange.feeds import Cursor, FeedState
from didban.model.exchange.kinds import Kind
from didban.store.exchange import feeds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.model.exchange.envelopes import Envelope
    from didban.model.exchange.feeds import Feed, Reader
    from didban.store.database import Transaction

MAX_BYTES: Final = 4_000_000
"""Of the headers and bodies of one offer: but for the first entry, which goes alone if it is larger."""

_FOR_WHO_LEFT: Final = frozenset({Kind.MEMBERS, Kind.WITHDRAW, Kind.EPOCH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Entries of one feed for one reader, and where the feed stands.

    - `head`: where the feed ends for this reader: there is more while the entries end before it.
    """

    feed: str
    head: Cursor
    entries: Sequence[Envelope]


def offered(tx: Transaction, node: str) -> list[str]:
    """Return the feeds of ours that a node reads, or has not read to where its reading ended."""
    return [feed.id for feed in feeds.read_by(tx, node)]


def offer(  # noqa: PLR0913 - which feed, for whom, and how much of it
    tx: Transaction,
    node: str,
    feed_id: str,
    cursor: Cursor | None,
    now: datetime,
    *,
    limit: int,
    most: int = MAX_BYTES,
) -> Offer:
    """Return what a reader gets, and note its cursor as what it has taken in.

    - `limit`: entries at most; `most`: bytes at most.

    Raises NotFound for a feed that this node does not read, the same as for one that is not there.
    """
    reader, feed = feeds.reader(tx, feed_id, node), feeds.get(tx, feed_id)
    if reader is None or feed is None:
        raise NotFound("there is no such feed")
    after = reader.since
    if cursor is not None and cursor.seq > after:
        held = feeds.at(tx, feed_id, cursor.seq)
        if held is not None and held.hash == cursor.head:
            feeds.acknowledge(tx, feed_id, node, cursor.seq, now)
            after = cursor.seq
        else:
            after = max(_common(tx, feed, reader, cursor, limit), after)
    head = Cursor(epoch=feed.epoch, seq=feed.head_seq, head=feed.head_hash)
    if reader.until is not None and (last := feeds.at(tx, feed_id, reader.until)):
        head = Cursor(epoch=feed.epoch, seq=reader.until, head=last.hash)
    if feed.state is not FeedState.OPEN:
        return Offer(feed=feed_id, head=head, entries=())
    found = feeds.entries(tx, feed_id, after, limit, most=most, until=reader.until)
    return Offer(feed=feed_id, head=head, entries=[for_reader(reader, one) for one in found])


def cursor_of(tx: Transaction, feed_id: str) -> Cursor | None:
    """Return how far we are in another node's feed; None where we have nothing of it."""
    feed = feeds.get(tx, feed_id)
    if feed is None or not feed.head_seq:
        return None
    return Cursor(epoch=feed.epoch, seq=feed.head_seq, head=feed.head_hash)


def require_not_behind(tx: Transaction, feed_id: str, head: Cursor, *signed: Envelope) -> None:
    """Return if the owner's head is not behind ours. Raises Forked: it went back.

    - `signed`: what it said so in.
    """
    feed = feeds.get(tx, feed_id)
    if feed is None or feed.state is not FeedState.OPEN:
        return
    if (head.epoch, head.seq) < (feed.epoch, feed.head_seq) and head.epoch <= feed.epoch:
        held = feeds.at(tx, feed_id, feed.head_seq)
        raise Forked("the feed went back behind what we hold", *filter(None, [held]), *signed)


def _common(tx: Transaction, feed: Feed, reader: Reader, cursor: Cursor, limit: int) -> int:
    """Return behind which entry to begin for a cursor that is none of ours.

    Behind the one where a later epoch began; else behind what the reader once proved to hold, as
    far as the entry at its cursor still goes along: so it finds where exactly we differ.
    """
    begun = feeds.epoch_begins(tx, feed.id, cursor.epoch)
    if begun is not None and begun <= cursor.seq:
        return begun - 1
    return max(reader.cursor, cursor.seq - limit)


def for_reader(reader: Reader, envelope: Envelope) -> Envelope:
    """Return an entry of ours without its body, where that is not for this reader.

    Of who left, what it had not fetched before is withheld too, but for what tells it to let go.
    """
    is_for_it = f'"node":"{reader.node}"'.encode() in envelope.header
    if is_for_it and reader.until is not None:
        is_for_it = Header.from_bytes(envelope.header).kind in _FOR_WHO_LEFT
    return envelope if is_for_it else replace(envelope, body=None)
