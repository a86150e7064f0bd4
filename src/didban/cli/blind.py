"""`didban blind`: lists that other nodes may ask about without saying for whom."""

from __future__ import annotations

from typing import Annotated

import typer

from didban.cli import node, options
from didban.cli.output import tell_rows

app = typer.Typer(help="Lists that are asked about blind: offered by this node, and to it.")


@app.command("list")
def list_lists(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """List what is offered and held: how long, until when, of which epoch; never what it holds."""
    from didban import clock
    from didban.exchange.blind import overview

    with node.operating(data) as (tx, who, _):
        rows = overview.listed(tx, who, clock.now())
    shown = [
        {
            "list": f"{one.list} {'for' if one.is_ours else 'of'} {one.node}",
            "epoch": str(one.epoch),
            "until": one.ends_at.isoformat()[:16],
            "state": "in use" if one.is_usable else "not offered",
            "records": "" if one.records is None else str(one.records),
            "tags": str(one.tags),
            "false hits": f"{one.false_hits:.0e}",
        }
        for one in rows
    ]
    tell_rows(shown, as_json=as_json)


@app.command("renew")
def renew(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The node: `xbo`.")],
    *,
    data: node.DataFolder = None,
) -> None:
    """End the lists for a node and make them anew under another key: the old one may be known."""
    from didban import clock
    from didban.exchange.blind import offering
    from didban.node.ourselves import offering_of

    with node.operating_parts(data) as (tx, who, parts):
        offers = offering_of(parts.settings, parts.ourselves, parts.secrets)
        ended = offering.renew(tx, who, offers, code, clock.now())
    print(f"{ended} lists for {code} ended; the node makes them anew within seconds.")
