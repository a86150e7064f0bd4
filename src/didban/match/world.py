"""How common a name part is among people of its own culture, whatever the lists hold.

A name that only one entry of a list bears may be borne by hundreds at the border. `world_names.txt`
tells for the common name parts of the world which share of their bearers' compatriots has a part
that sounds so; `python -m benchmarks.world` derives it from public name statistics. Each line is a
primary key (`didban.match.keys`) and the readings of that class: share in 100,000ths, a colon, the
sounds, an apostrophe where vowels were not written; the commonest first.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from didban.match.alphabets import CODE
from didban.match.distances import SCALE, SLOPE, weight
from didban.match.kernels import constants as k
from didban.match.kernels import distance
from didban.match.keys import coarse_keys
from didban.match.phonemes import Form, forms

FILE: Final = "world_names.txt"
UNVOCALISED: Final = "'"
WHOLE: Final = 100_000

_Row = tuple[float, Form, int]
"""Share of names, a reading, and its weight."""


@lru_cache(maxsize=65_536)
def world_shares(part: str) -> tuple[float, ...]:
    """Return for each band of similarity the share (0..1) of names that have a part so similar.

    Of the culture in which such a part is commonest; 0.0 where it is rare everywhere. Cumulative,
    as `kernels.Expansion.frequencies`.
    """
    shares = [0.0] * k.BANDS
    for form in forms(part):
        own = weight(form.codes)
        for key in coarse_keys(form):
            told = k.BANDS  # the commonest of this key have told of the bands from here on
            for share, other, length in _rows(key):
                if share <= shares[0] or not told:
                    break  # the rest is rarer than what was found
                table = int(form.unvocalised != other.unvocalised)
                cost = SLOPE * distance(form.codes, other.codes, table)
                band = -(-(cost // (max(own, length) or 1)) // k.BAND_WIDTH)
                for wider in range(band, told):
                    shares[wider] = max(shares[wider], share)
                told = min(told, band)
    return tuple(shares)


def band(similarity: int) -> int:
    """Return the band (see `kernels.constants.BANDS`) of a similarity 0..255; beyond them the last."""
    return min((SCALE - similarity + k.BAND_WIDTH - 1) // k.BAND_WIDTH, k.BANDS - 1)


@cache
def _lines() -> dict[str, str]:
    """Return the readings by key, unread: a query needs few of them."""
    text = (files("didban.match") / FILE).read_text(encoding="ascii")
    lines = (line.partition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {key: readings for key, _, readings in lines}


@cache
def _rows(key: int) -> tuple[_Row, ...]:
    return tuple(map(_row, _lines().get(str(key), "").split()))


def _row(text: str) -> _Row:
    share, _, sounds = text.partition(":")
    codes = bytes(CODE[sound] for sound in sounds.removesuffix(UNVOCALISED))
    return int(share) / WHOLE, Form(codes, sounds.endswith(UNVOCALISED)), weight(codes)
