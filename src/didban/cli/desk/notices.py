"""Notices and diffusions, from a terminal."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from didban.cli import options
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile, ask
from didban.cli.desk.deeds import json_of, send, worded
from didban.cli.desk.words import plain
from didban.cli.output import isolated, moment, table

app = typer.Typer(help="Draft, review, publish and end notices and diffusions.")

_Notice = Annotated[str, typer.Argument(metavar="NOTICE", help="As `draft` told it.")]
_Words = Annotated[str, typer.Option(help="Why, in words that stay in the history.")]
_Draft = Annotated[
    Path, typer.Argument(metavar="FILE", help="The draft as JSON; `POST /notices` describes it.")
]


@app.command("draft")
def draft(
    file: _Draft, *, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False
) -> None:
    """Begin a notice or diffusion about a record of yours."""
    body = json_of(file)
    send(session, "POST", "/notices", body, said=_line, as_json=as_json)


@app.command("change")
def change(
    notice: _Notice,
    file: _Draft,
    *,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Put another text in the place of a draft."""
    body = json_of(file)
    send(session, "PUT", f"/notices/{notice}", body, said=_line, as_json=as_json)


@app.command("list")
def list_notices(
    *,
    received: Annotated[
        bool, typer.Option("--received", help="Of other authorities, not yours.")
    ] = False,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """List notices."""
    path = "/received-notices" if received else "/notices"
    told = ask(Session.kept(session), "GET", f"{path}?limit=100")["items"]
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    names = ("id", "form", "colour", "record", "state", "version", "ends_on")
    print(table(names, [[str(one[name] or "") for name in names] for one in told]))


@app.command("show")
def show(
    notice: _Notice, *, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False
) -> None:
    """Show a notice with everything that keeps it from leaving, and who was told of it."""
    send(session, "GET", f"/notices/{notice}", said=_shown, as_json=as_json)


@app.command("submit")
def submit(
    notice: _Notice, *, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False
) -> None:
    """Give a complete draft to its review."""
    _deed(session, notice, "submission", None, as_json=as_json)


@app.command("refuse")
def refuse(
    notice: _Notice,
    *,
    ground: Annotated[
        str, typer.Option(metavar="WORD", help="art2, art3, quality, threshold or incomplete.")
    ],
    words: _Words,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Refuse a notice on a ground."""
    _deed(session, notice, "refusal", {"ground": ground, "words": words}, as_json=as_json)


@app.command("approve")
def approve(
    notice: _Notice,
    *,
    flag: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD", help="political or asylum: calls for a second reviewer."),
    ] = None,
    words: Annotated[str, typer.Option(help="What was weighed.")] = "",
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Approve a notice that somebody else drafted."""
    _deed(session, notice, "approval", {"flags": flag or [], "words": words}, as_json=as_json)


@app.command("publish")
def publish(
    notice: _Notice, *, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False
) -> None:
    """Publish what was approved."""
    _deed(session, notice, "publication", None, as_json=as_json)


@app.command("add")
def add(
    notice: _Notice,
    *,
    words: _Words,
    facts: Annotated[str, typer.Option(help="What is known by now.")] = "",
    warning: Annotated[list[str] | None, typer.Option(help="Read before all else.")] = None,
    legal_reference: Annotated[list[str] | None, typer.Option(help="Another warrant.")] = None,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Add to what is out."""
    body = {
        "facts": facts,
        "warnings": warning or [],
        "legal_references": legal_reference or [],
        "words": words,
    }
    _deed(session, notice, "addenda", body, as_json=as_json)


@app.command("extend")
def extend(
    notice: _Notice,
    *,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The new last day.")],
    words: _Words,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Let a notice that somebody else drafted stand longer."""
    body = {"until": until.date().isoformat(), "words": words}
    _deed(session, notice, "extension", body, as_json=as_json)


@app.command("receipts")
def receipts(*, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False) -> None:
    """List who was told of a notice's end and has not confirmed it in time."""
    told = ask(Session.kept(session), "GET", "/overdue-notice-receipts")
    if as_json:
        print(json.dumps(told))
        return
    rows = [[one["notice"], one["node"], moment(one["end_told_at"])] for one in told]
    print(table(("notice", "node", "told of the end"), rows))


def _deed(session: Path, notice: str, what: str, body: Any, *, as_json: bool) -> None:
    send(session, "POST", f"/notices/{notice}/{what}", body, said=_line, as_json=as_json)


def _line(told: dict[str, Any]) -> str:
    flags = f", flagged {', '.join(told['flags'])}" if told["flags"] else ""
    waits = told["state"] == "compliance_review" and told["review_node"]
    where = f", reviewed by {told['review_node']}" if waits else ""
    return f"{told['id']}: {told['colour']} {told['form']}, {plain(told['state'])}{where}{flags}"


def _shown(told: dict[str, Any]) -> str:
    notice = told["notice"]
    lines = [_line(notice)]
    lines.append(f"  complete to {told['completeness']} %")
    lines += [f"  ! to mend: {plain(block)}" for block in told["blocked"]]
    lines += [
        f"  told: {one['node']}, let go: {moment(one['let_go_at'], 'no')}"
        for one in told["readers"]
    ]
    for entry in told["history"]:
        words = f": {isolated(entry['words'])}" if entry["words"] else ""
        lines.append(f"  {moment(entry['at'])} {plain(entry['event'])} by {entry['actor']}{words}")
    return "\n".join(
        [*lines, f"  may follow: {', '.join(map(plain, told['possible'])) or 'nothing'}"]
    )


for _name, _path, _summary in (
    ("return", "return", "Return a notice to its drafter with questions."),
    ("appeal", "appeal", "Ask once that another reviewer looks at what was refused."),
    ("suspend", "suspension", "Suspend a notice while a complaint about it is pending."),
    ("lift", "lifting", "End a suspension."),
    ("achieve", "achievement", "Note that the purpose is achieved; it is cancelled within a day."),
    ("cancel", "cancellation", "Cancel a notice; what is out is withdrawn from every reader."),
):
    worded(app, _name, ("/notices", _path), _summary, _line)
