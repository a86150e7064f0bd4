"""`didban up`, `down` and `status`: a node is started, stopped and looked at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli import node, options
from didban.cli.exits import Exit
from didban.errors import Unavailable

if TYPE_CHECKING:
    from didban.node.parts import Parts

_START_SECONDS = 660  # recovery of a large bank after a crash takes minutes


def up(
    *,
    data: node.DataFolder = None,
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Where to listen [default: 127.0.0.1].")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, metavar="N", help="[default: 8800]; 0: any.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, metavar="N", help="Processes that answer.")
    ] = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="Return when it answers, and let it run on.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Start the node, and its own PostgreSQL; bring the schema up to this version.

    Runs until it is told to stop (Ctrl-C, SIGTERM, `didban down`).
    """
    parts = node.parts_of(data, host=host, port=port, workers=workers)

    def told(address: str) -> None:
        words = json.dumps({"address": address, "process": os.getpid()})
        print(words if as_json else f"Didban answers on {address}", flush=True)

    if detach:
        told(_start_detached(parts))
        return
    from didban import logs
    from didban.node.serving import serve

    logs.configure()
    serve(parts, told)


def _start_detached(parts: Parts) -> str:
    from didban.node.running import look, wait_for

    log = os.open(parts.places.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    started = subprocess.Popen(
        [sys.executable, "-m", "didban", "up"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=log,
        start_new_session=True,
    )
    os.close(log)

    def is_over() -> bool:
        running = look(parts.places.lock)
        answers = running is not None and running.process == started.pid and running.address
        return bool(answers) or started.poll() is not None

    wait_for(is_over, _START_SECONDS)
    running = look(parts.places.lock)
    if started.poll() is not None or running is None:
        last = parts.places.log.read_text(encoding="utf-8").splitlines()[-1:]
        why = "".join(last).removeprefix("didban: ")
        raise Unavailable(f"the node did not start: {why} (see {parts.places.log})")
    return running.address


def down(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """Stop the node and its own PostgreSQL; answers under way are finished first."""
    parts = node.parts_of(data)
    from didban.node.running import stop

    patience = parts.settings.node.stop_seconds + 120
    was_running = stop(parts.places.lock, patience=patience)
    if parts.server is not None:  # of a node that was killed, too
        parts.server.stop()
    told = {"was_running": was_running}
    print(json.dumps(told) if as_json else "stopped" if was_running else "it was not running")


def status(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """Say whether the node runs and where, and of which age its schema is. Exit code 3 if not."""
    parts = node.parts_of(data)
    from didban.node.running import look

    running = look(parts.places.lock)
    told: dict[str, object] = {
        "is_running": running is not None and bool(running.address),
        "process": running.process if running else None,
        "address": (running.address or None) if running else None,
        "data": str(parts.places.root),
        "database": str(parts.server.state) if parts.server else "external",
    }
    told |= _of_bank(parts)
    parts.close()
    if as_json:
        print(json.dumps(told))
    else:
        for name, value in told.items():
            print(f"{name:12}{'-' if value is None else value}")
    if not told["is_running"]:
        sys.exit(Exit.FAILED)


def _of_bank(parts: Parts) -> dict[str, object]:
    from didban.errors import DidbanError
    from didban.store import node as node_row
    from didban.store import schema

    try:
        with parts.database.begin() as tx:
            state, row = schema.state(tx), node_row.get(tx)
    except DidbanError:
        return {"schema": None, "authority": None, "environment": None}
    return {
        "schema": state.version,
        "authority": row.host if row else None,
        "environment": ("training" if row.is_training else "production") if row else None,
    }


def migrate(
    *,
    to: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Version to go to, down too [default: newest]."),
    ] = None,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Bring the schema to another version while the node is stopped; `didban up` does it by itself.

    Going down is for putting back an older Didban.
    """
    parts = node.parts_of(data)
    from didban.node.parts import start_database, stop_database
    from didban.node.running import held
    from didban.store import schema

    with held(parts.places.lock):
        try:
            start_database(parts)
            passed = schema.upgrade(parts.database, schema.SCHEMA_VERSION if to is None else to)
        finally:
            stop_database(parts)
    told = {"passed": passed}
    print(json.dumps(told) if as_json else f"versions passed: {passed or 'none'}")
