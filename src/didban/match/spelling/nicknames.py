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


def forms_of(part: str) -> frozenset[str]:
    """Return the other forms of a given name, folded."""
    return _forms().get(part, frozenset())


_NONE: Final[frozenset[int]] = frozenset()


@cache
def _groups() -> tuple[frozenset[str], ...]:
    text = (files("didban.match.spelling") / FILE).read_text(encoding="utf-8")
    return tuple(frozenset(line.split()) for line in text.splitlines() if line[:1] != "#")


@cache
def _lines() -> dict[str, frozenset[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, group in enumerate(_groups()):
        for part in group:
            found[part].add(number)
    return {part: frozenset(numbers) for part, numbers in found.items()}


@cache
def _forms() -> dict[str, frozenset[str]]:
    groups = _groups()
    return {
        part: frozenset().union(*(groups[n] for n in numbers)) - {part}
        for part, numbers in _lines().items()
    }
