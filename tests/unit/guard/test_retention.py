"""A record is kept longer only when another person says why; else it goes on its day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bank_help import actor, authority, marking, person
from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.guard import erasing, retention
from didban.guard.access import system_actor
from didban.intake import bank
from didban.model.alerts import Action
from didban.model.bank import RecordState, SuspensionCause
from didban.model.machines import Machine
from didban.model.retention import (
    RETENTION,
    RetentionEvent,
    RetentionPolicy,
    RetentionState,
    maximum_for,
)
from didban.store import records
from didban.store.tables.records import record
from didban.store.tables.retention import retention_assessment, tombstone
from didban.store.tables.signals import signal
from didban.store.visibility import open_to

POLICY = RetentionPolicy()
WHY = "She is still wanted by the court of Arvand, warrant renewed."


@pytest.fixture
def later(monkeypatch):
    """Return what sets the clock to so many days from now."""
    start = clock.now()

    def later(days: float):
        now = start + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    return later


@pytest.fixture
def reported(database):
    """Return the identifier of a record that is kept for a year."""
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
        return bank.report(tx, actor("xar"), person("Zahra Karimzadeh"), marking("xar")).id


@pytest.fixture
def run(database, tmp_path: Path):
    """Return what does the duty at a moment."""
    return lambda now: erasing.run_due(database, now, POLICY, tmp_path / "erased.jsonl")


def reviewer(code: str = "xar", user: str = "usr_other"):
    """Return a person who may review."""
    return actor(code, "reviewer", user=user)


def kept(database, record_id: str):
    """Return a record as it is now, or None."""
    with database.begin() as tx:
        return records.get(tx, record_id, open_to(tx, system_actor("xar", "test")))


def test_the_machine_has_no_way_around_the_assessment():
    """Every way back to a record that is kept asks for words, another person and the maximum."""
    machine: Machine[RetentionState, RetentionEvent] = RETENTION
    back = [t for t in machine.transitions if t.target is RetentionState.RECORDED]

    assert [set(arrow.guards) for arrow in back] == [{"assessed", "other_person", "within_maximum"}]
    assert machine.reachable(without=frozenset({RetentionEvent.KEEP})) == set(RetentionState)
    assert machine.events(RetentionState.ERASED) == frozenset()


@pytest.mark.parametrize(
    ("schema", "action", "years"),
    [
        ("Person", None, 5),
        ("Person", Action.ARREST, 5),
        ("Person", Action.DISCREET_CHECK, 1),
        ("Organization", None, 5),
        ("Company", None, 5),
        ("Passport", None, 10),
        ("Vehicle", Action.SEIZE, 10),
        ("Vessel", None, 10),
        ("Family", None, 5),
    ],
)
def test_each_kind_has_its_maximum(schema, action, years):
    """Counted from the day of entry."""
    today = clock.today().replace(month=6, day=15)

    assert maximum_for(schema, action, today, POLICY) == today.replace(year=today.year + years)


def test_nobody_is_warned_too_early(database, reported, later, run):
    """121 days before nothing happens; 120 days before the owner's reviewers see it."""
    run(later(365 - 121))
    with database.begin() as tx:
        assert retention.due(tx, reviewer(), limit=10) == []

    assert run(later(365 - 120)) == 1
    assert run(later(365 - 120)) == 0
    with database.begin() as tx:
        (review,) = retention.due(tx, reviewer(), limit=10)
        assert retention.due(tx, reviewer("xbo"), limit=10) == []
    assert (review.record, review.is_purpose_achieved) == (reported, False)


def test_a_record_is_kept_after_an_assessment(database, reported, later, run):
    """The extension is counted; the next warning comes in its time."""
    run(later(300))
    until = clock.today() + timedelta(days=700)
    with database.begin() as tx:
        made = retention.keep(tx, reviewer(), reported, until=until, assessment=WHY, policy=POLICY)
        since = clock.today().replace(day=1)
        statistics = retention.statistics(tx, actor("xar", "supervisor"), since=since)
    assert (made.version, made.marking.retention_until) == (2, until)
    assert [(s.owner, s.decision, s.count) for s in statistics] == [("xar", "keep", 1)]

    assert run(later(370)) == 0
    assert kept(database, reported) is not None
    assert run(later(300 + 700 - 100)) == 1


def test_who_recorded_it_cannot_keep_it(database, reported, later, run):
    """Nor the person who kept it last time (PR-28)."""
    run(later(300))
    until = clock.today() + timedelta(days=200)
    both = actor("xar", "reviewer", "recorder")  # the person who recorded it
    with database.begin() as tx, pytest.raises(NotPermitted):
        retention.keep(tx, both, reported, until=until, assessment=WHY, policy=POLICY)
    with database.begin() as tx:
        retention.keep(tx, reviewer(), reported, until=until, assessment=WHY, policy=POLICY)
    run(later(450))
    later_still = clock.today() + timedelta(days=200)
    with database.begin() as tx:
        for again in (reviewer(), both):
            with pytest.raises(NotPermitted):
                retention.keep(
                    tx, again, reported, until=later_still, assessment=WHY, policy=POLICY
                )


def test_it_is_not_kept_beyond_the_maximum_nor_without_words(database, reported, later, run):
    """Five years from the day of the review, and a reason that is one."""
    run(later(300))
    too_long = clock.today() + timedelta(days=5 * 366)
    with database.begin() as tx:
        for until, words in ((too_long, WHY), (too_long - timedelta(days=99), "keep")):
            with pytest.raises(InvalidInput):
                retention.keep(
                    tx, reviewer(), reported, until=until, assessment=words, policy=POLICY
                )


def test_a_review_that_nobody_asked_for_changes_nothing(database, reported):
    """A record is reviewed when its time comes."""
    until = clock.today() + timedelta(days=700)
    with database.begin() as tx:
        with pytest.raises(Conflict):
            retention.keep(tx, reviewer(), reported, until=until, assessment=WHY, policy=POLICY)
        with pytest.raises(Conflict):
            retention.drop(tx, reviewer(), reported, assessment=WHY)
        with pytest.raises(Conflict):
            retention.justify(tx, reviewer(), reported, assessment=WHY)


def test_another_authority_cannot_decide(database, reported, later, run):
    """Its reviewers see the record and may not touch it."""
    run(later(300))
    with database.begin() as tx, pytest.raises(NotPermitted):
        retention.drop(tx, reviewer("xbo"), reported, assessment=WHY)
    with database.begin() as tx, pytest.raises(NotFound):
        retention.drop(tx, reviewer("xbo"), "rec_none", assessment=WHY)


def test_a_review_may_delete(database, reported, later, run):
    """The words of the assessment go with the record; that it was made is counted."""
    run(later(300))
    with database.begin() as tx:
        retention.drop(tx, reviewer(), reported, assessment=WHY)
        left = tx.execute(select(retention_assessment)).one()

    assert kept(database, reported) is None
    assert (left.record, left.assessment, left.decision) == (None, "", "delete")


def test_a_record_is_erased_on_its_day_when_nobody_answers(
    database, reported, later, run, tmp_path: Path
):
    """And the list that restores obey names it."""
    run(later(300))
    run(later(364))
    assert kept(database, reported) is not None
    assert run(later(365)) == 1
    assert kept(database, reported) is None
    with database.begin() as tx:
        assert tx.scalar(select(func.count()).select_from(tombstone)) == 1
        assert tx.scalar(select(retention_assessment.c.decision)) == "lapse"
    assert len((tmp_path / "erased.jsonl").read_text().splitlines()) == 1


def test_what_is_withdrawn_is_erased_without_a_warning(database, reported, later, run):
    """Nobody is asked to keep what its owner took back."""
    with database.begin() as tx:
        tx.execute(record.update().values(state=RecordState.WITHDRAWN))

    assert run(later(300)) == 0
    assert run(later(365)) == 1
    assert kept(database, reported) is None


def test_an_achieved_purpose_is_answered_or_suspends(database, reported, later, run):
    """On day 16 no action is asked any more, and the officer knows; a justification ends it."""
    with database.begin() as tx:
        due_on = retention.note_achieved(tx, actor("xar"), reported, POLICY)
        assert retention.note_achieved(tx, actor("xar"), reported, POLICY) == due_on
        (review,) = retention.due(tx, reviewer(), limit=10)
    assert (review.is_purpose_achieved, review.due_on) == (True, due_on)
    assert run(later(15)) == 0
    assert run(later(16)) == 1
    assert run(later(17)) == 0
    found = kept(database, reported)
    assert found is not None
    assert found.suspensions == {SuspensionCause.PURPOSE_ACHIEVED}
    with database.begin() as tx:
        assert tx.scalar(select(signal.c.kind)) == "purpose_achieved"
        retention.justify(tx, reviewer(), reported, assessment=WHY)
    found = kept(database, reported)
    assert found is not None
    assert (found.state, found.suspensions) == (RecordState.ACTIVE, frozenset())


def test_an_achieved_purpose_may_delete(database, reported):
    """Within the fifteen days, without waiting for the warning."""
    with database.begin() as tx:
        retention.note_achieved(tx, actor("xar"), reported, POLICY)
        retention.drop(tx, reviewer(), reported, assessment=WHY)

    assert kept(database, reported) is None
