"""Other nodes, as desks need them: which speaks for an authority, how it is told, what it may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from didban.errors import Conflict
from didban.exchange import feeds
from didban.exchange.identity import Identity
from didban.model.exchange.peers import PeerState
from didban.model.marking import EVERYONE, Confidentiality
from didban.store.database import Transaction
from didban.store.exchange import peers

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.actors import Authority
    from didban.model.exchange.feeds import Item

IdentityOf: TypeAlias = Callable[[Transaction], Identity]
"""Reads our keys as they are now (`exchange.ports.Exchange.me`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """An authority, as audience rules see it (`model.marking.Asker`)."""

    authority: str
    tokens: frozenset[str]
    clearance: Confidentiality = Confidentiality.CONFIDENTIAL


def reader(of: Authority) -> Reader:
    """Return an authority as audience rules see it."""
    own = {EVERYONE, f"node:{of.code}", f"kind:{of.kind}", *(f"group:{g}" for g in of.groups)}
    return Reader(authority=of.code, tokens=frozenset(own))


def node_of(tx: Transaction, authority: str) -> str | None:
    """Return the node that speaks for an authority; None where its desk is in this bank."""
    return peers.speaker_of(tx, authority)


def require_pinned(tx: Transaction, node: str) -> None:
    """Return if we speak with a node now. Raises Conflict: what is sealed for it would not leave."""
    peer = peers.get(tx, node)
    if peer is None or peer.state is not PeerState.PINNED:
        raise Conflict(f"this node does not speak with '{node}' now: see 'didban peer show'")


def publish(
    tx: Transaction, me: IdentityOf | None, node: str, item: Item, at: datetime
) -> tuple[str, int]:
    """Publish in the feed that only this node reads; return the feed and the place in it.

    Raises Conflict where this process does not speak with other nodes, or has no keys yet.
    """
    if me is None:
        raise Conflict("this process does not speak with other nodes")
    ours = me(tx)
    feed = feeds.publish(tx, ours, feeds.talk(tx, ours, node, at), [item], at)
    return feed.id, feed.head_seq
