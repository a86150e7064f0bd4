"""`didban peer`: the other nodes that the node of this machine knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from didban.cli import given_files, node, options
from didban.cli.output import tell_rows

if TYPE_CHECKING:
    from didban.model.exchange.peers import Peer

app = typer.Typer(help="Other nodes: brought in, compared, pinned, suspended, removed.")

_Code = Annotated[str, typer.Argument(metavar="CODE", help="Of the node: `xbo`.")]


@app.command("add")
def add(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What `didban identity show --out` wrote there.")
    ],
    *,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Take in what another node says of itself. It gets nothing before it is pinned."""
    from didban import clock
    from didban.exchange import descriptors, peers

    with given_files.reading(file, given_files.INTRODUCTION):
        given = descriptors.from_file(file.read_bytes())
    with node.operating(data) as (tx, who, settings):
        peer = peers.propose(tx, who, given, settings.charter, clock.now())
    _tell(peer, as_json=as_json)
    if not as_json:
        print(f"\nHave an officer of '{peer.node}' read the words of that node. Then:")
        print(f'  didban peer pin {peer.node} --words "..."')


@app.command("pin")
def pin(
    code: _Code,
    *,
    words: Annotated[
        str, typer.Option(metavar="TEXT", help="The thirteen words, as the other side said them.")
    ],
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Speak with a node from now on: the words were compared, by voice or on paper."""
    from didban import clock
    from didban.exchange import peers

    with node.operating(data) as (tx, who, settings):
        peer = peers.pin(tx, who, code, words, settings.charter, clock.now())
    _tell(peer, as_json=as_json)


@app.command("agree")
def agree(code: _Code, *, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """Let a pinned node speak for the authorities that it names now."""
    from didban import clock
    from didban.exchange import peers

    with node.operating(data) as (tx, who, settings):
        peer = peers.agree(tx, who, code, settings.charter, clock.now())
    _tell(peer, as_json=as_json)


@app.command("suspend")
def suspend(code: _Code, *, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """Stop speaking with a node until it is pinned again."""
    from didban import clock
    from didban.exchange import peers

    with node.operating(data) as (tx, who, _):
        peer = peers.suspend(tx, who, code, clock.now())
    _tell(peer, as_json=as_json)


@app.command("remove")
def remove(code: _Code, *, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """Stop speaking with a node for good; it is told to destroy what it has of ours."""
    from didban import clock
    from didban.exchange import peers

    with node.operating(data) as (tx, who, _):
        count = peers.copies_at(tx, who, code)
        peer = peers.remove(tx, who, code, clock.now())
    _tell(peer, as_json=as_json, told_to_destroy=count)


@app.command("show")
def show(code: _Code, *, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """Show a node, and the words of its root key once they were compared."""
    from didban.exchange import peers

    with node.operating(data) as (tx, who, _):
        peer = peers.found(tx, who, code)
    _tell(peer, as_json=as_json)


@app.command("list")
def list_peers(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """List the nodes that are or were known."""
    from didban.exchange import peers

    with node.operating(data) as (tx, who, _):
        found = peers.listed(tx, who)
    tell_rows(
        [
            {
                "node": peer.node,
                "state": peer.state.value,
                "role": peer.descriptor.role.value,
                "version": str(peer.descriptor.version),
                "until": f"{peer.descriptor.expires_at:%Y-%m-%d}",
                "speaks for": ",".join(sorted(peer.authorities)),
            }
            for peer in found
        ],
        as_json=as_json,
    )


@app.command("evidence")
def evidence(
    code: _Code,
    *,
    close: Annotated[
        str | None, typer.Option(metavar="ID", help="Note that a person dealt with it. It stays.")
    ] = None,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """List the last hundred things that a node did and must not do, with what it signed (in JSON)."""
    from didban import clock
    from didban.exchange import peers

    with node.operating(data) as (tx, who, _):
        if close is not None:
            peers.close_evidence(tx, who, code, close, clock.now())
        found = peers.evidence_of(tx, who, code)
    if as_json:
        for one in found:
            told = {"id": one.id, "feed": one.feed, "fault": one.fault, "what": one.what}
            print(json.dumps({**told, "signed": [dict(each) for each in one.envelopes]}))
        return
    tell_rows(
        [
            {
                "id": one.id,
                "found": f"{one.found_at:%Y-%m-%d %H:%M}",
                "fault": one.fault,
                "feed": one.feed or "",
                "state": "closed" if one.closed_at else "open",
                "what": one.what,
            }
            for one in found
        ],
        as_json=False,
    )


def _tell(peer: Peer, *, as_json: bool, **more: int) -> None:
    from didban.exchange import peers, words
    from didban.model.exchange.peers import PeerState

    said = peer.descriptor
    told: dict[str, Any] = {
        "node": peer.node,
        "state": peer.state.value,
        "role": said.role.value,
        "version": said.version,
        "until": said.expires_at.isoformat(),
        "endpoints": list(said.endpoints),
        "speaks_for": sorted(peer.authorities),
        **more,
        "waiting": [one.code for one in peers.waiting(peer)],
        "contact": said.contact,
    }
    if peer.state is not PeerState.PROPOSED:  # until then they are heard, not read from its file
        told["words"] = " ".join(words.of(peer.node, said.root))
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"'{peer.node}' is {peer.state}: {said.role}, version {said.version}")
    if "told_to_destroy" in told:
        count = told["told_to_destroy"]
        print(f"it is told to destroy its copies of our records ({count} at most)")
        print("'didban exchange withdrawals' lists what it has not confirmed")
    for one in said.authorities:
        is_waiting = one.code in told["waiting"]
        print(f"  {one.code}: {one.name} ({one.kind}){', not agreed to yet' if is_waiting else ''}")
    print(f"stands until {said.expires_at:%Y-%m-%d}; is reached at {', '.join(said.endpoints)}")
    if "words" in told:
        print(f"\nThe words of its root key:\n\n{words.lines(peer.node, said.root)}")
