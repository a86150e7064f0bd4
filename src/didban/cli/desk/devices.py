"""The second person's step for a device that checks without a link."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from didban.cli import options
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile, ask

app = typer.Typer(help="Devices that check without a link.", no_args_is_help=True)


@app.callback()
def devices() -> None:
    """Devices that check without a link."""


@app.command("confirm")
def confirm(
    device: Annotated[str, typer.Argument(metavar="ID", help="As the device itself shows it.")],
    *,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Confirm a device that another person registered."""
    told = ask(Session.kept(session), "POST", f"/devices/{device}/confirmation")
    print(json.dumps(told, ensure_ascii=False) if as_json else f"{told['label']} is confirmed.")
