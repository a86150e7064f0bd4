"""`didban resolve`: who is on several lists, as proposals for a reviewer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli import options
from didban.errors import InvalidInput

if TYPE_CHECKING:
    from didban.analysis.resolving.job import Summary


def resolve(
    snapshot: Annotated[
        Path, typer.Argument(metavar="SNAPSHOT", help="What `didban lists build` made.")
    ],
    *,
    output: Annotated[
        Path,
        typer.Option(
            metavar="OUT.jsonl", help="One line for each person or thing with several records."
        ),
    ],
    pairs: Annotated[
        Path | None,
        typer.Option(
            metavar="PAIRS.jsonl", help="Write the pairs here, most likely first, each explained."
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            metavar="SCORE",
            min=0.1,
            max=0.9999,
            help="The score from which on records are proposed as one [default: 0.7]",
        ),
    ] = None,
    within_lists: Annotated[
        bool,
        typer.Option(
            "--within-lists", help="Join records of one list too: it may hold somebody twice."
        ),
    ] = False,
    workers: options.Workers = None,
    spark: options.Spark = None,
    purpose: options.Purpose = None,
    reference: options.Reference = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Find the same person or organisation across lists.

    Each record of the snapshot is asked of the snapshot. What belongs together is proposed, for a human to judge; nothing is merged.
    """
    from didban.analysis.resolving import job
    from didban.cli.age_words import incomplete_in_words
    from didban.cli.given_files import refuse_unusable
    from didban.cli.occasion import occasion
    from didban.cli.progress import Progress
    from didban.match.modes import Mode
    from didban.screening.workers import cores

    if pairs is not None and pairs.resolve() == output.resolve():
        raise InvalidInput("--output and --pairs must be different files")
    run = occasion("resolve", snapshot, purpose, reference)
    refuse_unusable(run.snapshot, output, pairs)
    shown = Progress("asked")
    summary = job.resolve(
        job.Job(
            snapshot=run.snapshot,
            output=output,
            pairs=pairs,
            threshold=threshold or Mode.BALANCED.threshold,
            within_lists=within_lists,
            workers=workers or run.settings.screening.workers or cores(),
            spark=spark,
        ),
        log=run.log,
        reason=run.reason,
        progress=lambda s: shown.step(s.asked, f"{s.pairs:,} pairs"),
    )
    shown.clear()
    freshness = run.freshness()
    if freshness.is_expired:
        print("didban: the lists are older than their hard limit", file=sys.stderr)
    print(
        _json(summary)
        if as_json
        else "\n".join([*_words(summary, output), *incomplete_in_words(freshness)])
    )


def _words(summary: Summary, output: Path) -> list[str]:
    from didban.cli.output import counted

    clusters = counted(summary.clusters, "cluster", "clusters")
    pairs = counted(summary.pairs, "pair", "pairs")
    lines = [
        f"{summary.asked:,} records asked: {pairs}; {clusters} of {summary.members:,}. {output}"
    ]
    if summary.pairs:
        lines.append("A cluster is a proposal, never a decision: a person judges it.")
    return lines


def _json(summary: Summary) -> str:
    import json
    from dataclasses import asdict

    return json.dumps(asdict(summary))
