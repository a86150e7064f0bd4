"""Speed and memory on all the real lists, with the recall of the same queries beside.

    python -m benchmarks speed

Everything is measured the way it is used: the command line is started, the service is asked over
its port, and single checks go from a record to explained matches.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import crowds, real_lists
from benchmarks.caches import forget
from benchmarks.figures import Table, milliseconds, percent, quantile
from benchmarks.imports import check_command
from benchmarks.material import write_json_lines
from benchmarks.processes import PURPOSE, resident, run, serving
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.match.snapshot import Snapshot
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LISTED, _CROWD = 500, 500
"""Single checks: of persons on the lists, and of each crowd."""
_SCREENED = 30_000
_COLD_RUNS = 15
_SERVED = 400
_BATCH = 20
"""Queries in one request to the service."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and the id that it should find, if any."""

    query: Record
    target: str | None


def measure() -> Iterator[Table]:
    """Build the snapshot by the command line, then measure everything that uses it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot = folder / "lists"
        rejects = ("--rejects", str(folder / "rejects.jsonl"))
        build = run(["lists", "build", str(snapshot), *real_lists.source_options(), *rejects])
        size = sum(path.stat().st_size for path in snapshot.rglob("*") if path.is_file())
        rows = [("`didban lists build`, all lists", f"{build.seconds:.1f} s", "")]
        rows.append(
            ("its peak memory; snapshot on disk", f"{build.peak:.0f} MB", f"{size / 1e6:.1f} MB")
        )
        rows += _cold(snapshot)
        rows += _screening(folder, snapshot)
        count, checks = _single(snapshot)
        yield checks
        rows += _service(snapshot)
    yield Table(
        name="commands",
        command="python -m benchmarks speed",
        columns=("what", "measured", "beside"),
        rows=tuple(rows),
        note=f"{count:,} records of {len(real_lists.SOURCES)} real lists; {os.cpu_count()} shared "
        "cores; started as a user starts it, so the interpreter's start is in every figure.",
    )


def _single(path: Path) -> tuple[int, Table]:
    """Time single checks in one process; return the number of records and the table."""
    started = time.perf_counter()
    snapshot = Snapshot.open(path)
    opened = time.perf_counter() - started
    asked = _questions(snapshot)
    rows = []
    for label, is_cold in (("names met for the first time", True), ("names known", False)):
        for kind, group in asked.items():
            times, hits = _ask(snapshot, group, is_cold=is_cold)
            recall = percent(hits, len(group)) if group[0].target else "-"
            quantiles = (milliseconds(quantile(times, share)) for share in (0.5, 0.99, 1.0))
            rows.append((f"{kind}, {label}", *quantiles, recall, str(len(group))))
    memory = resident(os.getpid())
    count = sum(1 for _ in snapshot.records())
    return count, Table(
        name="single-checks",
        command="python -m benchmarks speed",
        columns=("single check, Python", "p50", "p99", "worst", "recall in ten", "queries"),
        rows=tuple(rows),
        note=f"From a record to explained matches, mode `{Mode.BALANCED.value}`, five results. "
        f"Opening the snapshot: {milliseconds(opened)}. The process, the measured material "
        f"included: {memory:.0f} MB.",
    )


def _questions(snapshot: Snapshot) -> dict[str, list[Asked]]:
    """Return persons of the lists (a name and a birth date), and both crowds."""
    source = random.Random(7)
    persons = [r for r in snapshot.records() if r.schema == "Person" and r.values("name")]
    listed = [_as_traveller(record, source) for record in source.sample(persons, _LISTED)]
    people = crowds.crowds(_CROWD, seed=11)
    return {
        "listed persons": listed,
        "ordinary": [Asked(record, None) for record in people["ordinary"]],
        "namesakes": [Asked(record, None) for record in people["namesakes"]],
    }


def _as_traveller(record: Record, source: random.Random) -> Asked:
    """Ask for a listed person as a passport shows one: one name, a birth date, a nationality."""
    facts: dict[str, tuple[str, ...]] = {"name": (source.choice(record.values("name", "alias")),)}
    for name in ("birthDate", "nationality"):
        if values := record.values(name):
            facts[name] = values[:1]
    return Asked(Record(id="q", schema="Person", properties=facts), record.id)


def _ask(snapshot: Snapshot, group: Sequence[Asked], *, is_cold: bool) -> tuple[list[float], int]:
    """Return the seconds of each check and how many found their person in ten."""
    times, hits = [], 0
    for asked in group:
        if is_cold:
            forget(snapshot)
        else:
            snapshot.match(query_from_record(asked.query), limit=5)
        started = time.perf_counter()
        snapshot.match(query_from_record(asked.query), limit=5)
        times.append(time.perf_counter() - started)
        found = snapshot.match(query_from_record(asked.query), limit=10)
        hits += asked.target in [match.id for match in found]
    return times, hits


def _cold(snapshot: Path) -> list[tuple[str, str, str]]:
    """Time the whole of `didban check`, from the shell and back."""
    arguments = check_command(snapshot)[3:]
    costs = [run(arguments) for _ in range(_COLD_RUNS)]
    times = [cost.seconds for cost in costs]
    median = f"{quantile(times, 0.5):.2f} s (median of {_COLD_RUNS})"
    return [("cold `didban check`", median, f"worst {max(times):.2f} s, {costs[0].peak:.0f} MB")]


def _screening(folder: Path, snapshot: Path) -> list[tuple[str, str, str]]:
    """Screen a long list of travellers on two workers, with listed persons planted among them."""
    opened = Snapshot.open(snapshot)
    planted = _questions(opened)["listed persons"]
    half = _SCREENED // 2
    travellers = [*crowds.ordinary(half, seed=13), *crowds.namesakes(half, seed=13)]
    lines = [{**r.to_json(), "id": f"t{n}"} for n, r in enumerate(travellers)]
    lines += [{**asked.query.to_json(), "id": f"p{n}"} for n, asked in enumerate(planted)]
    random.Random(17).shuffle(lines)
    write_json_lines(folder / "travellers.jsonl", lines)
    output = folder / "out.jsonl"
    files = (str(folder / "travellers.jsonl"), "--output", str(output))
    rates = []
    for workers in ("1", "2"):
        output.unlink(missing_ok=True)
        options = ("--workers", workers, *PURPOSE)
        cost = run(["screen", "--snapshot", str(snapshot), *files, *options])
        rates.append(
            f"{len(lines) / cost.seconds:,.0f} persons/s on {workers} "
            f"({milliseconds(cost.cpu / len(lines))} of CPU each)"
        )
    found = {answer["id"]: answer["results"] for answer in _answers(output)}
    hits = sum(asked.target in [r["id"] for r in found[f"p{n}"]] for n, asked in enumerate(planted))
    told = f"planted persons found {percent(hits, len(planted))}"
    return [(f"`didban screen`, {len(lines):,} travellers", ", ".join(rates), told)]


def _answers(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _service(snapshot: Path) -> list[tuple[str, str, str]]:
    """Ask the service over its port and read its memory afterwards."""
    people = crowds.crowds(_SERVED, seed=19)["namesakes"]
    queries = [{"schema": r.schema, "properties": dict(r.properties)} for r in people]
    with serving(snapshot) as service:
        times = []
        for start in range(0, len(queries), _BATCH):
            batch = {f"q{n}": q for n, q in enumerate(queries[start : start + _BATCH])}
            started = time.perf_counter()
            service.match(batch)
            times.append((time.perf_counter() - started) / len(batch))
        memory = service.resident()
    answered = f"{milliseconds(quantile(times, 0.5))} a query in batches of {_BATCH}"
    return [("`didban serve`, resident memory", f"{memory:.0f} MB", answered)]


if __name__ == "__main__":
    for _table in measure():
        print(_table.text())
