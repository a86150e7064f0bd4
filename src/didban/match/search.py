"""A query against layers of an index: candidates, evidence, score."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from didban.match import evidence
from didban.match.building import rarity
from didban.match.kernels import Expansion, Part
from didban.match.kernels.constants import MIN_RARITY
from didban.match.keys import coarse_keys
from didban.match.names import CUTOFF, QueryName, compare_names, pair_parts
from didban.match.phonemes import forms
from didban.match.tokens import TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.match.evidence import Explanation
    from didban.match.features import Features, Name
    from didban.match.layers import Layer
    from didban.match.modes import Mode
    from didban.match.query import Query
    from didban.model.records import Record

EXPANSION_LIMIT: Final = 2_048
_RARITY_BAND: Final = 3
_CACHED_PARTS: Final = 100_000
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


@dataclass(frozen=True, slots=True)
class _KnownPart:
    """What the layers know of a query part."""

    parts: tuple[Part, ...]
    shares: tuple[float, ...]


@dataclass(slots=True)
class _Candidate:
    """A record that retrieval brought up, and the pairs of names that brought it."""

    layer: Layer
    number: int
    names: list[tuple[QueryName, Name, bytes]] = field(default_factory=list)


class Search:
    """Answers queries over layers. Make a new one when the layers change."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        """Take the layers; their order does not matter, since an identifier lives in one only."""
        self._layers = tuple(layers)
        self._names = max(1, sum(layer.names for layer in layers))
        records = max(2, sum(layer.live for layer in layers))
        self.prior = -math.log(records - 1)
        self._known: dict[tuple[str, bool], _KnownPart] = {}

    def match(
        self,
        query: Query,
        *,
        limit: int,
        threshold: float,
        mode: Mode,
        datasets: frozenset[str] | None,
    ) -> list[Match]:
        """Return at most `limit` matches with at least this score, by falling score, then id."""
        scored = [
            (score, candidate, explanations)
            for candidate in self._candidates(query, mode, datasets)
            for score, explanations in [self._score(query.features, candidate)]
            if score >= threshold
        ]
        scored.sort(key=lambda entry: -entry[0])
        least = scored[limit - 1][0] if 0 < limit <= len(scored) else 0.0
        matches = [
            Match(
                record=candidate.layer.record(candidate.number),
                score=score,
                match=score >= mode.threshold,
                prior=self.prior,
                explanations=explanations,
            )
            for score, candidate, explanations in scored
            if score >= least
        ]
        matches.sort(key=lambda match: (-match.score, match.id))
        return matches[:limit]

    # -- candidates ------------------------------------------------------------------------------

    def _candidates(
        self, query: Query, mode: Mode, datasets: frozenset[str] | None
    ) -> list[_Candidate]:
        found: dict[tuple[int, int], _Candidate] = {}
        for at, layer in enumerate(self._layers):
            allowed = layer.allowed(query.schema, datasets)
            classes = layer.segment["record_class"]
            for document in query.features.documents:
                for number in layer.with_document(document):
                    if allowed[classes[number]]:
                        found.setdefault((at, number), _Candidate(layer, number))
        for name in query.features.names:
            self._by_name(name, query, mode, datasets, found)
        return list(found.values())

    def _by_name(
        self,
        name: Name,
        query: Query,
        mode: Mode,
        datasets: frozenset[str] | None,
        found: dict[tuple[int, int], _Candidate],
    ) -> None:
        last = len(name.parts) - 1
        known = [
            self._know(part, prefix=name.truncated and i == last)
            for i, part in enumerate(name.parts)
        ]
        asked = QueryName(name, tuple(part.shares for part in known))
        for at, layer in enumerate(self._layers):
            results = layer.index.search(
                [part.parts[at] for part in known],
                floor=mode.floor,
                depth=mode.depth,
                allowed=layer.allowed(query.schema, datasets),
                dead=layer.dead,
                years=query.features.years,
            )
            for result in results:
                key = (at, result.record)
                candidate = found.setdefault(key, _Candidate(layer, result.record))
                candidate.names.append((asked, layer.name(result.name), result.pairs))

    def _know(self, part: str, *, prefix: bool) -> _KnownPart:
        known = self._known.get((part, prefix))
        if known is None:
            if len(self._known) >= _CACHED_PARTS:
                self._known.clear()
            known = self._known[part, prefix] = self._look_up(part, prefix=prefix)
        return known

    def _look_up(self, part: str, *, prefix: bool) -> _KnownPart:
        own = forms(part)
        initial = own[0].codes[0] + 1 if len(part) == 1 and own else 0
        readings = [] if initial else [(form, coarse_keys(form)) for form in own]
        expansions: list[Expansion] = [
            layer.index.expand(readings, cutoff=CUTOFF, limit=EXPANSION_LIMIT, prefix=prefix)
            for layer in self._layers
        ]
        counts = [sum(band) for band in zip(*(e.frequencies for e in expansions), strict=True)]
        rare = rarity(counts[_RARITY_BAND], self._names)
        if initial or not own or part in TITLES:
            rare = MIN_RARITY
        return _KnownPart(
            tuple(Part(expansion, rare, initial) for expansion in expansions),
            tuple(count / self._names for count in counts),
        )

    # -- score -----------------------------------------------------------------------------------

    def _score(
        self, query: Features, candidate: _Candidate
    ) -> tuple[float, dict[str, Explanation]]:
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
        self, query: Features, features: Features, candidate: _Candidate
    ) -> Explanation | None:
        """Return what the names say; of a candidate found by its document, all names are tried."""
        pairs = candidate.names or [
            (asked, listed, pair_parts(name.parts, listed.parts))
            for name in query.names
            for asked in [self._asked(name)]
            for listed in features.names
        ]
        found = [compare_names(*pair) for pair in pairs]
        return max(found, key=lambda explanation: explanation.weight, default=None)

    def _asked(self, name: Name) -> QueryName:
        return QueryName(name, tuple(self._know(part, prefix=False).shares for part in name.parts))


def _logistic(logit: float) -> float:
    if logit < 0:
        return math.exp(logit) / (1.0 + math.exp(logit))
    return 1.0 / (1.0 + math.exp(-logit))
