"""Resolving a snapshot: who is listed more than once, as files of proposals for a reviewer.

    records ── pieces ──> pairs that may be one ── clusters that hold as a whole ──> OUT, PAIRS

- Nothing is merged: what a human judges of a proposal is kept in person files.
- Both files are there whole or not at all, and hold the same bytes whoever did the work.
- The run leaves one entry in the check log (`didban.guard.check_log`).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from didban.analysis.resolving import asking
from didban.analysis.resolving.clusters import Cluster, Rules, cluster
from didban.guard.entries import Outcome
from didban.match.kinds import Kind, kind_of
from didban.match.modes import Mode
from didban.match.scoring import score_of
from didban.match.snapshot import Snapshot
from didban.screening.output_file import write_whole
from didban.screening.spreading import spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from didban.analysis.resolving.asking import Found
    from didban.analysis.resolving.clusters import Pair
    from didban.guard.check_log import CheckLog, Run
    from didban.guard.reasons import Reason

PIECE: Final = 100
"""Records handed to a worker at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to resolve, how, and where it is worked on.

    - `output`, `pairs`: where the clusters go, and the explained pairs if they are wanted.
    - `threshold`: the score (above 0, below 1) from which on a pair is shown and clusters are joined. Scores
      are calibrated: 0.7, from which on a match is worth a look everywhere else, is so here too.
    - `within_lists`: whether a list may name a person twice.
    - `workers`, `spark`: see `spreading.spread`.
    """

    snapshot: Path
    output: Path
    pairs: Path | None = None
    threshold: float = Mode.BALANCED.threshold
    within_lists: bool = False
    workers: int = 1
    spark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a run went, or how it goes: records asked, pairs and clusters proposed."""

    asked: int = 0
    pairs: int = 0
    clusters: int = 0
    members: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What was found: the clusters, and the pairs by falling score."""

    clusters: list[Cluster]
    pairs: list[Found]


def resolve(
    job: Job,
    *,
    log: CheckLog,
    reason: Reason,
    progress: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Resolve a snapshot into files and return the summary. Raises Unavailable as `spread` does."""
    with Snapshot.open(job.snapshot) as snapshot:
        run = log.begin(reason, command="resolve", snapshot=snapshot.built_at.isoformat())
    outcome = Outcome.FAILED
    try:
        summary = _resolve(job, run, progress)
        outcome = Outcome.DONE
    except KeyboardInterrupt:
        outcome = Outcome.INTERRUPTED
        raise
    finally:
        run.end(outcome)
    return summary


def _resolve(job: Job, run: Run, progress: Callable[[Summary], None]) -> Summary:
    summary = Summary()

    def step(asked: int, pairs: int) -> None:
        nonlocal summary
        summary = Summary(asked=asked, pairs=pairs)
        run.update(asked=asked, matched=pairs)
        progress(summary)

    found = find(job, step)
    # First the pairs: where the clusters are, their reasons are.
    if job.pairs is not None:
        write_whole(job.pairs, _pair_lines(found))
    write_whole(job.output, map(_cluster_line, found.clusters))
    return replace(
        summary,
        pairs=len(found.pairs),
        clusters=len(found.clusters),
        members=sum(len(each.members) for each in found.clusters),
    )


def find(job: Job, step: Callable[[int, int], None] = lambda *_: None) -> Resolution:
    """Return what belongs together in a snapshot, without writing anything.

    `step` is told how many records have been asked and how many pairs are known.
    """
    with Snapshot.open(job.snapshot) as snapshot:
        lists = {
            r.id: r.datasets for r in snapshot.records() if kind_of(r.schema) is not Kind.OTHER
        }
        unseen = snapshot.prior
    join_from = math.log(job.threshold / (1 - job.threshold))
    pieces = list(_pieces(lists))
    prepare = partial(asking.prepare, job.snapshot, join_from)
    pairs: dict[Pair, Found] = {}
    asked = 0
    for piece, found in zip(
        pieces, spread(pieces, prepare, workers=job.workers, spark=job.spark), strict=True
    ):
        for one in found:
            _keep(pairs, one)
        asked += len(piece)
        step(asked, len(pairs))
    rules = Rules(join_from=join_from, unseen=unseen, within_lists=job.within_lists)
    clusters = cluster({pair: one.log_odds for pair, one in pairs.items()}, lists, rules)
    shown = [one for one in pairs.values() if one.log_odds >= join_from]
    shown.sort(key=lambda one: (-score_of(one.log_odds), one.pair))
    return Resolution(clusters=clusters, pairs=shown)


def _keep(pairs: dict[Pair, Found], found: Found) -> None:
    """Keep the less sure one of the two answers about a pair: both records were asked."""
    known = pairs.get(found.pair)
    if known is None or (found.log_odds, found.query) < (known.log_odds, known.query):
        pairs[found.pair] = found


def _pieces(ids: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(ids)
    while piece := list(islice(remaining, PIECE)):
        yield piece


def _cluster_line(found: Cluster) -> str:
    score = score_of(found.log_odds)
    return json.dumps({"cluster": found.id, "members": found.members, "score": score})


def _pair_lines(found: Resolution) -> Iterator[str]:
    """Yield each pair, with the cluster that both are in."""
    cluster_of = {member: each.id for each in found.clusters for member in each.members}
    for pair in found.pairs:
        one, other = (cluster_of.get(record_id) for record_id in pair.pair)
        together = one if one == other else None
        shown = {**json.loads(pair.line), "cluster": together}
        yield json.dumps(shown, ensure_ascii=False)
