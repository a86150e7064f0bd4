"""A query against layers of an index: candidates, evidence, score."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from didban.match.evidence import parameters as p
from didban.match.evidence.names import apart
from didban.match.evidence.pairing import pair_parts
from didban.match.features import features_beside, speaks_beside_names
from didban.match.index.candidates import Retrieval, Scope
from didban.match.kinds import NAMED, Kind
from didban.match.scoring import (
    NameWeights,
    beside_names,
    best_name,
    logit_of,
    name_told,
    prior_of,
    score_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.match.evidence.names import Apart
    from didban.match.evidence.particulars import Explanation
    from didban.match.features import Features
    from didban.match.index.candidates import Candidate
    from didban.match.index.layers import Layer
    from didban.match.scoring import NamePair
    from didban.model.records import Record

_Pair = Callable[[], "NamePair"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A listed record that may be what was asked about. A computed similarity, not a decision.

    - `score`: 0.0 .. 0.999999, the logistic function of `prior` and the explanations' weights, to six
      digits: what people see is what is sorted.
    - `match`: whether the score reaches the mode's threshold.
    - `explanations`: feature -> what it says; features of which a side knows nothing are absent.
    - `version`: which version of a bank's record was compared; 0 for a record of a list.
    """

    record: Record
    score: float
    match: bool
    prior: float
    explanations: dict[str, Explanation]
    version: int = 0

    @property
    def id(self) -> str:
        """The record's identifier."""
        return self.record.id

    @property
    def caption(self) -> str:
        """What the record is called."""
        return self.record.caption

    @property
    def datasets(self) -> tuple[str, ...]:
        """The lists that the record is on."""
        return self.record.datasets


@dataclass(slots=True)
class _Scored:
    """A candidate with its score: what its name weighs, and what else is said."""

    score: float
    candidate: Candidate
    record: Record
    pair: _Pair | None
    weight: float
    beside: dict[str, Explanation]


_ROUNDING: Final = 1e-6
"""A bound, summed up in another order than the weights, may be so much too low."""


class Search:
    """Answers queries over layers. Make a new one when the layers change."""

    def __init__(
        self,
        layers: Sequence[Layer],
        beside: Sequence[Layer] = (),
        *,
        least: int = 0,
        only_beside: bool = False,
    ) -> None:
        """Take the layers; their order does not matter.

        - `beside` are searched too, but do not count when it is asked how many records there are
          or how rare a name is: what not everybody may see must change nobody's scores (PR-09).
        - `least`: so many records and names are assumed at least, where few are known.
        - `only_beside`: the others are not searched, and only count.
        """
        self._retrieval = Retrieval(layers, beside, least=least, only_beside=only_beside)
        counts = sum((layer.counts for layer in layers), Counter[Kind]())
        self.prior = prior_of(max(least, sum(counts[kind] for kind in NAMED)))
        self._prior_of_papers = prior_of(max(least, counts[Kind.DOCUMENT]))

    def match(self, scope: Scope, *, limit: int, threshold: float) -> list[Match]:
        """Return at most `limit` matches with at least this score, by falling score.

        Of equal scores the name that is less far apart comes first, then the lesser id.
        """
        if limit < 1:
            return []
        candidates = self._retrieval.candidates(scope)
        if not candidates:
            return []
        scored = self._best(scope.query.features, candidates, limit, threshold)
        return [
            Match(
                record=one.record,
                score=one.score,
                match=one.score >= scope.mode.threshold,
                prior=self._prior_for(one.candidate),
                explanations=name_told(one.pair and one.pair(), one.weight) | one.beside,
                version=one.candidate.layer.version(one.candidate.number),
            )
            for one in _in_order(scored)[:limit]
            if one.score >= threshold
        ]

    def _best(
        self, query: Features, candidates: list[Candidate], limit: int, threshold: float
    ) -> list[_Scored]:
        """Score the candidates that can be among the best `limit`, ties included.

        Those with the best names come first; when what the rest could add is not enough any more to
        reach the best, or the threshold, the rest is left unread.
        """
        bounds, weights, beside = [], NameWeights(), _Most(query)
        for candidate in candidates:
            name, pair = self._best_name(query, candidate, weights)
            most = self._prior_for(candidate) + name + beside.of(candidate)
            bounds.append((most, name, pair, candidate))
        bounds.sort(key=lambda entry: -entry[0])
        best: list[float] = []
        scored: list[_Scored] = []
        says_more = speaks_beside_names(query)
        for most, weight, pair, candidate in bounds:
            bound = score_of(most + _ROUNDING)
            if bound < threshold or (len(best) == limit and bound < best[0]):
                break
            record = candidate.layer.record(candidate.number)
            said = beside_names(query, features_beside(query, record)) if says_more else {}
            score = score_of(logit_of(self._prior_for(candidate), said, weight))
            scored.append(_Scored(score, candidate, record, pair, weight, said))
            (heapq.heappush if len(best) < limit else heapq.heappushpop)(best, score)
        return scored

    def _prior_for(self, candidate: Candidate) -> float:
        """Return the prior of a candidate: papers are many, and are not looked for by name."""
        is_paper = candidate.layer.kind(candidate.number) is Kind.DOCUMENT
        return self._prior_of_papers if is_paper else self.prior

    def _best_name(
        self, query: Features, candidate: Candidate, weights: NameWeights
    ) -> tuple[float, _Pair | None]:
        """Return what the pair of names that says most weighs, and how to come by it.

        Retrieval paired the names; of one that was found otherwise all are tried.
        """
        layer = candidate.layer
        if candidate.found:
            most, best = weights.best(candidate)
            return most, partial(candidate.pair, best)
        most, pair = best_name(
            (self._retrieval.ask(name, query.kind), listed, pair_parts(name.parts, listed.parts))
            for name in query.names
            for listed in map(layer.name, layer.names_of(candidate.number))
        )
        return most, (lambda: pair) if pair else None


def _in_order(scored: Sequence[_Scored]) -> list[_Scored]:
    """Return matches in the order in which they are told (see `Search.match`)."""
    scores = [one.score for one in scored]

    def key(one: _Scored) -> tuple[float, Apart, str]:
        names = one.pair and scores.count(one.score) > 1 and one.pair()
        return -one.score, apart(*names) if names else (), one.record.id

    return sorted(scored, key=key)


class _Most:
    """The most that features other than the name can add.

    Years that are one apart are no other years to the index, so that two days on either side of New
    Year, which may be one day of the Islamic calendar, count as a date that agrees.
    """

    def __init__(self, query: Features) -> None:
        self._rest = sum(
            most
            for stated, most in (
                (query.sexes, p.SAME_SEX),
                (query.countries, p.SAME_COUNTRY),
                (query.birth_places, p.SAME_PLACE),
            )
            if stated
        )
        self._date = max(p.DATES.values()) if query.birth_dates else 0.0
        self._other_years = p.DATES["ONE_DIGIT"] if query.birth_dates else 0.0
        self._document = max(p.DOCUMENTS.values())

    def of(self, candidate: Candidate) -> float:
        """Return it for one candidate."""
        date = self._other_years if candidate.other_years else self._date
        return self._rest + date + (self._document if candidate.by_document else 0.0)
