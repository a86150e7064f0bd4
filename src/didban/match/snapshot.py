"""A snapshot: the screening index as a folder of immutable files, opened in a moment.

    manifest.json            what is in it; replacing this one file is what publishes a change
    segment-<n>.didban       one per build or update (`didban.match.index.segments`)

An update writes one more segment and a manifest that names it and the records that it takes out of
the older ones; nobody who has the folder open is disturbed. Records can also be added and withdrawn
in memory alone, at once (`add`, `withdraw`).
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from didban.errors import IntegrityFailure, Unavailable
from didban.match.index.building import SegmentBuilder
from didban.match.index.candidates import Scope
from didban.match.index.layers import Layer
from didban.match.index.manifest import MANIFEST, DatasetInfo, Manifest, SegmentEntry
from didban.match.index.segments import Segment
from didban.match.modes import Mode
from didban.match.search import Match, Search

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from didban.match.index.stretches import Helper
    from didban.match.query import Query
    from didban.model.records import Record

_SEGMENT = re.compile(r"segment-(\d+)\.didban", re.ASCII)


class Snapshot:
    """An opened snapshot, and what was added to it or withdrawn from it in memory since."""

    def __init__(self, folder: Path, manifest: Manifest, layers: list[Layer]) -> None:
        """Use `Snapshot.open`."""
        self.folder = folder
        self.manifest = manifest
        self._stored = layers
        self._live: list[Layer] = []
        self._search = Search(layers)
        self._is_closed = False

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Map a snapshot's files.

        Raises NotFound when the folder holds none, IntegrityFailure when a file is cut or damaged.
        """
        manifest = Manifest.read(folder)
        while True:
            try:
                return cls(folder, manifest, [_open_layer(folder, e) for e in manifest.segments])
            except IntegrityFailure:
                before, manifest = manifest, Manifest.read(folder)
                if manifest == before:  # else a build has replaced the files meanwhile
                    raise

    @property
    def datasets(self) -> tuple[DatasetInfo, ...]:
        """The lists in it."""
        return self.manifest.datasets

    @property
    def built_at(self) -> datetime:
        """When it was last built or updated."""
        return self.manifest.built_at

    @property
    def prior(self) -> float:
        """The log-odds before any evidence: one listed person among the number of records."""
        return self._search.prior

    def __len__(self) -> int:
        """Return the number of records that can be found."""
        return sum(layer.live for layer in self._layers)

    @property
    def _layers(self) -> list[Layer]:
        return [*self._stored, *self._live]

    def records(self) -> Iterator[Record]:
        """Yield all records that can be found."""
        for layer in self._layers:
            yield from layer.records()

    def stored(self) -> Iterator[tuple[SegmentEntry, Layer]]:
        """Yield the segments on the disk, each with the layer that reads it."""
        yield from zip(self.manifest.segments, self._stored, strict=True)

    def record(self, record_id: str) -> Record | None:
        """Return a record by its identifier, else by a referent, or None."""
        for by_referent in (False, True):
            for layer in self._layers:
                number = layer.find(record_id, by_referent=by_referent)
                if number is not None:
                    return layer.record(number)
        return None

    def match(
        self,
        query: Query,
        *,
        limit: int = 5,
        threshold: float = 0.0,
        mode: Mode = Mode.BALANCED,
        datasets: frozenset[str] | None = None,
    ) -> list[Match]:
        """Return at most `limit` records like the query, by falling score, then identifier.

        `threshold` (0..1) leaves out lower scores; `datasets` restricts the search to these lists.
        Whether a result is called a match depends on the mode alone. Raises RuntimeError on a closed
        snapshot: "nobody found" must not be said without having looked.
        """
        if self._is_closed:
            raise RuntimeError("the snapshot is closed")
        scope = Scope(query=query, mode=mode, datasets=datasets)
        return self._search.match(scope, limit=limit, threshold=threshold)

    def add(self, record: Record) -> None:
        """Make a record findable now, in place of an older one of the same identifier.

        In memory only. Layers of like size are merged, so that their number grows with the
        logarithm of the additions.
        """
        stored, live, _ = self._without(record.id)
        live.append(Layer.of_records([record]))
        while len(live) > 1 and live[-2].live <= 2 * live[-1].live:
            younger, older = live.pop(), live.pop()
            live.append(Layer.of_layers([older, younger]))
        self._exchange(stored, live)

    def withdraw(self, record_id: str) -> bool:
        """Make a record unfindable now, in memory; return whether it was there."""
        stored, live, was_there = self._without(record_id)
        if was_there:
            self._exchange(stored, live)
        return was_there

    def _without(self, record_id: str) -> tuple[list[Layer], list[Layer], bool]:
        """Return the layers without a record, and whether one of them had it."""
        stored, live = [*self._stored], [*self._live]
        for layers in (stored, live):
            for at, layer in enumerate(layers):
                if (number := layer.find(record_id)) is not None:
                    layers[at] = layer.without(number)
                    return stored, live, True
        return stored, live, False

    def _exchange(self, stored: list[Layer], live: list[Layer]) -> None:
        """Put other layers in place of the present ones, in one step for who is searching."""
        self._stored, self._live = stored, live
        self._search = Search(self._layers)

    def close(self) -> None:
        """Let go of the files. The maps are closed when nothing reads them any more."""
        self._stored, self._live = [], []
        self._search = Search([])
        self._is_closed = True

    def __enter__(self) -> Self:
        """Return the snapshot."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def verify(self) -> None:
        """Compare every file with its recorded digest. Raises IntegrityFailure."""
        for entry in self.manifest.segments:
            if _digest(self.folder / entry.file) != entry.sha256:
                message = f"{entry.file} is not what was built: build the snapshot again"
                raise IntegrityFailure(message)


class SnapshotBuilder:
    """Writes a new snapshot, or one more segment onto an existing one.

    Until `commit` nothing of it is visible; a builder that is dropped leaves the folder as it was
    but for a file that the next commit removes.
    """

    def __init__(
        self, folder: Path, *, onto: Manifest | None = None, helper: Helper | None = None
    ) -> None:
        """Begin. With `onto`, the new segment is added to the segments of that manifest.

        `helper` shares the work on a long list, which makes it faster and nothing else.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._onto = onto
        self._path = folder / f"segment-{_next_number(folder)}.didban"
        self._file = self._path.open("xb+")
        self._builder = SegmentBuilder(self._file, helper)
        self._datasets: dict[str, DatasetInfo] = {d.name: d for d in onto.datasets} if onto else {}
        self._layers = [_open_layer(folder, entry) for entry in onto.segments] if onto else []
        self._own: dict[str, int] = {}
        self._own_withdrawn: list[int] = []
        self._is_published = False

    def record(self, record_id: str) -> Record | None:
        """Return the record of this identifier as it stands now, or None."""
        if (own := self._own.get(record_id)) is not None:
            return self._builder.record(own)
        for layer in self._layers:
            if (number := layer.find(record_id)) is not None:
                return layer.record(number)
        return None

    def add(self, record: Record) -> None:
        """Add a record, in place of an older one of the same identifier."""
        self.withdraw(record.id)
        self._own[record.id] = self._builder.records
        self._builder.add(record)

    def withdraw(self, record_id: str) -> bool:
        """Take a record out of this segment and the older ones; return whether it was there."""
        if (own := self._own.pop(record_id, None)) is not None:
            self._own_withdrawn.append(own)
            return True
        for layer in self._layers:
            if (number := layer.find(record_id)) is not None:
                layer.withdraw([number])
                return True
        return False

    def older(self, dataset: str) -> Iterator[Record]:
        """Yield the records of a dataset in the older segments that are not taken out."""
        for layer in self._layers:
            for record in layer.records():
                if dataset in record.datasets:
                    yield record

    def dataset(self, info: DatasetInfo) -> None:
        """State a list that is in the snapshot, in place of what was stated under its name."""
        self._datasets[info.name] = info

    def commit(self, *, built_at: datetime) -> Manifest:
        """Write everything durably and publish it; files that no manifest names are removed.

        Raises Unavailable, and publishes nothing, when another build took the folder meanwhile.
        """
        base = self._absorb()
        self._builder.finish()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if not all((self._folder / f).exists() for f in (self._path.name, *(e.file for e in base))):
            raise Unavailable(f"another build of {self._folder} came first: run this one again")
        entry = SegmentEntry(
            file=self._path.name,
            size=self._path.stat().st_size,
            sha256=_digest(self._path),
            records=self._builder.records,
            withdrawn=tuple(sorted(self._own_withdrawn)),
        )
        manifest = Manifest(
            built_at=built_at,
            segments=(*base, entry),
            datasets=tuple(sorted(self._datasets.values(), key=lambda d: d.name)),
        )
        self._is_published = True  # from here on, be it interrupted, the file may be named
        manifest.write(self._folder)
        named = {e.file for e in manifest.segments}
        for path in (*self._folder.glob("segment-*.didban"), *self._folder.glob(f"{MANIFEST}.*")):
            if path.name not in named:
                path.unlink()
        return manifest

    def _absorb(self) -> list[SegmentEntry]:
        """Take over the records of small older segments and return the entries of the others.

        So the number of segments grows with the logarithm of the updates, and the names of records
        that were replaced soon stop counting as frequent.
        """
        base = []
        older = zip(self._onto.segments if self._onto else (), self._layers, strict=True)
        for entry, layer in reversed(list(older)):
            own = self._builder.records - len(self._own_withdrawn)
            if layer.live <= 2 * own or layer.live <= 2 * len(layer.withdrawn):
                self._builder.absorb(layer.segment, layer.withdrawn)
            else:
                base.append(replace(entry, withdrawn=tuple(sorted(layer.withdrawn))))
        return base[::-1]

    def abandon(self) -> None:
        """Give up and remove what was written; what is published already stays."""
        self._file.close()
        if not self._is_published:
            self._path.unlink(missing_ok=True)


def _open_layer(folder: Path, entry: SegmentEntry) -> Layer:
    """Map one segment of a manifest. Raises IntegrityFailure when it is not what was recorded."""
    path = folder / entry.file
    segment = Segment.open(path)
    if segment.size != entry.size:
        message = f"{path} has not its recorded size: build the snapshot again"
        raise IntegrityFailure(message)
    return Layer(segment, entry.withdrawn)


def _next_number(folder: Path) -> int:
    """Return a number above those in use; a file that is not one of ours has none."""
    found = (_SEGMENT.fullmatch(path.name) for path in folder.iterdir())
    return max((int(name[1]) for name in found if name), default=0) + 1


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
