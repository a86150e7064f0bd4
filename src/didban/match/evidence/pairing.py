"""Which parts of two names are each other's, and how: what `didban.match.evidence.names` then weighs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from didban.match.evidence.likeness import CUTOFF, letters_apart, likeness, may_be_slips, similarity
from didban.match.kernels import constants as k
from didban.match.kernels import forms
from didban.match.spelling.given_names import is_given_name
from didban.match.spelling.lookalikes import may_be_lookalike
from didban.match.spelling.nicknames import are_one_name, has_nicknames
from didban.match.spelling.scripts import Script, fold, script_of
from didban.match.spelling.tokens import FILIATIONS, FIRST_HALVES, OF_FATHER, TITLES, name_parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from didban.match.features import Name

_SURELY: Final = 231
"""From this likeness on, parts are the same name in another spelling."""

_SLIP: Final = 215
"""From this likeness on, parts that do not sound alike are one with a slip of the finger in it."""

_FEW: Final = 2
"""Of names with more parts left over on both sides, nothing is looked at again."""

_SLIPS: Final = 2
"""More letters apart, they are not."""

_BEGINNING: Final = (3, 2)
"""A part that was cut off has at least so many letters left: beside one part that agrees, beside
more."""

_LEAST_JOINED: Final = 5
"""Parts written as one have at least so many letters."""

_PIECES: Final = 3
"""So many pieces at most does a part fall into: where spaces stand in the wrong places."""

_LETTERS_ALONE: Final = re.compile(r"[b-df-hj-np-tv-xz]{2,3}")
"""Letters without a vowel: no name, but the initials of two or three."""

_OF_CHILD: Final = re.compile(r"(?:abu|umm|oum|ابو|ام|абу|умм).{3}")

_INITIAL: Final = re.compile(r"(?:abd|abu|umm)?.")
"""R., Abdul R., Abu U."""

_LONGEST_INITIAL: Final = 4
"""Of no more letters are the parts that stand for names of which they are the initials."""

_SERVANT: Final = "abd"
_WITHOUT_SERVANT: Final = 223
"""How alike Abd al-Karim and Karim are taken to be: habits leave the first half out."""

_NICKNAME: Final = 215
"""How alike a name and its short form are shown to be."""


RULES: Final = {
    "surely": _SURELY,
    "slip": _SLIP,
    "few": _FEW,
    "slips": _SLIPS,
    "beginning": _BEGINNING,
    "least_joined": _LEAST_JOINED,
    "pieces": _PIECES,
    "servant": _SERVANT,
    "without_servant": _WITHOUT_SERVANT,
    "nickname": _NICKNAME,
}
"""What the compiled twin is told, beside `likeness.RULES`."""


class How(IntEnum):
    """In which way parts agree."""

    ALIKE = 0
    INITIAL = 1
    NICKNAME = 2
    CUT = 3
    MISTYPED = 4


@dataclass(frozen=True, slots=True)
class Agreed:
    """Parts that agree: their places in the query's and in the listed name, how alike (0..255)."""

    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    similarity: int
    how: How


@dataclass(frozen=True, slots=True)
class Pairing:
    """The parts of two names that agree, and the places of those that nothing answers to."""

    agreed: tuple[Agreed, ...]
    alone: tuple[int, ...]
    listed_alone: tuple[int, ...]


def pair_parts(one: Sequence[str], other: Sequence[str]) -> bytes:
    """Pair the parts of two names, most similar first, as the kernels do.

    Returns for each part of `one` the position in `other` (255: none) and the similarity.
    """
    options = sorted(
        (-s, i, j)
        for i, a in enumerate(one)
        for j, b in enumerate(other)
        if (s := _similar(a, b)) >= CUTOFF
    )
    pairs = bytearray(bytes((k.NONE, 0)) * len(one))
    used: set[int] = set()
    for s, i, j in options:
        if pairs[2 * i] == k.NONE and j not in used:
            pairs[2 * i], pairs[2 * i + 1] = j, -s
            used.add(j)
    return bytes(pairs)


def _similar(a: str, b: str) -> int:
    if len(a) == 1 or len(b) == 1:
        first = [own[0].codes[0] for own in (forms(a), forms(b)) if own]
        return k.INITIAL_SIMILARITY if len(first) > 1 and first[0] == first[1] else 0
    return similarity(a, b)


def pair_names(name: Name, listed: Name, pairs: bytes) -> Pairing:
    """Return which parts agree, given how retrieval or `pair_parts` paired them by sound.

    - Parts that sound alike and are two names by their letters are parted again.
    - Parts written together on one side and apart on the other agree.
    - What little is left over on both sides beside parts that agree is looked at once more:
      initials, nicknames, slips of the finger, parts that were cut off.
    """
    return _paired(name.parts, listed.parts, pairs)


@lru_cache(maxsize=8_192)
def _paired(parts: tuple[str, ...], others: tuple[str, ...], pairs: bytes) -> Pairing:
    agreed = _joined(parts, others, pairs)
    ours = {i for found in agreed for i in found.ours}
    theirs = {j for found in agreed for j in found.theirs}
    for i, part in enumerate(parts):
        j, heard = pairs[2 * i], pairs[2 * i + 1]
        if j == k.NONE or i in ours or j in theirs:
            continue
        if len(part) == 1 or len(others[j]) == 1:
            found = Agreed((i,), (j,), heard, How.INITIAL)
        else:
            alike = likeness(part, others[j], heard)
            if alike < CUTOFF:
                continue
            found = Agreed((i,), (j,), alike, How.ALIKE)
        agreed.append(found)
        ours.add(i)
        theirs.add(j)
    if agreed and 0 < min(len(parts) - len(ours), len(others) - len(theirs)) <= _FEW:
        for found in _second_look(parts, others, ours, theirs):
            agreed.append(found)
            ours.update(found.ours)
            theirs.update(found.theirs)
    return Pairing(
        tuple(agreed),
        tuple(i for i in range(len(parts)) if i not in ours),
        tuple(j for j in range(len(others)) if j not in theirs),
    )


def _joined(parts: Sequence[str], others: Sequence[str], pairs: bytes) -> list[Agreed]:
    """Return parts written as one on one side and as neighbours on the other.

    A space may stand in the wrong place beside a part that is left out, so that the number of parts
    says nothing.
    """
    sure = {pairs[2 * i]: i for i in range(len(parts)) if pairs[2 * i + 1] >= _SURELY}
    free = [i for i in range(len(parts)) if pairs[2 * i + 1] < _SURELY]
    listed_free = [j for j in range(len(others)) if j not in sure]
    return [
        Agreed((i,), run, alike, How.ALIKE)
        for i, run, alike in _as_one(parts, free, others, listed_free)
    ] or [
        Agreed(run, (j,), alike, How.ALIKE)
        for j, run, alike in _as_one(others, listed_free, parts, free)
    ]


def _as_one(
    wholes: Sequence[str], at: Sequence[int], pieces: Sequence[str], free: Sequence[int]
) -> Iterator[tuple[int, tuple[int, ...], int]]:
    """Yield the places of a part and of the neighbours that make it, and how alike they are."""
    left = list(free)
    for whole_at in at:
        for run in _runs(left):
            whole, together = wholes[whole_at], "".join(pieces[place] for place in run)
            if not _may_be_one(whole, together):
                continue
            alike = likeness(whole, together, similarity(whole, together))
            if alike >= _SURELY:
                left = [place for place in left if place not in run]
                yield whole_at, run, alike
                break


def _runs(places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield the runs of neighbouring places, two and more, the shorter ones first."""
    for size in range(2, _PIECES + 1):
        for at in range(len(places) - size + 1):
            run = tuple(places[at : at + size])
            if run[-1] - run[0] == size - 1:
                yield run


def _may_be_one(whole: str, together: str) -> bool:
    """Return whether it is worth a closer look that a part is others written together."""
    if len(whole) < _LEAST_JOINED or not -1 <= len(whole) - len(together) <= 1:
        return False
    return whole[0] == together[0] or not (whole.isascii() and together.isascii())


def _second_look(
    parts: Sequence[str], others: Sequence[str], ours: set[int], theirs: set[int]
) -> Iterator[Agreed]:
    """Yield what else agrees of the parts that are left over, the surest first."""
    alone = [i for i in range(len(parts)) if i not in ours]
    listed_alone = [j for j in range(len(others)) if j not in theirs]
    options = sorted(
        (-found[0], i, j, found[1])
        for i in alone
        for j in listed_alone
        if (found := _otherwise(parts[i], others[j]) or _cut(parts, i, others[j], ours))
    )
    for strength, i, j, how in options:
        if i in alone and j in listed_alone:
            alone.remove(i)
            listed_alone.remove(j)
            yield Agreed((i,), (j,), -strength, how)
    for i in alone:
        for places in _initials(parts[i], others, listed_alone):
            yield Agreed((i,), places, k.INITIAL_SIMILARITY, How.INITIAL)
    for j in listed_alone:
        for places in _initials(others[j], parts, alone):
            yield Agreed(places, (j,), k.INITIAL_SIMILARITY, How.INITIAL)


@lru_cache(maxsize=65_536)
def _otherwise(one: str, other: str) -> tuple[int, How] | None:
    """Return how alike two parts are that do not sound alike, and how they agree; or None."""
    if one in TITLES or other in TITLES:
        return None
    shorter, longer = sorted((one, other), key=len)
    if is_initial(shorter) and (len(shorter) == 1 or longer.startswith(shorter)):
        return (k.INITIAL_SIMILARITY, How.INITIAL) if longer.startswith(shorter) else None
    if are_one_name(one, other):
        return _NICKNAME, How.NICKNAME
    if longer == _SERVANT + shorter:
        return _WITHOUT_SERVANT, How.ALIKE
    return _with_slips(one, other)


def _with_slips(one: str, other: str) -> tuple[int, How] | None:
    """Return how two parts agree of which one is the other with slips of the finger; or None."""
    if len({*one} ^ {*other}) <= 2 * _SLIPS and letters_apart(one, other) <= _SLIPS:
        alike = likeness(one, other, similarity(one, other))
        if alike >= _SLIP:
            return alike, How.ALIKE
        if may_be_slips(one, other):
            return CUTOFF, How.MISTYPED
    return None


def _cut(
    parts: Sequence[str], at: int, other: str, ours: Collection[int]
) -> tuple[int, How] | None:
    """Return how a part agrees that was cut off; or None.

    It is the last of its name; or Abd without its second half, and then the part behind it agrees
    with another.
    """
    part = parts[at]
    if part in FIRST_HALVES:
        is_cut = at + 1 in ours
    else:
        is_cut = at == len(parts) - 1 and len(part) >= _BEGINNING[len(ours) > 1]
    return (CUTOFF, How.CUT) if is_cut and other.startswith(part) else None


def _initials(
    letters: str, others: Sequence[str], places: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """Yield the places of parts that begin with these letters, one after the other."""
    if _LETTERS_ALONE.fullmatch(letters):
        size = len(letters)
        for at in range(len(places) - size + 1):
            run = tuple(places[at : at + size])
            if all(others[j].startswith(c) for j, c in zip(run, letters, strict=True)):
                yield run
                return


# -- what a part is beside the name proper ---------------------------------------------------------


def is_byname(part: str) -> bool:
    """Return whether a part is by its form a name after the father (-ovich) or a child (Abu, Umm).

    Papers and lists leave these out as they like.
    """
    return bool(OF_FATHER.search(part) or _OF_CHILD.match(part))


def is_initial(part: str) -> bool:
    """Return whether a part is a letter, or Abd or Abu with a letter."""
    return bool(_INITIAL.fullmatch(part))


class Traits(NamedTuple):
    """What the compiled twin is told of a part."""

    script: Script
    is_unvocalised: bool
    is_title: bool
    is_byname: bool
    is_of_father: bool
    is_first_half: bool
    is_initial: bool
    are_initials: bool
    may_be_lookalike: bool
    has_nicknames: bool
    is_given_name: bool


def traits(part: str) -> Traits:
    """Return the traits of a part."""
    script = script_of(part)
    is_of_father = bool(OF_FATHER.search(part))
    is_short = len(part) <= _LONGEST_INITIAL
    return Traits(
        script,
        script.unvocalised,
        part in TITLES,
        is_of_father or is_byname(part),
        is_of_father,
        part in FIRST_HALVES,
        is_short and is_initial(part),
        is_short and bool(_LETTERS_ALONE.fullmatch(part)),
        may_be_lookalike(part),
        has_nicknames(part),
        is_given_name(part),
    )


@lru_cache(maxsize=16_384)
def fathers(text: str) -> frozenset[str]:
    """Return the parts of a name that follow a word for "son of".

    One that stands last goes on at the beginning: Karim, Hadi bin.
    """
    words = fold(text).replace("-", " ").replace(",", " ").split()
    if FILIATIONS.isdisjoint(words):
        return frozenset()
    if words[-1] in FILIATIONS:
        words = [words[-1], *words[:-1]]
    rests = (" ".join(words[at + 1 :]) for at, word in enumerate(words) if word in FILIATIONS)
    return frozenset(parts[0] for rest in rests if (parts := name_parts(rest)))


class Descent(IntEnum):
    """What two names tell of who is whose son."""

    UNTOLD = 0
    SAME = 1
    CROSSED = 2


def descent(name: Name, listed: Name, pairing: Pairing) -> Descent:
    """Return whether both names make the same one the father, or what the other makes the son."""
    if not (ours := fathers(name.text)) or not (theirs := fathers(listed.text)):
        return Descent.UNTOLD
    sides = {
        (name.parts[i] in ours, listed.parts[j] in theirs)
        for found in pairing.agreed
        for i, j in zip(found.ours, found.theirs, strict=False)
    }
    if {(True, False), (False, True)} <= sides:
        return Descent.CROSSED
    return Descent.SAME if {(True, True), (False, False)} <= sides else Descent.UNTOLD
