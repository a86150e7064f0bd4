"""What a build does with every name and number, and its twin in C++ does faster (`_assembly`)."""

from __future__ import annotations

from array import array
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from didban.match.kernels import constants as k

if TYPE_CHECKING:
    from collections.abc import Sequence


class Postings(NamedTuple):
    """Which names contain a part: see `didban.match.index.segments`. `array`s of 32-bit numbers."""

    posting_start: array[int]
    posting: array[int]
    single_start: array[int]
    single_name: array[int]


def sort_pairs(keys: array[int], values: array[int]) -> None:
    """Sort 64-bit keys and their 32-bit values by key, then value, in place."""
    pairs = sorted(zip(keys, values, strict=True))
    keys[:] = array("Q", (key for key, _ in pairs))
    values[:] = array("I", (value for _, value in pairs))


def postings(start: array[int], token: array[int], classes: array[int]) -> Postings:
    """Return the postings of names: name n has the parts `token[start[n]:start[n + 1]]`.

    `classes` holds the phonetic class of each part. A posting tells the classes of the other parts
    of its name; a part that comes twice in a name is posted once.
    """
    rows: list[array[int]] = [array("I") for _ in classes]
    singles: list[array[int]] = [array("I") for _ in classes]
    for name in range(len(start) - 1):
        own = token[start[name] : start[name + 1]]
        if len(own) == 1:
            singles[own[0]].append(name)
            continue
        for part in dict.fromkeys(own):
            a, b, c, d = _others(own, part, classes)
            rows[part].extend((name, a | b << 16, c | d << 16))
    return Postings(
        _starts([len(row) // k.POSTING_WIDTH for row in rows]),
        array("I", (word for row in rows for word in row)),
        _starts([len(row) for row in singles]),
        array("I", (name for row in singles for name in row)),
    )


def _others(own: Sequence[int], part: int, classes: array[int]) -> Sequence[int]:
    """Return the classes of the other parts of a name, as many as a posting holds."""
    others = [classes[one] for one in own]
    del others[list(own).index(part)]
    if len(others) > k.POSTING_CLASSES:
        others = [*others[: k.POSTING_CLASSES - 1], k.OVERFLOW]
    return [*others, *(k.POSTING_CLASSES - len(others)) * [0]]


def _starts(sizes: list[int]) -> array[int]:
    return array("I", accumulate(sizes, initial=0))
