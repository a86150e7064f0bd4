"""Asking other nodes whether they have a record, in clear or blind, from a terminal."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any

import typer

from didban.cli import options
from didban.cli.desk import client
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile
from didban.cli.output import table
from didban.errors import InvalidInput

app = typer.Typer(help="Ask other nodes whether they have a record (hit or no hit).")

_Node = Annotated[
    list[str] | None,
    typer.Option("--node", metavar="CODE", help="Which node; may be repeated [default: all]."),
]
_Blind = Annotated[
    bool, typer.Option("--blind", help="Without telling about whom, in the lists they offer.")
]
_Protection = Annotated[
    bool | None,
    typer.Option(
        "--seeks-protection/--no-protection",
        help="Whether the person claims protection, has refugee papers, or there is doubt about"
        " record or owner: such a person is asked about blind only.",
    ),
]
_LOOK_AGAIN = 0.25  # seconds
_PATIENCE = 90.0  # longer than any node waits for others


@app.command("document")
def document(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="As it is printed.")],
    *,
    issuer: Annotated[str, typer.Option(metavar="STATE", help="Who issued it.")],
    seeks_protection: _Protection = None,
    blind: _Blind = False,
    node: _Node = None,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Ask about a document, by number and state alone."""
    asked = {"documents": [{"number": number, "issuer": issuer}]}
    _ask(session, asked, node, blind=blind, gate=seeks_protection, as_json=as_json)


@app.command("person")
def person(
    name: Annotated[str, typer.Argument(metavar="NAME", help="In any script.")],
    *,
    born: Annotated[str, typer.Option(metavar="DATE", help="1971-05-02, or 1971.")],
    nationality: Annotated[str, typer.Option(metavar="STATE", help="Code or name.")] = "",
    sex: Annotated[str, typer.Option(metavar="SEX", help="M, F or X.")] = "",
    seeks_protection: _Protection = None,
    blind: _Blind = False,
    node: _Node = None,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Ask about a person, by name and birth date."""
    given = {"name": name, "birth_date": born, "nationality": nationality, "sex": sex}
    asked = {"persons": [given]}
    _ask(session, asked, node, blind=blind, gate=seeks_protection, as_json=as_json)


@app.command("thing")
def thing(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="Vehicle, Vessel, Airplane or Firearm.")
    ],
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Plate, hull or serial number.")],
    *,
    country: Annotated[str, typer.Option(metavar="STATE", help="Where it is registered.")] = "",
    node: _Node = None,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Ask about a vehicle, vessel, aircraft or firearm."""
    asked = {"things": [{"schema": kind, "number": number, "country": country}]}
    _ask(session, asked, node, blind=False, gate=False, as_json=as_json)


@app.command("show")
def show(
    check: Annotated[str, typer.Argument(metavar="QUESTION", help="As asking told it.")],
    *,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Show the answers to a question that was asked before."""
    _tell(client.ask(Session.kept(session), "GET", f"/peer-checks/{check}"), as_json=as_json)


def _ask(
    session: SessionFile,
    asked: dict[str, Any],
    nodes: list[str] | None,
    *,
    blind: bool,
    gate: bool | None,
    as_json: bool,
) -> None:
    """Ask, and tell the answers when every node has answered or its time is over.

    Raises InvalidInput where the gate was not answered (PR-53).
    """
    if gate is None:
        raise InvalidInput(
            "say whether the person seeks protection (a claim, refugee papers, or a doubt about"
            " record or owner): --seeks-protection asks blind only, --no-protection asks openly"
        )
    kept = Session.kept(session)
    way = "blind" if blind else "clear"
    body = {**asked, "way": way, "nodes": nodes or [], "seeks_protection": gate}
    told = client.ask(kept, "POST", "/peer-checks", body)
    until = time.monotonic() + _PATIENCE
    while not told["is_over"] and time.monotonic() < until:
        time.sleep(_LOOK_AGAIN)
        told = client.ask(kept, "GET", f"/peer-checks/{told['id']}")
    _tell(told, as_json=as_json)


def _tell(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{told['id']}: asked {told['way']} about a {told['sought']}")
    rows = [
        [one["node"], _words(one), one["owner"], one["contact"], one["reference"]]
        for one in told["answers"]
    ]
    print(table(("node", "answer", "owner", "contact", "reference"), rows, indent="  "))
    if any(one["exists"] for one in told["answers"]):
        print("A hit is a lead: ask the owner, by the reference, before anything is done.")


def _words(answer: dict[str, Any]) -> str:
    """Return an answer in words; what is not known is never "no hit"."""
    if answer["exists"] is not None:
        return "HIT" if answer["exists"] else "no hit"
    return f"UNKNOWN: {answer['state']}" + (f" ({answer['fault']})" if answer["fault"] else "")
