"""Coarse keys: parts that may sound alike share one, whatever vowels and letters were written.

A key is the sequence of consonant classes; vowels, h, w and y fall out. A letter that different
habits read differently gives alternatives, so a part has up to eight keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.match.spelling.alphabets import SYMBOLS

if TYPE_CHECKING:
    from didban.match.spelling.phonemes import Form

MAX_KEYS: Final = 8
_MAX_CLASSES: Final = 15

_CLASS: Final = {
    **dict.fromkeys("bp", 1),
    **dict.fromkeys("fv", 2),
    **dict.fromkeys("tdTD", 3),
    **dict.fromkeys("szSCcj", 4),
    **dict.fromkeys("kgqXG", 5),
    "l": 6,
    "r": 7,
    "m": 8,
    "n": 9,
}
"""Consonant classes as decimal digits; 0 is "no consonant"."""

_OTHER_CLASS: Final = {
    "v": 0,
    "T": 4,
    "D": 4,
    "j": 5,
    "g": 4,
    "X": 0,
    "C": 5,
    "c": 5,
    "w": 2,
    "G": 0,
}
"""The second reading of an ambiguous sound: v as w, th as s, j as g, kh as h ..."""

PRIMARY: Final = bytes(_CLASS.get(symbol, 0) for symbol in SYMBOLS)
SECONDARY: Final = bytes(
    _OTHER_CLASS.get(symbol, digit) for symbol, digit in zip(SYMBOLS, PRIMARY, strict=True)
)
"""The class of each sound, and the other one of those that have two."""


def coarse_keys(form: Form) -> tuple[int, ...]:
    """Return the keys of a form in rising order: decimal numbers of consonant classes.

    `didban.match.kernels` has a compiled twin.

    Neighbouring equal classes count once, or, where an unwritten vowel may part them, once or twice
    (Mumtaz in Arabic letters). The empty key is 0.
    """
    keys = {(0, 0)}  # (key so far, class of the sound before)
    for code in form.codes:
        options = {PRIMARY[code]}
        if len(keys) < MAX_KEYS:
            options.add(SECONDARY[code])
        longer = {_extend(key, before, digit) for key, before in keys for digit in options}
        if form.unvocalised and len(longer) < MAX_KEYS:
            longer |= {_extend(key, 0, digit) for key, digit in keys if digit in options}
        keys = longer
    return tuple(sorted({key for key, _ in keys}))


def primary_key(form: Form) -> int:
    """Return the key without alternatives: the phonetic class by which the vocabulary is grouped.

    `didban.match.kernels` has a compiled twin.
    """
    key, before = 0, 0
    for code in form.codes:
        key, before = _extend(key, before, PRIMARY[code])
    return key


def _extend(key: int, before: int, digit: int) -> tuple[int, int]:
    if digit in (0, before) or key >= 10 ** (_MAX_CLASSES - 1):
        return key, digit
    return key * 10 + digit, digit
