"""Scores of judged pairs, by Didban."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.match.pairs import compare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.labelled import Pair


def scores(pairs: Iterable[Pair]) -> list[float]:
    """Return the score of each pair, as if the right one were on a list of the usual size."""
    return [compare(pair.left, pair.right).score for pair in pairs]
