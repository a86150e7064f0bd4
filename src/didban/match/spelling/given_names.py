"""Common given names of the Arabic-script cultures, and how each is written in Latin letters.

`given_names.txt`, made by `python -m benchmarks.given_names`, holds one name a line: in Arabic letters
(see `plain`), then its common Latin spellings.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Final

from didban.match.spelling.scripts import Script, fold, script_of

FILE: Final = "given_names.txt"
_PLAIN: Final = str.maketrans("أإآؤئة", "اااویه")
_MIN_WITH_ARTICLE: Final = 5


def plain(name: str) -> str:
    """Return an Arabic name, folded, without the marks that writers leave out, and its article."""
    name = fold(name).translate(_PLAIN)
    return name[2:] if name.startswith("ال") and len(name) >= _MIN_WITH_ARTICLE else name


def names(script: Script) -> frozenset[str]:
    """Return the common names in Arabic or in Latin letters."""
    return frozenset(name for name in _spellings() if script_of(name) is script)


def are_two_names(one: str, other: str) -> bool:
    """Return whether two parts, folded and at least one in Arabic letters, are two common names.

    حسن is Hassan, and Hossein is a common spelling of other names only, however alike they sound; of
    two names in Arabic letters none is a common spelling of both.
    """
    found = _spellings()
    one, other = _as_listed(one), _as_listed(other)
    if one == other or one not in found or other not in found:
        return False
    return other not in found[one] and found[one].isdisjoint(found[other])


def is_given_name(part: str) -> bool:
    """Return whether a folded part is a common name; only of such does `are_two_names` say anything."""
    return _as_listed(part) in _spellings()


def _as_listed(part: str) -> str:
    return plain(part) if script_of(part) is Script.ARABIC else part


@cache
def _spellings() -> dict[str, frozenset[str]]:
    """Return each name with the spellings of it in the other script."""
    text = (files("didban.match.spelling") / FILE).read_text(encoding="utf-8")
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in text.splitlines():
        if line[:1] != "#":
            native, *latin = line.split()
            found[native].update(latin)
            for spelling in latin:
                found[spelling].add(native)
    return {name: frozenset(spellings) for name, spellings in found.items()}
