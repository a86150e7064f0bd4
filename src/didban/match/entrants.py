"""New and changed records of a bank, held against questions that were asked before."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from didban.match.index.candidates import Scope, days_read_either_way, joined_parts
from didban.match.index.layers import Layer
from didban.match.index.run_together import parted
from didban.match.scoring import FEWEST
from didban.match.search import Match, Search
from didban.match.shelves import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from didban.match.features import Features, Name
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
        visible = {
            shelf: self._layers[shelf] for shelf in self._layers.keys() & {*shelves, EVERYONE}
        }

        def is_borne(part: str) -> bool:
            return any(layer.knows(part) for layer in visible.values())

        open_shelves = frozenset(
            shelf for shelf, layer in visible.items() if _may_hold(layer, query.features, is_borne)
        )
        if not open_shelves:
            return []
        scope = Scope(query=query, mode=mode, datasets=None)
        return self._search(open_shelves).match(scope, limit=limit, threshold=threshold)

    def _searching(self, shelves: frozenset[str]) -> Search:
        beside = [self._layers[shelf] for shelf in sorted(shelves)]
        return Search(self._counted, beside, least=FEWEST, only_beside=True)


def _may_hold(layer: Layer, asked: Features, is_borne: Callable[[str], bool]) -> bool:
    """Return False where retrieval brings nobody of a layer up.

    That is where nobody has a part of a name, a number or a birth day like one that is asked.
    `is_borne` tells whether any layer that is searched knows a part.
    """
    if any(map(layer.with_document, asked.documents)):
        return True
    if any(True for day in days_read_either_way(asked) for _ in layer.born_on(day)):
        return True
    return any(
        len(part) == 1 or layer.expand(part, prefix=prefix).tokens
        for part, prefix in _parts(asked.names, is_borne)
    )


def _parts(names: Iterable[Name], is_borne: Callable[[str], bool]) -> Iterator[tuple[str, bool]]:
    """Yield the parts of names in every way in which retrieval parts them; whether one is cut."""
    for name in names:
        for way in (name, *joined_parts(name), *parted(name, is_borne)):
            last = len(way.parts) - 1
            yield from ((part, way.truncated and at == last) for at, part in enumerate(way.parts))
