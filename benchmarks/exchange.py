"""Two nodes on this machine: how soon an entry is a match elsewhere, and how many go through.

    python -m benchmarks.exchange --size 4000 --behind 4000     a look: half a minute
    python -m benchmarks.exchange                               the measurement
    python -m benchmarks exchange                               the same, kept for the reference page

Real processes and databases with their usual settings, on the loopback: what is measured is the
software and this machine, without the way between two countries. Each document's record is signed,
sealed for its readers, published in the transaction of its deed, fetched, verified, opened, kept
and indexed. What a node catches up with was reported in this process, by the verbs of the intake and
the same database: who reports over HTTP is not measured twice. Where others use the machine too, time by the clock says little: read what both nodes
and their databases used of the processor.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from benchmarks.figures import Table, milliseconds, quantile
from benchmarks.processes import processor
from didban import clock
from didban.intake import document_reports
from didban.intake.document_reports import Papers
from didban.model.actors import Actor, AuthorityKind
from didban.model.documents import Document
from didban.model.marking import Marking, Visibility
from didban.model.permissions import Role
from didban.model.purposes import Purpose
from tools.chaos import desks, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from didban.store.database import Database
    from tools.chaos.nodes import LocalNode

SIZE: Final = 20_000
BEHIND: Final = 100_000
_SINGLE: Final = 100
_AT_ONCE: Final = 100  # documents of one report: of more, a second person looks first
_STEP: Final = 0.005  # seconds between two checks
_LONGEST: Final = 3_600.0

_COPIES: Final = text("select count(*) from record where owner = 'xar' and is_searchable")


def measure(size: int = SIZE, behind: int = BEHIND) -> Iterator[Table]:
    """Report documents at one node, and tell when the other one finds them.

    - `size`: how many while both are up; `behind`: how many while the other one is away.
    """
    command = f"python -m benchmarks.exchange --size {size} --behind {behind}"
    with _two_nodes() as (network, databases):
        recorder = desks.recorder(network["xar"], databases["xar"])
        officer = desks.officer(network["xbo"], databases["xbo"])
        _until_found(recorder, officer, "W0000000")  # the feed is begun, everything is warm
        waits = [_until_found(recorder, officer, f"L{n:07}") for n in range(_SINGLE)]
        yield _latencies(command, waits)
        both, there = list(network.values()), databases["xbo"]
        with _taken(both) as together:
            _report(recorder, "S", size)
            _until_there(there, _SINGLE + 1 + size)
        network["xbo"].down()
        with _taken(both) as reported:
            _report(recorder, "A", size)
        _report_here(network["xar"], "B", behind - size)
        with _taken(both) as caught_up:
            network["xbo"].up()
            _until_there(there, _SINGLE + 1 + size + max(size, behind))
        yield _rates(
            command,
            ("reported, fetched and kept at the same time", size, together),
            ("reported alone, while the other node is away", size, reported),
            ("caught up with, from that node's start", max(size, behind), caught_up),
        )
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
    recorder.hang_up()  # it said nothing while others caught up, and the node does not wait for ever
    for start in range(0, size, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, size))
        recorder.report([f"{series}{number:07}" for number in numbers])


def _report_here(node: LocalNode, series: str, size: int) -> None:
    """Report so many more by the verbs of the intake, each report in a transaction as any other."""
    recorder = Actor(
        user="recorder",
        authority=node.code,
        kind=AuthorityKind.BORDER,
        roles=frozenset({Role.RECORDER}),
        purpose=Purpose.DOCUMENT_FRAUD,
        place="desk",
    )
    marking = Marking(
        visibility=Visibility(owner=node.code, audience=("*",)),
        purpose=Purpose.DOCUMENT_FRAUD,
        legal_basis="Passport Act, s. 31",
        retention_until=clock.today() + timedelta(days=300),
    )
    with node.parts() as parts:
        for start in range(0, size, _AT_ONCE):
            numbers = range(start, min(start + _AT_ONCE, size))
            stolen = [
                Document(number=f"{series}{n:07}", issuer=node.code, type="P", status="stolen")
                for n in numbers
            ]
            papers = Papers(documents=tuple(stolen), marking=marking)
            with parts.database.begin() as tx:
                document_reports.report(tx, recorder, papers)


@dataclass(slots=True)
class _Taken:
    """What a run took: seconds by the clock, and of the processor for all nodes with databases."""

    seconds: float = 0.0
    processor: float = 0.0


@contextmanager
def _taken(network: Sequence[LocalNode]) -> Iterator[_Taken]:
    """Measure the block."""
    taken, used, began = _Taken(), _used(network), time.perf_counter()
    yield taken
    taken.seconds, taken.processor = time.perf_counter() - began, _used(network) - used


def _used(network: Sequence[LocalNode]) -> float:
    pids = {one.process.pid for one in network if one.process is not None}
    for one in network:
        with contextlib.suppress(OSError, IndexError, ValueError):  # a database that is not up
            written = (one.data / "postgres" / "data" / "postmaster.pid").read_text()
            pids.add(int(written.split()[0]))
    return processor(pids)


def _until_there(there: Database, count: int) -> None:
    began = time.perf_counter()
    while _copies(there) < count:
        time.sleep(0.1)
        if time.perf_counter() - began > _LONGEST:
            raise TimeoutError("the other node does not catch up")


def _copies(there: Database) -> int:
    with there.begin() as tx:
        return int(tx.scalar(_COPIES) or 0)


def _latencies(command: str, waits: list[tuple[float, float]]) -> Table:
    rows = [
        (words, *(milliseconds(quantile(seconds, part)) for part in (0.5, 0.9, 0.99)))
        for words, seconds in (
            ("until its node acknowledged it", [first for first, _ in waits]),
            ("until the other node found it", [second for _, second in waits]),
        )
    ]
    return Table(
        name="exchange-latency",
        command=command,
        columns=("a stolen document, from entering it", "p50", "p90", "p99"),
        rows=tuple(rows),
        note=f"{len(waits)} documents one after the other; two nodes and who asks them on this"
        " machine. Found: by a check over HTTP, asked anew 5 ms after each answer.",
    )


def _rates(command: str, *runs: tuple[str, int, _Taken]) -> Table:
    rows = [
        (
            words,
            f"{size:,}",
            f"{taken.seconds:,.1f} s",
            f"{size / taken.seconds:,.0f}",
            milliseconds(taken.processor / size),
        )
        for words, size, taken in runs
    ]
    return Table(
        name="exchange-rates",
        command=command,
        columns=("stolen documents", "number", "time", "records/s", "processor, each"),
        rows=tuple(rows),
        note=f"Reports of {_AT_ONCE:,} documents each; both nodes, both databases and who reports"
        f" share {os.cpu_count()} cores, on which {os.getloadavg()[2]:.1f} processes ran or waited"
        " over the last quarter of an hour. Processor: both nodes with their databases.",
    )


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.exchange",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--size", type=int, default=SIZE, help="documents while both nodes are up (%(default)s)"
    )
    parser.add_argument(
        "--behind", type=int, default=BEHIND, help="documents caught up with (%(default)s)"
    )
    given = parser.parse_args()
    for table in measure(given.size, given.behind):
        print(table.text())


if __name__ == "__main__":
    main()
