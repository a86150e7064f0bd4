"""The Merkle tree against the definitions of RFC 6962, 2.1, written out as they stand there."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.guard import merkle
from didban.guard.merkle import Frontier, Node

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

sizes = st.integers(1, 200)


def sha(*parts: bytes) -> bytes:
    """Return the SHA-256 of these bytes."""
    return hashlib.sha256(b"".join(parts)).digest()


def largest_power_below(n: int) -> int:
    """Return the largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(data: list[bytes]) -> bytes:
    """Merkle tree hash."""
    if not data:
        return sha()
    if len(data) == 1:
        return sha(b"\x00", data[0])
    k = largest_power_below(len(data))
    return sha(b"\x01", mth(data[:k]), mth(data[k:]))


def path(m: int, data: list[bytes]) -> list[bytes]:
    """Merkle audit path."""
    if len(data) == 1:
        return []
    k = largest_power_below(len(data))
    if m < k:
        return [*path(m, data[:k]), mth(data[k:])]
    return [*path(m - k, data[k:]), mth(data[:k])]


def subproof(m: int, data: list[bytes], *, whole: bool) -> list[bytes]:
    """Merkle consistency proof."""
    if m == len(data):
        return [] if whole else [mth(data)]
    k = largest_power_below(len(data))
    if m <= k:
        return [*subproof(m, data[:k], whole=whole), mth(data[k:])]
    return [*subproof(m - k, data[k:], whole=False), mth(data[:k])]


def data_of(size: int) -> list[bytes]:
    """Return so many different leaves."""
    return [str(number).encode() for number in range(size)]


def kept(data: list[bytes]) -> dict[Node, bytes]:
    """Return what a growing tree keeps: every complete subtree."""
    edge, nodes = Frontier(), {}
    for index, leaf in enumerate(data):
        for level, found in enumerate(edge.append(merkle.leaf_hash(leaf))):
            nodes[Node(level, index >> level)] = found
    return nodes


def reader(nodes):
    """Return what reads these nodes."""
    return lambda wanted: {node: nodes[node] for node in wanted}


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size):
    """The leaves and roots with which transparency logs test themselves."""
    edge = Frontier()
    for leaf in LEAVES[:size]:
        edge.append(merkle.leaf_hash(leaf))
    assert edge.root().hex() == ROOTS[size] == mth(LEAVES[:size]).hex()


@given(size=st.integers(0, 300))
def test_roots_are_those_of_the_definition(size):
    """From the edge of a growing tree, and from kept nodes."""
    data, nodes = data_of(size), kept(data_of(size))
    found = [nodes[node] for node in merkle.peaks(size)]
    assert merkle.fold(found) == mth(data)
    assert Frontier(size, found).root() == mth(data)


@given(size=sizes, data=st.data())
def test_an_older_tree_goes_on_from_its_edge(size, data):
    """What is read back from the store grows as if it had never been away."""
    old = data.draw(st.integers(0, size))
    nodes = kept(data_of(size))
    edge = Frontier(old, [nodes[node] for node in merkle.peaks(old)])
    for leaf in data_of(size)[old:]:
        edge.append(merkle.leaf_hash(leaf))
    assert edge.root() == mth(data_of(size))


@given(size=sizes, data=st.data())
def test_inclusion_proofs_are_those_of_the_definition(size, data):
    """They verify for their leaf, and are short."""
    index, leaves = data.draw(st.integers(0, size - 1)), data_of(size)
    proof = merkle.inclusion_proof(index, size, reader(kept(leaves)))
    assert proof == path(index, leaves)
    assert len(proof) <= (size - 1).bit_length()
    leaf = merkle.leaf_hash(leaves[index])
    assert merkle.is_included(leaf, index, size, proof, mth(leaves))


@given(size=sizes, data=st.data())
def test_consistency_proofs_are_those_of_the_definition(size, data):
    """They verify for their two trees."""
    old, leaves = data.draw(st.integers(1, size)), data_of(size)
    proof = merkle.consistency_proof(old, size, reader(kept(leaves)))
    assert proof == subproof(old, leaves, whole=True)
    assert merkle.is_consistent(old, mth(leaves[:old]), size, mth(leaves), proof)


def flipped(found: bytes, bit: int) -> bytes:
    """Return the bytes with one bit turned."""
    place, part = divmod(bit, 8)
    return found[:place] + bytes([found[place] ^ (1 << part)]) + found[place + 1 :]


@given(size=st.integers(2, 100), bit=st.integers(0, 255), data=st.data())
def test_a_spoilt_inclusion_proof_is_refused(size, bit, data):
    """A flipped bit, a missing or superfluous hash, another place, another size."""
    index, leaves = data.draw(st.integers(0, size - 1)), data_of(size)
    root, leaf = mth(leaves), merkle.leaf_hash(leaves[index])
    proof = merkle.inclusion_proof(index, size, reader(kept(leaves)))
    spoilt = data.draw(st.integers(0, len(proof) - 1))
    changed = [*proof[:spoilt], flipped(proof[spoilt], bit), *proof[spoilt + 1 :]]
    for wrong in (changed, proof[:-1], [*proof, root], []):
        assert not merkle.is_included(leaf, index, size, wrong, root)
    assert not merkle.is_included(flipped(leaf, bit), index, size, proof, root)
    assert not merkle.is_included(leaf, index, size, proof, flipped(root, bit))
    other = data.draw(st.integers(-1, size).filter(lambda number: number != index))
    assert not merkle.is_included(leaf, other, size, proof, root)


@given(size=st.integers(2, 100), bit=st.integers(0, 255), data=st.data())
def test_a_spoilt_consistency_proof_is_refused(size, bit, data):
    """Whatever was changed, the older tree is not shown to be the beginning of the newer one."""
    old, leaves = data.draw(st.integers(1, size - 1)), data_of(size)
    before, after = mth(leaves[:old]), mth(leaves)
    proof = merkle.consistency_proof(old, size, reader(kept(leaves)))
    spoilt = data.draw(st.integers(0, len(proof) - 1))
    changed = [*proof[:spoilt], flipped(proof[spoilt], bit), *proof[spoilt + 1 :]]
    for wrong in (changed, proof[:-1], [*proof, after], []):
        assert not merkle.is_consistent(old, before, size, after, wrong)
    assert not merkle.is_consistent(old, flipped(before, bit), size, after, proof)
    assert not merkle.is_consistent(old, before, size, flipped(after, bit), proof)


@given(size=st.integers(1, 60), data=st.data())
def test_a_tree_with_another_past_is_not_consistent(size, data):
    """No proof makes one log out of two."""
    old = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old - 1))
    leaves = data_of(size)
    other = [*leaves[:changed], b"another", *leaves[changed + 1 :]]
    proof = merkle.consistency_proof(old, size, reader(kept(other)))
    assert not merkle.is_consistent(old, mth(leaves[:old]), size, mth(other), proof)


def test_every_tree_begins_with_the_empty_one():
    """And with itself."""
    root = mth(data_of(5))
    assert merkle.consistency_proof(0, 5, reader({})) == []
    assert merkle.is_consistent(0, merkle.EMPTY_ROOT, 5, root, [])
    assert merkle.is_consistent(5, root, 5, root, [])
    assert not merkle.is_consistent(0, root, 5, root, [])
    assert not merkle.is_consistent(6, root, 5, root, [])


def test_a_leaf_that_is_not_there_has_no_proof():
    """Nor has an older tree that is larger."""
    with pytest.raises(ValueError, match="no leaf 5 among 5"):
        merkle.inclusion_proof(5, 5, reader({}))
    with pytest.raises(ValueError, match="6 leaves are not the beginning of 5"):
        merkle.consistency_proof(6, 5, reader({}))
