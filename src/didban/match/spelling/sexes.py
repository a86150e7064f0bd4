"""Given names of men and of women that are forms of one root: Michel and Michelle, Karim and Karima.

They sound alike and are two persons. `sexes.txt` holds a root a line: common knowledge of the
languages, written by hand.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Final

FILE: Final = "sexes.txt"
_BAR: Final = "|"
_NONE: Final[frozenset[int]] = frozenset()


def are_of_two_sexes(one: str, other: str) -> bool:
    """Return whether of two parts, folded, one is a man's and the other the woman's form of it."""
    men, women = _lines()
    return not (
        men.get(one, _NONE).isdisjoint(women.get(other, _NONE))
        and women.get(one, _NONE).isdisjoint(men.get(other, _NONE))
    )


def is_of_a_sex(part: str) -> bool:
    """Return whether a part, folded, is a man's or a woman's form of a root."""
    return any(part in side for side in _lines())


@cache
def _lines() -> tuple[dict[str, frozenset[int]], dict[str, frozenset[int]]]:
    """Return the numbers of the lines on which a name is a man's, and those where a woman's."""
    found: tuple[defaultdict[str, set[int]], ...] = (defaultdict(set), defaultdict(set))
    text = (files("didban.match.spelling") / FILE).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines()):
        if line[:1] != "#":
            for side, forms in zip(found, line.split(_BAR), strict=True):
                for form in forms.split():
                    side[form].add(number)
    men, women = ({name: frozenset(own) for name, own in side.items()} for side in found)
    return men, women
