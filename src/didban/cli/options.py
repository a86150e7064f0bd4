"""Options that several commands share: declared once, so that they mean the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban.errors import InvalidInput

if TYPE_CHECKING:
    from didban.settings import Settings

_WHY = "Why it is asked"

Purpose = Annotated[
    str | None,
    typer.Option(
        "--purpose",
        metavar="CODE",
        help=f"{_WHY}, as a code; an unknown one lists them all. Or DIDBAN_PURPOSE, or settings.",
    ),
]
Reference = Annotated[
    str | None,
    typer.Option(
        "--reference",
        metavar="TEXT",
        help="The case or post that asks. Or DIDBAN_REFERENCE, or settings.",
    ),
]
Snapshot = Annotated[
    Path | None,
    typer.Option("--snapshot", metavar="FOLDER", help="What `didban lists build` made."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]
ModeName = Annotated[
    str | None,
    typer.Option("--mode", metavar="MODE", help="border, balanced or thorough [default: balanced]"),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        min=1,
        max=500,
        metavar="N",
        help="The most results of one query [default: 5]",
    ),
]
Threshold = Annotated[
    float | None,
    typer.Option(
        "--threshold",
        metavar="SCORE",
        min=0.0,
        max=1.0,
        help="Write results from this score on [default: the mode's]; 0 writes every candidate.",
    ),
]


def snapshot_path(given: Path | None, settings: Settings) -> Path:
    """Return the snapshot to use, or say how to name one."""
    path = given or settings.snapshot
    if path is None:
        raise InvalidInput("no snapshot: give --snapshot FOLDER, or set `snapshot` in didban.toml")
    return path
