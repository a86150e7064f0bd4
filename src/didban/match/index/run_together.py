"""A whole name written without spaces: parted where every piece is a part of a listed name.

    alexandervyacheslavovichzakharov ──> alexander vyacheslavovich zakharov

Machines write names so, in addresses and file names. Only the letters are parted, nothing is put in
or left out; the pieces are then compared as parts of any other name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST: Final = 12
"""A name of fewer letters is one part, not several."""

MOST: Final = 40
"""One of more letters is no name that was run together."""

_PIECE: Final = (3, 16)
"""So many letters has a piece, at least and at most."""


def pieces_of(part: str, knows: Callable[[str], bool]) -> tuple[str, ...] | None:
    """Return the fewest pieces that a part consists of, all of which are known, or None.

    Of as many pieces, those with the longest first one.
    """
    if not LEAST <= len(part) <= MOST:
        return None
    shortest, longest = _PIECE
    best: list[tuple[str, ...] | None] = [None] * len(part) + [()]
    for start in range(len(part) - shortest, -1, -1):
        for end in range(min(len(part), start + longest), start + shortest - 1, -1):
            rest, so_far = best[end], best[start]
            if rest is None or (so_far is not None and len(so_far) <= len(rest) + 1):
                continue
            if knows(part[start:end]):
                best[start] = (part[start:end], *rest)
    return best[0]
