"""Which characters are read for which, and which of these misreadings no check digit sees.

The zone is printed in OCR-B; the tables below are its usual misreadings by scanners and by people.
"""

from __future__ import annotations

import itertools
from itertools import combinations, product
from types import MappingProxyType
from typing import TYPE_CHECKING

from didban.model.mrz.check_digits import FILLER, weigh_alike

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DIGIT_FOR: Mapping[str, str] = MappingProxyType(
    dict(zip("OQDUILJZASGTB", "0000111245678", strict=True))
)
"""The digit that a letter in a numeric place most likely is."""

LETTER_FOR: Mapping[str, str] = MappingProxyType(dict(zip("01245678", "OIZASGTB", strict=True)))
"""The letter that a digit in a name or in the code of a state most likely is."""

LOOKALIKES = ("0O", "0D", "0Q", "1I", "1L", "2Z", "5S", "6G", "8B", "UV", "OQ", "OD")
"""Pairs that are often confused where letters and digits may both stand."""

FAINT_LOOKALIKES = (
    "17",
    "38",
    "56",
    "68",
    "08",
    "06",
    "39",
    "89",
    "35",
    "49",
    "14",
    "7T",
    "4A",
    "8S",
    "9J",
    "0U",
    "GQ",
    "FP",
    "HR",
    "MN",
)
"""Pairs that are confused in poor light or print."""

UNDETECTABLE = ("6G", "1L", "8S", "9J", "0U", "K<", "GQ", "FP", "HR")
"""Pairs that look alike and weigh alike: no check digit tells them apart (Doc 9303-3, 4.9)."""

_FILLER_READ_AS = "CK"
_INTERCHANGE_STEP = 5


def _mirror(pairs: tuple[str, ...]) -> Mapping[str, str]:
    table: dict[str, str] = {}
    for pair in pairs:
        first, second = pair[0], pair[1]
        table[first] = table.get(first, "") + second
        table[second] = table.get(second, "") + first
    return MappingProxyType(table)


_ALIKE = _mirror(LOOKALIKES)
_FAINTLY_ALIKE = _mirror(FAINT_LOOKALIKES)
_UNSEEN = _mirror(UNDETECTABLE)


def lookalikes(char: str) -> str:
    """Return what may stand where this character is read, the likeliest first.

    A filler is often read as a letter, and a letter hardly ever as a filler.
    """
    return _ALIKE.get(char, "") + FILLER * (char in _FILLER_READ_AS)


def faint_lookalikes(char: str) -> str:
    """Return what may, less likely, stand where this character is read."""
    return _FAINTLY_ALIKE.get(char, "")


def confusables(char: str) -> str:
    """Return the characters that may have been misread for this one with all check digits right."""
    return _UNSEEN.get(char, "")


def is_undetectable(first: str, second: str) -> bool:
    """Whether replacing one character by the other leaves every check digit as it is.

    True for all of `0AKU<`, `1BLV`, `2CMW`, `3DNX`, `4EOY`, `5FPZ`, `6GQ`, `7HR`, `8IS`, `9JT`;
    which of them also look alike is in `UNDETECTABLE`.
    """
    return weigh_alike(first, second)


def number_variants(number: str, *, max_changes: int = 1) -> tuple[str, ...]:
    """Return the other numbers that this one may be though its check digit is right.

    - At most `max_changes` characters are exchanged for their `confusables`; a `K` at the end may
      be a filler, and is then gone.
    - Two neighbouring digits that differ by five may have changed places: no check digit sees it.
    - The number is taken in capitals, without spaces and without fillers at its end; the answer is
      in a fixed order, likeliest first, without repetition and without the number itself.
    """
    base = "".join(number.upper().split()).rstrip(FILLER)
    found: dict[str, None] = {}
    for count in range(1, max_changes + 1):
        found.update(dict.fromkeys(_exchanged(base, count)))
    found.update(dict.fromkeys(_interchanged(base)))
    return tuple(variant for variant in found if variant not in {base, ""})


def _exchanged(number: str, count: int) -> Iterator[str]:
    places = [at for at, char in enumerate(number) if confusables(char)]
    for chosen in combinations(places, count):
        for others in product(*(confusables(number[at]) for at in chosen)):
            chars = list(number)
            for at, other in zip(chosen, others, strict=True):
                chars[at] = other
            yield "".join(chars).rstrip(FILLER)


def _interchanged(number: str) -> Iterator[str]:
    for i, (first, second) in enumerate(itertools.pairwise(number)):
        both_digits = first.isdecimal() and second.isdecimal()
        if both_digits and abs(int(first) - int(second)) == _INTERCHANGE_STEP:
            yield number[:i] + second + first + number[i + 2 :]
