"""What comes into the bank later is held against what was asked before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bank_help import actor, authority, marking, person
from didban import clock
from didban.intake import bank
from didban.screening import bank_check, passengers, rescreen
from didban.screening.live import LiveIndex
from didban.screening.looking import Booth
from didban.screening.question import Question
from didban.store import changes, checks, records
from didban.store.tables.audit import audit_entry
from didban.store.tables.checks import match_made
from didban.store.visibility import open_to

ZAHRA = Question(names=("Zahra Karimzadeh",), birth_date="1971-05-02")


def officer(code="xar"):
    """Return who stands at the gate."""
    return actor(code, "first_line", place="Gate 4")


@pytest.fixture
def booth(database, node_secrets, tmp_path):
    """Return a booth of a bank in which rescreening has begun."""
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        booth = Booth(index=index, secrets=node_secrets)
        run(database, booth)
        yield booth


def run(database, booth, told=None):
    """Do the duty once."""
    return rescreen.run_due(database, clock.now(), booth=booth, told=told)


def check(database, booth, who=None, question=ZAHRA):
    """Make one check; return its identifier."""
    with database.begin() as tx:
        return bank_check.make(tx, booth, who or officer(), question).check


def report(database, entity, **markings):
    """Enter a record of Arvand's."""
    with database.begin() as tx:
        return bank.report(tx, actor("xar"), entity, marking("xar", **markings))


def matches(database, check_id, code="xar"):
    """Return the matches of a check."""
    with database.begin() as tx:
        return checks.matches_of(tx, check_id, open_to(tx, officer(code)))


def test_who_is_reported_after_the_check_is_found(database, booth):
    """The match is marked as found later, entered in the audit, and told."""
    made = check(database, booth)
    assert matches(database, made) == []
    kept = report(database, person("Zahra Karimzadeh", birthDate="1971-05-02"))
    told = []

    assert run(database, booth, lambda _tx, match, _check: told.append(match.record)) == 1

    (match,) = matches(database, made)
    assert (match.record, match.is_rescreened) == (kept.id, True)
    assert told == [kept.id]
    with database.begin() as tx:
        assert "match.found_later" in tx.scalars(select(audit_entry.c.deed)).all()


def test_a_later_match_scores_as_a_check_made_now(database, booth):
    """The same evidence, the same score."""
    made = check(database, booth)
    report(database, person("Zahra Karimzadeh", birthDate="1971-05-02"))
    run(database, booth)
    (later,) = matches(database, made)
    (now,) = matches(database, check(database, booth))

    assert (later.score, later.prior, later.evidence) == (now.score, now.prior, now.evidence)


def test_a_match_is_found_later_once(database, booth):
    """Not again with the next run, nor when the record changes."""
    made = check(database, booth)
    kept = report(database, person("Zahra Karimzadeh", birthDate="1971-05-02"))
    run(database, booth)
    assert run(database, booth) == 0
    with database.begin() as tx:
        entity = replace(kept.entity, properties={**kept.entity.properties, "notes": ("seen",)})
        changed = replace(kept, entity=entity, recorded_at=clock.now())
        records.replace_record(tx, changed, expected=kept.version)

    assert run(database, booth) == 0
    assert len(matches(database, made)) == 1


def test_what_the_asker_may_not_see_is_not_found_for_it(database, booth):
    """PR-09 holds for what is found later, too."""
    own, other = check(database, booth), check(database, booth, officer("xbo"))
    report(
        database,
        person("Zahra Karimzadeh", birthDate="1971-05-02"),
        audience=("node:xar",),
    )

    assert run(database, booth) == 1
    assert len(matches(database, own)) == 1
    with database.begin() as tx:
        assert other not in tx.scalars(select(match_made.c.check)).all()


def test_what_was_emptied_is_not_asked_again(database, booth):
    """The content of the check is gone, and with it what could be asked."""
    made = check(database, booth)
    with database.begin() as tx:
        checks.mask_due(tx, clock.today() + timedelta(days=731), most=10)
    report(database, person("Zahra Karimzadeh", birthDate="1971-05-02"))

    assert run(database, booth) == 0
    assert matches(database, made) == []


def test_passengers_who_are_not_masked_are_asked_again(database, booth):
    """Until they are masked (PR-35)."""
    unit = actor("xar", "passenger_unit")
    content = b"name,birthDate\nZahra Karimzadeh,1971-05-02\nTomas Oldrich,1985-03-04\n"
    with database.begin() as tx:
        held = passengers.hold(tx, booth, unit, "XB 123", content)
    assert held.found == {}
    report(database, person("Zahra Karimzadeh", birthDate="1971-05-02"))
    assert run(database, booth) == 1
    with database.begin() as tx:
        _, listed = passengers.viewed(tx, unit, held.kept.id)
    assert [one.check is not None for one in listed] == [True, False]

    passengers.run_due(database, held.kept.mask_at)
    report(database, person("Tomas Oldrich", birthDate="1985-03-04"))
    assert run(database, booth) == 0


def test_in_a_restored_bank_it_begins_anew(database, booth):
    """Transactions are numbered anew there; a place of before means nothing."""
    made = check(database, booth)
    with database.begin() as tx:
        changes.keep_rescreened(tx, "9000000:9000000:")
    assert run(database, booth) == 0
    report(database, person("Zahra Karimzadeh", birthDate="1971-05-02"))

    assert run(database, booth) == 1
    assert len(matches(database, made)) == 1
