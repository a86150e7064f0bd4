# ruff: noqa: SIM905  (tables of words read best as words)
"""How alike two parts of names are: by their sounds, and by their letters where one alphabet has both.

Sounds alone are too kind to names in one alphabet: two names of a family that share their beginning
sound much the same and are letters apart. And they are too strict with a slip of the finger, which
is one letter and may be any sound.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from didban.match.evidence.world import world_shares
from didban.match.kernels import constants as k
from didban.match.kernels import distance, forms, primary_key
from didban.match.kernels.reference import edits
from didban.match.spelling.distances import SCALE, SLOPE, weight
from didban.match.spelling.given_names import are_two_names
from didban.match.spelling.lookalikes import are_lookalikes
from didban.match.spelling.scripts import Script, script_of
from didban.match.spelling.tokens import OF_FATHER

CUTOFF: Final = 191
"""Parts below this similarity (0.75) are different names."""

_MANY: Final = 4
"""So many letters apart, and more, are one class."""

_LENGTHS: Final = (4, 6, 8)
"""The longest parts of each class of length but the last."""

_SLIPS_FROM: Final = (3, 4)
"""Longer parts than these have one, or two, slips of the finger."""

_WRITTEN_OUT: Final = frozenset({Script.LATIN, Script.CYRILLIC, Script.GREEK})
"""Alphabets that write every sound, so that letters say what sounds do not."""

_OTHER_NAME: Final = 207
"""As much alike are two common names at most, of which one is in Arabic letters."""

_NEARLY_SAME: Final = 2
"""Up to this band, parts sound nearly the same."""

_MISTYPED: Final = 3
"""Up to this band, parts sound so alike that one may be the other with a slip in it."""

_BEGINNINGS: Final = ("abd", "abu", "абд", "абу")
_ENDINGS: Final = tuple(
    """ovich evich ovna evna ullah allah din zadeh pour nejad shvili sson sen son dottir dóttir yan ian
    dze ov ev ova eva in ina enko sky ski skiy oglu ович евич овна евна ов ев ова ева ин ина енко ский улла
    дин""".split()
)
_BEGINNING: Final = re.compile(rf"^(?:{'|'.join(_BEGINNINGS)})(?=..)")
_ENDING: Final = re.compile(rf"(?<=..)(?:{'|'.join(_ENDINGS)})$")

_COUNTS_AS: Final = (
    ("113333455555", "223334444444", "122222223444", "1111120345--"),
    ("035556678---", "003455678---", "110044555666", "000000444445"),
    ("45555888----", "3344567-----", "244455688---", "033333456677"),
    ("5555555578--", "4555788-----", "44445688----", "111345568---"),
)
"""By letters apart (1 to 4 and more) and class of length: for each band of similarity by sound, the
band that the pair counts as, of the same evidence; `-` for another name. Learned by
`python -m benchmarks.likeness` from attested spellings and slips of the finger against strangers'
names."""


_UNVOCALISED_LENGTHS: Final = (3, 4, 5)
_ACROSS: Final = ("012566888", "012556888", "012457888", "012456888")
"""The same for a part without its vowels against one that has them, by class of its length. What is
learned to speak against a pair counts as the last band: it was not put in two names."""

RULES: Final = {
    "cutoff": CUTOFF,
    "many": _MANY,
    "other_name": _OTHER_NAME,
    "nearly_same": _NEARLY_SAME,
    "mistyped": _MISTYPED,
    "written_out": _WRITTEN_OUT,
    "beginnings": _BEGINNINGS,
    "endings": _ENDINGS,
    "lengths": _LENGTHS,
    "unvocalised_lengths": _UNVOCALISED_LENGTHS,
    "counts_as": _COUNTS_AS,
    "across": _ACROSS,
    "slips_from": _SLIPS_FROM,
}
"""What the compiled twin is told."""


@lru_cache(maxsize=65_536)
def similarity(one: str, other: str) -> int:
    """Return the similarity 0..255 of two name parts by sound: that of their closest readings."""
    best = 0
    for a in forms(one):
        for b in forms(other):
            length = max(weight(a.codes), weight(b.codes))
            if length:
                table = int(a.unvocalised != b.unvocalised)
                cost = distance(a.codes, b.codes, table)
                best = max(best, SCALE - SLOPE * cost // length)
    return best


@lru_cache(maxsize=65_536)
def likeness(one: str, other: str, similar: int) -> int:
    """Return how alike two parts are (0..255), of which it is known how alike they sound.

    0 where they sound alike and are two names by their letters.

    - What many names begin or end with says nothing about which of them it is: Hamidullah and
      Waliullah are as alike as Hamid and Wali.
    - A common name in Arabic letters is less like another one, and like its spellings.
    - A slip of more than a letter hardly turns one common name into another.
    - Michel is not Michelle, nor Karim Karima, nor Petrov Petrenko.
    - Oleksandrovich is the son of Oleksandr, and not he.
    """
    if one == other:
        return similar
    if are_lookalikes(one, other) or _are_father_and_son(one, other, similar):
        return 0
    if not _in_one_alphabet(one, other):
        similar = _across(one, other, similar)
        return min(similar, _OTHER_NAME) if are_two_names(one, other) else similar
    stems = _stems(one, other)
    if stems != (one, other):
        one, other = stems
        similar = min(similar, similarity(one, other))
    apart, heard = letters_apart(one, other), step(similar)
    length = sum(max(len(one), len(other)) > most for most in _LENGTHS)
    row = _COUNTS_AS[max(apart, 1) - 1][length]
    counted = row[heard] if heard < len(row) else "-"
    if counted == "-":
        return 0
    if apart > 1 and heard > _NEARLY_SAME and _are_two_common_names(one, other):
        return 0
    return similar if int(counted) == heard else SCALE - k.BAND_WIDTH * int(counted)


def _are_father_and_son(one: str, other: str, similar: int) -> bool:
    """Return whether one of two parts is a name after the father, and the other not that mistyped."""
    if step(similar) <= _MISTYPED or script_of(one).unvocalised or script_of(other).unvocalised:
        return False
    return bool(OF_FATHER.search(one)) is not bool(OF_FATHER.search(other))


def _across(one: str, other: str, similar: int) -> int:
    """Return how alike two parts are of which one does not write its vowels."""
    unvocalised = [part for part in (one, other) if script_of(part).unvocalised]
    if len(unvocalised) != 1:
        return similar
    row = _ACROSS[sum(len(unvocalised[0]) > most for most in _UNVOCALISED_LENGTHS)]
    heard = step(similar)
    if not _NEARLY_SAME < heard < len(row):
        return similar
    return SCALE - k.BAND_WIDTH * int(row[heard])


def _stems(one: str, other: str) -> tuple[str, str]:
    """Return two parts without the beginning and the ending of many names that they share."""
    for common, cut in ((_BEGINNING, str.removeprefix), (_ENDING, str.removesuffix)):
        found, same = common.search(one), common.search(other)
        if found and same and found.group() == same.group():
            one, other = cut(one, found.group()), cut(other, found.group())
    return one, other


def _are_two_common_names(one: str, other: str) -> bool:
    """Return whether both are known the world over, with other consonants."""
    shapes = {primary_key(own[0]) for own in map(forms, (one, other)) if own}
    return len(shapes) > 1 and all(world_shares(part)[0] > 0 for part in (one, other))


def may_be_slips(one: str, other: str) -> bool:
    """Return whether one part may be the other with one or two slips of the finger in it.

    Not two names that are known, and nothing so short that a slip leaves too little of it.
    """
    longest = max(len(one), len(other))
    if letters_apart(one, other) > sum(longest > most for most in _SLIPS_FROM):
        return False
    return (
        _in_one_alphabet(one, other)
        and not _are_two_common_names(one, other)
        and not are_lookalikes(one, other)
        and bool(OF_FATHER.search(one)) is bool(OF_FATHER.search(other))
    )


def step(similar: int) -> int:
    """Return the band of a similarity, also beyond the last of `kernels.constants.BANDS`."""
    return (SCALE - similar + k.BAND_WIDTH - 1) // k.BAND_WIDTH


def letters_apart(one: str, other: str) -> int:
    """Return how many letters are other, missing, added or swapped with their neighbour, up to 4.

    (Damerau-Levenshtein in its restricted form.)
    """
    if abs(len(one) - len(other)) >= _MANY:
        return _MANY
    one, other = _without_common_ends(one, other)
    if not one or not other:
        return min(max(len(one), len(other)), _MANY)
    return min(edits(one, other), _MANY)


def _without_common_ends(one: str, other: str) -> tuple[str, str]:
    start, most = 0, min(len(one), len(other))
    while start < most and one[start] == other[start]:
        start += 1
    end = 0
    while end < most - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]


def _in_one_alphabet(one: str, other: str) -> bool:
    script = script_of(one)
    return script in _WRITTEN_OUT and script_of(other) is script
