"""What it costs when two sounds differ, and how a cost becomes a similarity.

Two tables: one for forms that both write their vowels (or both do not), one for a form that does
not write them against one that does; there short vowels are nearly free, but a written long vowel
counts, which separates (Persian letters) hsn from hsyn. The first is set by hand, the second learned
by `python -m benchmarks.sound_costs` from attested spellings. Costs are in fortieths of a full
substitution, so that kernel and twin work in whole numbers and agree to the bit.
"""

from __future__ import annotations

from typing import Final

from didban.match.spelling.alphabets import SYMBOLS, VOWELS

UNIT: Final = 40
TRANSPOSITION: Final = 28
SCALE: Final = 255
"""Similarity of equal forms."""

SLOPE: Final = 153
"""Similarity lost when the cost equals the length of the longer form: 0.6 of the scale."""

_VOCALISED: Final[dict[str, float]] = {
    "bp": 0.4, "fv": 0.25, "td": 0.5, "tT": 0.2, "dD": 0.15, "zD": 0.15, "sT": 0.2, "sz": 0.35,
    "sS": 0.4, "SC": 0.3, "Cj": 0.35, "cs": 0.3, "ck": 0.25, "cC": 0.15, "cj": 0.3, "kq": 0.1,
    "kg": 0.45, "qg": 0.35, "qG": 0.35, "gG": 0.15, "gj": 0.3, "kX": 0.25, "hX": 0.2, "XC": 0.3,
    "zj": 0.45, "mn": 0.5, "Xg": 0.5, "zd": 0.5, "Ds": 0.5, "kC": 0.35, "Sj": 0.5, "tD": 0.5,
    "Td": 0.5, "bv": 0.35, "lr": 0.8, "zc": 0.5, "kG": 0.4, "GX": 0.4, "cq": 0.3, "ie": 0.2,
    "ou": 0.15, "ae": 0.25, "ao": 0.3, "yi": 0.1, "ye": 0.25, "ya": 0.4, "yA": 0.4, "wu": 0.15,
    "wo": 0.2, "wv": 0.15, "wa": 0.5, "wf": 0.5, "uv": 0.4, "yj": 0.3, "Aa": 0.0, "Ao": 0.2,
    "Ae": 0.25, "Ai": 0.35, "Au": 0.35,
}  # fmt: skip
"""Pairs that are heard or written for each other; two other vowels cost 0.35, any other pair 1."""

_UNVOCALISED: Final[dict[str, float]] = {
    "ae": 0.04, "ai": 0.29, "ao": 0.14, "au": 0.10, "ay": 0.49, "aw": 0.81, "aA": 0.00, "ei": 0.05,
    "eo": 0.05, "eu": 0.05, "ey": 0.11, "eA": 0.20, "io": 0.05, "iu": 0.05, "iy": 0.03, "iA": 0.69,
    "ou": 0.05, "ow": 0.03, "oA": 0.22, "uw": 0.02, "uv": 0.10, "uA": 0.24, "yj": 0.50, "yA": 0.68,
    "wf": 0.94, "wv": 0.02, "bp": 0.71, "bv": 0.35, "fv": 0.22, "tT": 0.10, "tD": 0.50, "dT": 0.50,
    "dD": 0.04, "dz": 0.50, "Ts": 0.04, "Ds": 0.84, "Dz": 0.03, "sz": 0.36, "sS": 0.43, "sc": 0.12,
    "zc": 0.50, "zj": 0.24, "SC": 0.03, "Sj": 0.82, "Cc": 0.15, "Cj": 0.41, "Ck": 0.21, "CX": 0.30,
    "cj": 0.30, "ck": 0.05, "cq": 0.30, "jg": 0.09, "kg": 0.65, "kq": 0.12, "kX": 0.34, "kG": 0.40,
    "gq": 0.04, "gX": 0.50, "gG": 0.15, "qG": 0.02, "XG": 0.40, "Xh": 0.08, "lr": 0.80, "mn": 0.50,
}  # fmt: skip
"""The same for a script without vowels against one with them: sounds that the one does not tell
apart, or that romanisations write alike (gh and q, s and th), are as good as one."""

_OTHER_VOWELS: Final = (0.35, 0.05)

_LEFT_OUT: Final[tuple[dict[str, float], dict[str, float]]] = (
    {**dict.fromkeys("aeiou", 0.4), "A": 0.4, "y": 0.45, "w": 0.45, "h": 0.35, "G": 0.8},
    {"a": 0.08, "e": 0.04, "i": 0.27, "o": 0.15, "u": 0.15, "y": 0.73, "w": 0.68, "G": 0.66,
     "h": 0.44, "A": 0.41},
)  # fmt: skip
"""What it costs that only one form has a sound, in either table; other sounds cost 1."""


def _substitution(a: str, b: str, table: int) -> float:
    if a == b:
        return 0.0
    pairs = (_VOCALISED, _UNVOCALISED)[table]
    for pair in (a + b, b + a):
        if pair in pairs:
            return pairs[pair]
    return _OTHER_VOWELS[table] if a in VOWELS and b in VOWELS else 1.0


def _scaled(cost: float) -> int:
    return round(cost * UNIT)


SUBSTITUTION: Final = tuple(
    bytes(_scaled(_substitution(a, b, table)) for a in SYMBOLS for b in SYMBOLS) for table in (0, 1)
)
"""Two tables of 32 x 32 costs, row by row."""

INSERTION: Final = tuple(
    bytes(_scaled(left_out.get(a, 1.0)) for a in SYMBOLS) for left_out in _LEFT_OUT
)
"""Two tables of 32 costs for a sound that only one form has."""


def weight(codes: bytes) -> int:
    """Return the length of a form in cost units: what it would cost to leave it out."""
    return sum(INSERTION[0][code] for code in codes)
