"""Whole lists worked on by processes here and by Spark's local mode: how long, and equal or not.

    python -m benchmarks spark

Spark needs Java. On one machine it cannot be quicker; the figure says what it costs.
"""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import crowds, real_lists
from benchmarks.figures import Table
from benchmarks.snapshots import build
from didban.analysis.resolving import job
from didban.clock import now
from didban.guard.check_log import CheckLog
from didban.guard.reasons import Reason
from didban.match.modes import Mode
from didban.model.purposes import Purpose
from didban.screening import batch
from didban.screening.check import Depth
from didban.screening.freshness import Limits, assess
from didban.screening.workers import cores

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTS = ("ofac-sdn", "un-sc", "uk-ofsi")
_PASSENGERS = 10_000
_REASON = Reason(who="benchmark", purpose=Purpose.QUALITY_TEST, reference="benchmark")
_LIMITS = Limits(warn_after=timedelta(days=7), unknown_after=timedelta(days=30))


def measure() -> Iterator[Table]:
    """Do the same work in both ways and compare the bytes."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = build(folder / "lists", real_lists.records(_LISTS))
        for what, work in (("resolving", _resolve), ("screening", _screen)):
            seconds, written = [], []
            for spark in (None, f"local[{cores()}]"):
                started = time.perf_counter()
                written.append(work(path, folder / "out", spark))
                seconds.append(f"{time.perf_counter() - started:.0f} s")
            rows.append((what, *seconds, "yes" if written[0] == written[1] else "NO"))
    yield Table(
        name="spark",
        command="python -m benchmarks spark",
        columns=("work", f"{cores()} processes", f"Spark, local[{cores()}]", "the same bytes"),
        rows=tuple(rows),
        note="Resolving: OFAC, UN and UK, clusters and pairs. Screening: "
        f"{_PASSENGERS:,} ordinary people of the world against them. With the start of Spark.",
    )


def _resolve(snapshot: Path, out: Path, spark: str | None) -> bytes:
    pairs = out.with_suffix(".pairs")
    work = job.Job(snapshot=snapshot, output=out, pairs=pairs, workers=cores(), spark=spark)
    job.resolve(work, log=CheckLog(out.with_suffix(".log")), reason=_REASON)
    return out.read_bytes() + pairs.read_bytes()


def _screen(snapshot: Path, out: Path, spark: str | None) -> bytes:
    depth = Depth(mode=Mode.BALANCED, threshold=0.0)
    batch.screen(
        crowds.ordinary(_PASSENGERS),
        batch.Job(snapshot=snapshot, output=out, depth=depth, workers=cores(), spark=spark),
        log=CheckLog(out.with_suffix(".log")),
        reason=_REASON,
        freshness=assess(now(), now(), _LIMITS),
    )
    return out.read_bytes()
