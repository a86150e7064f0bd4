"""How common a name part is among people of its own culture, whatever the lists hold.

A name that only one entry of a list bears may be borne by hundreds at the border. `world_names.txt`
tells for the common name parts of the world which share of their bearers' compatriots has a part
that sounds so; `python -m benchmarks.world` derives it from public name statistics. Each line is a
primary key (`didban.match.spelling.keys`) and the readings of that class: share in 100,000ths, a colon, the
sounds, an apostrophe where vowels were not written; the commonest first.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from didban.match.evidence.readings import readings
from didban.match.kernels import constants as k
from didban.match.kernels import first_near, row_of
from didban.match.spelling.alphabets import CODE
from didban.match.spelling.distances import SCALE
from didban.match.spelling.phonemes import Form

FILE: Final = "world_names.txt"
UNVOCALISED: Final = "'"
WHOLE: Final = 100_000

_Rows = tuple[tuple[float, ...], bytes]
"""Readings by falling share: the shares, and the forms for `kernels.first_near`."""


@lru_cache(maxsize=65_536)
def world_shares(part: str) -> tuple[float, ...]:
    """Return for each band of similarity the share (0..1) of names that have a part so similar.

    Of the culture in which such a part is commonest; 0.0 where it is rare everywhere. Cumulative,
    as `kernels.Expansion.frequencies`.
    """
    shares = [0.0] * k.BANDS
    for form, keys in readings(part):
        for key in keys:
            known, rows = _rows(key)
            first = first_near(form.codes, form.unvocalised, rows)
            if first[-1] < 0:  # none is near in any band
                continue
            for band, n in enumerate(first):
                if n >= 0:
                    shares[band] = max(shares[band], known[n])
    return tuple(shares)


def band(similarity: int) -> int:
    """Return the band (see `kernels.constants.BANDS`) of a similarity 0..255; beyond them the last."""
    return min((SCALE - similarity + k.BAND_WIDTH - 1) // k.BAND_WIDTH, k.BANDS - 1)


@cache
def _lines() -> dict[str, str]:
    """Return the readings by key, unread: a query needs few of them."""
    text = (files("didban.match.evidence") / FILE).read_text(encoding="ascii")
    lines = (line.partition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {key: readings for key, _, readings in lines}


@cache
def _rows(key: int) -> _Rows:
    shares, readings = [], b""
    for text in _lines().get(str(key), "").split():
        share, _, sounds = text.partition(":")
        codes = bytes(CODE[sound] for sound in sounds.removesuffix(UNVOCALISED))
        shares.append(int(share) / WHOLE)
        readings += row_of(Form(codes, sounds.endswith(UNVOCALISED)))
    return tuple(shares), readings
