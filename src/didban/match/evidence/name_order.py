# ruff: noqa: SIM905  (tables of words read best as words)
"""Whose given name is the other's family name: what two names that agree as a whole do not tell."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from didban.match.evidence import parameters as p
from didban.match.evidence.likeness import similarity
from didban.match.evidence.particulars import Explanation
from didban.match.spelling.tokens import name_parts

if TYPE_CHECKING:
    from didban.match.features import Features

Texts = tuple[str, ...]

_SAME_NAME: Final = 215
"""From this similarity (0..255) on, two parts are one name in two spellings."""

_FAMILY_FIRST: Final = frozenset("cn hk hu jp kh kp kr mo sg tw vn".split())
"""States where the family name is said first, and so is often taken for the given name."""


def name_order(query: Features, candidate: Features) -> Explanation | None:
    """Given and family name the other way round, where both sides tell which is which."""
    sides = query.given_names, query.family_names, candidate.given_names, candidate.family_names
    if not all(sides) or not _FAMILY_FIRST.isdisjoint(query.countries + candidate.countries):
        return None
    if not _is_turned(*sides):
        return None
    given, family, listed_given, listed_family = map(" ".join, sides)
    return Explanation(
        query=f"{given} / {family}",
        candidate=f"{listed_given} / {listed_family}",
        similarity=0.0,
        weight=p.OTHER_ORDER,
        detail="given and family name the other way round",
    )


def _is_turned(given: Texts, family: Texts, listed_given: Texts, listed_family: Texts) -> bool:
    if _meet(given, listed_given) or _meet(family, listed_family):
        return False
    return _meet(given, listed_family) and _meet(family, listed_given)


@lru_cache(maxsize=4_096)
def _meet(ours: Texts, theirs: Texts) -> bool:
    """Return whether two sides have a name in common."""
    one, other = ([part for text in texts for part in name_parts(text)] for texts in (ours, theirs))
    return any(similarity(a, b) >= _SAME_NAME for a in one for b in other)
