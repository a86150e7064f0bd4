"""A node that was removed: told what to destroy, and heard until it confirmed that (PR-34).

    removed ──> its last entries ──> its receipts ──> nothing more
                                 └── the longest lease is over ──> nothing more

Of ours it gets the entries that say so; of its own we read the receipts. Whoever is suspended, or
owes nothing, is told nothing at all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban.model.exchange.kinds import Kind
from didban.model.exchange.peers import PeerState
from didban.model.exchange.sharing import LONGEST_LEASE
from didban.store.exchange import copies, feeds, peers, withdrawals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.model.exchange.envelopes import Envelope, Header
    from didban.model.exchange.feeds import Feed
    from didban.model.exchange.peers import Peer
    from didban.store.database import Transaction

_READ: Final = frozenset({Kind.RECEIPT, Kind.EPOCH})


def is_heard(tx: Transaction, peer: Peer, now: datetime) -> bool:
    """Return whether we fetch from a node, and it from us: it is pinned, or owes us receipts."""
    if peer.state is PeerState.REMOVED:
        return peer.node in withdrawals.owing(tx, now - LONGEST_LEASE)
    return peer.state is PeerState.PINNED


def heard(tx: Transaction, now: datetime) -> frozenset[str]:
    """Return the nodes from which we fetch."""
    pinned = frozenset(peer.node for peer in peers.pinned(tx))
    owing = withdrawals.owing(tx, now - LONGEST_LEASE) - pinned
    return pinned | {node for node in owing if peers.state_of(tx, node) is PeerState.REMOVED}


def end_theirs(tx: Transaction, node: str) -> None:
    """Let nothing be found any more that a node published here; a duty erases it."""
    for feed in feeds.owned(tx, node):
        copies.hide_feed(tx, feed.id, node, feed.head_seq)


def is_passed_over(tx: Transaction, feed: Feed) -> bool:
    """Return whether nothing is fetched of a feed of a removed node: it is not the bilateral one."""
    return feed.head_seq == 0 or feeds.has_kind(tx, feed.id, Kind.MEMBERS)


def receipts_of(
    tx: Transaction, feed: Feed, verified: Sequence[tuple[Header, Envelope]]
) -> list[tuple[Header, Envelope]]:
    """Return what is taken in of a feed of a removed node: headers, and what its receipts say."""
    begins_among_others = any(header.kind == Kind.MEMBERS for header, _ in verified)
    if begins_among_others or feeds.has_kind(tx, feed.id, Kind.MEMBERS):
        return []
    return [
        (header, one if header.kind in _READ else replace(one, body=None))
        for header, one in verified
    ]
