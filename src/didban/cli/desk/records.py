"""Records of one's own authority: reported from a file, taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from didban.cli import options
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile, ask
from didban.cli.desk.deeds import json_of
from didban.cli.desk.words import plain
from didban.cli.output import moment


def report(
    *,
    file: Annotated[
        Path, typer.Argument(help="Entity, marking and alert as JSON (docs/reference/records.md).")
    ],
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Report what your authority says about a person, a document or a thing."""
    made = ask(Session.kept(session), "POST", "/records", json_of(file))
    if as_json:
        print(json.dumps(made, ensure_ascii=False))
        return
    print(f"{made['record']['id']}: {made['state']}")
    for earlier in made["earlier_refusals"]:
        print(f"  refused before, {moment(earlier['refused_at'])}: {plain(earlier['ground'])}")


def withdraw(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="As `report` told it.")],
    *,
    ground: Annotated[
        str, typer.Option(metavar="CODE", help="error, status_changed, recovered ...")
    ],
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Take a record of your authority back: it is found no more, here and wherever it was sent."""
    line = Session.kept(session)
    kept = ask(line, "GET", f"/records/{record}")
    body = {"expected_version": kept["version"], "ground": ground, "reason": reason}
    made = ask(line, "POST", f"/records/{record}/withdrawals", body)
    print(json.dumps(made, ensure_ascii=False) if as_json else f"{record}: withdrawn")
