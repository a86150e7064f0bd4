"""Nodes that we know, and the versions of what they say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from didban.model.exchange.descriptors import Descriptor
from didban.model.exchange.peers import Peer, PeerState
from didban.store.tables.exchange_trust import descriptor, peer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.store.database import Transaction


def get(tx: Transaction, node: str) -> Peer | None:
    """Return a node with its newest descriptor, or None where nothing is known of it."""
    row = tx.execute(select(peer).where(peer.c.node == node)).one_or_none()
    if row is None:
        return None
    versions = descriptors(tx, node)
    keys = {key.id: key for version in versions for key in version.online_keys}
    return Peer(node=node, state=PeerState(row.state), descriptor=versions[-1], online_keys=keys)


def pinned(tx: Transaction) -> list[Peer]:
    """Return the nodes that we speak with, by code."""
    query = select(peer.c.node).where(peer.c.state == PeerState.PINNED).order_by(peer.c.node)
    return [found for node in tx.scalars(query).all() if (found := get(tx, node))]


def descriptors(tx: Transaction, node: str) -> list[Descriptor]:
    """Return every version of a node's descriptor, oldest first."""
    query = select(descriptor.c.payload).where(descriptor.c.node == node)
    rows = tx.scalars(query.order_by(descriptor.c.version))
    return [Descriptor.from_bytes(bytes(payload)) for payload in rows]


def add_descriptor(
    tx: Transaction, new: Descriptor, signatures: Mapping[str, str], now: datetime
) -> None:
    """Keep a version of a descriptor, as it was signed."""
    values: dict[str, Any] = {
        "node": new.node,
        "version": new.version,
        "payload": new.to_bytes(),
        "signatures": dict(signatures),
        "received_at": now,
        "expires_at": new.expires_at,
    }
    tx.execute(insert(descriptor).values(values))


def add(tx: Transaction, node: str, root: bytes, now: datetime) -> None:
    """Note a node whose fingerprint is still to be compared."""
    values = {"node": node, "state": PeerState.PROPOSED, "root": root, "added_at": now}
    tx.execute(insert(peer).values(values))


def set_state(tx: Transaction, node: str, state: PeerState, *, by: str, now: datetime) -> None:
    """Say whether we speak with a node from now on."""
    values: dict[str, Any] = {"state": state}
    if state is PeerState.PINNED:
        values |= {"pinned_at": now, "pinned_by": by}
    tx.execute(update(peer).where(peer.c.node == node).values(values))
