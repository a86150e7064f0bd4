"""`didban log`: read the trace of the checks that were made, and verify that it is whole."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli import options
from didban.cli.exits import Exit

if TYPE_CHECKING:
    from didban.guard.check_log import CheckLog

app = typer.Typer(help="The log of checks beside a snapshot: show and verify it.")

_Snapshot = Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="The snapshot's folder.")]


@app.command()
def show(
    snapshot: _Snapshot,
    *,
    last: Annotated[int, typer.Option(min=1, help="How many entries, from the end.")] = 20,
    as_json: options.Json = False,
) -> None:
    """Show the last entries: who, when, why and how many; there is no content to show."""
    from collections import deque

    from didban.cli.output import moment, table

    log = _log_of(snapshot)
    entries = [line.entry for line in deque(log.lines(), maxlen=last) if line is not None]
    if as_json:
        for entry in entries:
            print(json.dumps(entry.to_json(), ensure_ascii=False))
        return
    told = ("who", "purpose", "reference", "command", "asked", "matched", "outcome")
    rows = [
        [
            moment(entry.at),
            *("" if (value := getattr(entry, name)) is None else str(value) for name in told),
        ]
        for entry in entries
    ]
    print(table(("at", *told), rows))


@app.command()
def verify(
    snapshot: _Snapshot,
    *,
    seal: Annotated[
        str | None,
        typer.Option(help="A seal that was noted earlier: it must still be in the log."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check every seal of the log; exit 3 if anything was changed, removed or added."""
    log = _log_of(snapshot)
    found = log.verify()
    faults = list(found.faults)
    if seal is not None and not any(line and line.seal == seal for line in log.lines()):
        faults.append("the seal that you noted is not in this log")
    if as_json:
        print(
            json.dumps(
                {
                    "whole": not faults,
                    "entries": found.count,
                    "seal": found.seal,
                    "faults": faults,
                    "torn_bytes": found.torn_bytes,
                    "under_way": found.under_way,
                }
            )
        )
    else:
        print(f"{found.count} entries in {log.path}; last seal {found.seal}")
        if found.torn_bytes:
            print(f"An unfinished line of {found.torn_bytes} bytes will be set aside (a kill).")
        if found.under_way:
            print(f"{found.under_way} runs are under way, or were killed since the last entry.")
        for fault in faults:
            print(f"FAULT: {fault}")
        print("The log is NOT whole: call the administrator." if faults else "The log is whole.")
    sys.exit(Exit.FAILED if faults else Exit.DONE)


def _log_of(snapshot: Path) -> CheckLog:
    """Return the log beside a snapshot; one that was never written is not called whole.

    A log outlives its snapshot, so that either of them is enough.
    """
    from didban import settings
    from didban.guard.check_log import CheckLog
    from didban.match.index.manifest import Manifest

    log = CheckLog.beside(snapshot, settings.load().check_log)
    if not log.path.exists():
        Manifest.read(snapshot)
    return log
