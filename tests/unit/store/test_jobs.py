"""A job stands or falls with the deed that asked for it, and with its own effect."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from didban import clock
from didban.store import jobs
from didban.store.tables.operation import job


@pytest.fixture
def now():
    """Return one moment for a whole test."""
    return clock.now()


@pytest.fixture
def kept(database, now):
    """Return a bank with a table to write to, and one job."""
    with database.begin() as tx:
        tx.execute(text("create table effect (record text)"))
        jobs.add(tx, "note", {"record": "rec_1"}, now=now)
    return database


def note(tx, facts):
    """Do what the job asks."""
    tx.execute(text("insert into effect values (:record)"), facts)


def fail(tx, facts):
    """Do it, and fail afterwards."""
    note(tx, facts)
    raise ValueError("Zahra Karimzadeh cannot be read")


def effects(database):
    """Return what was done."""
    with database.begin() as tx:
        return tx.scalars(text("select record from effect")).all()


def rows(database):
    """Return the jobs that are left."""
    with database.begin() as tx:
        return tx.execute(select(job)).all()


def test_a_job_is_not_there_when_its_deed_is_undone(database, now):
    """Nothing is done for what did not happen."""
    with pytest.raises(ZeroDivisionError), database.begin() as tx:  # noqa: PT012 - all of it
        jobs.add(tx, "note", {}, now=now)
        raise ZeroDivisionError

    assert rows(database) == []


def test_a_job_is_done_and_gone(kept, now):
    """Its effect and its removal are one transaction."""
    assert jobs.run_due(kept, {"note": note}, now) == 1
    assert effects(kept) == ["rec_1"]
    assert rows(kept) == []
    assert jobs.run_due(kept, {"note": note}, now) == 0


def test_a_job_that_fails_has_no_effect_and_comes_back_later_and_later(kept, now):
    """Each wait is twice the one before, from ten seconds on; the words of the error are not kept."""
    waits = []
    at = now
    for _ in range(3):
        assert jobs.run_due(kept, {"note": fail}, at) == 0
        (row,) = rows(kept)
        waits.append((row.due_at - at).total_seconds())
        at = row.due_at
    assert waits == [10, 20, 40]
    assert effects(kept) == []
    assert rows(kept)[0].failure == "ValueError"


def test_a_job_that_never_succeeds_is_left_as_a_dead_letter(kept, now):
    """It is counted, not tried for ever."""
    at = now
    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.run_due(kept, {"note": fail}, at)
        at = rows(kept)[0].due_at
    assert rows(kept)[0].is_dead
    assert jobs.run_due(kept, {"note": note}, at + timedelta(days=9)) == 0
    with kept.begin() as tx:
        assert jobs.dead(tx) == 1


def test_the_last_attempt_may_succeed(kept, now):
    """Dead is what failed, not what was tried often."""
    at = now
    for _ in range(jobs.MAX_ATTEMPTS - 1):
        jobs.run_due(kept, {"note": fail}, at)
        at = rows(kept)[0].due_at
    assert jobs.run_due(kept, {"note": note}, at) == 1
    assert rows(kept) == []


def test_an_attempt_that_killed_its_process_counts(kept, now):
    """A job that brings the process down does not bring it down for ever."""
    jobs._take(kept, ["note"], now)  # and here the process was killed

    (row,) = rows(kept)
    assert (row.attempts, row.due_at > now) == (1, True)
    assert jobs.run_due(kept, {"note": note}, now) == 0
    assert jobs.run_due(kept, {"note": note}, row.due_at) == 1


def test_a_slow_worker_whose_job_was_taken_by_another_does_nothing(kept, now):
    """Otherwise a thing would be done twice."""
    slow = jobs._take(kept, ["note"], now)
    (row,) = rows(kept)
    assert jobs.run_due(kept, {"note": note}, row.due_at) == 1

    assert slow is not None
    assert jobs._do(kept, slow, note) is False
    assert effects(kept) == ["rec_1"]


def test_only_what_is_due_and_known_is_taken(kept, now):
    """A job of a newer version waits for the process that knows it."""
    assert jobs.run_due(kept, {"other": note}, now) == 0
    assert jobs.run_due(kept, {"note": note}, now - timedelta(seconds=1)) == 0
    assert jobs.run_due(kept, {"note": note}, now) == 1


def test_two_jobs_under_one_key_are_one(kept, now):
    """What a hundred deeds ask for is done once."""
    with kept.begin() as tx:
        for record in ("rec_2", "rec_3"):
            jobs.add(tx, "note", {"record": record}, now=now, key="once")

    assert jobs.run_due(kept, {"note": note}, now) == 2
    assert effects(kept) == ["rec_1", "rec_2"]
