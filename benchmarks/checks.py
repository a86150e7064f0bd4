"""Whole checks on the bank: asked, searched, held against the bank, kept and entered in the audit.

    python -m benchmarks checks
    python -m benchmarks.checks --size 20000

One process with threads, as a small node is, and two, as a larger one; one PostgreSQL with its
usual settings, which waits for its disk at every commit.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import bank, invented
from benchmarks.figures import Table, milliseconds, quantile
from didban.guard.secrets import Secrets
from didban.model.actors import Actor, AuthorityKind
from didban.model.permissions import Role
from didban.model.purposes import Purpose
from didban.screening import bank_check
from didban.screening.live import LiveIndex
from didban.screening.looking import Booth
from didban.screening.question import Question
from didban.settings import Access
from didban.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

SIZE: Final = 100_000
_EACH: Final = 40  # queries of each kind of listed name; as many passengers as of all of them
_WARM: Final = 50


def measure(size: int = SIZE) -> Iterator[Table]:
    """Take in a list of that size, then check people one after another and many at once."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="didban-checks-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        database = stack.enter_context(bank.fresh(folder))
        bank.take_in_list(database, bank.written(folder / "list.json", size, seed=1), "list")
        Secrets(folder / "secrets").make()
        LiveIndex.open(database, folder / "index").close()
        url = database.url.render_as_string(hide_password=False)
        rows = [
            _row(words, _together(url, folder, size, processes, threads))
            for words, processes, threads in (
                ("one after another", 1, 1),
                ("six at once", 1, 6),
                ("two processes, four at once in each", 2, 4),
            )
        ]
        yield Table(
            name=f"checks-{size}",
            command=f"python -m benchmarks.checks --size {size}",
            columns=("checks", "made", "per second", "p50", "p99"),
            rows=tuple(rows),
            note=f"{size:,} listed persons; half of the checks are of somebody listed. Each is one "
            "transaction: limits, visibility, search, the records as they stand, tokens, the kept "
            "check with its matches, the audit entry. Everything shares two cores.",
        )


def _row(words: str, outcome: tuple[float, list[float]]) -> tuple[str, ...]:
    seconds, times = outcome
    rate = f"{len(times) / seconds:,.0f}"
    slowest = milliseconds(quantile(times, 0.99))
    return words, f"{len(times):,}", rate, milliseconds(quantile(times, 0.5)), slowest


def _together(
    url: str, folder: Path, size: int, processes: int, threads: int
) -> tuple[float, list[float]]:
    """Return how long it took until all processes had made their checks, and the time of each."""
    spawn = multiprocessing.get_context("spawn")
    pipes: list[Connection] = []
    for number in range(processes):
        ours, theirs = spawn.Pipe()
        arguments = (url, folder, size, number, threads, theirs)
        spawn.Process(target=_check_all, args=arguments, daemon=True).start()
        pipes.append(ours)
    for pipe in pipes:
        pipe.recv()
    started = time.perf_counter()
    for pipe in pipes:
        pipe.send(None)
    times = [one for pipe in pipes for one in pipe.recv()]
    return time.perf_counter() - started, times


def _check_all(
    url: str, folder: Path, size: int, number: int, threads: int, pipe: Connection
) -> None:
    database = Database(url)
    questions = _questions(size, number)
    with LiveIndex.open(database, folder / "index") as index:
        access = Access(device_searches_per_minute=100_000)
        booth = Booth(index=index, secrets=Secrets(folder / "secrets"), access=access)

        def check(at: int) -> float:
            started = time.perf_counter()
            with database.begin() as tx:
                bank_check.make(tx, booth, _gate(at % threads, number), questions[at])
            return time.perf_counter() - started

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(check, range(_WARM)))
            pipe.send(None)
            pipe.recv()
            pipe.send(list(pool.map(check, range(_WARM, len(questions)))))
    database.close()


def _questions(size: int, number: int) -> list[Question]:
    kinds = len(invented.KINDS)
    tasks = invented.tasks(size, _EACH, passengers=kinds * _EACH)
    records = [task.query for task in tasks]
    mixed = [records[(at * 7 + number) % len(records)] for at in range(len(records))]
    return [
        Question(names=record.values("name")[:1], birth_date=record.first("birthDate"))
        for record in mixed
        if record.values("name")
    ]


def _gate(gate: int, process: int) -> Actor:
    """Return the device of a gate."""
    name = f"tok_gate-{process}-{gate}"
    return Actor(
        user=name,
        authority="arvand",
        kind=AuthorityKind.BORDER,
        roles=frozenset({Role.FIRST_LINE}),
        purpose=Purpose.BORDER_CONTROL,
        place=f"Gate {gate}",
        device=name,
    )


def main() -> None:
    """Measure the size asked for and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checks")
    parser.add_argument("--size", type=int, default=SIZE, help="records of the list")
    for table in measure(parser.parse_args().size):
        print(table.text(), flush=True)


if __name__ == "__main__":
    main()
