"""Sealing: committed entries of the audit log get their places in the Merkle tree, in order.

Deeds write their entries without any lock. A duty seals what was committed, each second; so does
whoever needs a checkpoint or a proof that covers all of it. An entry is safe from unseen change
from then on, and in everyone's eyes from the next checkpoint on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.errors import IntegrityFailure
from didban.guard import merkle
from didban.guard.merkle import HASH_BYTES, Frontier, Node
from didban.model.audit import canonical, field_marks
from didban.store import audit_tree
from didban.store.audit_tree import Leaf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.store.database import Database, Transaction

BATCH: Final = 2_000  # entries in one transaction: a fraction of a second


def run_due(database: Database, now: datetime) -> int:  # noqa: ARG001 - as every duty
    """Seal what was committed; return how many entries. Does nothing while another one seals."""
    return seal_all(database, wait=False)


def seal_all(database: Database, *, wait: bool = True) -> int:
    """Seal everything that was committed before the call, in short transactions; return how many.

    With `wait`, stand in line behind another one that seals (Unavailable is not raised: the
    database's own lock timeout ends it).
    """
    total = 0
    while True:
        with database.begin() as tx:
            sealed = seal(tx, wait=wait)
        total += sealed
        if sealed < BATCH:
            return total


def seal(tx: Transaction, *, wait: bool) -> int:
    """Seal at most `BATCH` entries in this transaction; return how many."""
    if not audit_tree.lock_sealing(tx, wait=wait):
        return 0
    entries, reached = audit_tree.unsealed(tx, BATCH)
    if not entries:
        return 0
    edge = frontier(tx)
    new = []
    for entry in entries:
        place = edge.size
        hashes = edge.append(merkle.leaf_hash(canonical(entry)))
        new.append(
            Leaf(
                place=place,
                entry=entry.number,
                hashes=b"".join(hashes),
                marks=field_marks(entry),
            )
        )
    audit_tree.add_leaves(tx, new, reached)
    return len(new)


def frontier(tx: Transaction) -> Frontier:
    """Return the right edge of the tree as it is kept."""
    size = audit_tree.size(tx)
    wanted = merkle.peaks(size)
    found = read_nodes(tx, wanted)
    return Frontier(size, [found[node] for node in wanted])


def read_nodes(tx: Transaction, nodes: Sequence[Node]) -> dict[Node, bytes]:
    """Return the kept hashes of complete subtrees: each lies with the last leaf of its subtree.

    Raises IntegrityFailure where a leaf is gone.
    """
    wanted = {node.last_leaf for node in nodes}
    kept = audit_tree.hashes_at(tx, wanted)
    if wanted - kept.keys():
        raise IntegrityFailure("leaves of the audit log are gone: verify it")
    return {node: hash_at(kept[node.last_leaf], node.level) for node in nodes}


def hash_at(hashes: bytes, level: int) -> bytes:
    """Return the hash of this level among those that are kept with a leaf."""
    return hashes[level * HASH_BYTES : (level + 1) * HASH_BYTES]
