"""New and changed records of a bank, held against questions that were asked before."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from didban.match.index.candidates import Scope, halves_of, joined_parts
from didban.match.index.layers import Layer
from didban.match.search import Match, Search
from didban.match.shelves import EVERYONE, FEWEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.match.features import Features
    from didban.match.modes import Mode
    from didban.match.query import Query
    from didban.match.shelves import Shelves
    from didban.match.shelving import Held

_SEARCHES: Final = 256


class Entrants:
    """Some records, scored for a question as the whole index would score them."""

    def __init__(self, shelves: Shelves, held: Iterable[Held]) -> None:
        """Take the index, which says how rare names are, and the records."""
        by_shelf: dict[str, list[Held]] = defaultdict(list)
        for one in held:
            by_shelf[one.shelf].append(one)
        self._layers = {
            shelf: Layer.of_held((one.record, (one.number, one.version)) for one in own)
            for shelf, own in by_shelf.items()
        }
        self._counted = shelves.on(frozenset({EVERYONE}))
        self._search = lru_cache(maxsize=_SEARCHES)(self._searching)

    def match(
        self, query: Query, *, shelves: frozenset[str], limit: int, threshold: float, mode: Mode
    ) -> list[Match]:
        """Return what `Shelves.match` would return of these records alone."""
        open_shelves = frozenset(
            shelf
            for shelf, layer in self._layers.items()
            if shelf in shelves | {EVERYONE} and _may_hold(layer, query.features)
        )
        if not open_shelves:
            return []
        scope = Scope(query=query, mode=mode, datasets=None)
        return self._search(open_shelves).match(scope, limit=limit, threshold=threshold)

    def _searching(self, shelves: frozenset[str]) -> Search:
        beside = [self._layers[shelf] for shelf in sorted(shelves)]
        return Search(self._counted, beside, least=FEWEST, only_beside=True)


def _may_hold(layer: Layer, asked: Features) -> bool:
    """Return False where nobody here has a part of a name, or a number, like one that is asked.

    Quick, and loses nothing: without either, retrieval brings nobody up.
    """
    if any(layer.with_document(document) for document in asked.documents):
        return True
    for name in asked.names:
        last = len(name.parts) - 1
        for at, part in enumerate(name.parts):
            if len(part) == 1 or layer.expand(part, prefix=name.truncated and at == last).tokens:
                return True
        joined = [part for other in joined_parts(name) for part in other.parts]
        joined += [half for part in name.parts for halves in halves_of(part) for half in halves]
        if any(layer.expand(part, prefix=False).tokens for part in joined):
            return True
    return False
