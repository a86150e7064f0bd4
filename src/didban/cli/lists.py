"""`didban lists`: official files into a snapshot; what is in it; what changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import typer

from didban.cli import options
from didban.cli.exits import Exit
from didban.errors import InvalidInput

if TYPE_CHECKING:
    from didban.intake.readers.base import Source
    from didban.intake.rejects import Rejects
    from didban.screening.build import Report

app = typer.Typer(help="Build, update, show and compare snapshots of lists.")

_Sources = Annotated[
    list[str],
    typer.Option(
        "--source",
        metavar="KIND=PATH",
        help="An official file or folder; repeats. Kinds: un-sc, ofac-sdn, us-csl, uk-ofsi, eu-fsf,"
        " stolen-documents, ftm:NAME, csv:NAME.",
    ),
]
_Mappings = Annotated[
    list[str] | None,
    typer.Option(
        "--mapping", metavar="NAME=FILE", help="How to read the source csv:NAME (TOML); repeats."
    ),
]
_RejectsFile = Annotated[
    Path | None,
    typer.Option("--rejects", metavar="FILE", help="Write refused rows here, as JSON lines."),
]


@app.command("build")
def build_command(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to make.")],
    source: _Sources,
    *,
    mapping: _Mappings = None,
    rejects: _RejectsFile = None,
    as_json: options.Json = False,
) -> None:
    """Make a snapshot of official files; one that was there is replaced in one step."""
    from didban import clock
    from didban.intake.rejects import Rejects
    from didban.screening.build import build
    from didban.screening.sources import read_sources

    sources = read_sources(source, mapping or [])
    _refuse_to_write_over(sources, rejects)
    with Rejects(rejects) as refused, _Progress() as progress:
        report = build(out, sources, rejects=refused, now=clock.now(), progress=progress)
    _tell(report, out, refused, as_json=as_json)


@app.command("update")
def update_command(
    snapshot: Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="The snapshot's folder.")],
    source: _Sources,
    *,
    mapping: _Mappings = None,
    rejects: _RejectsFile = None,
    allow_withdrawals: Annotated[
        bool,
        typer.Option(
            "--allow-withdrawals",
            help="Withdraw what a publication does not name, even if it breaks off or if rows of"
            " it were refused.",
        ),
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Bring datasets of a snapshot up to date: a new publication, or a delta, without a rebuild."""
    from didban import clock
    from didban.intake.rejects import Rejects
    from didban.screening.build import update
    from didban.screening.sources import read_sources

    sources = read_sources(source, mapping or [])
    _refuse_to_write_over(sources, rejects)
    with Rejects(rejects) as refused, _Progress() as progress:
        report = update(
            snapshot,
            sources,
            rejects=refused,
            now=clock.now(),
            progress=progress,
            allow_withdrawals=allow_withdrawals,
        )
    _tell(report, snapshot, refused, as_json=as_json)


@app.command("show")
def show_command(
    snapshot: Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="The snapshot's folder.")],
    *,
    verify: Annotated[bool, typer.Option(help="Also compare every file with its digest.")] = False,
    as_json: options.Json = False,
) -> None:
    """Tell which lists are in a snapshot, how old they are, and how well they describe people."""
    from didban import clock, settings
    from didban.cli.list_words import in_words
    from didban.match.snapshot import Snapshot
    from didban.screening.freshness import assess
    from didban.screening.lists import describe
    from didban.screening.screener import limits_of

    opened = Snapshot.open(snapshot)
    if verify:
        opened.verify()
    limits = limits_of(settings.load())
    freshness = assess(opened.built_at, clock.now(), limits, opened.datasets)
    if as_json:
        print(json.dumps(describe(opened, freshness), ensure_ascii=False, indent=2))
    else:
        print(in_words(opened, freshness))
        if verify:
            print("\nEvery file is what was built.")


@app.command("diff")
def diff_command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The older snapshot.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The newer snapshot.")],
    *,
    as_json: options.Json = False,
) -> None:
    """Tell what was listed, delisted and changed between two snapshots, per dataset."""
    from didban.cli.list_words import difference_in_words
    from didban.match.snapshot import Snapshot
    from didban.screening.lists import compare

    found = compare(Snapshot.open(old), Snapshot.open(new))
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print(difference_in_words(found))


def _refuse_to_write_over(sources: list[Source], rejects: Path | None) -> None:
    """Keep a slip of the hand from emptying the list, or its mapping, that is about to be read."""
    if rejects is None:
        return
    target = rejects.resolve()
    read = [path.resolve() for s in sources for path in (s.path, s.mapping) if path is not None]
    if any(target == path or (path.is_dir() and target in path.iterdir()) for path in read):
        raise InvalidInput(f"--rejects {rejects} would be written over what --source reads")


def _tell(report: Report, out: Path, rejects: Rejects, *, as_json: bool) -> None:
    """Say what was made, and leave with 4 if rows were refused or a file breaks off."""
    from didban.cli.list_words import report_in_words
    from didban.screening.lists import report_json

    if as_json:
        print(json.dumps(report_json(report, rejects), ensure_ascii=False, indent=2))
    else:
        print(report_in_words(report, out, rejects))
    sys.exit(Exit.REJECTS if rejects.refused.total() or rejects.cut else Exit.DONE)


class _Progress:
    """Shows how many records of the dataset at hand were read; a line of its own for each."""

    def __init__(self) -> None:
        from didban.cli.progress import Progress

        self._make = Progress
        self._name = ""
        self._shown: Progress | None = None

    def __call__(self, name: str, count: int) -> None:
        if name != self._name:
            self.__exit__()
            self._name = name
            self._shown = self._make(f"reading {name}")
        if self._shown is not None:
            self._shown.step(count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown is not None:
            self._shown.clear()
