"""Writes the table of common given names: which of them are written together, and which are others.

    python -m benchmarks.given_names > src/didban/match/spelling/given_names.txt

From the counted name parts of `names/arabic_script_name_units.tsv.gz`: given names of one word that
at least `LEAST` persons bear, in Arabic and in Latin letters. What `didban.match.spelling.tokens` joins or
drops by its own tables (Abd, Abu, -din, titles) is no name here.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from benchmarks.material import table
from didban.match.spelling import tokens
from didban.match.spelling.given_names import plain
from didban.match.spelling.scripts import Script, fold, script_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST: Final = 20
"""Persons who bear a name that counts as common."""
SHORTEST: Final = 3
FEWEST: Final = 0.03
"""Share of a Latin spelling's bearers who must write it so at home, lest errors of the source count."""
_ABD: Final = re.compile("abd|abu|عبد|ابو")


def lines() -> Iterator[str]:
    """Yield a line for each common name: it, and its common Latin spellings."""
    alone, together = Counter[str](), Counter[tuple[str, str]]()
    for row in table("names/arabic_script_name_units.tsv.gz", separator="\t"):
        if row["role"] == "given":
            native, latin, count = plain(row["arabic_key"]), fold(row["latin"]), int(row["count"])
            alone.update({native: count, latin: count})
            together[native, latin] += count
    names = {name for name, count in alone.items() if count >= LEAST and _is_name(name)}
    names -= {name for name in names if _is_compound(name, names)}
    spellings: dict[str, list[str]] = {n: [] for n in names if script_of(n) is Script.ARABIC}
    for (native, latin), count in sorted(together.items()):
        if native in spellings and latin in names and count >= FEWEST * alone[latin]:
            spellings[native].append(latin)
    found = {latin for own in spellings.values() for latin in own}
    for native, own in sorted(spellings.items()):
        yield " ".join([native, *own])
    yield from sorted(n for n in names - found if script_of(n) is Script.LATIN)


def _is_name(word: str) -> bool:
    """Say whether a word is one name by itself."""
    return len(word) >= SHORTEST and word.isalpha() and not tokens.is_joined(word)


def _is_compound(word: str, names: set[str]) -> bool:
    """Say whether a word is made of two of these names, or of one and what is joined to it."""
    return bool(_ABD.match(word)) or any(
        (word[:at] in names or tokens.is_joined(word[:at]))
        and (word[at:] in names or tokens.is_joined(word[at:]))
        for at in range(SHORTEST, len(word) - SHORTEST + 1)
    )


if __name__ == "__main__":
    print("# Common given names and their spellings. Made by `python -m benchmarks.given_names`.")
    for line in lines():
        print(line)
