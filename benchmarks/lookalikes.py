"""How seldom one name is taken for two by its form, and how often two are told so.

    python -m benchmarks.lookalikes

The rules of `didban.match.spelling.lookalikes` are common knowledge of languages; this tells what
they cost. Of parts that count as alike without them:

- attested spellings of one name, and slips of the finger, which must stay alike;
- names that begin alike, each with its own number in Wikidata, which should not.
"""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import chain, combinations
from typing import TYPE_CHECKING, Final

from benchmarks.likeness import clustered, common_parts, slips, spellings
from didban.match.evidence.likeness import CUTOFF, similarity
from didban.match.spelling.lookalikes import are_lookalikes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from benchmarks.likeness import Couple

_BEGINNING: Final = 4
_FAMILY: Final = 20
"""So many names of one beginning are compared with each other."""


def main() -> None:
    """Print for each kind of pairs how many sound alike, and how many of these are told apart."""
    names = common_parts(0) | common_parts(1)
    kinds = {
        "one name, attested": chain(*map(spellings, (0, 1)), *map(clustered, (0, 1))),
        "one name, slips": slips(names),
        "names that begin alike": neighbours(names),
    }
    for kind, couples in kinds.items():
        heard, parted = counted(couples)
        print(f"{kind}: {heard} sound alike, {parted} ({parted / heard:.3%}) are told apart")


def counted(couples: Iterable[Couple]) -> tuple[int, int]:
    """Return how many couples sound alike, and how many of those are two names by their form."""
    alike = [couple for couple in couples if similarity(*couple) >= CUTOFF]
    return len(alike), sum(are_lookalikes(*couple) for couple in alike)


def neighbours(names: Iterable[str]) -> Iterator[Couple]:
    """Yield pairs of names that begin with the same letters, a few of each beginning."""
    families = defaultdict(list)
    for name in names:
        families[name[:_BEGINNING]].append(name)
    source = random.Random(4)
    for family in families.values():
        yield from combinations(source.sample(family, min(len(family), _FAMILY)), 2)


if __name__ == "__main__":
    main()
