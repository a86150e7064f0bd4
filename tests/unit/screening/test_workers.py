from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from didban.errors import InvalidInput, Unavailable
from didban.screening.workers import Helper, Workers, is_worker


def _squares() -> Callable[[int], int]:
    return lambda number: number * number


def _uneven() -> Callable[[int], int]:
    def work(number: int) -> int:
        time.sleep(0.02 if number % 5 == 0 else 0)
        return number

    return work


def _slow_at_first() -> Callable[[int], int]:
    def work(number: int) -> int:
        time.sleep(0 if number else 0.3)
        return number

    return work


def _tells_what_it_is() -> Callable[[int], int]:
    return lambda _: is_worker()


def _refuses_seven() -> Callable[[int], int]:
    def work(number: int) -> int:
        if number == 7:
            raise InvalidInput("seven")
        return number

    return work


def _dies_at_seven() -> Callable[[int], int]:
    def work(number: int) -> int:
        if number == 7:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    return work


def _never_ready() -> Callable[[int], int]:
    raise InvalidInput("no snapshot")


@pytest.fixture
def workers() -> Iterator[Callable[..., Workers[int, int]]]:
    """Return what starts three workers; they are ended with the test."""
    made: list[Workers[int, int]] = []

    def make(prepare: Callable[[], Callable[[int], int]]) -> Workers[int, int]:
        made.append(Workers(3, prepare))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_results_come_in_the_order_of_the_work(workers):
    """Slow pieces hold their place, not the others."""
    assert list(workers(_uneven).map(range(60))) == list(range(60))


def test_nothing_is_left_out_where_all_wait_for_one_piece(workers):
    """The others have read ahead as far as they may, and go on when it is there."""
    assert list(workers(_slow_at_first).map(range(200))) == list(range(200))


def test_no_work_is_no_result(workers):
    """An empty list ends at once."""
    assert list(workers(_squares).map([])) == []


def test_workers_are_used_again(workers):
    """A second list finds the same processes."""
    pool = workers(_squares)

    assert (list(pool.map([2])), list(pool.map([3]))) == ([4], [9])


def test_a_worker_knows_what_it_is(workers):
    """It may leave alone what a process that lives on has to look after."""
    assert list(workers(_tells_what_it_is).map([1])) == [True]
    assert not is_worker()


def test_the_pieces_are_read_only_a_little_ahead(workers):
    """Memory does not grow with the list."""
    read: list[int] = []

    def source() -> Iterator[int]:
        for number in range(1_000):
            read.append(number)
            yield number

    results = workers(_squares).map(source())
    next(results)

    assert len(read) < 100


def test_an_error_of_ours_arrives_as_it_was_raised(workers):
    """The caller learns what is wrong, not only that something is."""
    with pytest.raises(InvalidInput, match="seven"):
        list(workers(_refuses_seven).map(range(20)))


def test_an_error_while_a_worker_gets_ready_arrives_too(workers):
    """A snapshot that cannot be opened says so."""
    with pytest.raises(InvalidInput, match="no snapshot"):
        list(workers(_never_ready).map(range(20)))


def test_a_killed_worker_ends_the_run(workers):
    """Results are never skipped."""
    with pytest.raises(Unavailable, match="worker process"):
        list(workers(_dies_at_seven).map(range(20)))


def test_a_helper_takes_one_piece_at_a_time(tmp_path):
    """What it is busy with need not be waited for before the next is offered."""
    busy = tmp_path / "busy"
    os.mkfifo(busy)  # who reads it waits until somebody writes
    with Helper() as helper:
        wait = helper.take(Path.read_bytes, busy)
        assert wait
        assert helper.take(abs, -1) is None
        busy.write_bytes(b"done")
        assert wait() == b"done"
        following = helper.take(abs, -1)
        assert following
        assert following() == 1


def test_a_helper_ends_with_the_process_that_it_helps():
    """Killed without warning: its output is closed once both are gone."""
    script = "from didban.screening.workers import Helper; import time; helper = Helper(); "
    script += "print(helper.take(abs, -1)(), flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as helped:
        assert helped.stdout is not None
        assert helped.stdout.readline() == b"1\n"

        helped.kill()

        rest, _ = helped.communicate(timeout=120)
        assert rest == b""
