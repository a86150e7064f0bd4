"""The secretariat's desk: notices of other authorities, reviewed from a terminal."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from didban.cli import options
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile, ask
from didban.cli.desk.deeds import send, worded
from didban.cli.desk.words import facts, plain
from didban.cli.output import moment, table

app = typer.Typer(help="Review notices of other authorities, as their network's secretariat.")

_Case = Annotated[str, typer.Argument(metavar="NOTICE", help="As `list` tells it.")]


@app.command("list")
def list_cases(*, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False) -> None:
    """List the notices that wait for review here, oldest first."""
    told = ask(Session.kept(session), "GET", "/notice-cases?limit=100")["items"]
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    rows = [
        [one["notice"], one["owner"], moment(one["due_at"], "late"), ",".join(one["flags"])]
        for one in told
    ]
    print(table(("notice", "of", "due", "flags"), rows))


@app.command("show")
def show(
    case: _Case, *, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False
) -> None:
    """Show a notice as it came for review."""
    send(session, "GET", f"/notice-cases/{case}", said=_shown, as_json=as_json)


@app.command("refuse")
def refuse(
    case: _Case,
    *,
    ground: Annotated[
        str, typer.Option(metavar="WORD", help="art2, art3, quality, threshold or incomplete.")
    ],
    words: Annotated[str, typer.Option(help="Why, in words that the drafter reads.")],
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Refuse a notice on a ground; it may be appealed once, to another reviewer."""
    body = {"ground": ground, "words": words}
    path = f"/notice-cases/{case}/refusal"
    send(session, "POST", path, body, said=_line, as_json=as_json)


@app.command("approve")
def approve(
    case: _Case,
    *,
    flag: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD", help="political or asylum: calls for a second reviewer."),
    ] = None,
    words: Annotated[str, typer.Option(help="What was weighed.")] = "",
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Approve a notice; where it is flagged, a second reviewer decides."""
    body = {"flags": flag or [], "words": words}
    path = f"/notice-cases/{case}/approval"
    send(session, "POST", path, body, said=_line, as_json=as_json)


def _line(told: dict[str, Any]) -> str:
    flags = f", flagged {', '.join(told['flags'])}" if told["flags"] else ""
    due = f", due {moment(told['due_at'])}" if told["due_at"] else ""
    return f"{told['notice']} of {told['owner']}: {plain(told['state'])}{due}{flags}"


def _shown(told: dict[str, Any]) -> str:
    lines = [_line(told["standing"])]
    if told["entity"] is None:
        return "\n".join([*lines, "  decided: what it said is erased here"])
    appeal = ", an appeal" if told["is_appeal"] else ""
    lines.append(f"  {told['colour']} {told['form']}{appeal}, for {', '.join(told['audience'])}")
    lines.append(f"  {told['legal_basis']} ({told['purpose']})")
    for part in ("entity", "alert", "dossier"):
        lines += [f"  {part}:", *facts(told[part], "    ")]
    return "\n".join(lines)


worded(
    app,
    "return",
    ("/notice-cases", "return"),
    "Return a notice to its drafter with questions; the clock stops.",
    _line,
)
