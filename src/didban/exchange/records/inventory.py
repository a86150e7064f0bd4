"""Drift is found and mended: each reader compares what it holds with what the owner says is live.

    owner   daily, in each feed      INVENTORY {count, root}
    reader  holds the same           good
            does not                 a drift is noted; `mend_due` asks the owner bucket by bucket, ends
                                     what is not live, and has what it lacks said again

A leaf is SHA-256(record, a space, the revision); a record stands in the bucket that the first byte of
SHA-256(record) numbers; a bucket is SHA-256 over its leaves, by identifier; the root is that of
RFC 6962 over the 256 buckets. Between the inventory and the asking the feed goes on: what is compared
then is what stands then, and an entry that comes later does no harm (`copies`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from didban.errors import DidbanError, Malformed, NotFound
from didban.exchange import feeds as publishing
from didban.exchange.records import readers
from didban.exchange.records.copies import end_copy
from didban.exchange.records.publishing import again, send
from didban.guard import merkle
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.feeds import FeedState, Item
from didban.model.exchange.kinds import Call, Kind
from didban.model.exchange.sharing import CopyState, is_shareable
from didban.model.retention import ErasureReason
from didban.store.exchange import backfills, copies, feeds, inventory, sharing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from didban.exchange.calls import Ask
    from didban.exchange.identity import Identity
    from didban.exchange.records.readers import IdentityOf
    from didban.model.exchange.feeds import Arrived
    from didban.model.exchange.peers import Peer
    from didban.store.database import Database, Transaction
    from didban.store.exchange.inventory import Drift
    from didban.store.exchange.sharing import KeptClass

BUCKETS: Final = 256
MOST_PAIRS: Final = 20_000
"""So many (record, revision) are told in one answer; the next round mends the rest."""

MOST_ASKED: Final = 2_000
"""So many records are asked for again in one call."""

_HASH: Final = 32
_EMPTY: Final = inventory.EMPTY_BUCKET


def root_of(buckets: Mapping[int, bytes]) -> bytes:
    """Return the root over all buckets; those that are not named are empty."""
    tree = merkle.Frontier()
    for number in range(BUCKETS):
        tree.append(merkle.leaf_hash(buckets.get(number, _EMPTY)))
    return tree.root()


def state_due(database: Database, now: datetime, *, identity_of: IdentityOf) -> int:
    """State in each feed what is live, to its readers that were sent everything; return how many."""
    with database.begin() as tx:
        ids = sorted(sharing.classes(tx))
    done = 0
    for class_id in ids:
        with database.begin() as tx:
            done += state(tx, class_id, now, identity_of)
    return done


def state(tx: Transaction, class_id: int, now: datetime, identity_of: IdentityOf) -> bool:
    """State what is live of one class; return whether there was anybody to be told."""
    kept = sharing.classes(tx, [class_id], to_change=True)[class_id]
    if kept.feed is None or feeds.require(tx, kept.feed).state is not FeedState.OPEN:
        return False
    to = {node for node in feeds.readers(tx, kept.feed) if not backfills.waits(tx, class_id, node)}
    if not to:
        return False
    count, buckets = inventory.said(tx, class_id, now)
    content = {"count": count, "root": b64(root_of(buckets))}
    item = Item(kind=Kind.INVENTORY, content=content, to=frozenset(to))
    publishing.publish(tx, identity_of(tx), kept.feed, [item], now)
    return True


def compared(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
    """Compare what is held with what the owner says is live; handler of `Kind.INVENTORY`."""
    for each in arrived:
        place = each.header.place
        if each.content is None or place is None:
            continue  # it was for others
        fields = Fields(each.content)
        count, root = fields.number("count"), fields.bytes("root", _HASH)
        fields.require_all_read()
        held, buckets = inventory.held(tx, place.feed)
        if (held, root_of(buckets)) == (count, root):
            inventory.mended(tx, place.feed)
        else:
            inventory.note_drift(tx, place.feed, each.peer.node, now)


def answer(
    tx: Transaction, caller: Peer, body: Any, now: datetime, *, identity_of: IdentityOf
) -> Any:
    """Tell a reader what is live in the buckets that differ, or say to it again what it lacks.

    The handler of `Call.BUCKETS`: `{feed, buckets: [256 hashes]}` or `{feed, missing: [records]}`.
    Raises Malformed; NotFound for a feed that is not for the caller.
    """
    fields = Fields(body)
    kept = sharing.class_of_feed(tx, fields.text("feed"))
    if kept is None or kept.feed is None or caller.node not in feeds.readers(tx, kept.feed):
        raise NotFound("there is no such feed for this node")
    what = "missing" if fields.has("missing") else "buckets"
    named = fields.raw(what)
    fields.require_all_read()
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise Malformed(f"'{what}' is no list of texts")
    if what == "buckets":
        return {"live": _differing(tx, kept.id, named, now)}
    if len(named) > MOST_ASKED:
        raise Malformed(f"more than {MOST_ASKED} records are asked for")
    return {"said": _say_again(tx, identity_of(tx), kept, caller.node, named, now)}


def _differing(
    tx: Transaction, class_id: int, hashes: list[str], now: datetime
) -> dict[str, dict[str, int]]:
    if len(hashes) != BUCKETS:
        raise Malformed("'buckets' is no list of 256 hashes")
    _, ours = inventory.said(tx, class_id, now)
    told: dict[str, dict[str, int]] = {}
    for number in range(BUCKETS):
        if b64(ours.get(number, _EMPTY)) != hashes[number]:
            told[str(number)] = inventory.said_in(tx, class_id, number, now)
        if sum(map(len, told.values())) > MOST_PAIRS:
            break
    return told


def _say_again(
    tx: Transaction, me: Identity, kept: KeptClass, node: str, named: list[str], now: datetime
) -> int:
    said = sharing.of_records(tx, kept.id, named)
    owners = readers.own_authorities(tx, me.node)
    there = sharing.present_of(tx, [one.number for one in said], owners)
    leaving = [
        again(tx, one, there[one.number], node)
        for one in said
        if one.number in there and is_shareable(there[one.number])
    ]
    if leaving and kept.feed is not None:
        send(tx, me, kept.feed, leaving, now)
    return len(leaving)


def mend_due(database: Database, now: datetime, *, ask: Ask) -> int:
    """Mend what differs, feed by feed; return how many copies were ended or asked for again.

    A node that cannot be asked is asked again at the next inventory, or the next time.
    """
    with database.begin() as tx:
        waiting = inventory.drifts(tx)
    done = 0
    for drift in waiting:
        try:
            done += _mend(database, drift, now, ask)
        except DidbanError:
            with database.begin() as tx:
                inventory.note_asked(tx, drift.feed, now)
    return done


def _mend(database: Database, drift: Drift, now: datetime, ask: Ask) -> int:
    with database.begin() as tx:
        _, ours = inventory.held(tx, drift.feed)
    hashes = [b64(ours.get(number, _EMPTY)) for number in range(BUCKETS)]
    told = Fields(ask(drift.node, Call.BUCKETS, {"feed": drift.feed, "buckets": hashes}))
    live = _live(told.raw("live"))
    with database.begin() as tx:
        missing, ended = _compare(tx, drift, live, now)
    for first in range(0, len(missing), MOST_ASKED):
        part = missing[first : first + MOST_ASKED]
        ask(drift.node, Call.BUCKETS, {"feed": drift.feed, "missing": part})
    with database.begin() as tx:
        inventory.mended(tx, drift.feed)
    return len(missing) + ended


def _live(found: object) -> dict[int, dict[str, int]]:
    """Return what is live by bucket, as the owner told it. Raises Malformed."""
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise Malformed("'live' is no object of buckets")
    numbers = {str(number): number for number in range(BUCKETS)}
    if not set(found) <= set(numbers):
        raise Malformed("'live' names buckets that there are not")
    for pairs in found.values():
        if not all(isinstance(rev, int) for rev in pairs.values()):
            raise Malformed("a revision is no number")
    return {numbers[name]: pairs for name, pairs in found.items()}


def _compare(
    tx: Transaction, drift: Drift, live: Mapping[int, Mapping[str, int]], now: datetime
) -> tuple[list[str], int]:
    """End what is not live, and return what is missing and how many were ended."""
    missing: list[str] = []
    ended = 0
    for number, theirs in live.items():
        ours = {one.record: one for one in inventory.held_in(tx, drift.feed, number)}
        elsewhere = copies.of(tx, set(theirs) - set(ours))
        for record_id, rev in theirs.items():
            held = ours.get(record_id) or elsewhere.get(record_id)
            is_held = held is not None and held.state is not CopyState.GONE and held.rev >= rev
            if not is_held:
                missing.append(record_id)
        for record_id in sorted(set(ours) - set(theirs)):
            ended += end_copy(tx, ours[record_id], ErasureReason.OWNER_WITHDREW, now)
    return missing, ended
