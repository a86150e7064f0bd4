"""What is compiled for building agrees with its twin in Python to the bit."""

from __future__ import annotations

from array import array
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.match.kernels import assembly

native = pytest.importorskip("didban.match.kernels._assembly", reason="no compiler was found")

PARTS = 9
CLASSES = array("H", [1, 1, 2, 3, 4, 5, 6, 7, 8])
NAMES = st.lists(st.lists(st.integers(0, PARTS - 1), min_size=1, max_size=8), max_size=12)
ROWS = st.lists(st.tuples(st.integers(0, 2**64 - 1) | st.integers(0, 3), st.integers(0, 5)))


@given(NAMES)
def test_postings_are_the_same(names: list[list[int]]) -> None:
    """Names of one part and of many, with parts that come twice, and parts in no name."""
    start = array("I", accumulate(map(len, names), initial=0))
    token = array("I", (part for name in names for part in name))

    assert native.postings(start, token, CLASSES) == assembly.postings(start, token, CLASSES)


@given(ROWS)
def test_pairs_are_sorted_alike(rows: list[tuple[int, int]]) -> None:
    """By key, then by value."""
    sorted_by = []
    for sort_pairs in (native.sort_pairs, assembly.sort_pairs):
        keys, values = array("Q", (k for k, _ in rows)), array("I", (v for _, v in rows))
        sort_pairs(keys, values)
        sorted_by.append(list(zip(keys, values, strict=True)))

    assert sorted_by == [sorted(rows)] * 2


@pytest.mark.parametrize(
    ("start", "token"), [([0, 2], [0]), ([0, 1], [PARTS]), ([1, 1], [0]), ([0, 2, 1], [0])]
)
def test_what_does_not_fit_together_is_refused(start: list[int], token: list[int]) -> None:
    """It would read or write beyond the end."""
    with pytest.raises(ValueError, match="vocabulary"):
        native.postings(array("I", start), array("I", token), CLASSES)
