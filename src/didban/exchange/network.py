"""How the network stands as this node sees it: `didban network status`, and its metrics.

For people who mend links, keys and clocks; nothing is decided by it. It tells nothing of what is
shared with whom: counts and times alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.exchange import expiry, witness
from didban.guard import access
from didban.model.exchange.peers import PeerState
from didban.model.exchange.standing import NetworkStatus, Standing
from didban.model.permissions import Permission
from didban.store.exchange import links, network, peers
from didban.store.exchange.links import Link
from didban.store.exchange.network import Owed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.guard.secrets import Secrets
    from didban.model.actors import Actor
    from didban.store.database import Transaction

_NOTHING: Final = Owed(count=0, since=None)


def status(tx: Transaction, actor: Actor, secrets: Secrets, now: datetime) -> NetworkStatus:
    """Return how the network stands. Raises NotPermitted."""
    access.require(actor, Permission.EXCHANGE_PEER_READ)
    return read(tx, secrets, now)


def read(tx: Transaction, secrets: Secrets, now: datetime) -> NetworkStatus:
    """Return how the network stands, for the node itself."""
    known, owed, stopped = links.links(tx), network.owed(tx), network.stopped(tx)
    accused = network.accused(tx)
    seen = {one.node: one for one in witness.standing(tx, secrets)}
    ends: dict[str, datetime] = {}
    own: list[datetime] = []
    for one in expiry.ahead(tx):
        own += [one.ends_at] if one.is_ours else []
        if not one.is_ours:
            ends.setdefault(one.node, one.ends_at)  # what ends first, comes first
    found = []
    for peer in peers.listed(tx):
        link = known.get(peer.node, Link(node=peer.node))
        behind, log = owed.get(peer.node, _NOTHING), seen.get(peer.node)
        found.append(
            Standing(
                node=peer.node,
                state=peer.state,
                called_at=link.called_at,
                heard_at=link.answered_at,
                failures=link.failures,
                fault=link.fault,
                skew_seconds=link.skew_seconds,
                to_come=link.backlog,
                owed=behind.count,
                owed_since=behind.since,
                stopped=tuple(stopped.pop(peer.node, ())),
                evidence=accused.get(peer.node, 0),
                ends_at=ends.get(peer.node),
                witnessed_at=log.seen_at if log else None,
                unseen=log.behind if log else 0,
                witness_fault=log.fault if log else None,
            )
        )
    return NetworkStatus(
        at=now,
        nodes=tuple(found),
        own_stopped=tuple(each for feeds in stopped.values() for each in feeds),
        own_ends_at=min(own, default=None),
    )


def readings(found: NetworkStatus) -> Mapping[str, float]:
    """Return what of it is measured, without saying of which node."""
    pinned = [one for one in found.nodes if one.state is PeerState.PINNED]
    ages = [(found.at - one.heard_at).total_seconds() for one in pinned if one.heard_at]
    owed = [(found.at - one.owed_since).total_seconds() for one in pinned if one.owed_since]
    return {
        "peers_pinned": len(pinned),
        "peers_quarantined": sum(one.state is PeerState.QUARANTINED for one in found.nodes),
        "peers_failing": sum(one.failures > 0 for one in pinned),
        "peers_heard_age_seconds": max(ages, default=0.0),
        "peers_skew_seconds": max((abs(one.skew_seconds or 0.0) for one in pinned), default=0.0),
        "peers_entries_to_come": sum(one.to_come for one in pinned),
        "peers_entries_owed": sum(one.owed for one in pinned),
        "peers_owed_age_seconds": max(owed, default=0.0),
        "feeds_stopped": sum(len(one.stopped) for one in found.nodes) + len(found.own_stopped),
        "evidence_open": sum(one.evidence for one in found.nodes),
    }
