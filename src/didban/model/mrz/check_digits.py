"""The check digit of ICAO Doc 9303, part 3, section 4.9."""

from __future__ import annotations

FILLER = "<"
ALPHABET = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
DIGITS = frozenset("0123456789")
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

_WEIGHTS = (7, 3, 1)
_VALUES = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_VALUES[FILLER] = 0


def check_digit(text: str) -> str:
    """Return the check digit of `text`: weights 7, 3, 1 repeating from the left, modulo 10.

    Digits count as themselves, A-Z as 10-35 and the filler as 0. Raises `KeyError` for a character
    outside the alphabet of the machine-readable zone.
    """
    total = sum(_VALUES[char] * _WEIGHTS[i % 3] for i, char in enumerate(text))
    return str(total % 10)


def weigh_alike(first: str, second: str) -> bool:
    """Whether no check digit can tell these two characters apart: equal values modulo 10."""
    return _VALUES[first] % 10 == _VALUES[second] % 10
