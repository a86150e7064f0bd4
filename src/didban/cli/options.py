"""Options that several commands share: declared once, so that they mean the same everywhere."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban.errors import InvalidInput

if TYPE_CHECKING:
    from didban.settings import Settings

_WHY = "Why it is asked"
_STANDARD_INPUT = "-"

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

Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, max=256, metavar="N", help="Processes [default: one for each core]"
    ),
]
Spark = Annotated[
    str | None,
    typer.Option(
        "--spark",
        metavar="MASTER",
        help="Work on a Spark cluster instead: spark://HOST:PORT, yarn, local[*] (didban[spark]).",
    ),
]


def snapshot_path(given: Path | None, settings: Settings) -> Path:
    """Return the snapshot to use, or say how to name one."""
    path = given or settings.snapshot
    if path is None:
        raise InvalidInput("no snapshot: give --snapshot FOLDER, or set `snapshot` in didban.toml")
    return path


def zone_text(given: str) -> str:
    """Return the text of a zone as it was given, or for `-` what a scanner types.

    Bytes that are no text do no harm. One character more than a zone's text may have is read, so
    that too long a text is refused and not cut in silence.
    """
    if given != _STANDARD_INPUT:
        return given
    from didban.model.mrz.zones import MAX_CHARACTERS

    if not isinstance(sys.stdin, io.TextIOWrapper):
        return sys.stdin.read(MAX_CHARACTERS + 1)
    # UTF-8 has at most four bytes a character.
    raw: bytes = sys.stdin.buffer.read(MAX_CHARACTERS * 4 + 1)
    return raw.decode("utf-8", errors="replace")
