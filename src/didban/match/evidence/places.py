# ruff: noqa: SIM905  (tables of words read best as words)
"""What two places of birth say: the same place, or not said to be the same."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from didban.match.evidence import parameters as p
from didban.match.evidence.likeness import similarity
from didban.match.evidence.particulars import Explanation
from didban.match.spelling.tokens import name_parts
from didban.model.countries import country

if TYPE_CHECKING:
    from didban.match.features import Features

_PIECES: Final = re.compile(r"[,;()/\u060c]")
_OF_ANY_PLACE: Final = frozenset(
    """province district region village town city governorate oblast county municipality area near
    north south east west northern southern eastern western new old
    ولایت ولسوالی استان شهر روستا قریه محافظة قضاء مدينة قرية область район город село""".split()
)
_SAME_SOUND: Final = 231
"""From this similarity (0..255) on, two words are one name in two spellings."""


def birth_place(query: Features, candidate: Features) -> Explanation | None:
    """Places of birth by their names, without regard to the state; the pair that agrees counts."""
    pairs = [
        (asked, listed)
        for asked in query.birth_places
        for listed in candidate.birth_places
        if place_parts(asked) and place_parts(listed)
    ]
    if not pairs:
        return None
    asked, listed = next((pair for pair in pairs if _is_same_place(*pair)), pairs[0])
    same = _is_same_place(asked, listed)
    return Explanation(
        query=asked,
        candidate=listed,
        similarity=float(same),
        weight=p.SAME_PLACE if same else p.OTHER_PLACE,
        detail="a place in common" if same else "no place in common",
    )


def _is_same_place(one: str, other: str) -> bool:
    return any(
        similarity(a, b) >= _SAME_SOUND for a in place_parts(one) for b in place_parts(other)
    )


@lru_cache(maxsize=4_096)
def place_parts(text: str) -> tuple[str, ...]:
    """Return the words of a place that tell it from others: no state, no "village of"."""
    own = [piece for piece in _PIECES.split(text) if piece.strip() and country(piece) is None]
    parts = (part for piece in own for part in name_parts(piece))
    return tuple(part for part in parts if len(part) > 1 and part not in _OF_ANY_PLACE)
