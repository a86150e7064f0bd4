"""Which listed records are worth scoring for a query: by document number, and by name."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from didban.match.evidence.likeness import CUTOFF
from didban.match.evidence.names import QueryName
from didban.match.evidence.parameters import RAREST
from didban.match.evidence.world import world_shares
from didban.match.features import Quality
from didban.match.index.building import rarity
from didban.match.index.run_together import borne_by_none, halves_of, parted
from didban.match.kernels import Part, forms
from didban.match.kernels.constants import BAND_WIDTH, BANDS, MIN_RARITY
from didban.match.kinds import Kind
from didban.match.organisations.words import word_shares
from didban.match.spelling.distances import SCALE
from didban.match.spelling.tokens import FIRST_HALVES, TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from didban.match.features import Features, Name
    from didban.match.index.layers import Layer
    from didban.match.kernels import Expansion
    from didban.match.kernels.reference import Found as FoundName
    from didban.match.modes import Mode
    from didban.match.query import Query

_RARITY_BAND: Final = 3
_CACHED_PARTS: Final = 20_000
_FEW: Final = 12
"""So many records at most are looked at because they share one part with the query."""
_NAMES_EACH: Final = 3
"""They have so many names each, at most, with that part."""
_SHORT: Final = 3
"""Organisations' names of so few words are also looked for with their words joined or parted."""

_SAME: Final = bytes((SCALE,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where to look for a query, and how deep."""

    query: Query
    mode: Mode
    datasets: frozenset[str] | None


@dataclass(slots=True)
class Candidate:
    """A record that retrieval brought up, and the pairs of names that brought it.

    - `found`: what was asked, the number of the listed name, and how their parts pair; empty for a
      record found by a document alone.
    - `other_years`: the index knows that its birth years are not those of the query.
    """

    layer: Layer
    number: int
    by_document: bool = False
    other_years: bool = False
    found: list[tuple[QueryName, int, bytes]] = field(default_factory=list)

    @property
    def names(self) -> list[tuple[QueryName, Name, bytes]]:
        """The pairs of names that brought it."""
        return [self.pair(n) for n in range(len(self.found))]

    def pair(self, n: int) -> tuple[QueryName, Name, bytes]:
        """Return one of the pairs of names that brought it."""
        asked, number, pairs = self.found[n]
        return asked, self.layer.name(number), pairs


Found = dict[tuple[int, int], Candidate]
"""Candidates by (layer, record number)."""


@dataclass(slots=True)
class _KnownPart:
    """What the layers know of a query part: an expansion for each, and shares of all their names.

    `told`: those shares with the world's, and how much less the part says because it is commoner in
    the world than on the lists; worked out once a name was found.
    """

    parts: tuple[Part, ...]
    listed: list[float]
    told: tuple[tuple[float, ...], float] | None = None


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
            paired = self._by_name(name, scope, found)
            is_short = name.of_organisation and len(name.parts) <= _SHORT
            if not paired or (is_short and paired < len(name.parts)):
                for joined in joined_parts(name):
                    self._by_name(joined, scope, found)
            if paired < len(name.parts) or borne_by_none(name, self._is_borne):
                names = (name, *parted(name, self._is_borne))
                for other in names[1:]:
                    self._by_name(other, scope, found)
                self._by_rare_part(names, scope, found)
        self._by_birth_day(scope, found)
        return list(found.values())

    def ask(self, name: Name, kind: Kind) -> QueryName:
        """Return the name of a query of this kind with what the layers know of its parts."""
        told = [
            known.told or _tell(part, known, of_organisation=name.of_organisation)
            for part, known in zip(name.parts, self._know_all(name), strict=True)
        ]
        shares, spared = tuple(of for of, _ in told), tuple(less for _, less in told)
        return QueryName(name, shares, kind is Kind.PERSON, spared)

    def _is_borne(self, part: str) -> bool:
        known = self._known.get((part, False, False))
        if known:
            return any(_is_exact(known.parts[at]) for at in self._searched)
        return any(self._layers[at].knows(part) for at in self._searched)

    def _by_document(self, scope: Scope, found: Found) -> None:
        for at in self._searched:
            layer = self._layers[at]
            allowed = self._allowed(layer, scope)
            classes = layer.segment["record_class"]
            for document in scope.query.features.documents:
                for number in layer.with_document(document):
                    if allowed[classes[number]]:
                        found[at, number] = Candidate(layer, number, by_document=True)

    def _by_name(self, name: Name, scope: Scope, found: Found) -> int:
        """Add the records with names like this one; return how many of its parts one has at most."""
        known = self._know_all(name)
        results = [
            (at, result)
            for at in self._searched
            for result in self._layers[at].index.search(
                [part.parts[at] for part in known],
                floor=scope.mode.floor,
                depth=scope.mode.depth,
                allowed=self._allowed(self._layers[at], scope),
                dead=self._layers[at].dead,
                years=scope.query.features.years,
            )
            if not _is_of_other_letters(name, self._layers[at], result)
        ]
        self._take(name, results, scope, found)
        return max((result.agreeing for _, result in results), default=0)

    def _by_birth_day(self, scope: Scope, found: Found) -> None:
        """Add who was born on the same day and has one part of a name like one of the query's.

        Names so mistyped that they say too little to be found by them alone are found thus. Day and
        month may have changed places.
        """
        features = scope.query.features
        days = days_read_either_way(features)
        for at in self._searched if days else ():
            born = {n for day in days for n in self._layers[at].born_on(day)}
            self._add({n for n in born if (at, n) not in found}, at, features.names, scope, found)

    def _by_rare_part(self, names: Sequence[Name], scope: Scope, found: Found) -> None:
        """Add the few who bear a rare part of a person's name, in any of its readings.

        Whatever their other parts are, and also where another reading has found them.
        """
        for at in () if names[0].of_organisation else self._searched:
            parts = {id(known): known.parts[at] for name in names for known in self._know_all(name)}
            bearers = (_few_bearers(self._layers[at], part.expansion) for part in parts.values())
            self._add(set().union(*bearers), at, names, scope, found)

    def _add(
        self, records: set[int], at: int, names: Sequence[Name], scope: Scope, found: Found
    ) -> None:
        """Add those of these records of a layer that have a part like one of the names'.

        On a list of ten million some hundreds are born on a day, and a tenth of them has such a
        part: no more are taken than are scored for a name, the nearest.
        """
        more = sorted(records)
        layer, features = self._layers[at], scope.query.features
        for name in names if more else ():
            results = layer.index.pair(
                [known.parts[at] for known in self._know_all(name)],
                more,
                cutoff=CUTOFF,
                allowed=self._allowed(layer, scope),
                dead=layer.dead,
                years=features.years,
            )
            nearest = heapq.nlargest(scope.mode.depth, results, key=attrgetter("rank"))
            self._take(name, [(at, result) for result in nearest], scope, found)

    def _take(
        self, name: Name, results: Sequence[tuple[int, FoundName]], scope: Scope, found: Found
    ) -> None:
        """Note the names that layers found, each for the record that it is of."""
        if not results:
            return
        asked = self.ask(name, scope.query.features.kind)
        for at, result in results:
            candidate = found.get((at, result.record))
            if candidate is None:
                candidate = found[at, result.record] = Candidate(self._layers[at], result.record)
            candidate.found.append((asked, result.name, result.pairs))
            candidate.other_years = result.rank < result.score

    @staticmethod
    def _allowed(layer: Layer, scope: Scope) -> bytes:
        return layer.allowed(scope.query.schema, scope.datasets)

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
            known = self._known[key] = self._look_up(part, prefix=prefix)
        return known

    def _look_up(self, part: str, *, prefix: bool) -> _KnownPart:
        own = forms(part)
        initial = own[0].codes[0] + 1 if len(part) == 1 and own else 0
        expansions = [layer.expand(part, prefix=prefix) for layer in self._layers]
        counted = [e.frequencies for e in expansions[: self._counted]]
        counts = list(map(sum, zip(*counted, strict=True))) or [0] * BANDS
        rare = rarity(counts[_RARITY_BAND], self._names)
        if initial or not own or part in TITLES or part in FIRST_HALVES:
            rare = MIN_RARITY
        return _KnownPart(
            tuple(Part(expansion, rare, initial) for expansion in expansions),
            [count / self._names for count in counts],
        )


def _tell(
    part: str, known: _KnownPart, *, of_organisation: bool
) -> tuple[tuple[float, ...], float]:
    """Ask the world, too, what a part says (see `_KnownPart.told`), and note it."""
    world = word_shares(part) if of_organisation else world_shares(part)
    shares = tuple(map(max, known.listed, world))
    at_least = max(known.listed[_RARITY_BAND], RAREST)
    known.told = shares, math.log(max(shares[_RARITY_BAND], at_least) / at_least)
    return known.told


def days_read_either_way(asked: Features) -> set[int]:
    """Return the birth days of a query, and each with day and month in each other's place."""
    return {either for day in asked.birth_days for either in (day, _swapped(day))}


def _is_of_other_letters(name: Name, layer: Layer, result: FoundName) -> bool:
    """Return whether initials are compared that are not those of the other name.

    Letters that sound alike are others, and the initials of two names say nothing of each other.
    """
    ours = name.quality is Quality.INITIALS
    theirs = layer.segment["name_quality"][result.name] == Quality.INITIALS
    return (ours and theirs) or ((ours or theirs) and SCALE not in result.pairs[1::2])


def _swapped(day: int) -> int:
    """Return the day YYYYDDMM; where there is none such, nobody was born on it."""
    year, rest = divmod(day, 10_000)
    month, date = divmod(rest, 100)
    return 10_000 * year + 100 * date + month


def _is_exact(part: Part) -> bool:
    """Return whether a layer has a part that sounds exactly so; it is the first of all."""
    return part.expansion.similarities[:1] == _SAME


def _few_bearers(layer: Layer, expansion: Expansion) -> set[int]:
    """Return the records with a part that sounds like this one, if they are few."""
    if not 0 < expansion.frequencies[_RARITY_BAND] <= _FEW * _NAMES_EACH:
        return set()
    owner = layer.segment["name_record"]
    near = expansion.nearest(SCALE - _RARITY_BAND * BAND_WIDTH)
    owners = {owner[number] for token in near for number in layer.bearers(token)}
    bearers = {n for n in owners if not layer.dead[n >> 3] >> (n & 7) & 1}
    return bearers if len(bearers) <= _FEW else set()


def joined_parts(name: Name) -> Iterator[Name]:
    """Yield the name with two neighbouring parts written as one: Wali Jan, Walijan.

    And an organisation's name of one part as two: Goodwill, Good Will.
    """
    for i, (one, other) in enumerate(pairwise(name.parts)):
        if len(one) > 1 and len(other) > 1 and not (one.isdecimal() or other.isdecimal()):
            parts = (*name.parts[:i], one + other, *name.parts[i + 2 :])
            yield replace(name, parts=parts, made=(one + other,))
    if name.of_organisation and len(name.parts) == 1:
        yield from (replace(name, parts=own, made=own) for own in halves_of(name.parts[0]))
