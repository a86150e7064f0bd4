"""What an index costs: how long it takes to build and to open, its bytes, documents, live additions.

    python -m benchmarks storage
    python -m benchmarks.storage --size 100000 [--size 1000000]

The list is written to a file first and built by the command that a user runs, with its helper.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import invented, processes
from benchmarks.figures import Table, milliseconds, quantile
from benchmarks.material import write_json_lines
from didban.match.index.segments import Segment
from didban.match.query import query_from_record
from didban.match.snapshot import Snapshot
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SIZES = (100_000, 1_000_000)
PARTS = {
    "properties": ("record_json",),
    "records by number, class, years": ("record_start", "record_class", "record_years"),
    "identifiers": ("id",),
    "documents and birth dates": ("document", "range", "birth"),
    "names": ("name", "apart"),
    "postings": ("posting", "single"),
    "vocabulary and its sounds": ("token", "form", "key", "length"),
}
"""What the sections are for, by the beginnings of their names; the first that fits counts."""
_ASKED = 2_000
_ADDED = 1_000


def measure(sizes: Sequence[int] = SIZES) -> Iterator[Table]:
    """Build and open a list of each size; tell times in one table and bytes in another."""
    rows, sections = [], dict[int, Counter[str]]()
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(_measure_one(Path(folder), size))
            sections[size] = bytes_by_part(Path(folder) / "list")
    yield Table(
        name="storage",
        command="python -m benchmarks storage",
        columns=(
            *("records", "build", "processor", "peak", "open", "document found", "not found"),
            *("live addition, p50", "p99"),
        ),
        rows=tuple(rows),
        note="`didban lists build` from a FollowTheMoney file, and the processor time of it and its "
        "helper on two cores. Opening checks every offset, with the files in the page cache. A "
        "document is asked with its explanation, from Python, the median of "
        f"{_ASKED:,}. A live addition is searchable when it returns: {_ADDED:,} in processor time, "
        "the merges of small layers among them.",
    )
    yield parts("storage-parts", "python -m benchmarks storage", sections)


def parts(name: str, command: str, sections: dict[int, Counter[str]]) -> Table:
    """Return the table of what each purpose takes, by the sizes of the lists."""
    return Table(
        name=name,
        command=command,
        columns=("bytes a record", *(f"{size:,}" for size in sections)),
        rows=tuple(_shares(sections)),
        note="The properties are the records as plain JSON, which an answer shows; all else is the "
        "index. A longer list has fewer new names in it.",
    )


def _measure_one(folder: Path, size: int) -> tuple[str, ...]:
    source, snapshot = folder / "list.jsonl", folder / "list"
    write_json_lines(source, (record.to_json() for record in invented.listed(size)))
    cost = processes.run(["lists", "build", str(snapshot), "--source", f"ftm:invented={source}"])
    with Snapshot.open(snapshot) as opened:
        in_use = using(opened)
    return (
        f"{size:,}",
        f"{cost.seconds:.0f} s",
        f"{cost.cpu:.0f} s",
        f"{cost.peak:.0f} MB",
        milliseconds(opening(snapshot)),
        *in_use.values(),
    )


def opening(snapshot: Path) -> float:
    """Return how many seconds it takes to open a snapshot whose files are in the page cache."""
    Snapshot.open(snapshot).close()
    started = time.perf_counter()
    with Snapshot.open(snapshot):
        return time.perf_counter() - started


def using(opened: Snapshot) -> dict[str, str]:
    """Return what documents and live additions cost; the additions stay in what is opened."""
    holders = list(islice((r for r in opened.records() if r.documents), _ASKED))
    found = _median(opened, holders, lambda number: number)
    unknown = _median(opened, holders, lambda number: f"{number[::-1]}7")
    live = [_seconds_to_add(opened, replace(r, id=f"new-{r.id}")) for r in holders[:_ADDED]]
    return {
        "document found": f"{found * 1e6:.0f} us",
        "document not found": f"{unknown * 1e6:.0f} us",
        "live addition, p50": milliseconds(quantile(live, 0.5)),
        "live addition, p99": milliseconds(quantile(live, 0.99)),
    }


def _median(opened: Snapshot, holders: Sequence[Record], altered: Callable[[str], str]) -> float:
    """Return how long a check of a document takes from its number to the explained answer."""
    times = []
    for holder in holders:
        document = replace(holder.documents[0], number=altered(holder.documents[0].number))
        asked = Record(id="q", schema="Person", properties={}, documents=(document,))
        started = time.perf_counter()
        opened.match(query_from_record(asked))
        times.append(time.perf_counter() - started)
    return quantile(times, 0.5)


def _seconds_to_add(opened: Snapshot, record: Record) -> float:
    started = time.process_time()
    opened.add(record)
    return time.process_time() - started


def bytes_by_part(snapshot: Path) -> Counter[str]:
    """Return how many bytes the segments give to each purpose."""
    sizes = Counter[str]()
    for path in snapshot.glob("segment-*"):
        for name, section in Segment.open(path).sections.items():
            sizes[_purpose(name)] += section.nbytes
    return sizes


def _purpose(section: str) -> str:
    return next(part for part, names in PARTS.items() if section.startswith(names))


def _shares(sections: dict[int, Counter[str]]) -> Iterator[tuple[str, ...]]:
    for part in PARTS:
        yield (part, *(f"{sizes[part] / size:.1f}" for size, sizes in sections.items()))
    index = {size: sizes.total() - sizes["properties"] for size, sizes in sections.items()}
    yield ("all but the properties", *(f"{total / size:.1f}" for size, total in index.items()))


def main() -> None:
    """Measure the sizes asked for and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storage")
    parser.add_argument("--size", type=int, action="append", help="records; may be repeated")
    for table in measure(parser.parse_args().size or SIZES):
        print(table.text())


if __name__ == "__main__":
    main()
