"""From evidence to a score: what every feature says of two descriptions, and what it adds up to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from didban.match.evidence import names, organisation_names, particulars, places
from didban.match.evidence.name_order import name_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from didban.match.evidence.names import QueryName
    from didban.match.evidence.particulars import Explanation
    from didban.match.features import Features, Name
    from didban.match.index.candidates import Candidate
    from didban.match.index.layers import Layer
    from didban.match.kernels import Asked

NamePair = tuple["QueryName", "Name", bytes]
"""A name asked for, a listed name, and how their parts pair (see `kernels.reference.Found`)."""

FEATURES: Final = {
    "document": particulars.document,
    "birth_date": particulars.birth_date,
    "sex": particulars.sex,
    "country": particulars.country,
    "birth_place": places.birth_place,
    "name_order": name_order,
}

FEWEST: Final = 10_000
"""So many records and names are assumed where fewer are known, about the length of the US list: a
small bank must not take every name for common, nor a bank of restricted records for a place where
everybody is listed; and a pair alone has no list around it from which a prior would follow."""

_DIGITS: Final = 6
_FEWEST: Final = 2
_LARGEST: Final = math.log(999_999)


def prior_of(count: int) -> float:
    """Return the log-odds that one of so many is meant, before anything is known."""
    return -math.log(count - 1) if count > _FEWEST else 0.0


def score_of(logit: float) -> float:
    """Return the score of a logit: to six digits, and never certain."""
    logit = max(-_LARGEST, min(_LARGEST, logit))
    return round(1.0 / (1.0 + math.exp(-logit)), _DIGITS)


def best_name(pairs: Iterable[NamePair]) -> tuple[float, NamePair | None]:
    """Return the pair of names that says most, the first of equal ones, and its weight."""
    best, most = None, 0.0
    for pair in pairs:
        weight = _weight(pair)
        if best is None or weight > most:
            best, most = pair, weight
    return most, best


class NameWeights:
    """Weighs pairs of names in one search: the names of persons by the compiled rules."""

    def __init__(self) -> None:
        """Begin with none."""
        self._asked: dict[int, Asked | None] = {}

    def best(self, candidate: Candidate) -> tuple[float, int]:
        """Return the most that a pair that brought the candidate weighs, and which is the first."""
        if len(candidate.found) == 1:
            return self._of(candidate.layer, *candidate.found[0]), 0
        weights = [self._of(candidate.layer, *found) for found in candidate.found]
        most = max(weights)
        return most, weights.index(most)

    def _of(self, layer: Layer, query: QueryName, number: int, pairs: bytes) -> float:
        try:
            asked = self._asked[id(query)]
        except KeyError:
            asked = self._asked[id(query)] = names.ready(query)
        weight = asked.weight(layer.listed, number, pairs) if asked and layer.listed else None
        return _weight((query, layer.name(number), pairs)) if weight is None else weight


def _weight(pair: NamePair) -> float:
    weight: float = _compared(pair).find(*pair).weight
    return weight


def _compared(pair: NamePair) -> ModuleType:
    """Return where names of this kind are compared: a person's, or an organisation's."""
    query, candidate, _ = pair
    of_organisation = query.name.of_organisation or candidate.of_organisation
    return organisation_names if of_organisation else names


def explanations(
    query: Features, candidate: Features, pair: NamePair | None
) -> dict[str, Explanation]:
    """Return what each feature says of which both sides know something; of names, that pair."""
    return {**name_told(pair), **beside_names(query, candidate)}


def name_told(pair: NamePair | None, weight: float | None = None) -> dict[str, Explanation]:
    """Return what a pair of names says; `weight` is that of the pair, where it is known already."""
    return {"name": _compared(pair).explain(*pair, weight=weight)} if pair else {}


def beside_names(query: Features, candidate: Features) -> dict[str, Explanation]:
    """Return what the features other than the name say, as far as both sides know something."""
    told = ((feature, compare(query, candidate)) for feature, compare in FEATURES.items())
    return {feature: explanation for feature, explanation in told if explanation}


def logit_of(prior: float, found: Mapping[str, Explanation], name: float = 0.0) -> float:
    """Return the log-odds of a match: the prior and all weights.

    `name`: the weight of the name, where that is not explained yet.
    """
    return prior + sum((explanation.weight for explanation in found.values()), name)
