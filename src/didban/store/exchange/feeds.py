"""Feeds and their entries. Nothing here decides; `exchange.feeds` and `exchange.receiving` do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.exchange.envelopes import Envelope, Header
from didban.model.exchange.feeds import Feed, FeedState, Reader
from didban.model.exchange.peers import PeerState
from didban.store.tables.exchange_feeds import entry, feed, feed_reader
from didban.store.tables.exchange_trust import peer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, ScalarSelect

    from didban.model.exchange.kinds import Kind
    from didban.store.database import Transaction

BELL = "didban_feed"
"""The channel on which a new entry is announced: a wake-up, and nothing more."""


def add(tx: Transaction, new: Feed, now: datetime) -> None:
    """Begin a feed, unless it is there."""
    values = {name: getattr(new, name) for name in Feed.__dataclass_fields__}
    tx.execute(upsert(feed).values({**values, "made_at": now}).on_conflict_do_nothing())


def get(tx: Transaction, feed_id: str, *, to_change: bool = False) -> Feed | None:
    """Return a feed; with `to_change`, nobody else adds to it before this transaction ends."""
    query = select(feed).where(feed.c.id == feed_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return _feed(row) if row else None


def require(tx: Transaction, feed_id: str, *, to_change: bool = False) -> Feed:
    """Return a feed that is there."""
    found = get(tx, feed_id, to_change=to_change)
    if found is None:
        raise RuntimeError("the feed was begun before")
    return found


def by_audience(tx: Transaction, audience: str) -> Feed | None:
    """Return the feed of ours that is for an audience."""
    row = tx.execute(select(feed).where(feed.c.audience == audience)).one_or_none()
    return _feed(row) if row else None


def owned(tx: Transaction, node: str) -> list[Feed]:
    """Return the feeds of a node, ours or another's, by identifier."""
    rows = tx.execute(select(feed).where(feed.c.owner == node).order_by(feed.c.id))
    return [_feed(row) for row in rows]


def count_owned(tx: Transaction, node: str) -> int:
    """Return how many feeds of a node are known."""
    return tx.scalar(select(func.count()).select_from(feed).where(feed.c.owner == node)) or 0


def readers(tx: Transaction, feed_id: str) -> list[str]:
    """Return the nodes that read a feed of ours, by code."""
    query = select(feed_reader.c.node).where(
        feed_reader.c.feed == feed_id, feed_reader.c.until_seq.is_(None)
    )
    return list(tx.scalars(query.order_by(feed_reader.c.node)))


def reader(tx: Transaction, feed_id: str, node: str) -> Reader | None:
    """Return how a node reads, or read, a feed of ours; None where it never did."""
    query = select(feed_reader).where(feed_reader.c.feed == feed_id, feed_reader.c.node == node)
    row = tx.execute(query).one_or_none()
    return _reader(row) if row else None


def reading(tx: Transaction, feed_id: str) -> list[Reader]:
    """Return how every node reads, or read, a feed of ours, by code."""
    query = select(feed_reader).where(feed_reader.c.feed == feed_id).order_by(feed_reader.c.node)
    return [_reader(row) for row in tx.execute(query)]


def read_by(tx: Transaction, node: str) -> list[Feed]:
    """Return the feeds of ours that a node reads, or has not read to where its reading ended.

    A node that was removed reads none; the bilateral feed has no end, and waits for its return.
    """
    until = feed_reader.c.until_seq
    removed = select(peer.c.node).where(peer.c.state == PeerState.REMOVED)
    goes_on = until.is_(None) & feed_reader.c.node.not_in(removed)
    goes_on |= feed_reader.c.cursor_seq < until
    mine = select(feed_reader.c.feed).where(feed_reader.c.node == node, goes_on)
    query = select(feed).where(feed.c.id.in_(mine)).order_by(feed.c.id)
    return [_feed(row) for row in tx.execute(query)]


def add_reader(tx: Transaction, feed_id: str, node: str, since: int) -> None:
    """Let a node read a feed from behind this entry on."""
    values = {"feed": feed_id, "node": node, "since_seq": since, "until_seq": None}
    add_one = upsert(feed_reader).values(values)
    again = {"since_seq": since, "until_seq": None}
    tx.execute(add_one.on_conflict_do_update(index_elements=["feed", "node"], set_=again))


def end_reader(tx: Transaction, feed_id: str, node: str, until: int) -> None:
    """Let a node read a feed no further than to this entry."""
    is_it = (feed_reader.c.feed == feed_id) & (feed_reader.c.node == node)
    tx.execute(update(feed_reader).where(is_it).values(until_seq=until))


def append(
    tx: Transaction, after: Feed, new: Sequence[tuple[Header, Envelope]], *, is_ours: bool
) -> Feed:
    """Add entries behind the head of a feed that is locked; return the feed as it is then."""
    rows = [_values(header, envelope) for header, envelope in new]
    tx.execute(insert(entry), rows)
    last = rows[-1]
    moved = {"epoch": last["epoch"], "head_seq": last["seq"], "head_hash": last["hash"]}
    row = tx.execute(update(feed).where(feed.c.id == after.id).values(moved).returning(feed)).one()
    if is_ours:
        tx.execute(select(func.pg_notify(BELL, "")))
    return _feed(row)


def entries(
    tx: Transaction,
    feed_id: str,
    after: int,
    limit: int,
    *,
    most: int | None = None,
    until: int | None = None,
) -> list[Envelope]:
    """Return the entries behind one, in order, as they stand in the newest epoch.

    - `limit`: so many at most; `most`: bytes of headers and bodies at most, but for the first.
    - `until`: the last one of them at most.
    """
    behind = (entry.c.feed == feed_id) & (entry.c.seq > after) & ~entry.c.is_void
    if until is not None:
        behind &= entry.c.seq <= until
    query = select(entry).where(behind).order_by(entry.c.seq).limit(limit)
    if most is not None:
        query = query.where(entry.c.seq <= _last_within(behind, limit, most))
    return [_envelope(row) for row in tx.execute(query)]


def _last_within(behind: ColumnElement[bool], limit: int, most: int) -> ScalarSelect[int]:
    """Return the last of these entries up to which all are within so many bytes, or the first."""
    body = func.coalesce(func.octet_length(entry.c.body), 0)  # told without reading what it says
    size = func.sum(func.octet_length(entry.c.header) + body).over(order_by=entry.c.seq)
    sizes = select(entry.c.seq, size.label("size")).where(behind).order_by(entry.c.seq).limit(limit)
    each = sizes.subquery().c
    last = func.max(each.seq).filter(each.size <= most)
    return select(func.coalesce(last, func.min(each.seq))).scalar_subquery()


def at(tx: Transaction, feed_id: str, seq: int) -> Envelope | None:
    """Return the entry of this number as it stands in the newest epoch, or None."""
    query = select(entry).where(entry.c.feed == feed_id, entry.c.seq == seq, ~entry.c.is_void)
    row = tx.execute(query).one_or_none()
    return _envelope(row) if row else None


def has(tx: Transaction, feed_id: str, digest: bytes) -> bool:
    """Return whether an entry of this hash is held, in whatever epoch."""
    is_it = (entry.c.feed == feed_id) & (entry.c.hash == digest)
    return tx.scalar(select(entry.c.seq).where(is_it).limit(1)) is not None


def last_said(tx: Transaction, feed_id: str, kind: Kind, begins: str) -> str | None:
    """Return the last name, by the alphabet, that entries of this kind bear and that begins so.

    Of those that stand in the newest epoch of a feed.
    """
    is_it = (entry.c.feed == feed_id) & (entry.c.kind == kind) & ~entry.c.is_void
    name = func.max(entry.c.record.collate("C"))
    return tx.scalar(select(name).where(is_it, entry.c.record.startswith(begins, autoescape=True)))


def first_begun(tx: Transaction, node: str) -> datetime | None:
    """Return when the first feed of a node came here, or None."""
    begun: datetime | None = tx.scalar(select(func.min(feed.c.made_at)).where(feed.c.owner == node))
    return begun


def has_kind(tx: Transaction, feed_id: str, kind: Kind) -> bool:
    """Return whether an entry of this kind is held of a feed."""
    is_it = (entry.c.feed == feed_id) & (entry.c.kind == kind)
    return tx.scalar(select(entry.c.seq).where(is_it).limit(1)) is not None


def signed_since(tx: Transaction, owner: str, key: str, since: datetime) -> list[Envelope]:
    """Return what was taken in of a node and signed by a key from this moment on, header by header.

    The first entry of each feed: what lies behind it is as doubtful.
    """
    query = (
        select(entry)
        .ext(distinct_on(entry.c.feed))
        .join(feed, feed.c.id == entry.c.feed)
        .where(feed.c.owner == owner, entry.c.key == key, entry.c.at >= since, ~entry.c.is_void)
        .order_by(entry.c.feed, entry.c.epoch, entry.c.seq)
    )
    return [replace(_envelope(row), body=None) for row in tx.execute(query)]


def epoch_begins(tx: Transaction, feed_id: str, after: int) -> int | None:
    """Return the number of the first entry of an epoch later than this one, or None."""
    is_later = (entry.c.feed == feed_id) & (entry.c.epoch > after) & ~entry.c.is_void
    return cast("int | None", tx.scalar(select(func.min(entry.c.seq)).where(is_later)))


def go_on_from(tx: Transaction, feed_id: str, epoch: int, seq: int, head: bytes) -> Feed:
    """Let a feed go on behind an entry, in this epoch; what was behind it counts no longer."""
    is_behind = (entry.c.feed == feed_id) & (entry.c.seq > seq)
    tx.execute(update(entry).where(is_behind).values(is_void=True))
    moved = {"epoch": epoch, "head_seq": seq, "head_hash": head, "state": FeedState.OPEN}
    row = tx.execute(update(feed).where(feed.c.id == feed_id).values(moved).returning(feed)).one()
    return _feed(row)


def turn_back(tx: Transaction, feed_id: str, seq: int) -> None:
    """Count no reader of ours as having more than up to this entry."""
    beyond = (feed_reader.c.feed == feed_id) & (feed_reader.c.cursor_seq > seq)
    tx.execute(update(feed_reader).where(beyond).values(cursor_seq=seq))


def void(tx: Transaction, feed_id: str, epoch: int) -> list[Envelope]:
    """Return the entries of an epoch that counted until a later one began, in order."""
    is_it = (entry.c.feed == feed_id) & (entry.c.epoch == epoch) & entry.c.is_void
    return [_envelope(row) for row in tx.execute(select(entry).where(is_it).order_by(entry.c.seq))]


def erase_bodies(tx: Transaction, records: Iterable[str], kinds: frozenset[Kind]) -> int:
    """Erase what entries of these kinds say of these records; the headers stay, the chain verifies.

    - `kinds`: of the room that erases: a name that another node chose may be that of a record.
    """
    of_them = entry.c.record.in_(set(records)) & entry.c.kind.in_(kinds)
    of_them &= entry.c.body.is_not(None)
    return tx.execute(update(entry).where(of_them).values(body=None)).rowcount


def set_state(tx: Transaction, feed_id: str, state: FeedState) -> None:
    """Say whether a feed goes on."""
    tx.execute(update(feed).where(feed.c.id == feed_id).values(state=state))


def acknowledge(tx: Transaction, feed_id: str, node: str, seq: int, now: datetime) -> None:
    """Note how far a reader has taken a feed of ours in, as it said and showed itself."""
    is_it = (feed_reader.c.feed == feed_id) & (feed_reader.c.node == node)
    moved = {"cursor_seq": seq, "seen_at": now}
    tx.execute(update(feed_reader).where(is_it).values(moved))


def _values(header: Header, envelope: Envelope) -> dict[str, Any]:
    if header.place is None:
        raise RuntimeError("only entries have a place in a feed")
    return {
        "feed": header.place.feed,
        "epoch": header.place.epoch,
        "seq": header.place.seq,
        "kind": header.kind,
        "record": header.record,
        "rev": header.rev,
        "hash": envelope.hash,
        "header": envelope.header,
        "key": envelope.key,
        "signature": envelope.signature,
        "body": envelope.body,
        "at": header.time,
    }


def _envelope(row: Any) -> Envelope:
    return Envelope(
        header=bytes(row.header),
        key=row.key,
        signature=bytes(row.signature),
        body=None if row.body is None else bytes(row.body),
    )


def _feed(row: Any) -> Feed:
    return Feed(
        id=row.id,
        owner=row.owner,
        audience=row.audience,
        epoch=row.epoch,
        head_seq=row.head_seq,
        head_hash=bytes(row.head_hash),
        state=FeedState(row.state),
    )


def _reader(row: Any) -> Reader:
    return Reader(
        node=row.node,
        since=row.since_seq,
        until=row.until_seq,
        cursor=row.cursor_seq,
        seen_at=row.seen_at,
    )
