"""Each record of a snapshot asked of that snapshot: the pairs that may be one person or thing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from didban.match.kinds import may_be_one
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.match.scoring import logit_of
from didban.match.snapshot import Snapshot
from didban.screening.results import DIGITS, explanation_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from didban.match.search import Match
    from didban.model.records import Record

MOST: Final = 30
"""So many partners of one record are looked at, the most likely ones: lists, and namesakes."""

LOOKED_FROM: Final = 0.02
"""A pair below this score says as little as one that no search brought up."""

_MODE: Final = Mode.THOROUGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One record found by asking for another: how likely they are one, and why.

    - `log_odds`: the prior and the weights of all explanations.
    - `line`: what a reviewer is shown, as JSON; empty where the pair is not worth it.
    """

    query: str
    candidate: str
    log_odds: float
    line: str

    @property
    def pair(self) -> tuple[str, str]:
        """Both identifiers, the lesser one first."""
        one, other = sorted((self.query, self.candidate))
        return one, other


def prepare(path: Path, shown_from: float) -> Callable[[Sequence[str]], list[Found]]:
    """Open the snapshot and return what asks for records by their identifiers.

    `shown_from`: the log-odds from which on a pair is worth a reviewer's look.
    """
    return partial(_ask, Snapshot.open(path), shown_from)


def _ask(snapshot: Snapshot, shown_from: float, ids: Sequence[str]) -> list[Found]:
    found = []
    for record_id in ids:
        record = snapshot.record(record_id)
        if record is None:
            raise RuntimeError("the snapshot was exchanged while it was being resolved")
        matches = snapshot.match(
            query_from_record(record), limit=MOST + 1, threshold=LOOKED_FROM, mode=_MODE
        )
        found += [
            _found(record, match, shown_from)
            for match in matches
            if match.id != record_id and may_be_one(record.schema, match.record.schema)
        ]
    return found


def _found(record: Record, match: Match, shown_from: float) -> Found:
    log_odds = logit_of(match.prior, match.explanations)
    shown = _shown(record, match) if log_odds >= shown_from else None
    return Found(
        query=record.id,
        candidate=match.id,
        log_odds=log_odds,
        line=json.dumps(shown, ensure_ascii=False) if shown else "",
    )


def _shown(record: Record, match: Match) -> dict[str, Any]:
    """Return both records and why they may be one; `prior` and weights add up to the score."""
    return {
        "query": _named(record),
        "candidate": _named(match.record),
        "score": match.score,
        "prior": round(match.prior, DIGITS),
        "explanations": {
            feature: explanation_json(explanation)
            for feature, explanation in match.explanations.items()
        },
    }


def _named(record: Record) -> dict[str, Any]:
    return {"id": record.id, "caption": record.caption, "datasets": list(record.datasets)}
