"""Official lists in the bank: the same as in a snapshot, through every crash."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bank_help import marking
from didban import clock
from didban.guard.access import system_actor
from didban.intake.publications import Terms, take_in
from didban.intake.readers.base import Source
from didban.intake.rejects import Rejects
from didban.model.records import Record
from didban.screening import build
from didban.store.tables.publications import publication
from didban.store.tables.records import change, record, record_version
from node_help import wait_until

pytestmark = pytest.mark.slow

_TAKES_IN = """
import sys
from pathlib import Path
from bank_help import marking
from didban import clock
from didban.guard.access import system_actor
from didban.intake import publications
from didban.intake.publications import Terms, take_in
from didban.intake.readers.base import Source
from didban.intake.rejects import Rejects
from didban.store import publications as store
from didban.store.database import Database

publications.BATCH = 200
merge = store.merge
def slowly(*arguments, **more):
    print("merged", flush=True)
    return merge(*arguments, **more)
store.merge = slowly
source = Source(kind="ftm", name="arvand", path=Path(sys.argv[2]))
actor = system_actor("arvand", "lists")
terms = Terms(marking=marking("arvand", retention_until=clock.today()))
report = take_in(
    Database(sys.argv[1]), actor, source, terms, rejects=Rejects(), now=clock.now()
)
print(report.added, report.changed, report.withdrawn, report.unchanged, flush=True)
"""


def listed(path: Path, numbers: range, text: str) -> Path:
    """Write a list of persons."""
    path.write_text(
        "".join(
            json.dumps(
                {"id": f"p-{n}", "schema": "Person", "properties": {"name": [f"{text} {n}"]}}
            )
            + "\n"
            for n in numbers
        ),
        encoding="utf-8",
    )
    return path


def taking_in(database, path: Path, root: Path) -> subprocess.Popen[str]:
    """Start a process that takes a list in, and says when it begins each range."""
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            _TAKES_IN,
            database.url.render_as_string(hide_password=False),
            str(path),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}:{root / 'tests'}"},
    )


def killed_at(process: subprocess.Popen[str], merged: int) -> None:
    """Kill it as it begins that range."""
    assert process.stdout is not None
    for _ in range(merged):
        assert process.stdout.readline() == "merged\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def _locked(database) -> int:
    """Return how many locks of our own are held in a bank."""
    with database.begin() as tx:
        return len(
            tx.exec_driver_sql(
                "select from pg_locks where locktype = 'advisory'"
                " and database = (select oid from pg_database where datname = current_database())"
            ).all()
        )


def test_an_intake_that_is_killed_goes_on_and_does_nothing_twice(
    database, tmp_path: Path, root: Path
):
    """Once while a first list is merged, once while the next one is, at any range."""
    first = listed(tmp_path / "first.json", range(1000), "Person")
    second = listed(tmp_path / "second.json", range(500, 1500), "Another")
    for path in (first, second):
        for merged in (1, 3):
            killed_at(taking_in(database, path, root), merged)
            wait_until(lambda: not _locked(database))  # its session ends after it
        process = taking_in(database, path, root)
        told, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        assert (
            told.splitlines()[-1]
            == {
                first: "1000 0 0 0",
                second: "500 500 500 0",
            }[path]
        )

    with database.begin() as tx:
        by_state = select(record.c.state, func.count().label("many")).group_by(record.c.state)
        states = {row.state: row.many for row in tx.execute(by_state)}
        versions = tx.scalar(select(func.count()).select_from(record_version))
        told_of = tx.scalar(select(func.count()).select_from(change))
        done = tx.execute(select(publication.c.added, publication.c.changed)).all()
    assert states == {"active": 1000, "withdrawn": 500}
    assert versions == 1000
    assert told_of == 1000 + 1500
    assert sorted(done) == [(500, 500), (1000, 0)]


def test_the_un_list_changes_the_bank_as_it_changes_a_snapshot(
    database, shared_data: Path, tmp_path: Path
):
    """From October 2018 to March 2020: added, changed, withdrawn, and the same content."""
    lists = shared_data / "lists" / "un"
    duty = system_actor("un", "lists")
    snapshot = tmp_path / "snapshot"
    for number, year in enumerate((2018, 2020)):
        source = Source(kind="un-sc", name="un-sc", path=next(lists.glob(f"{year}*.xml")))
        terms = Terms(marking=marking("un"))
        now = clock.now() + timedelta(seconds=number)
        report = take_in(database, duty, source, terms, rejects=Rejects(), now=now)
        made = build.update if number else build.build
        counts = made(snapshot, [source], rejects=Rejects(), now=now).counts["un-sc"]

        assert report.published_on is not None
        assert (
            report.added,
            report.changed,
            report.withdrawn,
            report.unchanged,
            report.held_back,
        ) == (
            counts.added,
            counts.changed,
            counts.withdrawn,
            counts.unchanged,
            counts.held_back,
        )

    with database.begin() as tx:
        query = select(record.c.entity).where(record.c.is_searchable)
        in_bank = {entity["id"]: Record.from_json(entity) for entity in tx.scalars(query)}
    from didban.match.snapshot import Snapshot

    in_snapshot = {kept.id: kept for kept in Snapshot.open(snapshot).records()}
    assert in_bank == in_snapshot
