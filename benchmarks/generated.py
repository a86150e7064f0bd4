"""Speed and recall on invented lists, beside rapidfuzz over everything, tantivy and logic-v2.

    python -m benchmarks generated
    python -m benchmarks.generated --size 100000 --size 1000000 [--each 60]

Each list is built once for a run; queries are listed names after what befalls names (a typing
error, another order, another script ...). All systems take turns in one process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import invented, peers
from benchmarks.figures import Table, milliseconds, percent, quantile
from benchmarks.material import ROOT, write_json_lines
from benchmarks.snapshots import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from didban.model.records import Record

SIZES = (100_000, 1_000_000)
EACH = 30
"""Queries of each kind of listed name."""
_PASSENGERS = 3
"""Ordinary passengers for each of them."""

_REFERENCE = "Didban, new names"
"""The system that the ratios are taken against: every name is met for the first time."""


def measure(sizes: Sequence[int] = SIZES, each: int = EACH) -> Iterator[Table]:
    """Build a list of each size, ask it, and tell times and recall in one table."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            yield from _measure_one(Path(folder), size, each)


def _measure_one(folder: Path, size: int, each: int) -> Iterator[Table]:
    snapshot, names = folder / "list", folder / "names.tsv"
    started = time.perf_counter()
    with names.open("w", encoding="utf-8") as out:
        build(snapshot, _noting_names(invented.listed(size), out))
    seconds = time.perf_counter() - started
    figures = _beside(folder, snapshot, names, _tasks(size, each))
    yield _times(size, figures, seconds, _bytes(snapshot))
    yield _kinds(size, figures)


def _noting_names(records: Iterator[Record], out: Any) -> Iterator[Record]:
    """Pass the records on, and write each name down for the peer that reads all names."""
    for record in records:
        for name in record.values("name", "alias"):
            out.write(f"{record.id}\t{name}\n")
        yield record


def _tasks(size: int, each: int) -> list[dict[str, Any]]:
    return [
        {
            "query": invented.without_facts(task).query.to_json(),
            "facts": task.query.to_json(),
            "target": task.target,
            "kind": task.kind,
        }
        for task in invented.tasks(size, each, passengers=_PASSENGERS * each)
    ]


def _beside(
    folder: Path, snapshot: Path, names: Path, tasks: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Run `in_peers/beside.py` in the peers' environment with our sources on its path."""
    questions, answers = folder / "tasks.jsonl", folder / "figures.json"
    write_json_lines(questions, tasks)
    script = ROOT / "benchmarks" / "in_peers" / "beside.py"
    command = [peers.interpreter(), script, snapshot, names, questions, answers]
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": path})
    figures: dict[str, Any] = json.loads(answers.read_text(encoding="utf-8"))
    return figures


def _times(size: int, figures: Mapping[str, Any], seconds: float, stored: int) -> Table:
    base = quantile(_of_listed(figures[_REFERENCE], "seconds"), 0.5)
    rows = []
    for system, kinds in figures.items():
        times, found = _of_listed(kinds, "seconds"), _of_listed(kinds, "found")
        passengers = kinds[invented.PASSENGER]
        median = quantile(times, 0.5)
        rows.append(
            (
                system,
                milliseconds(median),
                milliseconds(quantile(times, 0.99)),
                f"{median / base:.3g}",
                percent(sum(found), len(found)),
                milliseconds(quantile(passengers["seconds"], 0.5)),
                percent(sum(passengers["alarms"]), len(passengers["alarms"])),
            )
        )
    some = figures[_REFERENCE]
    asked, passing = len(_of_listed(some, "found")), len(some[invented.PASSENGER]["found"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Table(
        name=f"generated-{size}",
        command=f"python -m benchmarks.generated --size {size}",
        columns=(
            *("system", "p50", "p99", "ratio of p50", "recall in ten"),
            *("passengers, p50", "passengers alarmed"),
        ),
        rows=tuple(rows),
        note=f"{size:,} invented records; {asked} queries of listed persons and {passing} passengers "
        f"who are on no list, by name alone unless said. Built in {seconds:.0f} s by this process, "
        f"which invents them too, and a helper (peak {peak:.0f} MB), {stored / size:.0f} bytes a "
        "record on disk. logic-v2: "
        "scoring alone, of the fifty names most similar by Jaro-Winkler.",
    )


def _kinds(size: int, figures: Mapping[str, Any]) -> Table:
    rows = []
    for system, kinds in figures.items():
        found = [kinds[kind]["found"] for kind in invented.KINDS]
        rows.append((system, *(percent(sum(f), len(f), places=0) for f in found)))
    return Table(
        name=f"generated-kinds-{size}",
        command=f"python -m benchmarks.generated --size {size}",
        columns=("recall in ten", *invented.KINDS),
        rows=tuple(rows),
        note="By what befell the listed name. By name alone, namesakes on the list come as well as "
        "the person meant, and a long list has more than ten of them.",
    )


def _of_listed(kinds: Mapping[str, Any], figure: str) -> list[float]:
    """Return a figure's values over all kinds of queries but the passengers."""
    return [value for kind in invented.KINDS for value in kinds[kind][figure]]


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Measure the sizes asked for and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generated")
    parser.add_argument("--size", type=int, action="append", help="records; may be repeated")
    parser.add_argument("--each", type=int, default=EACH, help="queries of each kind")
    options = parser.parse_args()
    for table in measure(options.size or SIZES, options.each):
        print(table.text())


if __name__ == "__main__":
    main()
