"""Several processes of a node open one index: what changes is found in all of them at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bank_help import actor, authority, marking, person
from didban import clock
from didban.intake import bank
from didban.match.query import query_from_record
from didban.screening import live
from didban.screening.live import LiveIndex
from didban.store import records
from didban.store.visibility import open_to
from node_help import wait_until

_OTHER = """
import json, sys
from didban.match.query import query_from_record
from didban.model.records import Record
from didban.screening.live import LiveIndex
from didban.store.database import Database
from pathlib import Path
database = Database(sys.argv[1])
with LiveIndex.open(database, Path(sys.argv[2])) as index:
    print("ready", index.is_writing, flush=True)
    for line in sys.stdin:
        asked, seen = json.loads(line)
        query = query_from_record(Record.from_json(asked))
        matches = index.match(query, open_to=frozenset(seen))
        print(json.dumps([index.is_writing, [match.id for match in matches]]), flush=True)
"""


class Other:
    """A process of the node beside this one."""

    def __init__(self, database, folder: Path) -> None:
        url = database.url.render_as_string(hide_password=False)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _OTHER, url, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.is_writing = self._read() == "ready True"

    def ask(self, entity, seen) -> list[str]:
        """Return whom it finds."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps([entity.to_json(), sorted(seen)]) + "\n")
        self.process.stdin.flush()
        self.is_writing, found = json.loads(self._read())
        return list(found)

    def kill(self) -> None:
        """Kill it as a crash would."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def _read(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


@pytest.fixture
def folder(database, tmp_path):
    """Return the folder of an index of a bank with two authorities."""
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
    return tmp_path / "index"


def report(database, entity):
    """Enter a record that Arvand shows to everybody."""
    with database.begin() as tx:
        return bank.report(tx, actor("xar"), entity, marking("xar"))


def seen_by(database, code):
    """Return what is open to an authority."""
    with database.begin() as tx:
        return open_to(tx, actor(code))


def test_a_record_is_found_by_itself_in_every_process(database, folder):
    """And no longer found where it may not be seen any more: each looks several times a second."""
    assert live._PERIOD <= 0.25
    with LiveIndex.open(database, folder) as index:
        other = Other(database, folder)
        try:
            assert index.is_writing
            assert not other.is_writing
            entity = person("Zahra Karimzadeh")
            kept = report(database, entity)
            seen = seen_by(database, "xbo")
            query = query_from_record(entity)
            wait_until(lambda: other.ask(entity, seen) == [entity.id])
            wait_until(lambda: index.match(query, open_to=seen))

            own = marking("xar", audience=("node:xar",))
            with database.begin() as tx:
                records.replace_record(
                    tx, replace(kept, marking=own, recorded_at=clock.now()), expected=1
                )
            seen = seen_by(database, "xbo")
            wait_until(lambda: other.ask(entity, seen) == [])
            wait_until(lambda: not index.match(query, open_to=seen))
        finally:
            other.kill()


def test_when_the_writing_process_is_killed_another_takes_over(database, folder):
    """Nothing is lost, and nothing found twice."""
    other = Other(database, folder)
    assert other.is_writing
    first, second = person("Zahra Karimzadeh"), person("Ulrike Vandenberg")
    report(database, first)
    with LiveIndex.open(database, folder) as index:
        assert not index.is_writing
        report(database, second)
        other.kill()

        wait_until(lambda: index.is_writing)
        index.catch_up()
        seen = seen_by(database, "xar")
        for entity in (first, second):
            found = index.match(query_from_record(entity), open_to=seen)
            assert [match.id for match in found] == [entity.id]
        assert len(index) == 2
        assert index.lag() < timedelta(minutes=1)


def test_killed_again_and_again_it_never_loses_a_record(database, folder):
    """At whatever moment of a writing."""
    expected: list[str] = []
    for round_ in range(4):
        other = Other(database, folder)
        people = [person(f"Zahra Karimzadeh{round_}{number}") for number in range(6)]
        expected.extend(report(database, entity).id for entity in people)
        time.sleep(0.05 * round_)
        other.kill()

    with LiveIndex.open(database, folder, follow=False) as index:
        assert len(index) == len(expected)
        assert sorted(expected) == sorted(
            layer.record(number).id
            for layer in index.shelves.layers
            for number in range(layer.size)
            if number not in layer.withdrawn
        )
