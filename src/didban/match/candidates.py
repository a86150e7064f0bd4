"""Which listed records are worth scoring for a query: by document number, and by name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from didban.match.building import rarity
from didban.match.kernels import Part
from didban.match.kernels.constants import BANDS, MIN_RARITY
from didban.match.kinds import Kind
from didban.match.names import QueryName
from didban.match.organisations import word_shares
from didban.match.phonemes import forms
from didban.match.tokens import WEIGHTLESS
from didban.match.world import world_shares

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from didban.match.features import Name
    from didban.match.layers import Layer
    from didban.match.modes import Mode
    from didban.match.query import Query

_RARITY_BAND: Final = 3
_CACHED_PARTS: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where to look for a query, and how deep."""

    query: Query
    mode: Mode
    datasets: frozenset[str] | None


@dataclass(slots=True)
class Candidate:
    """A record that retrieval brought up, and the pairs of names that brought it.

    - `names` is empty for one found by a document alone.
    - `other_years`: the index knows that its birth years are not those of the query.
    """

    layer: Layer
    number: int
    by_document: bool = False
    other_years: bool = False
    names: list[tuple[QueryName, Name, bytes]] = field(default_factory=list)


Found = dict[tuple[int, int], Candidate]
"""Candidates by (layer, record number)."""


@dataclass(frozen=True, slots=True)
class _KnownPart:
    """What the layers know of a query part: an expansion for each, and shares of all names."""

    parts: tuple[Part, ...]
    shares: tuple[float, ...]


class Retrieval:
    """Looks candidates up in layers. Make a new one when the layers change."""

    def __init__(
        self,
        layers: Sequence[Layer],
        beside: Sequence[Layer] = (),
        *,
        least: int = 0,
        only_beside: bool = False,
    ) -> None:
        """Take the layers, as `Search` does; an identifier lives in one of them only."""
        self._layers = (*layers, *beside)
        self._counted = len(layers)
        self._searched = range(self._counted if only_beside else 0, len(self._layers))
        self._names = max(1, least, sum(layer.names for layer in layers))
        self._known: dict[tuple[str, bool, bool], _KnownPart] = {}

    def candidates(self, scope: Scope) -> list[Candidate]:
        """Return the records worth scoring, in no particular order."""
        found: Found = {}
        self._by_document(scope, found)
        for name in scope.query.features.names:
            if not self._by_name(name, scope, found):
                for joined in joined_parts(name):
                    self._by_name(joined, scope, found)
        return list(found.values())

    def ask(self, name: Name, kind: Kind) -> QueryName:
        """Return the name of a query of this kind with what the layers know of its parts."""
        shares = tuple(known.shares for known in self._know_all(name))
        return QueryName(name, shares, of_person=kind is Kind.PERSON)

    def _by_document(self, scope: Scope, found: Found) -> None:
        for at in self._searched:
            layer = self._layers[at]
            allowed = layer.allowed(scope.query.schema, scope.datasets)
            classes = layer.segment["record_class"]
            for document in scope.query.features.documents:
                for number in layer.with_document(document):
                    if allowed[classes[number]]:
                        found[at, number] = Candidate(layer, number, by_document=True)

    def _by_name(self, name: Name, scope: Scope, found: Found) -> bool:
        """Add the records with names like this one; return whether there are any."""
        known = self._know_all(name)
        asked = self.ask(name, scope.query.features.kind)
        some = False
        for at in self._searched:
            layer = self._layers[at]
            results = layer.index.search(
                [part.parts[at] for part in known],
                floor=scope.mode.floor,
                depth=scope.mode.depth,
                allowed=layer.allowed(scope.query.schema, scope.datasets),
                dead=layer.dead,
                years=scope.query.features.years,
            )
            for result in results:
                candidate = found.setdefault((at, result.record), Candidate(layer, result.record))
                candidate.names.append((asked, layer.name(result.name), result.pairs))
                candidate.other_years = result.rank < result.score
                some = True
        return some

    def _know_all(self, name: Name) -> list[_KnownPart]:
        last = len(name.parts) - 1
        return [
            self._know(part, name.of_organisation, prefix=name.truncated and i == last)
            for i, part in enumerate(name.parts)
        ]

    def _know(self, part: str, of_organisation: bool, *, prefix: bool) -> _KnownPart:  # noqa: FBT001 - of the name
        key = (part, of_organisation, prefix)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _CACHED_PARTS:
                self._known.clear()
            world = word_shares(part) if of_organisation else world_shares(part)
            known = self._known[key] = self._look_up(part, world, prefix=prefix)
        return known

    def _look_up(self, part: str, world: Sequence[float], *, prefix: bool) -> _KnownPart:
        own = forms(part)
        initial = own[0].codes[0] + 1 if len(part) == 1 and own else 0
        expansions = [layer.expand(part, prefix=prefix) for layer in self._layers]
        counted = (e.frequencies for e in expansions[: self._counted])
        counts = [sum(band) for band in zip(*counted, strict=True)] or [0] * BANDS
        rare = rarity(counts[_RARITY_BAND], self._names)
        if initial or not own or part in WEIGHTLESS:
            rare = MIN_RARITY
        listed = (count / self._names for count in counts)
        return _KnownPart(
            tuple(Part(expansion, rare, initial) for expansion in expansions),
            tuple(map(max, listed, world)),
        )


def joined_parts(name: Name) -> Iterator[Name]:
    """Yield the name with two neighbouring parts written as one: Wali Jan, Walijan."""
    for i, (one, other) in enumerate(pairwise(name.parts)):
        if len(one) > 1 and len(other) > 1:
            yield replace(name, parts=(*name.parts[:i], one + other, *name.parts[i + 2 :]))
