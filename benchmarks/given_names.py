"""Writes the table of common given names by which names written together are parted.

    python -m benchmarks.given_names > src/didban/match/given_names.py

From the counted name parts of `names/arabic_script_name_units.tsv.gz`: given names of one word that
at least `LEAST` persons bear, in Arabic and in Latin letters. What `didban.match.tokens` joins or
drops by its own tables (Abd, Abu, -din, titles) is no name here.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Final

from benchmarks.material import table
from didban.match import tokens
from didban.match.scripts import Script, fold, script_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEAST: Final = 20
"""Persons who bear a name that counts as common."""
SHORTEST: Final = 3
_ABD: Final = re.compile("abd|abu|عبد|ابو")

_MODULE: Final = '''# ruff: noqa: SIM905  (tables of words read best as words)
"""Common given names of the Arabic-script cultures, in both scripts.

Made by `python -m benchmarks.given_names`: do not edit. Folded text (`didban.match.scripts.fold`).
"""

from __future__ import annotations

from typing import Final

ARABIC: Final = frozenset(
    """
{arabic}
""".split()
)

LATIN: Final = frozenset(
    """
{latin}
""".split()
)
'''


def common(least: int = LEAST) -> dict[Script, list[str]]:
    """Return the common given names of each script, sorted."""
    counts: Counter[str] = Counter()
    for row in table("names/arabic_script_name_units.tsv.gz", separator="\t"):
        if row["role"] == "given":
            for text in (row["arabic_key"], row["latin"]):
                counts[fold(text)] += int(row["count"])
    names = {name for name, count in counts.items() if count >= least and _is_name(name)}
    single = sorted(names - {name for name in names if _is_compound(name, names)})
    return {s: [n for n in single if script_of(n) is s] for s in (Script.ARABIC, Script.LATIN)}


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


def _lines(names: Iterable[str]) -> Iterator[str]:
    return iter(textwrap.wrap(" ".join(names), 96, initial_indent="    ", subsequent_indent="    "))


if __name__ == "__main__":
    found = common()
    arabic, latin = ("\n".join(_lines(found[s])) for s in (Script.ARABIC, Script.LATIN))
    print(_MODULE.format(arabic=arabic, latin=latin), end="")
