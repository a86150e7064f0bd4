"""What befalls a name between a list and a query: functions of a name and a source of chance.

Each returns the name as it was where it does not lend itself to the alteration.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

Alteration = Callable[[str, random.Random], str]

_LONG: Final = 3
"""Parts of this many letters and more are mistyped; of shorter ones nobody could tell."""
_MANY_PARTS: Final = 3
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_SPELLINGS: Final = (
    ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ei", "ai"), ("ai", "ei"), ("kh", "h"), ("q", "k"),
    ("gh", "g"), ("j", "dj"), ("sh", "ch"), ("y", "i"), ("w", "v"), ("ph", "f"), ("u", "o"),
    ("e", "i"), ("ss", "s"), ("mm", "m"), ("z", "dh"), ("c", "k"), ("ya", "ia"),
)  # fmt: skip
"""Spellings that romanisations of one name exchange for each other."""
_ADDED: Final = ("Ali", "Mohammed", "Ahmed", "John", "Maria", "Ivan", "Hassan", "Karim", "Peter")
"""Given names that somebody has beside those on the list."""


def one_typo(name: str, source: random.Random) -> str:
    """Return a name with one letter replaced, dropped, doubled, put in, or swapped with the next."""
    places = [
        found.start() + at
        for found in re.finditer(r"[^\W\d_]+", name)
        for at in range(1, len(found.group()))
        if len(found.group()) >= _LONG
    ]
    if not places:
        return name
    at = source.choice(places)
    letter, other = name[at], source.choice(_LETTERS)
    after = name[at + 1] if name[at + 1 : at + 2].isalpha() else ""
    new = source.choice((other + after, after, letter * 2 + after, letter + other + after))
    if after and source.random() < 1 / 5:
        new = after + letter
    return name[:at] + new + name[at + 1 + len(after) :]


def two_typos(name: str, source: random.Random) -> str:
    """Return a name with two such errors."""
    return one_typo(one_typo(name, source), source)


def another_spelling(name: str, source: random.Random) -> str:
    """Return a name in which one sound is romanised otherwise."""
    small = name.lower()
    fitting = [(old, new) for old, new in _SPELLINGS if old in small]
    return small.replace(*source.choice(fitting)).title() if fitting else name


def another_order(name: str, source: random.Random) -> str:
    """Return a name with its last part first, sometimes with a comma behind it."""
    *first, last = name.split()
    return " ".join([last + source.choice(("", ",")), *first]) if first else name


def part_missing(name: str, source: random.Random) -> str:
    """Return a name of three parts or more without one that is neither its first nor its last."""
    parts = name.split()
    if len(parts) < _MANY_PARTS:
        return name
    del parts[source.randrange(1, len(parts) - 1)]
    return " ".join(parts)


def part_added(name: str, source: random.Random) -> str:
    """Return a name with one more given name behind its first."""
    first, *others = name.split()
    return " ".join([first, source.choice(_ADDED), *others])


def initial(name: str, source: random.Random) -> str:
    """Return a name of three parts or more with one of its given names as a letter."""
    parts = name.split()
    if len(parts) < _MANY_PARTS:
        return name
    at = source.randrange(len(parts) - 1)
    parts[at] = parts[at][0] + source.choice(("", "."))
    return " ".join(parts)


def joined(name: str, source: random.Random) -> str:
    """Return a name with two neighbouring parts written as one."""
    parts = name.split()
    at = source.randrange(len(parts) - 1)
    parts[at : at + 2] = [parts[at] + parts[at + 1].lower()]
    return " ".join(parts)


ALTERATIONS: Final[dict[str, Alteration]] = {
    "one typo": one_typo,
    "two typos": two_typos,
    "another spelling": another_spelling,
    "another order": another_order,
    "part missing": part_missing,
    "part added": part_added,
    "initial": initial,
    "joined": joined,
}

MISTYPED: Final = ("one typo", "two typos")
