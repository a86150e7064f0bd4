"""Two nodes on this machine: how soon an entry is a match elsewhere, and how many go through.

    python -m benchmarks exchange
    python -m benchmarks.exchange --size 10000

Real processes and databases with their usual settings, on the loopback: what is measured is the
software and this machine, without the way between two countries. Each documents record is signed,
sealed for its readers, published in the transaction of its deed, fetched, verified, opened, kept
and indexed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from benchmarks.figures import Table, milliseconds, quantile
from tools.chaos import desks, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.store.database import Database
    from tools.chaos.nodes import LocalNode

SIZE: Final = 100_000
_SINGLE: Final = 100
_AT_ONCE: Final = 100  # documents of one report: of more, a second person looks first
_STEP: Final = 0.005  # seconds between two checks
_LONGEST: Final = 3_600.0

_COPIES: Final = text("select count(*) from record where owner = 'xar' and is_searchable")


def measure(size: int = SIZE) -> Iterator[Table]:
    """Report documents at one node, and tell when the other one finds them."""
    with _two_nodes() as (network, databases):
        recorder = desks.recorder(network["xar"], databases["xar"])
        officer = desks.officer(network["xbo"], databases["xbo"])
        _until_found(recorder, officer, "W0000000")  # the feed is begun, everything is warm
        waits = [_until_found(recorder, officer, f"L{n:07}") for n in range(_SINGLE)]
        yield _latencies(waits)
        with_link = _stream(recorder, databases["xbo"], "S", size)
        network["xbo"].down()
        began = time.perf_counter()
        _report(recorder, "C", size)
        reported = time.perf_counter() - began
        network["xbo"].up()
        caught_up = _until_there(databases["xbo"], _SINGLE + 1 + 2 * size)
        yield _rates(size, with_link, reported, caught_up)
        recorder.hang_up()
        officer.hang_up()


@contextmanager
def _two_nodes() -> Iterator[tuple[dict[str, LocalNode], dict[str, Database]]]:
    folder = Path(tempfile.mkdtemp(prefix="didban-exchange-"))
    folder.chmod(0o755)
    try:
        made = nodes.make(folder, nodes.ports_for("xar", "xbo"))
        with nodes.linked(made), ExitStack() as stack:
            for node in made.values():
                node.up()
            yield made, {code: stack.enter_context(n.database()) for code, n in made.items()}
    finally:
        nodes.remove(folder)


def _until_found(recorder: desks.Desk, officer: desks.Desk, number: str) -> tuple[float, float]:
    """Report one document; return the seconds until it was acknowledged, and until it was found."""
    began = time.perf_counter()
    recorder.report([number])
    acknowledged = time.perf_counter() - began
    while not officer.finds(number, "xar"):
        time.sleep(_STEP)
    return acknowledged, time.perf_counter() - began


def _report(recorder: desks.Desk, series: str, size: int) -> None:
    for start in range(0, size, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, size))
        recorder.report([f"{series}{number:07}" for number in numbers])


def _stream(recorder: desks.Desk, there: Database, series: str, size: int) -> float:
    """Report documents as fast as the owner takes them; return the seconds until all are copied."""
    before = _copies(there)
    began = time.perf_counter()
    _report(recorder, series, size)
    _until_there(there, before + size)
    return time.perf_counter() - began


def _until_there(there: Database, count: int) -> float:
    began = time.perf_counter()
    while _copies(there) < count:
        time.sleep(0.1)
        if time.perf_counter() - began > _LONGEST:
            raise TimeoutError("the other node does not catch up")
    return time.perf_counter() - began


def _copies(there: Database) -> int:
    with there.begin() as tx:
        return int(tx.scalar(_COPIES) or 0)


def _latencies(waits: list[tuple[float, float]]) -> Table:
    rows = [
        (words, *(milliseconds(quantile(seconds, part)) for part in (0.5, 0.9, 0.99)))
        for words, seconds in (
            ("until its node acknowledged it", [first for first, _ in waits]),
            ("until the other node found it", [second for _, second in waits]),
        )
    ]
    return Table(
        name="exchange-latency",
        command="python -m benchmarks.exchange",
        columns=("a stolen document, from entering it", "p50", "p90", "p99"),
        rows=tuple(rows),
        note=f"{len(waits)} documents one after the other; two nodes and who asks them on this"
        " machine. Found: by a check over HTTP, asked anew 5 ms after each answer.",
    )


def _rates(size: int, streamed: float, reported: float, caught_up: float) -> Table:
    rows = [
        (words, f"{seconds:,.1f} s", f"{size / seconds:,.0f}")
        for words, seconds in (
            ("reported, fetched and kept at the same time", streamed),
            ("reported alone, while the other node is away", reported),
            ("caught up with, from that node's start", caught_up),
        )
    ]
    return Table(
        name="exchange-rates",
        command=f"python -m benchmarks.exchange --size {size}",
        columns=(f"{size:,} documents", "time", "records/s"),
        rows=tuple(rows),
        note=f"Reports of {_AT_ONCE:,} documents each; both nodes, both databases and who reports"
        " share this machine.",
    )


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exchange", description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="documents in each run")
    for table in measure(parser.parse_args().size):
        print(table.text())


if __name__ == "__main__":
    main()
