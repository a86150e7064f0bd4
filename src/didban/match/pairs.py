"""Two records compared with each other, without a list around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.match.evidence.names import QueryName
from didban.match.evidence.pairing import pair_parts
from didban.match.evidence.world import world_shares
from didban.match.features import features_of
from didban.match.index.candidates import joined_parts
from didban.match.kinds import Kind, compared_with, kind_of
from didban.match.modes import Mode
from didban.match.organisations.words import word_shares
from didban.match.scoring import FEWEST, best_name, explanations, logit_of, prior_of, score_of
from didban.match.search import Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.match.evidence.particulars import Explanation
    from didban.match.features import Features, Name
    from didban.match.scoring import NamePair
    from didban.model.records import Record

PRIOR: Final = prior_of(FEWEST)
"""A pair has the score here that it would have in a search of so short a list."""


def compare(query: Record, candidate: Record, *, mode: Mode = Mode.BALANCED) -> Match:
    """Return how likely two records mean the same person or thing, and why.

    The same evidence as in a search of a snapshot, with the prior of a list of `FEWEST` records;
    names are as rare as in the world (`didban.match.evidence.world`), since no list tells. A person and a
    ship are not compared: such a pair has the prior alone. `mode` says from which score on it is
    called a match.
    """
    is_compared = kind_of(candidate.schema) in compared_with(query.schema)
    found = explain_pair(features_of(query), features_of(candidate)) if is_compared else {}
    score = score_of(logit_of(PRIOR, found))
    return Match(
        record=candidate,
        score=score,
        match=score >= mode.threshold,
        prior=PRIOR,
        explanations=found,
    )


def explain_pair(query: Features, candidate: Features) -> dict[str, Explanation]:
    """Return what each feature says of which both sides know something.

    For who compares many pairs and has the features at hand: `compare` without reading records.
    """
    _, pair = best_name(
        pair
        for name in query.names
        for listed in candidate.names
        for pair in _pairings(name, listed, of_person=query.kind is Kind.PERSON)
    )
    return explanations(query, candidate, pair)


def _pairings(name: Name, listed: Name, *, of_person: bool) -> Iterator[NamePair]:
    """Yield the ways in which two names may pair: as they are, or with two words read as one.

    Of persons, pairing itself sees to it (`didban.match.evidence.pairing`).
    """
    yield _paired(name, listed, of_person=of_person)
    if not (name.of_organisation or listed.of_organisation):
        return
    if len(name.parts) < len(listed.parts):
        for joined in joined_parts(listed):
            yield _paired(name, joined, of_person=of_person)
    else:
        for joined in joined_parts(name):
            yield _paired(joined, listed, of_person=of_person)


def _paired(name: Name, listed: Name, *, of_person: bool) -> NamePair:
    shares_of = word_shares if name.of_organisation else world_shares
    shares = tuple(map(shares_of, name.parts))
    return QueryName(name, shares, of_person), listed, pair_parts(name.parts, listed.parts)
