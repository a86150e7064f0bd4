"""What two names say: which parts agree, how rare they are, and which contradict each other."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from didban.match import parameters as p
from didban.match.distances import SCALE, SLOPE, weight
from didban.match.evidence import Explanation
from didban.match.features import Name, Quality
from didban.match.kernels import constants as k
from didban.match.kernels import distance
from didban.match.phonemes import forms
from didban.match.tokens import WEIGHTLESS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CUTOFF: Final = 191
"""Parts below this similarity (0.75) are different names."""


_NEARLY_SAME: Final = 3
"""From this band on parts are not nearly the same."""


@dataclass(frozen=True, slots=True)
class QueryName:
    """A name that is looked for, with what the index knows of its parts.

    - `shares[i][b]`: share of all listed names that have a part as similar to part i as band b.
    - `of_person`: people share names; an organisation or a ship rarely has another's.
    """

    name: Name
    shares: tuple[tuple[float, ...], ...]
    of_person: bool


@lru_cache(maxsize=65_536)
def similarity(one: str, other: str) -> int:
    """Return the similarity 0..255 of two name parts: that of their closest readings."""
    best = 0
    for a in forms(one):
        for b in forms(other):
            length = max(weight(a.codes), weight(b.codes))
            if length:
                table = int(a.unvocalised != b.unvocalised)
                cost = distance(a.codes, b.codes, table)
                best = max(best, SCALE - SLOPE * cost // length)
    return best


def pair_parts(one: Sequence[str], other: Sequence[str]) -> bytes:
    """Pair the parts of two names, most similar first, as the kernels do.

    Returns for each part of `one` the position in `other` (255: none) and the similarity.
    """
    options = sorted(
        (-s, i, j)
        for i, a in enumerate(one)
        for j, b in enumerate(other)
        if (s := _similar(a, b)) >= CUTOFF
    )
    pairs = bytearray(bytes((k.NONE, 0)) * len(one))
    used: set[int] = set()
    for s, i, j in options:
        if pairs[2 * i] == k.NONE and j not in used:
            pairs[2 * i], pairs[2 * i + 1] = j, -s
            used.add(j)
    return bytes(pairs)


def _similar(a: str, b: str) -> int:
    if len(a) == 1 or len(b) == 1:
        first = [own[0].codes[0] for own in (forms(a), forms(b)) if own]
        return k.INITIAL_SIMILARITY if len(first) > 1 and first[0] == first[1] else 0
    return similarity(a, b)


@dataclass(frozen=True, slots=True)
class NameFindings:
    """What two names have in common, before it is weighed.

    - `information`: for each band of similarity, the sum of -ln(share of names) of the parts that
      agree so well.
    - `initials`: single letters that fit; `contradicted`: parts on both sides without counterpart;
      `extra`, `missing`: such parts on the query's or on the listed side alone.
    - `whole`: what it adds that the whole name agrees, in nearly the same sounds, with nothing left
      over on either side; 0 where it does not.
    """

    information: tuple[float, ...]
    initials: int
    contradicted: int
    extra: int
    missing: int
    is_weak: bool
    whole: float

    @property
    def weight(self) -> float:
        """The evidence in log-odds."""
        agreed: float = sum(map(operator.mul, self.information, p.NAME_SHARE))
        total = (
            agreed
            + bool(agreed) * p.SAME_CULTURE
            + self.initials * p.INITIAL
            + self.contradicted * p.CONTRADICTED
            + self.extra * p.EXTRA_IN_QUERY
            + self.missing * p.EXTRA_IN_CANDIDATE
            + self.whole
        )
        if self.is_weak and total > 0:
            return total * p.WEAK_NAME
        return max(total, p.LEAST_NAME)


def find(query: QueryName, candidate: Name, pairs: bytes) -> NameFindings:
    """Return what a query's name and a listed name have in common, part by part."""
    information = [0.0] * k.BANDS
    initials = 0
    for i, part in enumerate(query.name.parts):
        position, similar = pairs[2 * i], pairs[2 * i + 1]
        if position == k.NONE:
            continue
        if len(part) == 1 or len(candidate.parts[position]) == 1:
            initials += 1
            continue
        band = min((SCALE - similar + k.BAND_WIDTH - 1) // k.BAND_WIDTH, k.BANDS - 1)
        information[band] -= math.log(max(query.shares[i][band], p.RAREST))
    ours, theirs = (
        sum(part not in WEIGHTLESS for part in alone)
        for alone in _unmatched(query.name.parts, candidate.parts, pairs)
    )
    both = min(ours, theirs)
    return NameFindings(
        information=tuple(information),
        initials=initials,
        contradicted=both,
        extra=ours - both,
        missing=theirs - both,
        is_weak=candidate.quality is Quality.WEAK,
        whole=0.0 if ours or theirs or initials else _whole(query, information),
    )


def _whole(query: QueryName, information: Sequence[float]) -> float:
    """Return what it adds that names agree as a whole, by whose name it is."""
    if any(information[_NEARLY_SAME:]):
        return 0.0
    if not query.of_person:
        return p.WHOLE_NAME
    parts = sum(part not in WEIGHTLESS for part in query.name.parts)
    return p.WHOLE_PERSON if parts > 1 else p.WHOLE_SINGLE


def explain(query: QueryName, candidate: Name, pairs: bytes) -> Explanation:
    """Names, part by part: an agreement counts as much as the part is rare on the lists."""
    parts, others = query.name.parts, candidate.parts
    words = [
        _words(part, others[pairs[2 * i]], pairs[2 * i + 1])
        for i, part in enumerate(parts)
        if pairs[2 * i] != k.NONE
    ]
    alone, listed_alone = _unmatched(parts, others, pairs)
    if alone:
        words.append(f"only in the query: {' '.join(alone)}")
    if listed_alone:
        words.append(f"only in the list: {' '.join(listed_alone)}")
    if candidate.quality is Quality.WEAK:
        words.append("the list calls this a weak alias")
    return Explanation(
        query=query.name.text,
        candidate=candidate.text,
        similarity=_overall(parts, others, pairs),
        weight=find(query, candidate, pairs).weight,
        detail="; ".join(words),
    )


Apart = tuple[float, ...]
"""How far two names are apart beyond what is weighed; the lesser tuple is the closer name."""


def apart(query: QueryName, candidate: Name, pairs: bytes) -> Apart:
    """Return how far two names are apart: what orders matches of equal score, and nothing else.

    First how little the parts are alike, then the parts out of order, then the words (titles,
    articles) that only one of them writes.
    """
    positions = [p for p in pairs[::2] if p != k.NONE]
    turned = sum(one > other for one, other in pairwise(positions))
    words = abs(len(query.name.text.split()) - len(candidate.text.split()))
    alike = _overall(query.name.parts, candidate.parts, pairs)
    return (1.0 - alike, turned, words)


def _overall(parts: Sequence[str], others: Sequence[str], pairs: bytes) -> float:
    """Return the mean similarity over the parts of the longer name, without regard to rarity."""
    total = sum(pairs[2 * i + 1] for i in range(len(parts)) if pairs[2 * i] != k.NONE)
    return total / SCALE / max(len(parts), len(others))


_DEGREES: Final[tuple[tuple[int, Callable[[str, str], str]], ...]] = (
    (SCALE, lambda a, b: f"{a} = {b}" if a != b else f"{a} is the same"),
    (231, lambda a, b: f"{a} sounds like {b}"),
    (0, lambda a, b: f"{a} is similar to {b}"),
)


def _words(part: str, other: str, similar: int) -> str:
    return next(say(part, other) for least, say in _DEGREES if similar >= least)


def _unmatched(
    parts: Sequence[str], others: Sequence[str], pairs: bytes
) -> tuple[list[str], list[str]]:
    """Return the parts of each side that have no counterpart on the other."""
    taken = set(pairs[::2])
    alone = [part for i, part in enumerate(parts) if pairs[2 * i] == k.NONE]
    return alone, [other for j, other in enumerate(others) if j not in taken]
