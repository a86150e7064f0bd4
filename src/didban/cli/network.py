"""`didban network`: how it stands with the other nodes."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from didban.cli import node, options
from didban.cli.output import span, tell_rows

if TYPE_CHECKING:
    from didban.model.exchange.standing import NetworkStatus, Standing

app = typer.Typer(help="How it stands with the other nodes.")


@app.callback()
def _network() -> None:
    """How it stands with the other nodes."""


@app.command("status")
def status(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """Say of each node when it was heard, what is still to come, and what needs somebody's hand."""
    from contextlib import closing

    from didban import clock
    from didban.exchange import network
    from didban.guard import users
    from didban.node import parts as building

    with closing(node.parts_of(data)) as built:
        parts, row = building.opened(built)
        who = users.operator(node.who_runs_this(), row.host)
        with parts.database.begin() as tx:
            found = network.status(tx, who, parts.secrets, clock.now())
    if as_json:
        print(json.dumps(asdict(found), default=_text))
        return
    tell_rows([_row(found, one) for one in found.nodes], as_json=False)
    for remark in remarks(found):
        print(remark)


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _row(found: NetworkStatus, one: Standing) -> dict[str, str]:
    return {
        "node": one.node,
        "state": str(one.state),
        "heard": _ago(found.at, one.heard_at),
        "called": _ago(found.at, one.called_at),
        "to come": f"{one.to_come:,}",
        "owed": f"{one.owed:,}" + (f" ({_ago(found.at, one.owed_since)})" if one.owed else ""),
        "clock": "-" if one.skew_seconds is None else f"{one.skew_seconds:+.1f} s",
        "keys end": "-" if one.ends_at is None else f"{one.ends_at:%Y-%m-%d}",
        "witnessed": _ago(found.at, one.witnessed_at),
        "evidence": str(one.evidence),
    }


def _ago(now: datetime, moment: datetime | None) -> str:
    return "never" if moment is None else span(now - moment)


_NEXT = {
    "unanswered": "is it up ('didban status' there)? does the address in 'didban peer show {node}'"
    " hold? has it pinned this node ('didban peer list' there)?",
    "expired": "its descriptor ran out: 'didban identity renew' there",
    "replayed": "the clocks of the two nodes differ: both compare theirs with a time server",
}
_ASK_THEM = "ask its duty officer, whom 'didban peer show {node}' names"


def remarks(found: NetworkStatus) -> list[str]:
    """Return what somebody has to do, a line each."""
    told: list[Any] = []
    for one in found.nodes:
        if one.failures and one.fault:
            told.append(f"{one.node}: {one.failures:,} calls failed in a row ({one.fault})")
            told.append(f"  {_NEXT.get(one.fault, _ASK_THEM).format(node=one.node)}")
        elif one.heard_at is None and str(one.state) == "pinned":
            told.append(f"{one.node}: nothing came of it yet; it is asked while this node is up")
        told += [
            f"{one.node}: feed {feed} is stopped: it needs a new epoch" for feed in one.stopped
        ]
        if one.evidence:
            told.append(f"{one.node}: see 'didban peer evidence {one.node}'")
        if one.witness_fault:
            told.append(f"{one.node}: refuses our audit log ({one.witness_fault})")
    told += [f"our feed {feed} is stopped: 'didban exchange recover'" for feed in found.own_stopped]
    return told
