"""What it costs when two sounds differ, and how a cost becomes a similarity.

Two tables: one for forms that both write their vowels (or both do not), one for a form that does
not write them against one that does; there vowels are nearly free, but a written long vowel counts,
which separates (Persian letters) hsn from hsyn. Costs are in fortieths of a full substitution, so
that kernel and twin work in whole numbers and agree to the bit.
"""

from __future__ import annotations

from typing import Final

from didban.match.alphabets import SYMBOLS, VOWELS

UNIT: Final = 40
TRANSPOSITION: Final = 28
SCALE: Final = 255
"""Similarity of equal forms."""

SLOPE: Final = 153
"""Similarity lost when the cost equals the length of the longer form: 0.6 of the scale."""

_SAME: Final[dict[str, float]] = {
    "bp": 0.4, "fv": 0.25, "td": 0.5, "tT": 0.2, "dD": 0.15, "zD": 0.15, "sT": 0.2, "sz": 0.35,
    "sS": 0.4, "SC": 0.3, "Cj": 0.35, "cs": 0.3, "ck": 0.25, "cC": 0.15, "cj": 0.3, "kq": 0.1,
    "kg": 0.45, "qg": 0.35, "qG": 0.35, "gG": 0.15, "gj": 0.3, "kX": 0.25, "hX": 0.2, "XC": 0.3,
    "zj": 0.45, "mn": 0.5, "Xg": 0.5, "zd": 0.5, "Ds": 0.5, "kC": 0.35, "Sj": 0.5, "tD": 0.5,
    "Td": 0.5, "bv": 0.35, "lr": 0.8, "zc": 0.5, "kG": 0.4, "GX": 0.4, "cq": 0.3,
}  # fmt: skip
"""Pairs of consonants that are heard or written for each other; any other pair costs 1."""

_VOWEL_LIKE: Final[dict[str, tuple[float, float]]] = {
    "ie": (0.2, 0.05), "ou": (0.15, 0.05), "ae": (0.25, 0.05), "ao": (0.3, 0.05),
    "yi": (0.1, 0.02), "ye": (0.25, 0.05), "ya": (0.4, 0.35), "yA": (0.4, 0.4),
    "wu": (0.15, 0.02), "wo": (0.2, 0.03), "wv": (0.15, 0.05), "wa": (0.5, 0.6), "wf": (0.5, 0.6),
    "uv": (0.4, 0.1), "yj": (0.3, 0.5), "Aa": (0.0, 0.0), "Ao": (0.2, 0.1), "Ae": (0.25, 0.1),
    "Ai": (0.35, 0.25), "Au": (0.35, 0.2),
}  # fmt: skip
"""Pairs with a vowel or half-vowel: (both vocalised alike, unvocalised against vocalised)."""

_OTHER_VOWELS: Final = (0.35, 0.05)

_INSERTION: Final[dict[str, tuple[float, float]]] = {
    **dict.fromkeys("aeiou", (0.4, 0.06)),
    "A": (0.4, 0.3),
    "y": (0.45, 0.5),
    "w": (0.45, 0.5),
    "h": (0.35, 0.35),
    "G": (0.8, 0.8),
}


def _substitution(a: str, b: str, table: int) -> float:
    if a == b:
        return 0.0
    for pair in (a + b, b + a):
        if pair in _SAME:
            return _SAME[pair]
        if pair in _VOWEL_LIKE:
            return _VOWEL_LIKE[pair][table]
    return _OTHER_VOWELS[table] if a in VOWELS and b in VOWELS else 1.0


def _scaled(cost: float) -> int:
    return round(cost * UNIT)


SUBSTITUTION: Final = tuple(
    bytes(_scaled(_substitution(a, b, table)) for a in SYMBOLS for b in SYMBOLS) for table in (0, 1)
)
"""Two tables of 32 x 32 costs, row by row."""

INSERTION: Final = tuple(
    bytes(_scaled(_INSERTION.get(a, (1.0, 1.0))[table]) for a in SYMBOLS) for table in (0, 1)
)
"""Two tables of 32 costs for a sound that only one form has."""


def weight(codes: bytes) -> int:
    """Return the length of a form in cost units: what it would cost to leave it out."""
    return sum(INSERTION[0][code] for code in codes)
