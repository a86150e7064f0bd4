"""Writing the index of a bank: small segments at once, which are merged as they become many.

Segments of a shelf have levels by their size, and a level that is full is merged into one segment
of the next; so every record is written anew a few times only, and a search meets few segments.
Small merges happen with the writing; large ones (`Shelving.overdue`) can be made by another process
meanwhile, since a segment never changes, and are then taken over (`Shelving.adopt`).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from didban.match.garbage import no_collection
from didban.match.index.building import SegmentBuilder
from didban.match.index.manifest import SegmentEntry
from didban.match.shelves import CONTENTS, Contents, Placed, Shelves, open_layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from didban.match.index.layers import Layer
    from didban.model.records import Record

FAN_OUT: Final = 6
SMALL: Final = 12_000
"""Merges of up to so many records happen at once; they take a fraction of a second."""

_LEAST: Final = 32
_SEGMENT: Final = re.compile(r"segment-(\d+)\.didban", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A record as a bank keeps it: its number there, its version, and the shelf that it is for."""

    number: int
    version: int
    shelf: str
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Segments of one shelf that are to become one, and the file to write."""

    shelf: str
    segments: tuple[SegmentEntry, ...]
    file: str

    @property
    def sources(self) -> frozenset[str]:
        """The files that it reads."""
        return frozenset(segment.file for segment in self.segments)


class Shelving:
    """The one writer of a folder. The caller sees to it that there is no other."""

    def __init__(self, folder: Path, shelves: Shelves) -> None:
        """Take a folder and its opened present state."""
        self._folder = folder
        self._merging: Merge | None = None
        self.shelves = shelves
        names = (_SEGMENT.fullmatch(path.name) for path in folder.iterdir())
        self._last = max((int(name[1]) for name in names if name), default=0)

    @classmethod
    def begin(cls, folder: Path, *, name: str, now: datetime) -> Shelving:
        """Return the writer of an index with nothing in it, in place of what is in the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        contents = Contents(name=name, position="", written_at=now)
        contents.write(folder)
        made = cls(folder, Shelves(contents, ()))
        made._clean()
        return made

    def write(
        self, held: Iterable[Held], gone: Iterable[int], *, position: str, now: datetime
    ) -> bool:
        """Put records on their shelves, in place of older versions, and take others out.

        Durable when it returns. Each bank number comes once, in one of the two. Where all is so
        already nothing is written, the position neither; return whether something was.
        """
        by_shelf: dict[str, list[Held]] = defaultdict(list)
        dead: dict[int, list[int]] = defaultdict(list)
        for one in held:
            place = self.shelves.find(one.number)
            if place is None or not self._is_same(one, *place):
                by_shelf[one.shelf].append(one)
                if place is not None:
                    dead[place[0]].append(place[1])
        for number in gone:
            if (place := self.shelves.find(number)) is not None:
                dead[place[0]].append(place[1])
        if not by_shelf and not dead:
            return False
        layers = self._without(dead)
        for shelf, own in by_shelf.items():
            layers = self._with(layers, shelf, own)
        self._publish(layers, position=position, now=now)
        return True

    def keep_position(self, position: str, *, now: datetime) -> None:
        """Tell the folder how far the bank was read, where nothing else is to be written."""
        self._publish(self._own(), position=position, now=now)

    def overdue(self, *, with_dead: bool = False) -> Merge | None:
        """Return a merge that should be made now, or None.

        Its segments are left alone from now on, until it is adopted or `give_up` is called.
        `with_dead`: segments that still hold what was taken out are written anew without it, so
        that nothing of a withdrawn or erased record is left in the folder.
        """
        own = self._own()
        for at, (placed, layer) in enumerate(own):
            others = [
                other.live if its.shelf == placed.shelf and its is not placed else None
                for its, other in own
            ]
            if layer.live > _LEAST and (chosen := _full(others, layer.live)):
                return self._begin_merge(placed.shelf, chosen | {at})
        for at, (placed, layer) in enumerate(own):
            if len(layer.withdrawn) > (0 if with_dead else layer.live):
                return self._begin_merge(placed.shelf, {at})
        return None

    def adopt(self, merge: Merge, entry: SegmentEntry, *, now: datetime) -> Shelves:
        """Put what `write_merge` made in place of its sources.

        What was taken out of them meanwhile is taken out of it too.
        """
        (self._folder / entry.file).rename(self._folder / merge.file)
        entry = replace(entry, file=merge.file)
        self._merging = None
        sources = {segment.file: segment for segment in merge.segments}
        made = open_layer(self._folder, entry)
        layers: list[tuple[Placed, Layer]] = []
        dead: list[int] = []
        for placed, layer in self._own():
            if (then := sources.get(placed.segment.file)) is None:
                layers.append((placed, layer))
                continue
            numbers = layer.segment["record_number"]
            meanwhile = layer.withdrawn.difference(then.withdrawn)
            places = (made.place(numbers[number]) for number in meanwhile)
            dead.extend(place for place in places if place is not None)
        if made.live > len(dead):
            layers.append((Placed(shelf=merge.shelf, segment=entry), made.without(*dead)))
        return self._publish(layers, position=self.shelves.contents.position, now=now)

    def give_up(self) -> None:
        """Forget the merge that was begun; its file is removed with the next writing."""
        self._merging = None

    def _is_source(self, placed: Placed) -> bool:
        return self._merging is not None and placed.segment.file in self._merging.sources

    def _own(self) -> list[tuple[Placed, Layer]]:
        return list(zip(self.shelves.contents.placed, self.shelves.layers, strict=True))

    def _is_same(self, held: Held, at: int, number: int) -> bool:
        """Return whether what lies at a place is this very version, on its shelf."""
        version = self.shelves.layers[at].version(number)
        return (self.shelves.contents.placed[at].shelf, version) == (held.shelf, held.version)

    def _without(self, dead: Mapping[int, Sequence[int]]) -> list[tuple[Placed, Layer]]:
        """Return the layers without the records at these places; empty ones fall out."""
        own = self._own()
        for at, numbers in dead.items():
            own[at] = (own[at][0], own[at][1].without(*numbers))
        return [pair for pair in own if pair[1].live or self._is_source(pair[0])]

    def _with(
        self, layers: list[tuple[Placed, Layer]], shelf: str, held: Sequence[Held]
    ) -> list[tuple[Placed, Layer]]:
        """Return the layers with one more, which may take in small ones."""
        absorbed = self._absorbed(layers, shelf, len(held))
        path = self._folder / self._next()
        entry = write_segment(path, [layers[at][1] for at in absorbed], held)
        others = [pair for at, pair in enumerate(layers) if at not in absorbed]
        return [*others, (Placed(shelf=shelf, segment=entry), open_layer(self._folder, entry))]

    def _absorbed(self, layers: list[tuple[Placed, Layer]], shelf: str, more: int) -> set[int]:
        """Return the places of the small segments to be merged with so many new records."""
        sizes = [
            layer.live
            if placed.shelf == shelf and layer.live <= SMALL and not self._is_source(placed)
            else None
            for placed, layer in layers
        ]
        chosen = _full(sizes, more)
        return chosen if more + sum(sizes[at] or 0 for at in chosen) <= SMALL else set()

    def _begin_merge(self, shelf: str, chosen: set[int]) -> Merge:
        segments = tuple(
            replace(placed.segment, withdrawn=tuple(sorted(layer.withdrawn)))
            for at, (placed, layer) in enumerate(self._own())
            if at in chosen
        )
        self._merging = Merge(shelf=shelf, segments=segments, file=self._next())
        return self._merging

    def _publish(
        self, layers: Sequence[tuple[Placed, Layer]], *, position: str, now: datetime
    ) -> Shelves:
        placed = tuple(
            replace(p, segment=replace(p.segment, withdrawn=tuple(sorted(layer.withdrawn))))
            if len(layer.withdrawn) != len(p.segment.withdrawn)
            else p
            for p, layer in layers
        )
        name = self.shelves.contents.name
        contents = Contents(name=name, position=position, written_at=now, placed=placed)
        contents.write(self._folder)
        self.shelves = Shelves(contents, tuple(layer for _, layer in layers))
        self._clean()
        return self.shelves

    def _clean(self) -> None:
        """Remove the files that nothing names, but for the one that a merge is writing."""
        named = {placed.segment.file for placed in self.shelves.contents.placed}
        under_way = f"{self._merging.file}." if self._merging else "-"
        for path in (*self._folder.glob("segment-*"), *self._folder.glob(f"{CONTENTS}.*")):
            if path.name not in named and not path.name.startswith(under_way):
                path.unlink(missing_ok=True)

    def _next(self) -> str:
        self._last += 1
        return f"segment-{self._last}.didban"


def write_merge(folder: Path, merge: Merge) -> SegmentEntry:
    """Write the segment of a merge. Reads immutable files alone: any process may do it."""
    layers = [open_layer(folder, segment) for segment in merge.segments]
    return write_segment(folder / f"{merge.file}.{os.getpid()}", layers, ())


def write_segment(path: Path, layers: Sequence[Layer], held: Sequence[Held]) -> SegmentEntry:
    """Write a segment, durably, of what is live in these layers and of further records."""
    with path.open("wb+") as file, no_collection():
        builder = SegmentBuilder(file)
        for layer in layers:
            builder.absorb(layer.segment, layer.withdrawn)
        for one in held:
            builder.add(one.record, (one.number, one.version))
        builder.finish()
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.seek(0, os.SEEK_END)
    return SegmentEntry(file=path.name, size=size, sha256=digest, records=builder.records)


def _full(sizes: Sequence[int | None], more: int) -> set[int]:
    """Return the places of the segments to merge with so many new records; None: not to be touched.

    All up to a level are taken once it is full, and then perhaps those of the next.
    """
    chosen: set[int] = set()
    while True:
        level = _level(more + sum(sizes[at] or 0 for at in chosen))
        low = {at for at, size in enumerate(sizes) if size is not None and _level(size) <= level}
        if len(low - chosen) + 1 < FAN_OUT:
            return chosen
        chosen = low


def _level(size: int) -> int:
    level = 0
    while size > _LEAST:
        size //= FAN_OUT
        level += 1
    return level
