"""A query against layers of an index: candidates, evidence, score."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.match import evidence
from didban.match.candidates import Retrieval, Scope
from didban.match.names import explain, find, pair_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.match.candidates import Candidate
    from didban.match.evidence import Explanation
    from didban.match.features import Features
    from didban.match.layers import Layer
    from didban.model.records import Record

_FEATURES: Final = {
    "document": evidence.document,
    "birth_date": evidence.birth_date,
    "sex": evidence.sex,
    "country": evidence.country,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A listed record that may be what was asked about. A computed similarity, not a decision.

    - `score`: 0.0 .. 1.0, the logistic function of `prior` and the explanations' weights.
    - `match`: whether the score reaches the mode's threshold.
    - `explanations`: feature -> what it says; features of which a side knows nothing are absent.
    """

    record: Record
    score: float
    match: bool
    prior: float
    explanations: dict[str, Explanation]

    @property
    def id(self) -> str:
        """The record's identifier."""
        return self.record.id


class Search:
    """Answers queries over layers. Make a new one when the layers change."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        """Take the layers; their order does not matter."""
        self._retrieval = Retrieval(layers)
        records = max(2, sum(layer.live for layer in layers))
        self.prior = -math.log(records - 1)

    def match(self, scope: Scope, *, limit: int, threshold: float) -> list[Match]:
        """Return at most `limit` matches with at least this score, by falling score, then id."""
        scored = [
            (score, candidate, explanations)
            for candidate in self._retrieval.candidates(scope)
            for score, explanations in [self._score(scope.query.features, candidate)]
            if score >= threshold
        ]
        scored.sort(key=lambda entry: -entry[0])
        # Records are read only for those that can be among the first, ties included.
        least = scored[limit - 1][0] if 0 < limit <= len(scored) else 0.0
        matches = [
            Match(
                record=candidate.layer.record(candidate.number),
                score=score,
                match=score >= scope.mode.threshold,
                prior=self.prior,
                explanations=explanations,
            )
            for score, candidate, explanations in scored
            if score >= least
        ]
        matches.sort(key=lambda match: (-match.score, match.id))
        return matches[:limit]

    def _score(self, query: Features, candidate: Candidate) -> tuple[float, dict[str, Explanation]]:
        features = candidate.layer.features(candidate.number)
        explanations: dict[str, Explanation] = {}
        if name := self._best_name(query, features, candidate):
            explanations["name"] = name
        for feature, compare in _FEATURES.items():
            if explanation := compare(query, features):
                explanations[feature] = explanation
        weights = sum(explanation.weight for explanation in explanations.values())
        return _logistic(self.prior + weights), explanations

    def _best_name(
        self, query: Features, features: Features, candidate: Candidate
    ) -> Explanation | None:
        """Return what the names say; of a candidate found by its document, all names are tried."""
        pairs = candidate.names or [
            (self._retrieval.ask(name), listed, pair_parts(name.parts, listed.parts))
            for name in query.names
            for listed in features.names
        ]
        best = max(pairs, key=lambda pair: find(*pair).weight, default=None)
        return explain(*best) if best else None


def _logistic(logit: float) -> float:
    if logit < 0:
        return math.exp(logit) / (1.0 + math.exp(logit))
    return 1.0 / (1.0 + math.exp(-logit))
