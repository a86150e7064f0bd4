"""`didban config`: what is set, and whether it can be used."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from didban import settings
from didban.cli import options
from didban.cli.exits import Exit
from didban.errors import ConfigError

app = typer.Typer(help="Show the settings in force, or everything that is wrong with them.")

_File = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="The settings file [default: as always]."),
]


@app.command("check")
def check(*, file: _File = None, as_json: options.Json = False) -> None:
    """Say everything that is wrong with the settings. Exit code 2 if anything is."""
    found = settings.problems(file) or _unusable(settings.load(file))
    if as_json:
        print(json.dumps([{"path": error.path, "problem": str(error)} for error in found]))
    else:
        for error in found:
            print(error, file=sys.stderr)
        print("the settings can be used" if not found else f"problems: {len(found)}")
    if found:
        sys.exit(Exit.BAD_INPUT)


def _unusable(in_force: settings.Settings) -> list[ConfigError]:
    """Return what is wrong with values that have the right shape, where a node is installed."""
    try:
        from didban.casework.carriers import Carriers
        from didban.node.parts import build, options_of
    except ModuleNotFoundError:
        return []
    found = []
    for use in (
        lambda: build(in_force),
        lambda: options_of(in_force),
        lambda: Carriers(in_force.notify, b""),
    ):
        try:
            use()
        except ConfigError as error:
            found.append(error)
    return found


@app.command("show")
def show(*, file: _File = None, as_json: options.Json = False) -> None:
    """Show every setting in force. A password in an address is left out."""
    in_force = settings.load(file)
    values = {
        key.path: _shown(_value(in_force, key.path))
        for key in settings.keys()  # noqa: SIM118 - a function, not a dict
    }
    if as_json:
        print(json.dumps(values))
        return
    defaults = {key.path: _shown(key.default) for key in settings.keys()}  # noqa: SIM118
    for path, value in values.items():
        mark = "" if value == defaults[path] else "   # changed"
        print(f"{path} = {json.dumps(value, ensure_ascii=False)}{mark}")


def _value(tree: Any, path: str) -> Any:
    for name in path.split("."):
        tree = getattr(tree, name)
    return tree


def _shown(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_shown(part) for part in value]
    if isinstance(value, str) and "://" in value:
        return _without_password(value)
    return str(value) if isinstance(value, Path) else value


def _without_password(address: str) -> str:
    """Return an address with `***` for the password, also where it is not well formed."""
    scheme, _, rest = address.partition("://")
    place, at, host = rest.rpartition("@")
    user, colon, _ = place.partition(":")
    shown = f"{scheme}://{user}:***@{host}" if at and colon else address
    head, mark, query = shown.partition("?")
    parts = ["password=***" if p.startswith("password=") else p for p in query.split("&")]
    return f"{head}{mark}{'&'.join(parts)}"
