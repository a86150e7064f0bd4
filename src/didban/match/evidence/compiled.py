"""The compiled rules for persons' names, where a compiler was found: what they are told.

`likeness`, `pairing` and `names` define what they compute and state each number and table once;
here these are handed over, and what is known of a part when it is asked for.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from didban.match.evidence import likeness, pairing
from didban.match.evidence import parameters as p
from didban.match.evidence.pairing import Agreed, How, Pairing, traits
from didban.match.evidence.world import world_shares
from didban.match.features import Quality
from didban.match.kernels import Listed, Names, forms, primary_key
from didban.match.spelling.given_names import are_two_names
from didban.match.spelling.lookalikes import are_lookalikes
from didban.match.spelling.nicknames import are_one_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.match.features import Name
    from didban.match.spelling.phonemes import Form

_MOST_PARTS: Final = 65_536
"""When so many parts are known, all are forgotten."""

_AT_ONCE: Final = 256
"""Pairs of names that are put in order, weighed and explained one after the other."""

RULES: Final = {**likeness.RULES, **pairing.RULES}
WEIGHTS: Final = {
    "share": p.NAME_SHARE,
    "rarest": p.RAREST,
    "same_culture": p.SAME_CULTURE,
    "spelled": p.SPELLED,
    "respelled": p.RESPELLED,
    "mistyped": p.MISTYPED,
    "contradicted": p.CONTRADICTED,
    "extra_in_query": p.EXTRA_IN_QUERY,
    "extra_in_candidate": p.EXTRA_IN_CANDIDATE,
    "initial": p.INITIAL,
    "nickname": p.NICKNAME,
    "beginning": p.BEGINNING,
    "byname": p.BYNAME,
    "relatives": p.RELATIVES,
    "least_name": p.LEAST_NAME,
    "weak_name": p.WEAK_NAME,
    "whole_name": p.WHOLE["NAME"],
    "whole_person": p.WHOLE["PERSON"],
    "whole_single": p.WHOLE["SINGLE"],
    "nearly_same": p.NEARLY_SAME,
}


class Telling:
    """What is known of one part, and of two."""

    traits = staticmethod(traits)
    are_two_names = staticmethod(are_two_names)
    are_one_name = staticmethod(are_one_name)
    are_lookalikes = staticmethod(are_lookalikes)

    @staticmethod
    def readings(part: str) -> tuple[tuple[Form, ...], int]:
        """Return the readings, and the phonetic class of the first."""
        own = forms(part)
        return own, primary_key(own[0]) if own else 0

    @staticmethod
    def is_common(part: str) -> bool:
        """Return whether a part is known the world over."""
        return world_shares(part)[0] > 0


@cache
def names() -> Names | None:
    """Return what compares and weighs persons' names; None where no compiler was found."""
    if Names is None:
        return None
    return Names(RULES, WEIGHTS, Telling(), most=_MOST_PARTS, weak=Quality.WEAK)


def pair_names(name: Name, listed: Name, pairs: bytes) -> Pairing:
    """Return what `pairing.pair_names` does, sooner."""
    compiled = names()
    if compiled is None:
        return pairing.pair_names(name, listed, pairs)
    return _paired(compiled, name.parts, listed.parts, pairs)


@lru_cache(maxsize=_AT_ONCE)
def _paired(
    compiled: Names, parts: tuple[str, ...], others: tuple[str, ...], pairs: bytes
) -> Pairing:
    found = compiled.pair(parts, others, pairs)
    ours = {i for places, _, _, _ in found for i in places}
    theirs = {j for _, places, _, _ in found for j in places}
    return Pairing(
        tuple(Agreed(own, places, alike, How(how)) for own, places, alike, how in found),
        tuple(i for i in range(len(parts)) if i not in ours),
        tuple(j for j in range(len(others)) if j not in theirs),
    )


def listed_names(sections: Mapping[str, memoryview]) -> Listed | None:
    """Return the names of a segment for `kernels.Asked.weight`."""
    return None if Listed is None else Listed(sections)
