"""Short and familiar forms of given names: Bill for William, Sasha for Aleksandr, Pepe for Jose.

`nicknames.txt` holds one name a line with the forms it goes by: common knowledge of the languages,
written by hand.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Final

FILE: Final = "nicknames.txt"


def are_one_name(one: str, other: str) -> bool:
    """Return whether two parts, folded, may be forms of one given name."""
    lines = _lines()
    return not lines.get(one, _NONE).isdisjoint(lines.get(other, _NONE))


def has_nicknames(part: str) -> bool:
    """Return whether a part, folded, has other forms."""
    return part in _lines()


_NONE: Final[frozenset[int]] = frozenset()


@cache
def _lines() -> dict[str, frozenset[int]]:
    """Return the numbers of the lines on which a name stands."""
    text = (files("didban.match.spelling") / FILE).read_text(encoding="utf-8")
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(text.splitlines()):
        if line[:1] != "#":
            for part in line.split():
                found[part].add(number)
    return {part: frozenset(numbers) for part, numbers in found.items()}
