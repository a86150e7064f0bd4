"""What commands of the desk have in common: one step is sent, and its outcome told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from didban.cli import options
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile, ask
from didban.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_Which = Annotated[str, typer.Argument(metavar="ID", help="As `list` tells it.")]
_Words = Annotated[str, typer.Option(help="Why, in words that stay in the history.")]


def send(
    session: Path,
    method: str,
    path: str,
    body: Any = None,
    *,
    said: Callable[[Any], str],
    as_json: bool,
) -> None:
    """Send one request, and tell the answer: `said` puts it into words."""
    told = ask(Session.kept(session), method, path, body)
    print(json.dumps(told, ensure_ascii=False) if as_json else said(told))


def json_of(file: Path) -> Any:
    """Return what a file holds as JSON. Raises InvalidInput, which names the file and the place."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as wrong:
        raise InvalidInput(f"{file} is not text in UTF-8: save it as such") from wrong
    except json.JSONDecodeError as wrong:
        where = f"line {wrong.lineno}, column {wrong.colno}"
        raise InvalidInput(f"{file} is not JSON at {where} ({wrong.msg}): mend it there") from wrong


def worded(
    app: typer.Typer, name: str, to: tuple[str, str], summary: str, said: Callable[[Any], str]
) -> None:
    """Give `app` a command that takes one step, for which it must be said why.

    - `to`: the path before and behind the identifier.
    """

    def step(
        which: _Which,
        *,
        words: _Words,
        session: SessionFile = DEFAULT_SESSION,
        as_json: options.Json = False,
    ) -> None:
        path = f"{to[0]}/{which}/{to[1]}"
        send(session, "POST", path, {"words": words}, said=said, as_json=as_json)

    app.command(name, help=summary)(step)
