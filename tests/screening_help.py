"""A snapshot of invented people that is built now, and short ways to ask it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from didban import cli, clock
from didban.guard.check_log import CheckLog
from didban.guard.entries import Entry
from didban.guard.reasons import Reason
from didban.match.snapshot import SnapshotBuilder
from didban.model.documents import Document
from didban.model.purposes import Purpose
from didban.model.records import Record
from specimens import crowd, passport, person

LISTED = "Zoltan Varghese"
"""A name that the snapshot lists once."""

REASON = Reason(who="tester@here", purpose=Purpose.QUALITY_TEST, reference="T-1")
PURPOSE = ("--purpose", "quality_test", "--reference", "T-1")

ZONE = (
    "P<UTOVARGHESE<<ZOLTAN<<<<<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7001019M3001019<<<<<<<<<<<<<<02",
)
"""The passport of the listed man."""


def people() -> list[Record]:
    """Return one listed man among a crowd, and a range of stolen blanks."""
    blanks = Document(
        number="B7300100", number_to="B7300599", issuer="xbo", type="P", status="stolen_blank"
    )
    return [
        person(LISTED, id="p1", birthDate="1970-01-01", nationality="uto", documents=(passport(),)),
        person("", id="doc-1", schema="Passport", documents=(blanks,), number="B7300100"),
        *crowd(60),
    ]


def build_now(
    folder: Path, records: Iterable[Record] | None = None, *, age: timedelta = timedelta()
) -> Path:
    """Build a snapshot that is as old as `age` says, and return its folder."""
    builder = SnapshotBuilder(folder)
    for record in people() if records is None else records:
        builder.add(record)
    builder.commit(built_at=clock.now() - age)
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it wrote, as JSON."""
        return json.loads(self.out)


def run(*arguments: object, stdin: str = "") -> Ended:
    """Run `didban` with these arguments in this process."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        mock.patch.object(sys, "argv", ["didban", *map(str, arguments)]),
        mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return Ended(code=code, out=out.getvalue(), err=err.getvalue())


def ask(snapshot: Path, *arguments: object) -> Ended:
    """Run `didban check` with a purpose."""
    return run("check", "--snapshot", snapshot, *PURPOSE, *arguments)


def entries(snapshot: Path) -> list[Entry]:
    """Return the entries of a snapshot's check log."""
    return [line.entry for line in CheckLog.beside(snapshot).lines() if line is not None]


def write_queries(path: Path, names: Iterable[str]) -> Path:
    """Write people to screen as JSON lines: q0, q1 ..."""
    lines = (
        json.dumps({"id": f"q{i}", "schema": "Person", "properties": {"name": [name]}})
        for i, name in enumerate(names)
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@contextlib.contextmanager
def now_is(moment: datetime) -> Iterator[None]:
    """Let the clock say another time."""
    with mock.patch.object(clock, "now", return_value=moment):
        yield


def environment(**variables: str) -> dict[str, str]:
    """Return a process's environment with these variables and none of Didban's others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIDBAN_")}
    return {**kept, **variables}
