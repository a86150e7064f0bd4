"""Whole-number constants that kernel and twin share. All scores in retrieval are integers."""

from __future__ import annotations

from typing import Final

ROW: Final = 16
"""Bytes in a row of `form_codes`."""

NONE: Final = 255
"""Position of a query part without counterpart in a name."""

OVERFLOW: Final = 65535
"""Class that stands for "more parts than a posting can hold": anything may be among them."""

POSTING_CLASSES: Final = 4
POSTING_WIDTH: Final = 3
"""A posting is three 32-bit words: name, then four 16-bit classes of the name's other parts."""

MATCHED: Final = 10
UNMATCHED_QUERY: Final = 5
UNMATCHED_NAME: Final = 2
"""Weights in the denominator of a name's score: each in tenths of the part's rarity."""

TOP: Final = 1020
"""Score of a name that has exactly the query's parts: 4 x 255."""

GAIN: Final = TOP * MATCHED // 255
INITIAL_SIMILARITY: Final = 200
PREFIX_SIMILARITY: Final = 225

MIN_RARITY: Final = 16
MAX_RARITY: Final = 128
"""Rarity of a part: 16 x ln(names / names with it), within these bounds."""

SAME_YEARS: Final = 80
OTHER_YEARS: Final = -160
"""What known birth years add to the rank (never to the score) of a name, so that the right one of
many equal names is kept."""

BANDS: Final = 10
BAND_WIDTH: Final = 8
"""`Expansion.frequencies[b]`: names having a part at similarity >= 255 - 8 b."""
