"""A great list into the bank: how fast, how large, and how checks fare meanwhile.

    python -m benchmarks bank
    python -m benchmarks.bank --size 20000

One PostgreSQL with its usual settings; one process takes the list in, another follows with the
screening index and is asked all the time. First the whole list, then a tenth more on top of it, so
that checks before, while and after are compared on an index of one size, in one run.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from sqlalchemy import text

from benchmarks import invented
from benchmarks.figures import Table, milliseconds, quantile
from didban import clock
from didban.guard.access import system_actor
from didban.intake.publications import Terms, take_in
from didban.intake.readers.base import Source
from didban.intake.rejects import Rejects
from didban.match.query import query_from_record
from didban.model.marking import Marking, Visibility
from didban.model.purposes import Purpose
from didban.screening.live import LiveIndex
from didban.store.database import Database
from didban.store.embedded import EmbeddedPostgres
from didban.store.tables import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from didban.store.database import Transaction

SIZE: Final = 1_000_000
_MORE: Final = 10  # the second list has one record for so many of the first
_EACH: Final = 20  # queries of each kind of listed name
_PAUSE: Final = 0.05  # seconds between two checks: a busy post
_QUIET: Final = 20.0  # seconds of checks before and after
_LONGEST: Final = 3_600.0


def measure(size: int = SIZE) -> Iterator[Table]:
    """Take in a list of that size, then a tenth more, and tell rates, sizes and latencies."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="didban-bank-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        first = written(folder / "first.json", size, seed=1)
        second = written(folder / "second.json", max(size // _MORE, 1), seed=2)
        database = stack.enter_context(fresh(folder))
        node = stack.enter_context(_Node(database, folder, size))
        server = _Server(folder / "postgres" / "data")
        phases = [
            node.phase("first list", lambda: take_in_list(database, first, "first"), size, server),
            node.phase("quiet, before", lambda: time.sleep(_QUIET), 0, server),
            node.phase(
                "a tenth more",
                lambda: take_in_list(database, second, "second"),
                size // _MORE,
                server,
            ),
            node.phase("quiet, after", lambda: time.sleep(_QUIET), 0, server),
        ]
        yield _rates(size, phases)
        yield _work(size, phases[0])
        yield _sizes(database, folder / "index", size)


def written(path: Path, size: int, *, seed: int) -> Path:
    """Write an invented list as a FollowTheMoney file."""
    with path.open("w", encoding="utf-8") as out:
        for record in invented.listed(size, seed=seed):
            data = record.to_json() | {"id": f"{record.id}-{seed}"}
            out.write(json.dumps(data, ensure_ascii=False) + "\n")
    return path


@contextmanager
def fresh(folder: Path) -> Iterator[Database]:
    """Give an empty bank on a server of its own."""
    server = EmbeddedPostgres(folder / "postgres")
    folder.chmod(0o711)
    server.start()
    database = Database(server.url)
    try:
        with database.begin() as tx:
            catalogue().create_all(tx)
        yield database
    finally:
        database.close()
        server.stop()


def take_in_list(database: Database, path: Path, name: str) -> None:
    """Take a list in as Arvand's, open to everybody."""
    marking = Marking(
        visibility=Visibility(owner="arvand", audience=("*",)),
        purpose=Purpose.SANCTIONS_SCREENING,
        legal_basis="Sanctions Act of Arvand, s. 4",
        retention_until=clock.today() + timedelta(days=365),
    )
    source = Source(kind="ftm", name=name, path=path)
    terms = Terms(marking=marking)
    actor = system_actor("arvand", "lists")
    take_in(database, actor, source, terms, rejects=Rejects(), now=clock.now())


class _Node:
    """Another process with the index, which follows the bank and is asked all the time."""

    def __init__(self, database: Database, folder: Path, size: int) -> None:
        url = database.url.render_as_string(hide_password=False)
        self._ours, theirs = multiprocessing.Pipe()
        spawn = multiprocessing.get_context("spawn")
        arguments = (url, folder / "index", size, theirs)
        self._process = spawn.Process(target=_asked_all_the_time, args=arguments, daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        self._ours.recv()
        self._begun, self._listed = time.perf_counter(), 0
        return self

    def __exit__(self, *_: object) -> None:
        self._ours.send(None)
        self._process.join()

    def phase(self, name: str, work: Any, more: int, server: _Server) -> dict[str, Any]:
        """Do something; return how long it took, how long until it was found, and the checks.

        `spent` are the seconds of processor time of those that took part.
        """
        self._listed += more
        self._ours.send(0)
        _, following = self._ours.recv()  # what came before is not counted
        started, ours, stored = time.perf_counter(), time.process_time(), server.seconds()
        work()
        done = time.perf_counter() - started
        self._ours.send(self._listed)
        checks, followed = self._ours.recv()
        return {
            "name": name,
            "more": more,
            "done": done,
            "followed": time.perf_counter() - started,
            "checks": checks,
            "spent": {
                "reading and preparing": time.process_time() - ours,
                "database": server.seconds() - stored,
                "index, and checks meanwhile": followed - following,
            },
        }


class _Server:
    """The processor time of a PostgreSQL: of its first process, those that ended, those that run."""

    def __init__(self, data: Path) -> None:
        self._first = int((data / "postmaster.pid").read_text().split()[0])

    def seconds(self) -> float:
        """Return the seconds since it was started."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                if int(stat.parent.name) == self._first:
                    ticks += sum(map(int, fields[11:15]))  # with its children that ended
                elif int(fields[1]) == self._first:
                    ticks += sum(map(int, fields[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")


def _processor_seconds() -> float:
    """Return the processor time of this process and of its children that ended."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _asked_all_the_time(url: str, folder: Path, size: int, pipe: Connection) -> None:
    """Follow the bank, ask it, and tell the times of the checks once it has so many records."""
    queries = [
        invented.without_facts(task).query
        for task in invented.tasks(size, _EACH, passengers=3 * _EACH)
    ]
    with LiveIndex.open(Database(url), folder) as index:
        pipe.send(None)
        times: list[float] = []
        wanted: int | None = None
        number = 0
        while True:
            if pipe.poll(_PAUSE):
                wanted = pipe.recv()
                if wanted is None:
                    return
            started = time.perf_counter()
            query = query_from_record(queries[number % len(queries)])
            index.match(query, open_to=frozenset({1}))
            times.append(time.perf_counter() - started)
            number += 1
            if wanted is not None and len(index) >= wanted:
                pipe.send((times, _processor_seconds()))
                times, wanted = [], None


def _rates(size: int, phases: Sequence[dict[str, Any]]) -> Table:
    quiet = quantile(phases[1]["checks"], 0.5)
    rows = []
    for phase in phases:
        more, checks = phase["more"], phase["checks"]
        taken = f"{more / phase['done']:,.0f}/s" if more else "-"
        found = f"{more / phase['followed']:,.0f}/s" if more else "-"
        median = quantile(checks, 0.5)
        rows.append(
            (
                *(phase["name"], f"{more:,}" if more else "-", taken, found, f"{len(checks):,}"),
                *(milliseconds(median), milliseconds(quantile(checks, 0.99))),
                f"{median / quiet:.3g}",
            )
        )
    return Table(
        name=f"bank-{size}",
        command=f"python -m benchmarks.bank --size {size}",
        columns=(
            *("phase", "records", "taken in", "taken in and found", "checks"),
            *("p50", "p99", "ratio of p50"),
        ),
        rows=tuple(rows),
        note="Invented persons in a FollowTheMoney file, read, checked, compared with what stands and"
        " stored with their history; `taken in and found` counts until the last one is found in the"
        " process that answers. Checks by name alone, one after another with a pause of"
        f" {_PAUSE * 1e3:.0f} ms, while everything shares two cores.",
    )


def _work(size: int, phase: dict[str, Any]) -> Table:
    """Return what a record costs, which does not depend on what else the machine does."""
    each = {name: seconds / phase["more"] for name, seconds in phase["spent"].items()}
    rows = [(name, f"{seconds * 1e6:,.0f} us") for name, seconds in each.items()]
    both = sum(each.values())
    rows.append(("together", f"{both * 1e6:,.0f} us"))
    return Table(
        name=f"bank-work-{size}",
        command=f"python -m benchmarks.bank --size {size}",
        columns=("of the first list", "processor time a record"),
        rows=tuple(rows),
        note=f"Two cores that do nothing else take in and find at most {2 / both:,.0f} a second.",
    )


def _bytes_of(tx: Transaction, name: str) -> tuple[int, ...]:
    """Return the bytes on disk of a table: itself, its indexes, its long values (TOAST)."""
    sizes = text("""
        select pg_relation_size(cast(:name as regclass)), pg_indexes_size(cast(:name as regclass)),
               pg_table_size(cast(:name as regclass)) - pg_relation_size(cast(:name as regclass))
    """)
    return tuple(tx.execute(sizes, {"name": name}).one())


def _sizes(database: Database, index: Path, size: int) -> Table:
    everything = size + size // _MORE
    with database.begin() as tx:
        rows = [
            (name, *(f"{count / everything:,.0f}" for count in _bytes_of(tx, name)))
            for name in ("record", "change", "record_version")
        ]
    stored = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    rows.append(("screening index", f"{stored / everything:,.0f}", "-", "-"))
    return Table(
        name=f"bank-sizes-{size}",
        command=f"python -m benchmarks.bank --size {size}",
        columns=("bytes a record", "table", "its indexes", "its long values"),
        rows=tuple(rows),
        note=f"{everything:,} records. `change` is emptied as followers have read it.",
    )


def main() -> None:
    """Measure the size asked for and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bank")
    parser.add_argument("--size", type=int, default=SIZE, help="records of the list")
    for table in measure(parser.parse_args().size):
        print(table.text(), flush=True)


if __name__ == "__main__":
    main()
