"""Ten million invented records, really built, opened and searched; the peers do not fit beside.

    python -m benchmarks large
    python -m benchmarks.large [--size 10000000] [--each 60] [--folder FOLDER]

It takes half an hour of two processors, some four gigabytes of memory and as much disk. What an
earlier run left in FOLDER is measured again without being built again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import generated, invented, processes, storage
from benchmarks.figures import Table, milliseconds
from benchmarks.material import json_lines, write_json_lines
from benchmarks.snapshots import build
from didban.match.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 10_000_000
EACH = 60
"""Queries of each kind of listed name."""
_ASKED = 1_000_000
"""They are of some of the first so many: a list begins as a shorter one does, and to know whom to
ask for, it is invented again so far."""


def measure(size: int = SIZE, each: int = EACH, folder: Path | None = None) -> Iterator[Table]:
    """Build a list, or take the one in the folder, and tell what it costs and how it answers."""
    with nullcontext(folder) if folder else tempfile.TemporaryDirectory() as place:
        yield from _measure(Path(place), size, each)


def _measure(folder: Path, size: int, each: int) -> Iterator[Table]:
    command = f"python -m benchmarks.large --size {size}"
    cost, snapshot = _cost(folder, size), folder / "list"
    opening = storage.opening(snapshot)
    figures = generated.alone(snapshot, _tasks(folder, size, each))
    own = processes.own_memory(os.getpid())
    with Snapshot.open(snapshot) as opened:
        in_use = storage.using(opened)
    rows = {
        "build": f"{cost['seconds']:.0f} s",
        "processor time of both processes": f"{cost['processor']:.0f} s",
        "peak memory: of the process that builds": f"{cost['peak']:,.0f} MB",
        "of its helper": f"{cost['helper']:,.0f} MB",
        "open": milliseconds(opening),
        "memory of a process that searches, beside the mapped files": f"{own:.0f} MB",
        **in_use,
    }
    yield Table(
        name=f"large-{size}",
        command=command,
        columns=("what", "measured"),
        rows=tuple(rows.items()),
        note=f"{size:,} invented records. The building process invents them too. Opening checks "
        "every offset, with the files in the page cache. A document is asked with its explanation, "
        "from Python; a live addition is searchable when it returns.",
    )
    yield storage.parts(f"storage-parts-{size}", command, {size: storage.bytes_by_part(snapshot)})
    yield from generated.answers(size, figures, command, "The peers hold all names in memory.")


def _cost(folder: Path, size: int) -> dict[str, float]:
    """Return what the build cost; build first where that was not done."""
    kept = folder / "build.json"
    if not kept.exists():
        spawning = multiprocessing.get_context("spawn")
        process = spawning.Process(target=_build, args=(folder, size))
        process.start()
        process.join()
    cost: dict[str, float] = json.loads(kept.read_text(encoding="utf-8"))
    return cost


def _build(folder: Path, size: int) -> None:
    """Build in a process of its own, whose memory is then that of building alone."""
    started = time.perf_counter()
    build(folder / "list", invented.listed(size))
    seconds = time.perf_counter() - started
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cost = {
        "seconds": seconds,
        "processor": sum(used.ru_utime + used.ru_stime for used in both),
        "peak": both[0].ru_maxrss / 1024,
        "helper": both[1].ru_maxrss / 1024,
    }
    (folder / "build.json").write_text(json.dumps(cost), encoding="utf-8")


def _tasks(folder: Path, size: int, each: int) -> list[Any]:
    """Return the queries, which are kept in the folder too."""
    kept = folder / f"tasks-{each}.jsonl"
    if not kept.exists():
        write_json_lines(kept, generated.tasks(min(size, _ASKED), each))
    return list(json_lines(kept))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large")
    parser.add_argument("--size", type=int, default=SIZE, help="records")
    parser.add_argument("--each", type=int, default=EACH, help="queries of each kind")
    parser.add_argument("--folder", type=Path, help="where the list is kept")
    options = parser.parse_args()
    for table in measure(options.size, options.each, options.folder):
        print(table.text())


if __name__ == "__main__":
    main()
