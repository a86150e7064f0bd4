"""How much it says that a part of a name is written to the letter as on the list, or otherwise.

    python -m benchmarks.spelled

How rare a part is, is counted by its sound. Of two strangers who share a sound, some write it alike:
how many, is counted in the name parts of all countries of the Arabic script together, as on a list
that holds people of many; among the people of one country they are more. Of one person's name in two
sources it is assumed that `COPIED` are written alike: a paper is copied from a paper, now and then
mistyped or romanised anew. The logarithm of the one over the other is what `parameters.SPELLED` and,
for those written otherwise, `parameters.RESPELLED` stand for; of the latter a part is in the bands
of similarity already.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

from benchmarks.material import table
from didban.match.evidence import parameters as p
from didban.match.evidence.likeness import CUTOFF, likeness, similarity
from didban.match.spelling.tokens import name_parts

COPIED: Final = 0.8
_ROLES: Final = ("given", "surname")
_COMMONEST: Final = 900
"""So many parts of each role are compared with each other: nearly all people bear one of them."""


def written_alike(counts: Counter[str]) -> float:
    """Return the share (0..1) of pairs of strangers with like parts who write them to the letter."""
    common = counts.most_common(_COMMONEST)
    alike = sum(n * n for _, n in common)
    others = sum(
        n * m for one, n in common for other, m in common if one != other and _agree(one, other)
    )
    return alike / (alike + others)


def _agree(one: str, other: str) -> bool:
    heard = similarity(one, other)
    return heard >= CUTOFF and likeness(one, other, heard) >= CUTOFF


def main() -> None:
    """Count, and tell what follows."""
    counts: dict[str, Counter[str]] = {role: Counter() for role in _ROLES}
    for row in table("names/arabic_script_name_units.tsv.gz", separator="\t"):
        if row["role"] in counts:
            for part in name_parts(row["latin"])[:1]:
                counts[row["role"]][part] += int(row["count"])
    shares = {role: written_alike(own) for role, own in counts.items()}
    for role, share in shares.items():
        print(f"{role}: {share:.0%} of strangers with like parts write them to the letter")
    share = sum(shares.values()) / len(shares)
    spelled, respelled = math.log(COPIED / share), math.log((1 - COPIED) / (1 - share))
    print(f"to the letter {spelled:.2f} (in force {p.SPELLED:.2f})")
    print(f"otherwise {respelled:.2f} (in force {p.RESPELLED:.2f}, beside the bands)")


if __name__ == "__main__":
    main()
