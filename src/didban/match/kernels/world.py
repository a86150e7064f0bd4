"""How common a part of a name is in the world; `_world` is the compiled twin.

The table is that of `didban.match.evidence.world`, which says what it means.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from didban.match.kernels import constants as k
from didban.match.kernels.reference import distance
from didban.match.spelling.alphabets import CODE
from didban.match.spelling.distances import SLOPE, weight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.match.spelling.phonemes import Form

UNVOCALISED: Final = "'"
WHOLE: Final = 100_000


class World:
    """Readings of the parts of names, and the share of names that each has."""

    def __init__(self, text: str) -> None:
        """Take the lines of a table: a coarse key, then `share:sounds` by falling share."""
        lines = (line.partition(" ") for line in text.splitlines() if not line.startswith("#"))
        self._lines = {key: readings for key, _, readings in lines}
        self._rows = cache(self._read)

    def shares(self, readings: Iterable[tuple[Form, Iterable[int]]]) -> tuple[float, ...]:
        """Return for each band of similarity the largest share (0..1) of what is so near.

        `readings`: the forms of a part, each with its coarse keys.
        """
        shares = [0.0] * k.BANDS
        for form, keys in readings:
            for share, codes, unvocalised in (row for key in keys for row in self._rows(key)):
                cost = distance(form.codes, codes, int(unvocalised != form.unvocalised))
                lost = SLOPE * cost // max(weight(form.codes), weight(codes), 1)
                for band in range(-(-lost // k.BAND_WIDTH), k.BANDS):
                    shares[band] = max(shares[band], share)
        return tuple(shares)

    def _read(self, key: int) -> list[tuple[float, bytes, bool]]:
        """Return the rows of a key: a query needs few of them."""
        rows = []
        for text in self._lines.get(str(key), "").split():
            share, _, sounds = text.partition(":")
            codes = bytes(CODE[sound] for sound in sounds.removesuffix(UNVOCALISED))
            rows.append((int(share) / WHOLE, codes, sounds.endswith(UNVOCALISED)))
        return rows
