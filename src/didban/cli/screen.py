"""`didban screen`: a whole list of people against the snapshot."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli import options
from didban.cli.exits import Exit
from didban.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.intake.rejects import Rejects
    from didban.screening.batch import Summary
    from didban.screening.freshness import Freshness


def screen(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT", help="People to screen: JSON lines, CSV or PAXLST; may be .gz."
        ),
    ],
    *,
    output: Annotated[
        Path, typer.Option(metavar="OUT.jsonl", help="One line of answer for each person.")
    ],
    snapshot: options.Snapshot = None,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write refused rows here, as JSON lines."),
    ] = None,
    mode: options.ModeName = None,
    limit: options.Limit = None,
    threshold: options.Threshold = None,
    workers: options.Workers = None,
    spark: options.Spark = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on after the last whole line of OUT.")
    ] = False,
    purpose: options.Purpose = None,
    reference: options.Reference = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Screen a whole list of people.

    The answers come in the order of the file, one JSON line each.

    Ends with 0 when nobody is like anybody listed, 10 when somebody is, 20 when the data is too
    old to say, 4 when rows were refused and nobody else matched.
    """
    from didban.cli.age_words import incomplete_in_words
    from didban.cli.given_files import refuse_unusable
    from didban.cli.occasion import depth_of, occasion
    from didban.cli.progress import Progress
    from didban.intake.queries import read_queries
    from didban.intake.rejects import Rejects
    from didban.screening import batch
    from didban.screening.workers import cores

    _refuse_one_file_twice(source, output, rejects)
    run = occasion("screen", snapshot, purpose, reference)
    refuse_unusable(run.snapshot, output, rejects)
    job = batch.Job(
        snapshot=run.snapshot,
        output=output,
        depth=depth_of(run.settings, mode, limit, threshold),
        workers=workers or run.settings.screening.workers or cores(),
        spark=spark,
        resume=resume,
    )
    shown = Progress("screened", total=estimated_count(source))
    with Rejects(rejects) as refused, _resumable():
        summary = batch.screen(
            read_queries(source, refused),
            job,
            log=run.log,
            reason=run.reason,
            freshness=run.freshness(),
            progress=lambda s: shown.step(s.asked, f"{s.matched:,} possible matches"),
        )
    shown.clear()
    freshness = run.freshness()
    if freshness.is_expired:  # it may have passed its limit while a long list was screened
        print("didban: the snapshot passed its hard limit during the run", file=sys.stderr)
        code = Exit.UNKNOWN
    elif summary.matched:
        code = Exit.POSSIBLE_MATCH
    else:
        code = Exit.REJECTS if refused.refused.total() else Exit.DONE
    print(
        _json(summary, refused, freshness)
        if as_json
        else "\n".join([*_words(summary, refused, output), *incomplete_in_words(freshness)])
    )
    sys.exit(code)


@contextlib.contextmanager
def _resumable() -> Iterator[None]:
    """Say after Ctrl-C that nothing is lost."""
    try:
        yield
    except KeyboardInterrupt:
        print("\ndidban: what is written is whole; --resume goes on after it", file=sys.stderr)
        raise


def _refuse_one_file_twice(source: Path, output: Path, rejects: Path | None) -> None:
    """Keep a slip of the hand from writing answers over the list that is being read."""
    paths = [path.resolve() for path in (source, output, rejects) if path is not None]
    if len(set(paths)) < len(paths):
        raise InvalidInput("INPUT, --output and --rejects must be different files")


def estimated_count(source: Path) -> int | None:
    """Return about how many people a plain file of lines holds; None where that is not quick."""
    if source.suffix.lower() not in {".jsonl", ".json", ".csv", ".tsv"}:
        return None
    with contextlib.suppress(OSError), source.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) or None
    return None


def _words(summary: Summary, refused: Rejects, output: Path) -> list[str]:
    from didban.cli.output import counted

    counts = f"{summary.asked:,} screened, {summary.matched:,} with a possible match"
    rows = counted(refused.refused.total(), "row", "rows")
    lines = [f"{counts}, {rows} refused. Answers: {output}"]
    if summary.resumed_after:
        lines.append(f"The first {summary.resumed_after:,} were there from an earlier run.")
    if first := refused.first:
        place = "" if first.line is None else f"line {first.line}: "
        lines.append("What was refused was NOT screened; --rejects FILE tells why.")
        lines.append(f"The first: {place}{first.reason}.")
    if refused.cut:
        lines.append("The input BREAKS OFF: who stands behind the break was NOT screened.")
    if refused.noted.total():
        notes = counted(refused.noted.total(), "time", "times")
        lines.append(
            f"Something was odd {notes}, and screened as it is; --rejects FILE tells what."
        )
    if summary.matched:
        lines.append("A possible match is a reason to look, never a decision: a person decides.")
    return lines


def _json(summary: Summary, refused: Rejects, freshness: Freshness) -> str:
    import json

    from didban.screening.freshness import incomplete_json

    return json.dumps(
        {
            "asked": summary.asked,
            "matched": summary.matched,
            "results": summary.results,
            "rejects": refused.refused.total(),
            "notes": refused.noted.total(),
            "breaks_off": bool(refused.cut),
            "resumed_after": summary.resumed_after,
            "incomplete": incomplete_json(freshness),
        }
    )
