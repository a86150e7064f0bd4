"""Nodes that we know, and the versions of what they say of themselves."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, true, update

from didban.model.encoding import from_b64
from didban.model.exchange.descriptors import Descriptor
from didban.model.exchange.peers import Peer, PeerState
from didban.model.exchange.signed import Signed
from didban.store.database import Topic, touch
from didban.store.tables.exchange_trust import descriptor, peer, peer_authority

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from didban.store.database import Transaction


def get(tx: Transaction, node: str) -> Peer | None:
    """Return a node with its newest descriptor, or None where nothing is known of it."""
    return next(iter(_those(tx, peer.c.node == node)), None)


def state_of(tx: Transaction, node: str) -> PeerState | None:
    """Return whether we speak with a node, or None where nothing is known of it."""
    state = tx.scalar(select(peer.c.state).where(peer.c.node == node))
    return None if state is None else PeerState(state)


def pinned(tx: Transaction) -> list[Peer]:
    """Return the nodes that we speak with, by code."""
    return _those(tx, peer.c.state == PeerState.PINNED)


def listed(tx: Transaction) -> list[Peer]:
    """Return every node that is or was known, by code."""
    return _those(tx, true())


def _those(tx: Transaction, which: ColumnElement[bool]) -> list[Peer]:
    """Return the nodes that a condition chooses, by code: three statements, however many."""
    rows = tx.execute(select(peer.c.node, peer.c.state).where(which).order_by(peer.c.node)).all()
    if not rows:
        return []
    versions: dict[str, list[Descriptor]] = defaultdict(list)
    said = select(descriptor.c.node, descriptor.c.payload).join(
        peer, peer.c.node == descriptor.c.node
    )
    for row in tx.execute(said.where(which).order_by(descriptor.c.node, descriptor.c.version)):
        versions[row.node].append(_descriptor(bytes(row.payload)))
    agreed: dict[str, list[Any]] = defaultdict(list)
    of_those = select(peer_authority).join(peer, peer.c.node == peer_authority.c.node)
    for row in tx.execute(of_those.where(which)):
        agreed[row.node].append(row)
    return [_peer(row, versions[row.node], agreed[row.node]) for row in rows]


def _peer(row: Any, versions: Sequence[Descriptor], agreed: Sequence[Any]) -> Peer:
    return Peer(
        node=row.node,
        state=PeerState(row.state),
        descriptor=versions[-1],
        online_keys={key.id: key for version in versions for key in version.online_keys},
        authorities=frozenset(one.code for one in agreed if one.owns),
        desks=frozenset(one.code for one in agreed),
    )


def pinned_by(tx: Transaction, node: str) -> str | None:
    """Return who pinned a node last."""
    return tx.scalar(select(peer.c.pinned_by).where(peer.c.node == node))


def lock(tx: Transaction, node: str) -> None:
    """Let nobody else change a node, or bring it in, before this transaction ends."""
    tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"peer {node}", 0))))


def descriptors(tx: Transaction, node: str) -> list[Descriptor]:
    """Return every version of a node's descriptor, oldest first."""
    query = select(descriptor.c.payload).where(descriptor.c.node == node)
    rows = tx.scalars(query.order_by(descriptor.c.version))
    return [_descriptor(bytes(payload)) for payload in rows]


@lru_cache(maxsize=1_000)
def _descriptor(payload: bytes) -> Descriptor:
    """Return a descriptor that was read before: several times in each deed that is published."""
    return Descriptor.from_bytes(payload)


def signed(tx: Transaction, node: str) -> list[Signed]:
    """Return every version of a node's descriptor as it was signed, oldest first."""
    rows = tx.execute(
        select(descriptor).where(descriptor.c.node == node).order_by(descriptor.c.version)
    )
    return [
        Signed(
            payload=bytes(row.payload),
            signatures={key: from_b64(text) for key, text in row.signatures.items()},
        )
        for row in rows
    ]


def forget_descriptors(tx: Transaction, node: str) -> None:
    """Delete what a node said of itself, which nobody had believed yet."""
    tx.execute(delete(descriptor).where(descriptor.c.node == node))


def add_descriptor(tx: Transaction, new: Descriptor, signed: Signed, now: datetime) -> None:
    """Keep a version of a descriptor, as it was signed."""
    values: dict[str, Any] = {
        "node": new.node,
        "version": new.version,
        "payload": signed.payload,
        "signatures": signed.to_json()["signatures"],
        "received_at": now,
        "expires_at": new.expires_at,
    }
    tx.execute(insert(descriptor).values(values))


def speaker_of(tx: Transaction, authority: str) -> str | None:
    """Return the node that speaks for an authority, or None where it is ours or nobody's."""
    query = select(peer_authority.c.node).where(peer_authority.c.code == authority)
    return tx.scalar(query)


def let_speak(
    tx: Transaction,
    node: str,
    authorities: Iterable[str],
    now: datetime,
    *,
    desks: Iterable[str] = (),
) -> None:
    """Let a node speak for these authorities, and for no others.

    - `desks`: of those for which it writes besides, and which own nothing.
    """
    touch(tx, Topic.READERS)
    tx.execute(delete(peer_authority).where(peer_authority.c.node == node))
    spoken = dict.fromkeys(desks, False) | dict.fromkeys(authorities, True)
    rows = [
        {"code": code, "node": node, "owns": owns, "agreed_at": now}
        for code, owns in spoken.items()
    ]
    if rows:
        tx.execute(insert(peer_authority), rows)


def add(tx: Transaction, node: str, root: bytes, now: datetime) -> None:
    """Note a node whose fingerprint is still to be compared."""
    values = {"node": node, "state": PeerState.PROPOSED, "root": root, "added_at": now}
    tx.execute(insert(peer).values(values))


def renew_root(tx: Transaction, node: str, root: bytes) -> None:
    """Keep the root key that a node's newest descriptor names."""
    tx.execute(update(peer).where(peer.c.node == node).values(root=root))


def set_state(tx: Transaction, node: str, state: PeerState, *, by: str, now: datetime) -> None:
    """Say whether we speak with a node from now on."""
    touch(tx, Topic.READERS)
    values: dict[str, Any] = {"state": state}
    if state is PeerState.PINNED:
        values |= {"pinned_at": now, "pinned_by": by}
    tx.execute(update(peer).where(peer.c.node == node).values(values))
