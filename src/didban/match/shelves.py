"""The index of a bank: segments on shelves, opened for whoever asks as far as they are open to him.

What everybody may see lies on the shelf `EVERYONE`; of what is not open to all, each kind of
visibility has a shelf of its own. A question is put to the shelves that are open to its asker and
to no other, and only what everybody may see counts when it is asked how rare a name is. So a record
that somebody may not see changes no bit of his answers, nor the work that they take (PR-09).

    shelves.json             what is on which shelf, and how far the bank had been read
    segment-<n>.didban       as in a snapshot (`didban.match.index.segments`)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Self

from didban.errors import IntegrityFailure
from didban.match.index.candidates import Scope
from didban.match.index.layers import Layer
from didban.match.index.manifest import SegmentEntry, read_sealed, write_sealed
from didban.match.index.segments import Segment
from didban.match.modes import Mode
from didban.match.scoring import FEWEST
from didban.match.search import Match, Search

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from didban.match.query import Query

EVERYONE: Final = "everyone"
CONTENTS: Final = "shelves.json"

_SEARCHES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One segment file, and the shelf that it is on."""

    shelf: str
    segment: SegmentEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What an index consists of, at one moment.

    - `name`: which index this is; one that is made anew has another.
    - `position`: how far the bank had been read, in the words of who reads it; "" for not at all.
    - `written_at` is aware, in UTC.
    """

    name: str
    position: str
    written_at: datetime
    placed: tuple[Placed, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Contents:
        """Read a folder's contents. Raises FileNotFoundError, IntegrityFailure."""
        data = read_sealed(folder / CONTENTS)
        try:
            return cls(
                name=data["name"],
                position=data["position"],
                written_at=datetime.fromisoformat(data["written_at"]),
                placed=tuple(_placed(entry) for entry in data["placed"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            message = f"{folder / CONTENTS} is damaged: the index is made again from the bank"
            raise IntegrityFailure(message) from error

    def write(self, folder: Path) -> None:
        """Replace the folder's contents in one step, durably."""
        content = {
            "name": self.name,
            "position": self.position,
            "written_at": self.written_at.isoformat(),
            "placed": [
                {"shelf": one.shelf, "segment": {f: getattr(one.segment, f) for f in _FIELDS}}
                for one in self.placed
            ],
        }
        write_sealed(folder / CONTENTS, content, indent=None)


_FIELDS: Final = tuple(SegmentEntry.__dataclass_fields__)


def _placed(data: dict[str, Any]) -> Placed:
    return Placed(shelf=data["shelf"], segment=SegmentEntry.from_json(data["segment"]))


class Shelves:
    """An opened index. It does not change; a newer state of the folder is another one.

    Safe for several threads.
    """

    def __init__(self, contents: Contents, layers: tuple[Layer, ...]) -> None:
        """Use `Shelves.open`."""
        self.contents = contents
        self.layers = layers
        self._search = lru_cache(maxsize=_SEARCHES)(self._searching)

    @classmethod
    def open(cls, folder: Path, before: Shelves | None = None) -> Self:
        """Map a folder's files; those that `before` has open already are taken from it.

        Raises FileNotFoundError when the folder holds no index, IntegrityFailure when a file is cut
        or damaged.
        """
        contents = Contents.read(folder)
        while True:
            try:
                return cls(contents, _layers(folder, contents, before))
            except IntegrityFailure:
                older, contents = contents, Contents.read(folder)
                if contents == older:  # else files were replaced meanwhile
                    raise

    def __len__(self) -> int:
        """Return the number of records that can be found by somebody."""
        return sum(layer.live for layer in self.layers)

    def find(self, bank_number: int) -> tuple[int, int] | None:
        """Return where the record of this number is: the layer's place and the number there."""
        for at, layer in enumerate(self.layers):
            if (number := layer.place(bank_number)) is not None:
                return at, number
        return None

    def match(
        self,
        query: Query,
        *,
        shelves: frozenset[str],
        limit: int = 5,
        threshold: float = 0.0,
        mode: Mode = Mode.BALANCED,
        datasets: frozenset[str] | None = None,
    ) -> list[Match]:
        """Return at most `limit` records like the query, by falling score, then identifier.

        `shelves` are those open to the asker; `EVERYONE` always is. The rest is as in
        `Snapshot.match`.
        """
        present = {placed.shelf for placed in self.contents.placed}
        scope = Scope(query=query, mode=mode, datasets=datasets)
        search = self._search(shelves & present - {EVERYONE})
        return search.match(scope, limit=limit, threshold=threshold)

    def datasets(self, shelves: frozenset[str]) -> frozenset[str]:
        """Return the datasets of which there are records on these shelves, or everybody's."""
        return frozenset(
            name
            for placed, layer in zip(self.contents.placed, self.layers, strict=True)
            if placed.shelf in shelves | {EVERYONE}
            for _, own, _ in layer.segment.meta["classes"]
            for name in own
        )

    def on(self, shelves: frozenset[str]) -> list[Layer]:
        """Return the layers that are on one of these shelves."""
        own = zip(self.contents.placed, self.layers, strict=True)
        return [layer for placed, layer in own if placed.shelf in shelves]

    def _searching(self, shelves: frozenset[str]) -> Search:
        return Search(self.on(frozenset({EVERYONE})), self.on(shelves), least=FEWEST)


def _layers(folder: Path, contents: Contents, before: Shelves | None) -> tuple[Layer, ...]:
    known = (
        {
            placed.segment.sha256: layer
            for placed, layer in zip(before.contents.placed, before.layers, strict=True)
        }
        if before
        else {}
    )
    return tuple(
        open_layer(folder, placed.segment, known.get(placed.segment.sha256))
        for placed in contents.placed
    )


def open_layer(folder: Path, entry: SegmentEntry, known: Layer | None = None) -> Layer:
    """Return the layer of an entry; `known` is one of the same segment that is open already."""
    if known is None or not known.withdrawn <= (now := set(entry.withdrawn)):
        segment = Segment.open(folder / entry.file)
        if segment.size != entry.size:
            message = f"{entry.file} has not its recorded size: the index is damaged"
            raise IntegrityFailure(message)
        return Layer(segment, entry.withdrawn)
    return known.without(*more) if (more := now - known.withdrawn) else known


def shelves_of(visibilities: Iterable[int]) -> frozenset[str]:
    """Return the shelves of these visibility numbers."""
    return frozenset(map(shelf_of, visibilities))


def shelf_of(visibility: int) -> str:
    """Return the shelf of what is not open to everybody and has this visibility number."""
    return f"v{visibility}"
