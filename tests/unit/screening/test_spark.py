"""Spark in its local mode: a cluster of one machine, with the same parts."""

from __future__ import annotations

import operator
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from didban import clock
from didban.analysis.resolving import asking, job
from didban.errors import NotFound, Unavailable
from didban.guard.check_log import CheckLog
from didban.match.modes import Mode
from didban.match.snapshot import Snapshot
from didban.screening import batch
from didban.screening.check import Depth
from didban.screening.freshness import Limits, assess
from screening_help import LISTED, REASON, build_now
from specimens import crowd, person

pytest.importorskip("pyspark", reason="Spark is not installed: didban[spark]")
if "JAVA_HOME" not in os.environ and not shutil.which("java"):
    pytest.skip("there is no Java: see tools/find-java", allow_module_level=True)

from didban.screening.spark import Cluster

pytestmark = pytest.mark.slow

_MASTER = "local[2]"
_LIMITS = Limits(warn_after=timedelta(days=7), unknown_after=timedelta(days=30))


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a snapshot of two lists, which have one man in common."""
    folder = tmp_path_factory.mktemp("spark") / "lists"
    twice = [person(LISTED, id=f"{name}-1", datasets=(name,), birthDate="1970") for name in "ab"]
    return build_now(folder, [*twice, *crowd(120)])


@pytest.fixture
def cluster() -> Iterator[Cluster[int, int]]:
    """Return a cluster that multiplies by three."""
    made: Cluster[int, int] = Cluster(_MASTER, partial(partial, operator.mul, 3))
    yield made
    made.close()


def test_results_come_in_the_order_of_the_work(cluster: Cluster[int, int]):
    """Over several rounds, and for no work at all."""
    assert list(cluster.map(range(200))) == list(range(0, 600, 3))
    assert list(cluster.map([])) == []


def test_what_the_work_raises_arrives_as_it_is(tmp_path: Path):
    """A machine that lacks the snapshot says so, as it would here."""
    machines = Cluster(_MASTER, partial(asking.prepare, tmp_path / "nowhere", 0.0))
    try:
        with pytest.raises(NotFound, match="nowhere"):
            list(machines.map([["p1"]]))
    finally:
        machines.close()


def test_a_task_that_dies_ends_the_run():
    """Results are never skipped."""
    machines = Cluster(_MASTER, partial(partial, os._exit))
    try:
        with pytest.raises(Unavailable, match="Spark gave up"):
            list(machines.map([1]))
    finally:
        machines.close()


def test_screening_gives_the_same_bytes(listed: Path, tmp_path: Path):
    """Passengers are partitioned; each worker opens the snapshot where it is."""
    people = [*crowd(250), person(LISTED, id="q1")]
    for name, spark in (("here", None), ("there", _MASTER)):
        summary = batch.screen(
            people,
            batch.Job(
                snapshot=listed,
                output=tmp_path / name,
                depth=Depth(mode=Mode.BALANCED),
                spark=spark,
            ),
            log=CheckLog(tmp_path / "log"),
            reason=REASON,
            freshness=assess(Snapshot.open(listed).built_at, clock.now(), _LIMITS),
        )
        assert (summary.asked, summary.matched > 0) == (251, True)

    assert (tmp_path / "there").read_bytes() == (tmp_path / "here").read_bytes()


def test_resolving_gives_the_same_bytes(listed: Path, tmp_path: Path):
    """Pairs are found there and clustered here."""
    for name, spark in (("here", None), ("there", _MASTER)):
        (tmp_path / name).mkdir()
        work = job.Job(
            snapshot=listed,
            output=tmp_path / name / "out",
            pairs=tmp_path / name / "pairs",
            spark=spark,
        )
        assert job.resolve(work, log=CheckLog(tmp_path / "log"), reason=REASON).clusters > 0

    for file in ("out", "pairs"):
        assert (tmp_path / "there" / file).read_bytes() == (tmp_path / "here" / file).read_bytes()
