"""Speed and recall on invented lists, beside rapidfuzz over everything, tantivy and logic-v2.

    python -m benchmarks generated
    python -m benchmarks.generated --size 100000 --size 1000000 [--each 60] [--alone]

Each list is built once for a run; queries are listed names after what befalls names (a typing
error, another order, another script ...). All systems take turns in one process. `--alone` leaves
the peers out, who hold all names in memory; ten million have a measurement of their own
(`benchmarks.large`).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import invented, peers, turns
from benchmarks.figures import Table, milliseconds, percent, quantile
from benchmarks.material import ROOT, write_json_lines
from benchmarks.snapshots import build
from didban.match.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.turns import Task
    from didban.model.records import Record

SIZES = (100_000, 1_000_000)
EACH = 30
"""Queries of each kind of listed name."""
_PASSENGERS = 3
"""Ordinary passengers for each of them."""

_REFERENCE = "Didban, new names"
"""The system that the ratios are taken against: every name is met for the first time."""


def measure(
    sizes: Sequence[int] = SIZES, each: int = EACH, *, is_alone: bool = False
) -> Iterator[Table]:
    """Build a list of each size, ask it, and tell times and recall in one table."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            yield from _measure_one(Path(folder), size, each, is_alone=is_alone)


def _measure_one(folder: Path, size: int, each: int, *, is_alone: bool) -> Iterator[Table]:
    snapshot, names = folder / "list", folder / "names.tsv"
    started = time.perf_counter()
    with names.open("w", encoding="utf-8") as out:
        build(snapshot, _noting_names(invented.listed(size), out))
    seconds = time.perf_counter() - started
    asked = tasks(size, each)
    figures = alone(snapshot, asked) if is_alone else _beside(folder, snapshot, names, asked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = (
        f"Built in {seconds:.0f} s by this process, which invents them too, and a helper (peak "
        f"{peak:.0f} MB), {_bytes(snapshot) / size:.0f} bytes a record on disk."
    )
    if not is_alone:
        note += " logic-v2: scoring alone, of the fifty names most similar by Jaro-Winkler."
    yield from answers(size, figures, f"python -m benchmarks.generated --size {size}", note)


def _noting_names(records: Iterator[Record], out: Any) -> Iterator[Record]:
    """Pass the records on, and write each name down for the peer that reads all names."""
    for record in records:
        for name in record.values("name", "alias"):
            out.write(f"{record.id}\t{name}\n")
        yield record


def tasks(size: int, each: int) -> list[Task]:
    """Return the queries of a list of this size, `each` of every kind."""
    return [
        {
            "query": invented.without_facts(task).query.to_json(),
            "facts": task.query.to_json(),
            "target": task.target,
            "kind": task.kind,
        }
        for task in invented.tasks(size, each, passengers=_PASSENGERS * each)
    ]


def alone(snapshot: Path, asked: Sequence[Task]) -> dict[str, Any]:
    """Return Didban's own answers to the queries, in a random order."""
    shuffled = random.Random(5).sample(asked, len(asked))
    with Snapshot.open(snapshot) as opened:
        return turns.take_turns(turns.didban(opened), shuffled)


def _beside(folder: Path, snapshot: Path, names: Path, asked: Sequence[Task]) -> dict[str, Any]:
    """Run `in_peers/beside.py` in the peers' environment with our sources on its path."""
    questions, answers = folder / "tasks.jsonl", folder / "figures.json"
    write_json_lines(questions, asked)
    script = ROOT / "benchmarks" / "in_peers" / "beside.py"
    command = [peers.interpreter(), script, snapshot, names, questions, answers]
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": path})
    figures: dict[str, Any] = json.loads(answers.read_text(encoding="utf-8"))
    return figures


def answers(size: int, figures: Mapping[str, Any], command: str, note: str) -> Iterator[Table]:
    """Yield the tables of what `turns.take_turns` returned; `note` tells of the list."""
    yield _times(size, figures, command, note)
    yield _kinds(size, figures, command)


def _times(size: int, figures: Mapping[str, Any], command: str, note: str) -> Table:
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
    return Table(
        name=f"generated-{size}",
        command=command,
        columns=(
            *("system", "p50", "p99", "ratio of p50", "recall in ten"),
            *("passengers, p50", "passengers alarmed"),
        ),
        rows=tuple(rows),
        note=f"{size:,} invented records; {asked} queries of listed persons and {passing} passengers "
        f"who are on no list, by name alone unless said. {note}",
    )


def _kinds(size: int, figures: Mapping[str, Any], command: str) -> Table:
    rows = []
    for system, kinds in figures.items():
        found = [kinds[kind]["found"] for kind in invented.KINDS]
        rows.append((system, *(percent(sum(f), len(f), places=0) for f in found)))
    return Table(
        name=f"generated-kinds-{size}",
        command=command,
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
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    options = parser.parse_args()
    for table in measure(options.size or SIZES, options.each, is_alone=options.alone):
        print(table.text())


if __name__ == "__main__":
    main()
