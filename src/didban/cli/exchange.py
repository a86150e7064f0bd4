"""`didban exchange`: the feeds of the node on this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli import node, options
from didban.cli.output import tell_rows
from didban.cli.root_key import PassphraseFile, RootKey, opened

if TYPE_CHECKING:
    from didban.model.exchange.feeds import Feed

app = typer.Typer(help="What this node publishes for others, and how it goes on.")


@app.callback()
def exchange() -> None:
    """Keep `recover` a command of its own, however many there are."""


@app.command("recover")
def recover(
    *,
    root_key: RootKey,
    feed: Annotated[
        str | None,
        typer.Option("--feed", metavar="ID", help="This feed alone [default: all that stopped]."),
    ] = None,
    last: Annotated[
        int | None,
        typer.Option(
            "--last",
            metavar="NUMBER",
            help="With --feed: the last entry that all readers hold [default: what they showed].",
        ),
    ] = None,
    passphrase_file: PassphraseFile = None,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Let feeds that forked or went back go on, in a new epoch that the root key signs.

    After this node was restored from a copy, or its key was stolen. What was published behind the
    last common entry does not count any more.
    """
    from didban import clock
    from didban.exchange import epochs

    root = opened(root_key, passphrase_file)
    with node.operating_parts(data) as (tx, who, parts):
        me = parts.ourselves.identity(tx)
        done = epochs.recover(tx, who, me, root, clock.now(), feed_id=feed, last=last)
    if as_json:
        print(json.dumps([_row(one) for one in done]))
    elif done:
        tell_rows([_row(one) for one in done], as_json=False)
        print("\nReaders go on by themselves, and records are said to them again.")
        print("What desks sent behind the last common entry is to be sent again.")
    else:
        print("No feed has stopped.")


def _row(feed: Feed) -> dict[str, str]:
    return {"feed": feed.id, "epoch": str(feed.epoch), "behind": str(feed.head_seq - 1)}
