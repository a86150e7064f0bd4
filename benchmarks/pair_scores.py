"""Scores of judged pairs, by Didban."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.snapshots import opened
from didban.match.modes import Mode
from didban.match.query import query_from_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.labelled import Pair
    from didban.match.snapshot import Snapshot


def scores(pairs: Sequence[Pair]) -> list[float]:
    """Return the score of each pair: the right ones stand on one list, each left one asks it."""
    right = {pair.right.id: pair.right for pair in pairs}
    with opened(right.values()) as snapshot:
        return [_score(snapshot, pair) for pair in pairs]


def _score(snapshot: Snapshot, pair: Pair) -> float:
    found = snapshot.match(query_from_record(pair.left), limit=500, mode=Mode.THOROUGH)
    return next((match.score for match in found if match.id == pair.right.id), 0.0)
