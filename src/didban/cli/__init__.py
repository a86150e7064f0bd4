"""The command `didban`: one module for each group of commands, registered here.

A command's module imports only what declares its options; the rest is loaded when it runs, so that
`didban check` answers before an officer looks up. Nothing here computes: commands parse, call the
room that does the work, and say the result in words or JSON.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from typing import Annotated, TextIO

import typer

import didban
from didban.cli import (
    audit,
    authorities,
    bank,
    blind,
    charter,
    check,
    config,
    copies,
    courier,
    demo,
    desk,
    device,
    exchange,
    identity,
    init,
    lists,
    log,
    mrz,
    network,
    peers,
    resolve,
    screen,
    serve,
    up,
    users,
)
from didban.cli.exits import Exit, exit_of
from didban.errors import DidbanError

app = typer.Typer(
    name="didban",
    help="Screen people and documents against lists, with answers that explain themselves.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help starts faster and reads well in any terminal
    pretty_exceptions_enable=False,  # they would print local variables: personal data
)
app.add_typer(lists.app, name="lists")
app.command("check")(check.check)
app.command("screen")(screen.screen)
app.command("resolve")(resolve.resolve)
app.command("mrz")(mrz.mrz)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.add_typer(log.app, name="log")
app.add_typer(desk.app, name="desk")
app.add_typer(device.app, name="device")
app.add_typer(config.app, name="config")
app.command("init")(init.init)
app.command("up")(up.up)
app.command("down")(up.down)
app.command("status")(up.status)
app.command("migrate")(up.migrate)
app.command("backup")(copies.backup)
app.command("restore")(copies.restore)
app.add_typer(audit.app, name="audit")
app.add_typer(authorities.app, name="authority")
app.add_typer(bank.app, name="bank")
app.add_typer(identity.app, name="identity")
app.add_typer(peers.app, name="peer")
app.add_typer(charter.app, name="charter")
app.add_typer(network.app, name="network")
app.add_typer(blind.app, name="blind")
app.add_typer(users.app, name="user")
app.add_typer(users.token_app, name="token")
app.add_typer(exchange.app, name="exchange")
app.command("export")(courier.export)
app.command("import")(courier.take_in)


_KERNELS = {
    "native": "compiled kernels",
    "python": "kernels in Python: none were compiled, or cannot be used (same answers, slower)",
}


def _version(*, asked: bool) -> None:
    if asked:
        from didban.match.kernels import IMPLEMENTATION

        typer.echo(f"didban {didban.__version__}, {_KERNELS[IMPLEMENTATION]}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda value: _version(asked=value),
            is_eager=True,
            help="Show the version and leave.",
        ),
    ] = False,
) -> None:
    """Screen people and documents against lists, with answers that explain themselves."""


# Codes with which typer ends what was aborted (1) and interrupted (130).
_NOT_OURS = frozenset({1, 130})


def _mute(stream: TextIO) -> None:
    """Let what is still unwritten go nowhere: whoever read us has gone."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def main() -> None:
    """Run the command line and leave with one of the codes of `didban.cli.exits`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows a "?"
            stream.reconfigure(errors="replace")
    try:
        app()
    except SystemExit as stop:
        sys.exit(Exit.FAILED if stop.code in _NOT_OURS else stop.code)
    except DidbanError as error:
        print(f"didban: {error}", file=sys.stderr)
        sys.exit(exit_of(error))
    except KeyboardInterrupt:
        print("didban: interrupted", file=sys.stderr)
        sys.exit(Exit.FAILED)
    except BrokenPipeError:
        _mute(sys.stdout)
        sys.exit(Exit.FAILED)
    except OSError as error:  # a folder that is not there, a full disk: no fault of ours to trace
        where = f": {error.filename}" if error.filename else ""
        print(f"didban: {error.strerror or error}{where}", file=sys.stderr)
        sys.exit(Exit.FAILED)
    except Exception:  # noqa: BLE001 - the outermost edge: the code must be ours, not Python's 1
        traceback.print_exc()
        sys.exit(Exit.FAILED)
