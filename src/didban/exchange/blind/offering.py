"""Lists of ours that other nodes may ask about blind: made, kept current, and made anew.

A record is offered to a node by the audience token `blind:<node>`; that shows it to nobody. Per node
and list there is one key for at most seven days, whose public part and tags are published in the
bilateral feed. What is not offered any more leaves the list by the next round, or with the deed
itself where the node plugs `take_back` into the end of transactions.

- Fewer records than `questions.blind_least` are not offered: one alone would be told by the list.
- Lists are filled up with tags of nobody to a multiple of `questions.blind_step`, and stay so.
- At the end of an epoch its salt is destroyed: nobody can make or test a tag of it any more, and
  its tags are erased from the feed at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.exchange import feeds, ours
from didban.exchange.blind import oprf
from didban.exchange.blind.holding import PART_TAGS
from didban.exchange.blind.looking_up import input_of
from didban.guard import access, assessments, audit
from didban.match.blind_keys import VERSION, BlindList, keys_of
from didban.model.deeds import Deed
from didban.model.encoding import b64
from didban.model.exchange.envelopes import time_text
from didban.model.exchange.feeds import FeedState, Item
from didban.model.exchange.kinds import BLIND, Kind
from didban.model.exchange.peers import PeerState
from didban.model.permissions import Permission
from didban.model.purposes import Purpose
from didban.store import authorities
from didban.store.exchange import blind, peers
from didban.store.exchange import feeds as feed_store
from didban.store.exchange.blind import Offered, Reader
from didban.store.exchange.sharing import touched

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.model.actors import Actor
    from didban.settings import Questions
    from didban.store.database import Database, Transaction

OVERLAP: Final = timedelta(hours=1)
"""How long before the end of an epoch the next one is made: the reader needs time to fetch it."""

_DUTY: Final = "blind-lists"
_AT_ONCE: Final = 1_000  # records of one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """What the lists go by: who we are, the secret of the keys, and the terms.

    - `secret`: gives it when a key is made; a node that offers nothing needs none.
    """

    identity_of: Callable[[Transaction], Identity]
    terms: Questions
    secret: Callable[[], bytes]

    def node(self, tx: Transaction) -> str:
        """Return our code."""
        return self.identity_of(tx).node


def run_due(database: Database, now: datetime, offering: Offering) -> int:
    """Bring every list up to what is offered now; return how many records were taken in or out."""
    total = 0
    with database.exclusively(_DUTY) as is_ours:
        if not is_ours:
            return 0
        with database.begin() as tx:
            nodes = sorted(blind.nodes_offered(tx)) if ours.published(tx) else []
        for node in nodes:
            for of in BlindList:
                while done := _round(database, offering, node, of, now):
                    total += done
    return total


def take_back(tx: Transaction, offering: Offering, numbers: Collection[int], now: datetime) -> int:
    """Take records out of every list with the deed that withdrew, narrowed or erased them.

    - `numbers`: of the records that this transaction changed.

    Those that are offered as they are now come back with the next round. A feed that is stopped is
    left alone: the deed is not to fail for it. Returns how many left.
    """
    total = 0
    for which in blind.lists(tx):
        reader = _reader(tx, which.node)
        if reader is None or which.published_at is None:
            continue
        if blind.no_longer_offered(tx, which, reader, among=numbers):
            if not _lock(tx, offering, which.node, now):
                continue
            gone = blind.no_longer_offered(tx, which, reader, among=numbers)
            total += len(gone)
            _change(tx, offering, which, gone, [], now)
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingBack:
    """Takes out what a transaction changed, before it is committed (`Topic.RECORDS`)."""

    offering: Offering

    def __call__(self, tx: Transaction) -> None:
        """Take out of the lists what is not offered any more as it was."""
        if blind.lists(tx):
            take_back(tx, self.offering, touched(tx), clock.now())


def renew(tx: Transaction, actor: Actor, offering: Offering, node: str, now: datetime) -> int:
    """End the epochs of every list for a node, so that the next round makes others.

    For an operator who thinks that a key is known. Returns how many were ended; raises
    NotPermitted.
    """
    access.require(actor, Permission.EXCHANGE_PEER_MANAGE)
    standing = blind.lists(tx, node) if _lock(tx, offering, node, now) else []
    for which in standing:
        _end(tx, offering, which, now)
    return len(standing)


def key_of(secret: bytes, which: Offered) -> oprf.OwnerKey:
    """Return the key of a list."""
    context = f"didban/blind/{which.node}/{which.list}/{which.epoch}".encode()
    return oprf.OwnerKey(secret, which.salt, context)


def _round(database: Database, offering: Offering, node: str, of: BlindList, now: datetime) -> int:
    """Do one transaction's worth for one list; return how many records that were."""
    with database.begin() as tx:
        reader = _reader(tx, node)
        standing = [one for one in blind.lists(tx, node) if one.list == of]
        for over in [one for one in standing if reader is None or one.ends_at <= now]:
            _end(tx, offering, over, now, is_reader=reader is not None)
            standing.remove(over)
        if reader is None:
            return 0
        if not standing or standing[-1].ends_at - OVERLAP <= now:
            standing.append(_begin(tx, offering, node, of, now))
        return sum(_follow(tx, offering, which, reader, now) for which in standing)


def _follow(
    tx: Transaction, offering: Offering, which: Offered, reader: Reader, now: datetime
) -> int:
    """Take in what is newly offered and out what is not any more; publish when it is complete."""
    gone = blind.no_longer_offered(tx, which, reader)
    new = _tagged(tx, offering, which, blind.untagged(tx, which, reader, most=_AT_ONCE))
    if which.published_at is not None:
        if not (gone or new) or not _lock(tx, offering, which.node, now):
            return 0
        # Read again under the lock: a deed may have taken out its own meanwhile.
        gone = blind.no_longer_offered(tx, which, reader)
        still = {(one.id, one.version) for one in blind.untagged(tx, which, reader, most=_AT_ONCE)}
        new = [(one, tags) for one, tags in new if (one.id, one.version) in still]
        return _change(tx, offering, which, gone, new, now)
    blind.take_out(tx, which, gone)
    blind.add_tags(tx, which, new)
    if not (gone or new) and _lock(tx, offering, which.node, now):
        _publish_when_enough(tx, offering, which, now)
    return len(gone) + len(new)


def _change(
    tx: Transaction,
    offering: Offering,
    which: Offered,
    gone: Sequence[str],
    new: Sequence[tuple[blind.Untagged, set[int]]],
    now: datetime,
) -> int:
    """Publish what is different in a list that is published, of the same length as before."""
    if not gone and not new:
        return 0
    removed = blind.take_out(tx, which, gone)
    wanted = {tag for _, tags in new for tag in tags}
    added = wanted - blind.held_by_some(tx, which, wanted)
    blind.add_tags(tx, which, new)
    records, _ = blind.counts(tx, which)
    if records < offering.terms.blind_least:
        _end(tx, offering, which, now)
        return len(gone) + len(new)
    removed, added = removed - added, added - removed
    if len(added) > len(removed):
        removed |= set(blind.take_dummies(tx, which, len(added) - len(removed)))
        _, length = blind.counts(tx, which)
        fillers = _fillers(length, offering.terms.blind_step)
    else:
        fillers = [oprf.dummy_tag() for _ in range(len(removed) - len(added))]
    blind.add_dummies(tx, which, fillers)
    if added or removed or fillers:
        told = {
            "change": which.changes + 1,
            "add": b64(oprf.packed([*added, *fillers])),
            "remove": b64(oprf.packed(sorted(removed))),
        }
        _publish(tx, offering, which, [_item(tx, offering, which, Kind.BLIND_TAGS, told)], now)
        blind.change(tx, which, changes=which.changes + 1)
    return len(gone) + len(new)


def _publish_when_enough(
    tx: Transaction, offering: Offering, which: Offered, now: datetime
) -> None:
    """Publish a list whose records are all tagged, if it is long enough to be offered (PR-44)."""
    records, length = blind.counts(tx, which)
    if records < offering.terms.blind_least:
        return
    blind.add_dummies(tx, which, _fillers(length, offering.terms.blind_step))
    tags = sorted(blind.all_tags(tx, which))
    parts = [tags[at : at + PART_TAGS] for at in range(0, len(tags), PART_TAGS)]
    key = {
        "keys": VERSION,
        "public": b64(key_of(offering.secret(), which).public),
        "valid_from": time_text(which.begins_at),
        "valid_until": time_text(which.ends_at),
        "parts": len(parts),
    }
    items = [_item(tx, offering, which, Kind.BLIND_KEY, key)]
    items += [
        _item(
            tx, offering, which, Kind.BLIND_TAGS, {"part": number, "tags": b64(oprf.packed(part))}
        )
        for number, part in enumerate(parts, start=1)
    ]
    _publish(tx, offering, which, items, now)
    blind.change(tx, which, published_at=now)
    _enter(tx, offering, which, {"tags": len(tags), "state": "published"})


def _begin(tx: Transaction, offering: Offering, node: str, of: BlindList, now: datetime) -> Offered:
    new = Offered(
        node=node,
        list=of,
        epoch=blind.newest_epoch(tx, node, of) + 1,
        salt=oprf.new_salt(),
        begins_at=now,
        ends_at=now + timedelta(days=offering.terms.blind_days),
    )
    blind.begin(tx, new)
    return new


def _end(
    tx: Transaction, offering: Offering, which: Offered, now: datetime, *, is_reader: bool = True
) -> None:
    """End a list: the reader is told to forget it, and here nothing is left to make a tag with."""
    if which.published_at is not None:
        feed_store.erase_bodies(tx, [_name(tx, offering, which)], BLIND)
        if is_reader and _lock(tx, offering, which.node, now):
            told = _item(tx, offering, which, Kind.BLIND_TAGS, {"ended": True})
            _publish(tx, offering, which, [replace(told, record=None)], now)
        _enter(tx, offering, which, {"state": "ended"})
    blind.end(tx, which, now)


def _tagged(
    tx: Transaction, offering: Offering, which: Offered, new: Iterable[blind.Untagged]
) -> list[tuple[blind.Untagged, set[int]]]:
    """Return records with their tags (about 75 microseconds for each key)."""
    key, node = key_of(offering.secret(), which), offering.node(tx)
    return [
        (
            one,
            {
                key.tag(input_of(node, which.list, which.epoch, text))
                for text in keys_of(one.entity)[which.list]
            },
        )
        for one in new
    ]


def _fillers(length: int, step: int) -> list[int]:
    """Return the tags of nobody that make a list a multiple of a step long."""
    return [oprf.dummy_tag() for _ in range(-length % step)]


def _reader(tx: Transaction, node: str) -> Reader | None:
    """Return for whom a list is made; None where we do not speak with that node."""
    peer, here = peers.get(tx, node), ours.published(tx)
    if peer is None or here is None or peer.state is not PeerState.PINNED:
        return None
    codes = [one.code for one in peer.descriptor.authorities]
    known = [one for code in codes if (one := authorities.get(tx, code))]
    actors = [access.peer_actor(node, one, Purpose.NODE_DUTY, _DUTY) for one in known]
    return Reader(
        node=node,
        tokens=frozenset().union(*(actor.tokens for actor in actors)),
        owners=tuple(one.code for one in here.authorities),
        documents_only=any(assessments.bars(tx, one.code) for one in known),
    )


def _name(tx: Transaction, offering: Offering, which: Offered) -> str:
    """Return by what the entries of an epoch are found when they are erased, at both ends."""
    return f"blind.{offering.node(tx)}.{which.node}.{which.list}.{which.epoch}"


def _item(
    tx: Transaction, offering: Offering, which: Offered, kind: Kind, told: Mapping[str, Any]
) -> Item:
    content = {"list": which.list, "epoch": which.epoch, **told}
    return Item(kind=kind, content=content, record=_name(tx, offering, which))


def _lock(tx: Transaction, offering: Offering, node: str, now: datetime) -> bool:
    """Let nobody else change the lists for a node before this transaction ends.

    Returns False where its feed is stopped, so that nothing can be published to it now.
    """
    talk = feeds.talk(tx, offering.identity_of(tx), node, now)
    feed = feed_store.get(tx, talk, to_change=True)
    return feed is not None and feed.state is FeedState.OPEN


def _publish(
    tx: Transaction, offering: Offering, which: Offered, items: Sequence[Item], now: datetime
) -> None:
    me = offering.identity_of(tx)
    feeds.publish(tx, me, feeds.talk(tx, me, which.node, now), items, now)


def _enter(tx: Transaction, offering: Offering, which: Offered, facts: audit.Facts) -> None:
    """Enter that a list left or ended: it is a disclosure (PR-44)."""
    actor = access.system_actor(offering.node(tx), _DUTY)
    told: audit.Facts = {"list": which.list, "epoch": which.epoch, **facts}
    audit.enter(tx, actor, Deed.BLIND_PUBLISHED, subject=which.node, facts=told)
