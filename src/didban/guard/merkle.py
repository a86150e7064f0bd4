"""A Merkle tree over a list that only grows (RFC 6962, 2.1): roots, proofs, and their checking.

Pure. The tree of `size` leaves is never held: a *node* `(level, place)` is the complete subtree of
`2**level` leaves from `place * 2**level` on, its hash never changes again, and whoever keeps these
hashes gives a proof by reading a number of them that grows with the logarithm of the size.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeAlias

    Reader: TypeAlias = "Callable[[Sequence[Node]], Mapping[Node, bytes]]"

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


class Node(NamedTuple):
    """A complete subtree: `2**level` leaves from `place * 2**level` on."""

    level: int
    place: int

    @property
    def last_leaf(self) -> int:
        """The leaf with which the subtree became complete."""
        return ((self.place + 1) << self.level) - 1


class Frontier:
    """The right edge of a growing tree: the few hashes that the next leaf needs."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Take the size reached and the hashes of `peaks(size)`, left to right."""
        self.size = size
        self._peaks = list(peaks)

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf's hash; return it and those of the subtrees that it completes, from below."""
        made = [leaf]
        at = self.size
        while at & 1:
            made.append(node_hash(self._peaks.pop(), made[-1]))
            at >>= 1
        self._peaks.append(made[-1])
        self.size += 1
        return made

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        return fold(self._peaks)


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of what two subtrees make together."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[Node]:
    """Return the complete subtrees that a tree of this size is made of, left to right."""
    return _nodes(0, size)


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of `peaks`."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def root(size: int, read: Reader) -> bytes:
    """Return the root of the first `size` leaves."""
    wanted = peaks(size)
    found = read(wanted)
    return fold([found[node] for node in wanted])


def inclusion_proof(index: int, size: int, read: Reader) -> list[bytes]:
    """Return the hashes that tie leaf `index` to the root of the first `size` leaves.

    Raises ValueError when there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    return _hashes(_inclusion_spans(index, 0, size), read)


def inclusion_nodes(index: int, size: int) -> list[Node]:
    """Return the subtrees that `inclusion_proof` reads, so that those of many are read at once."""
    return [node for span in _inclusion_spans(index, 0, size) for node in _nodes(*span)]


def consistency_proof(old: int, size: int, read: Reader) -> list[bytes]:
    """Return the hashes that show that the first `old` leaves are the beginning of the first `size`.

    Raises ValueError when `old` is not between 0 and `size`.
    """
    if not 0 <= old <= size:
        raise ValueError(f"{old} leaves are not the beginning of {size}")
    spans = _consistency_spans(old, 0, size, whole=True) if old else []
    return _hashes(spans, read)


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether the proof ties this leaf hash, at this index, to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(other, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(
    old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Return whether the proof shows the older tree to be the beginning of the newer one.

    (RFC 9162, 2.1.4.2.) An empty tree is the beginning of every tree.
    """
    if old in {0, size}:
        return not proof and old_root == (root if old else EMPTY_ROOT)
    if not 0 < old < size or not proof:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    hashes = list(proof) if at else [old_root, *proof]
    before = after = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(other, before), node_hash(other, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, other)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _hashes(spans: list[tuple[int, int]], read: Reader) -> list[bytes]:
    """Return the root over each span of leaves, reading all the nodes at once."""
    parts = [_nodes(start, end) for start, end in spans]
    found = read([node for nodes in parts for node in nodes])
    return [fold([found[node] for node in nodes]) for nodes in parts]


def _nodes(start: int, end: int) -> list[Node]:
    """Return the complete subtrees that make up a span that begins where a subtree can."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return nodes


def _split(start: int, end: int) -> int:
    """Return where the left subtree ends: the largest power of two below the number of leaves."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def _inclusion_spans(index: int, start: int, end: int) -> list[tuple[int, int]]:
    if end - start == 1:
        return []
    middle = _split(start, end)
    if index < middle:
        return [*_inclusion_spans(index, start, middle), (middle, end)]
    return [*_inclusion_spans(index, middle, end), (start, middle)]


def _consistency_spans(old: int, start: int, end: int, *, whole: bool) -> list[tuple[int, int]]:
    """`whole`: the older tree is this very subtree, so that its asker knows its root already."""
    if old == end:
        return [] if whole else [(start, end)]
    middle = _split(start, end)
    if old <= middle:
        return [*_consistency_spans(old, start, middle, whole=whole), (middle, end)]
    return [*_consistency_spans(old, middle, end, whole=False), (start, middle)]
