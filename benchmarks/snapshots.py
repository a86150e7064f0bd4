"""Snapshots to measure on: built from any records, or from all the real lists."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import invented
from didban.clock import now
from didban.match.snapshot import Snapshot, SnapshotBuilder
from didban.screening.workers import Helper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from didban.model.records import Record

_FEW = 100


def build(path: Path, records: Iterable[Record]) -> Path:
    """Write a snapshot of these records and return its path."""
    with Helper() as helper:
        builder = SnapshotBuilder(path, helper=helper)
        for record in records:
            builder.add(record)
        builder.commit(built_at=now())
    return path


@contextmanager
def a_small_snapshot() -> Iterator[Path]:
    """Yield a snapshot of a few invented persons, gone at the end."""
    with tempfile.TemporaryDirectory() as folder:
        yield build(Path(folder) / "small", invented.listed(_FEW))


@contextmanager
def opened(records: Iterable[Record]) -> Iterator[Snapshot]:
    """Build a snapshot of these records for the length of a block, and open it."""
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Snapshot.open(build(Path(folder) / "list", records))
        try:
            yield snapshot
        finally:
            snapshot.close()
