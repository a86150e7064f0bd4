"""Who has our records, who was not sent them and why, and what we hold of others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from didban.errors import NotFound
from didban.exchange.records import readers
from didban.guard import access, assessments, audit
from didban.intake import bank
from didban.model.deeds import Deed
from didban.model.exchange.sharing import is_withheld, readers_of
from didban.model.permissions import Permission
from didban.store.exchange import feeds, sharing, withdrawals
from didban.store.exchange import inventory as kept_inventory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.exchange.sharing import Reader, Terms
    from didban.store.database import Transaction
    from didban.store.exchange.sharing import KeptClass
    from didban.store.exchange.withdrawals import Withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A node that is sent a record. `has_taken_in`: as far as it has said by its cursor."""

    node: str
    has_taken_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Where a record of ours is. `valid_until`: when its copies end unless they are renewed."""

    record: str
    rev: int | None
    valid_until: datetime | None
    holders: tuple[Holder, ...]
    withdrawals: tuple[Withdrawal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Records that a node may know of and is not sent, for what we hold of it (PR-55).

    - `harms`: the subjects on which assurances are needed; `is_final`: none is believed.
    """

    node: str
    harms: tuple[str, ...]
    is_final: bool
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What one feed of records holds. `has_drifted`: it is not what its owner says, and is mended."""

    feed: str
    node: str
    is_ours: bool
    count: int
    readers: tuple[str, ...] = ()
    has_drifted: bool = False


def of_record(tx: Transaction, actor: Actor, record_id: str) -> Shared:
    """Return where a record of the actor's authority is. Raises NotFound for anybody else's."""
    access.require(actor, Permission.EXCHANGE_SHARING_READ)
    kept = bank.found(tx, actor, record_id)
    if kept.owner != actor.authority:
        raise NotFound(bank.NOTHING_THERE)
    audit.enter(tx, actor, Deed.SHARING_LISTED, subject=record_id)
    asked = tuple(withdrawals.of_record(tx, record_id))
    said = sharing.said(tx, record_id)
    if said is None or said.class_id is None:
        return Shared(record=record_id, rev=None, valid_until=None, holders=(), withdrawals=asked)
    feed = sharing.classes(tx, [said.class_id])[said.class_id].feed
    seq = withdrawals.put_seq(tx, feed, record_id) if feed else 0
    reading = feeds.reading(tx, feed) if feed else []
    return Shared(
        record=record_id,
        rev=said.rev,
        valid_until=said.valid_until,
        holders=tuple(
            Holder(node=one.node, has_taken_in=one.cursor >= seq)
            for one in reading
            if one.until is None
        ),
        withdrawals=asked,
    )


def withheld(tx: Transaction, actor: Actor, terms: Terms) -> list[Withheld]:
    """Return which nodes are not sent records that they may know of, for a person to decide."""
    access.require(actor, Permission.EXCHANGE_SHARING_READ)
    counts = sharing.counts(tx)
    classes = sharing.classes(tx).values()
    found = [
        _withheld(tx, node, classes, counts, terms.highest_classification)
        for node in readers.nodes(tx)
        if node.is_barred
    ]
    audit.enter(tx, actor, Deed.SHARING_LISTED, facts={"withheld": len(found)})
    return [one for one in found if one.records]


def _withheld(
    tx: Transaction,
    node: Reader,
    classes: Iterable[KeptClass],
    counts: dict[int, int],
    highest: int,
) -> Withheld:
    barriers = [assessments.bars(tx, one.code) for one in node.authorities]
    harms = {harm.value for barrier in barriers if barrier for harm in barrier.harms}
    free = [replace(node, is_barred=False)]
    count = sum(
        counts.get(kept.id, 0)
        for kept in classes
        if is_withheld(kept.about, node)
        and readers_of(kept.seen_by, kept.about, free, highest=highest)
    )
    return Withheld(
        node=node.node,
        harms=tuple(sorted(harms)),
        is_final=node.is_barred_for_good,
        records=count,
    )


def inventory(tx: Transaction, actor: Actor, now: datetime) -> list[FeedState]:
    """Return what each feed of records holds, ours and others'."""
    access.require(actor, Permission.EXCHANGE_SHARING_READ)
    audit.enter(tx, actor, Deed.SHARING_LISTED)
    drifted = {one.feed for one in kept_inventory.drifts(tx)}
    ours = [
        FeedState(
            feed=kept.feed,
            node=kept.feed.partition(".")[0],
            is_ours=True,
            count=kept_inventory.said(tx, kept.id, now)[0],
            readers=tuple(feeds.readers(tx, kept.feed)),
        )
        for kept in sharing.classes(tx).values()
        if kept.feed is not None
    ]
    theirs = [
        FeedState(
            feed=row.feed,
            node=row.node,
            is_ours=False,
            count=row.size,
            has_drifted=row.feed in drifted,
        )
        for row in withdrawals.counts(tx)
    ]
    return ours + theirs
