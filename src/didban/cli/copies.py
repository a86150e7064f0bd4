"""`didban backup` and `didban restore`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from didban.cli import node, options


def backup(
    target: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder for it.")],
    *,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Write a backup of the bank; the node may be running.

    It holds everything in clear: encrypt it, keep it apart from the secrets, and destroy it in its time.
    """
    parts = node.parts_of(data)
    from didban.node.copies import back_up

    made = back_up(parts, target, operator=node.who_runs_this())
    parts.close()
    told = {"folder": str(target), "bytes": made.size, "sha256": made.sha256}
    words = "{folder}: {bytes:,} bytes, SHA-256 {sha256}".format(**told)
    print(json.dumps(told) if as_json else words)


def restore(
    source: Annotated[Path, typer.Argument(metavar="FOLDER", help="What `didban backup` wrote.")],
    *,
    erased: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The list of what was erased, `erased.jsonl` of the node that was lost"
            " [default: the one in the data folder].",
        ),
    ] = None,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Make a node of a backup, in a new place.

    Put the secrets back first. What was erased since the backup is erased again before the node can be opened.
    """
    parts = node.parts_of(data)
    from didban.node.copies import restore as put_back

    about, count = put_back(
        parts, source, erased or parts.places.erased, operator=node.who_runs_this()
    )
    parts.close()
    told = {
        "data": str(parts.places.root),
        "authority": about.node.host,
        "made_at": about.made_at.isoformat(),
        "erased_again": count,
    }
    words = (
        "The node of '{authority}' is back as of {made_at}, in {data}; {erased_again} records were"
        " erased again.\nNext: {up}"
    )
    print(json.dumps(told) if as_json else words.format(**told, up=node.up_again(data)))
