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
    """Look after feeds and shared records."""


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


@app.command("withdrawals")
def withdrawals(
    *,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="So many at most.")
    ] = 100,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """List which nodes were told to let go of records and have not confirmed it, the oldest first."""
    from didban.exchange.records import withdrawals as service

    with node.operating(data) as (tx, who, _):
        found = service.unconfirmed(tx, who, limit=limit)
    rows = [
        {
            "node": one.node,
            "record": one.record or "(all of the feed)",
            "reason": one.reason.value,
            "asked": one.asked_at.isoformat(timespec="seconds"),
            "feed": one.feed,
        }
        for one in found
    ]
    tell_rows(rows, as_json=as_json)


@app.command("inventory")
def inventory(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """Show how many records each feed holds: of ours at other nodes, and of theirs here."""
    from didban import clock
    from didban.exchange.records import overview

    with node.operating(data) as (tx, who, _):
        found = overview.inventory(tx, who, clock.now())
    rows = [
        {
            "node": one.node,
            "feed": one.feed,
            "records": str(one.count),
            "readers": ", ".join(one.readers) if one.is_ours else "(this node)",
            "state": "being mended" if one.has_drifted else "good",
        }
        for one in found
    ]
    tell_rows(rows, as_json=as_json)


def _row(feed: Feed) -> dict[str, str]:
    return {"feed": feed.id, "epoch": str(feed.epoch), "behind": str(feed.head_seq - 1)}
