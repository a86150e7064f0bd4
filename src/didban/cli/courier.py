"""`didban export` and `didban import`: what nodes publish, as a file for a courier."""

from __future__ import annotations

import json
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from didban.cli import given_files, node, options
from didban.cli.output import counted
from didban.errors import InvalidFile, Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.model.actors import Actor
    from didban.node.exchange import Joined

_STDIN = Path("-")


def export(
    *,
    to: Annotated[str, typer.Option("--to", metavar="CODE", help="The node that it is for.")],
    since: Annotated[
        str | None,
        typer.Option(
            metavar="CURSOR",
            help="Begin here, as `didban import` printed it there; `start`: from the beginning"
            " [default: where that node said that it was].",
        ),
    ] = None,
    data: node.DataFolder = None,
) -> None:
    """Write what a node has not taken in yet to the standard output, as a file for a courier."""
    from didban import clock
    from didban.exchange import bundles

    behind = None if since is None else bundles.cursor_from(since)
    if sys.stdout.isatty():
        raise InvalidFile("the file is not for a terminal: didban export --to CODE > FILE")
    with _acting(data) as (joined, who):
        me, database = joined.exchange.me, joined.parts.database
        for line in bundles.write(database, who, me, to, clock.now(), since=behind):
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


def take_in(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What the other node wrote; `-`: standard input.")
    ],
    *,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Take in the file of another node, and print the cursor behind which its next one may begin."""
    from didban import clock
    from didban.exchange import bundles
    from didban.node.exchange import handlers_of

    with _acting(data) as (joined, who):
        me, database = joined.exchange.me, joined.parts.database
        with _opened(file) as opened:
            found = bundles.take_in(
                database, who, me, _lines(opened), handlers_of(joined), clock.now()
            )
        if as_json:
            told = {"node": found.node, "entries": found.entries, "cursor": found.cursor}
            print(json.dumps(told))
        else:
            print(f"{counted(found.entries, 'new entry', 'new entries')} of '{found.node}'")
            print(f"cursor: {found.cursor}")


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """Give the file, or standard input; one of another kind is named. Raises InvalidFile."""
    if file == _STDIN:
        yield sys.stdin.buffer
        return
    if given_files.kind_of(file) != given_files.COURIER:
        with given_files.reading(file, given_files.COURIER):
            raise Malformed("it does not begin with a signed envelope")
    with file.open("rb") as opened:
        yield opened


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file, none of them longer than the protocol allows."""
    from didban.exchange import bundles

    while line := file.readline(bundles.MAX_LINE + 1):
        yield line


@contextmanager
def _acting(data: Path | None) -> Iterator[tuple[Joined, Actor]]:
    """Give the exchange of the node on this machine, and its operator."""
    from didban.guard import users
    from didban.node import parts as building
    from didban.node.exchange import join
    from didban.screening.live import LiveIndex

    with closing(node.parts_of(data)) as built:
        parts, row = building.opened(built)
        unopened = LiveIndex(parts.database, parts.places.index)  # it follows the bank by itself
        yield join(parts, unopened), users.operator(node.who_runs_this(), row.host)
