"""`kill -9` at any moment loses nothing that was acknowledged and repeats nothing that was done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from bank_help import wait_for_the_dead
from casework_help import DESK, HEAD, scene
from didban import clock
from didban.casework import deadlines, notifications, notify
from didban.model.hits import Clock, Urgency
from didban.model.notifications import Channel, Post
from didban.store import hits as store
from didban.store.notifications import Contact
from didban.store.tables.hits import hit, hit_clock, hit_event
from didban.store.tables.notify import notification

# The whole way of one hit after another; each step is said once it is committed.
_WALKS = """
import sys
from casework_help import *
from didban.store.database import Database
from didban.store import records

database = Database(sys.argv[1])
with database.begin() as tx:
    record = records.get(tx, sys.argv[2], ALL).entity
made = Scene(database=database, clock=Clock(), record=record)
made.clock.now = lambda: __import__("didban.clock").clock.now()
while True:
    hit_id = made.taken_up()
    print(hit_id, "match", flush=True)
    made.do(hits.refer, OFFICER, hit_id, DESK)
    print(hit_id, "second_line", flush=True)
    made.do(questions.ask, CLERK, hit_id, DESK, urgency=Urgency.ROUTINE, gate=CLEAR)
    print(hit_id, "confirmation_requested", flush=True)
    made.answered(hit_id, AnswerKind.CONFIRMED)
    print(hit_id, "confirmed", flush=True)
"""

# Sends what is due, and dies when the other side has it and nobody has noted that.
_DIES = """
import os, signal, sys
from didban import clock
from didban.casework import notify
from didban.store.database import Database

class Dying:
    def deliver(self, outgoing):
        print(outgoing.id, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

notify.run_due(Database(sys.argv[1]), clock.now(), Dying(), attempts=5)
"""

_ORDER = ("match", "second_line", "confirmation_requested", "confirmed")


def start(root, code, *arguments):
    """Start a process of our own."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}:{root / 'tests'}"},
    )


@pytest.mark.slow
def test_every_acknowledged_step_of_a_hit_is_there_after_a_kill(database, monkeypatch, root):
    """And each hit stands where its history says, with the clocks of that state alone."""
    made = scene(database, monkeypatch)
    url = database.url.render_as_string(hide_password=False)
    with start(root, _WALKS, url, made.record.id) as process:
        said = [process.stdout.readline() for _ in range(20)]
        time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        said += process.stdout.readlines()

    wait_for_the_dead(database)
    told = dict(line.split() for line in said if line.count(" ") == 1 and line.endswith("\n"))
    with database.begin() as tx:
        rows = {row.id: row for row in tx.execute(select(hit))}
        last = {}
        for row in tx.execute(select(hit_event).order_by(hit_event.c.number)):
            last[row.hit] = row.state
        ticking = {row.hit for row in tx.execute(select(hit_clock))}
    assert len(told) >= 5
    for hit_id, state in told.items():
        assert _ORDER.index(rows[hit_id].state) >= _ORDER.index(state)
    assert {hit_id: row.state for hit_id, row in rows.items()} == last
    assert ticking == {i for i, row in rows.items() if row.state == "confirmation_requested"}


@pytest.mark.slow
def test_a_notification_is_sent_again_by_the_same_name_after_a_kill(database, monkeypatch, root):
    """The deed and its notification stand together; sent at least once, done once."""
    made = scene(database, monkeypatch)
    monkeypatch.undo()
    address = Contact(
        authority="xar",
        post=Post.DUTY_OFFICER,
        channel=Channel.WEBHOOK,
        address="http://127.0.0.1:9/",
    )
    made.clock.at = clock.now() - timedelta(hours=1)
    monkeypatch.setattr("didban.clock.now", made.clock.now)
    made.do(notifications.set_contact, HEAD, address)
    hit_id = made.asked(Urgency.URGENT)
    monkeypatch.undo()
    assert deadlines.run_due(database, clock.now(), DESK) == 1

    with start(root, _DIES, database.url.render_as_string(hide_password=False)) as process:
        first, _ = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL

    class Taking:
        got: tuple[str, ...] = ()

        def deliver(self, outgoing):
            self.got += (outgoing.id,)

    later, taking = clock.now() + timedelta(minutes=10), Taking()
    notify.run_due(database, later, taking, attempts=5)
    assert taking.got == (first.strip(),)
    assert notify.run_due(database, later + timedelta(days=1), taking, attempts=5) == 0
    with database.begin() as tx:
        assert len(tx.execute(select(notification)).all()) == 1
        asked = store.lock(tx, hit_id)
        assert asked is not None
        assert asked.round == 2
        assert [c.clock for c in store.clocks(tx, hit_id)] == [Clock.REPLY]
