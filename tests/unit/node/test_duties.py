"""Duties are done in time, by one process, and one that fails holds up no other."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from didban import clock
from didban.node.duties import Duty, Runner
from didban.store import duties
from didban.store.tables.operation import duty as table

HOUR = timedelta(hours=1)


class Counted:
    """A duty that counts how often it ran; fails as long as it is told to."""

    def __init__(self, name, every, *, fails=False):
        self.duty = Duty(name=name, every=every, run=self)
        self.fails = fails
        self.runs = 0
        self.ran = threading.Event()

    def __call__(self, _database, _now):
        """Run."""
        self.runs += 1
        self.ran.set()
        if self.fails:
            raise ValueError("Zahra Karimzadeh")
        return 1


@pytest.fixture
def run(database):
    """Return a function that runs duties until each of them ran."""
    told: dict[str, bool] = {}

    def run(*counted):
        runner = Runner(database, [one.duty for one in counted], told.__setitem__)
        runner.start()
        for one in counted:
            assert one.ran.wait(60)
        runner.stop(60)
        return told

    return run


def test_a_failing_duty_holds_up_no_other_and_its_words_are_not_logged(run, logged):
    """Each is tried on its own; the log has kind and place."""
    bad, good = Counted("bad", timedelta(seconds=1), fails=True), Counted("good", HOUR / 3600)

    assert run(bad, good) == {"bad": False, "good": True}
    assert '"duty.failed"' in logged.getvalue()
    assert "Zahra" not in logged.getvalue()


def test_a_long_duty_is_not_done_again_after_a_restart(run, database):
    """The database remembers when it is due."""
    first, second, short = (Counted(name, HOUR) for name in ("daily", "daily", "other"))
    run(first)
    run(short)  # as a second process starts
    runner = Runner(database, [second.duty], lambda *_: None)
    runner.start()
    assert not second.ran.wait(0.5)
    runner.stop(60)

    assert (first.runs, second.runs) == (1, 0)
    with database.begin() as tx:
        row = tx.execute(select(table).where(table.c.name == "daily")).one()
    assert (row.done, row.failures, row.ended_at >= row.began_at) == (1, 0, True)


def test_a_long_duty_that_failed_is_tried_again_before_its_interval_is_over(run, database):
    """A day is too long to wait for a database that was away for a second."""
    run(Counted("daily", timedelta(days=1), fails=True))

    with database.begin() as tx:
        row = tx.execute(select(table)).one()
    assert row.failures == 1
    assert row.due_at - clock.now() <= timedelta(minutes=5)


def test_of_two_who_claim_a_duty_one_has_it(database):
    """Two processes do not do the same work."""
    now = clock.now()
    claims = []
    met = threading.Barrier(2)

    def claim():
        with database.begin() as tx:
            met.wait(60)
            claims.append(duties.claim(tx, "daily", HOUR, now))

    both = [threading.Thread(target=claim) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(claims) == [False, True]
    with database.begin() as tx:
        assert not duties.claim(tx, "daily", HOUR, now + HOUR / 2)
        assert duties.claim(tx, "daily", HOUR, now + HOUR)
