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
from didban.match.kernels import World
from didban.match.kernels import constants as k
from didban.match.spelling.distances import SCALE

FILE: Final = "world_names.txt"


@lru_cache(maxsize=65_536)
def world_shares(part: str) -> tuple[float, ...]:
    """Return for each band of similarity the share (0..1) of names that have a part so similar.

    Of the culture in which such a part is commonest; 0.0 where it is rare everywhere. Cumulative,
    as `kernels.Expansion.frequencies`.
    """
    return _world().shares(readings(part))


def band(similarity: int) -> int:
    """Return the band (see `kernels.constants.BANDS`) of a similarity 0..255; beyond them the last."""
    return min((SCALE - similarity + k.BAND_WIDTH - 1) // k.BAND_WIDTH, k.BANDS - 1)


@cache
def _world() -> World:
    return World((files("didban.match.evidence") / FILE).read_text(encoding="ascii"))
