"""The screening index follows the bank: everything is found, by whom it is open to, at once."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bank_help import actor, authority, marking, person
from didban import clock
from didban.intake import bank
from didban.match.query import query_from_record
from didban.model.bank import RecordState
from didban.screening import merging
from didban.screening.live import LiveIndex
from didban.store import changes, records
from didban.store.tables.operation import node
from didban.store.visibility import open_to
from node_help import wait_until


@pytest.fixture
def index(database, tmp_path):
    """Return an index that follows when it is told to."""
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        yield index


def report(database, entity, **markings):
    """Enter a record of Arvand's."""
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
        return bank.report(tx, actor("xar"), entity, marking("xar", **markings))


def found(database, index, entity, code="xar"):
    """Return who is found when an authority asks for somebody of this name."""
    index.catch_up()
    with database.begin() as tx:
        seen = open_to(tx, actor(code))
    return [match.id for match in index.match(query_from_record(entity), open_to=seen)]


def test_a_record_is_found_once_it_is_committed(database, index):
    """Nothing else has to be done."""
    entity = person("Zahra Karimzadeh")
    report(database, entity)

    assert found(database, index, entity) == [entity.id]


def test_who_may_not_see_finds_nothing(database, index):
    """An audience of Arvand alone."""
    entity = person("Zahra Karimzadeh")
    report(database, entity, audience=("node:xar",))

    assert found(database, index, entity, "xar") == [entity.id]
    assert found(database, index, entity, "xbo") == []


def test_what_is_withdrawn_is_found_no_longer(database, index):
    """Whatever takes it out of those that are found."""
    entity = person("Zahra Karimzadeh")
    kept = report(database, entity)
    assert found(database, index, entity) == [entity.id]
    withdraw(database, kept)

    assert found(database, index, entity) == []
    assert len(index) == 0


def test_who_loses_sight_of_a_record_finds_it_no_longer(database, index):
    """The audience shrinks; for who stays in it nothing changes."""
    entity = person("Zahra Karimzadeh")
    kept = report(database, entity)
    assert found(database, index, entity, "xbo") == [entity.id]
    narrow = replace(kept, marking=marking("xar", audience=("node:xar",)))
    with database.begin() as tx:
        records.replace_record(tx, replace(narrow, recorded_at=clock.now()), expected=1)

    assert found(database, index, entity, "xbo") == []
    assert found(database, index, entity, "xar") == [entity.id]


def test_a_change_is_found_by_what_it_says_now(database, index):
    """Not by what it said before."""
    kept = report(database, person("Zahra Karimzadeh"))
    other = person("Ulrike Vandenberg")
    changed = replace(kept, entity=replace(other, id=kept.id), recorded_at=clock.now())
    with database.begin() as tx:
        records.replace_record(tx, changed, expected=1)

    assert found(database, index, other) == [kept.id]
    assert found(database, index, kept.entity) == []


def test_ill_gotten_information_is_never_found(database, index):
    """PR-55."""
    entity = person("Zahra Karimzadeh")
    report(database, entity, is_tainted=True)

    assert found(database, index, entity) == []


def test_a_transaction_that_commits_late_is_not_missed(database, index):
    """Changes are read by what was not visible before, not by their numbers."""
    late, early = person("Zahra Karimzadeh"), person("Ulrike Vandenberg")
    report(database, person("Tomas Oldrich"))
    with database.begin() as tx:
        bank.report(tx, actor("xar"), late, marking("xar"))
        report(database, early)
        assert found(database, index, early) == [early.id]
        assert found(database, index, late) == []

    assert found(database, index, late) == [late.id]


def test_an_opened_folder_goes_on_where_it_was(database, tmp_path):
    """A restart reads only what changed since."""
    first, second = person("Zahra Karimzadeh"), person("Ulrike Vandenberg")
    report(database, first)
    folder = tmp_path / "index"
    with LiveIndex.open(database, folder, follow=False) as index:
        name = index.shelves.contents.name
    report(database, second)

    with LiveIndex.open(database, folder, follow=False) as index:
        assert index.shelves.contents.name == name
        assert found(database, index, first) == [first.id]
        assert found(database, index, second) == [second.id]


@pytest.mark.parametrize("damage", ["cut", "gone", "foreign"])
def test_a_folder_that_cannot_be_trusted_is_made_again(database, tmp_path, damage):
    """It holds nothing that the bank does not."""
    entity = person("Zahra Karimzadeh")
    report(database, entity)
    folder = tmp_path / "index"
    LiveIndex.open(database, folder, follow=False).close()
    (segment,) = folder.glob("segment-*.didban")
    if damage == "cut":
        segment.write_bytes(segment.read_bytes()[:-100])
    elif damage == "gone":
        segment.unlink()
    else:  # another index has followed meanwhile, and changes were forgotten since
        LiveIndex.open(database, tmp_path / "other", follow=False).close()

    with LiveIndex.open(database, folder, follow=False) as index:
        assert found(database, index, entity) == [entity.id]


def test_changes_that_the_folder_has_are_forgotten(database, index):
    """Not those that held checks were not asked about yet."""
    report(database, person("Zahra Karimzadeh"))
    index.catch_up()
    with database.begin() as tx:
        changes.keep_rescreened(tx, index.position)
    report(database, person("Ulrike Vandenberg"))
    index.catch_up()

    assert index.trim() == 1
    assert index.trim() == 0


def test_nothing_of_an_erased_record_is_left_in_the_files(database, index, tmp_path):
    """Once a purge was asked for and the writer has come to it (PR-31)."""
    kept = report(database, person("Zahra Unmistakable"))
    index.catch_up()
    withdraw(database, kept)
    index.purge()
    index.catch_up()

    content = b"".join(p.read_bytes() for p in (tmp_path / "index").iterdir())
    assert b"unmistakable" not in content.lower()


def test_a_production_node_does_not_match_by_specimens(database, tmp_path):
    """Whatever slipped in (PR-51)."""
    specimen = person("Zahra Karimzadeh", nationality="uto")
    real = person("Ulrike Vandenberg", nationality="de")
    report(database, specimen)
    report(database, real)
    with database.begin() as tx:
        authority(tx, "xar")
        tx.execute(node.insert().values(host="xar", is_training=False, made_at=clock.now()))
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        assert found(database, index, specimen) == []
        assert found(database, index, real) == [real.id]


def test_the_index_says_how_far_it_is_behind(database, index):
    """Fresh just after a round; old, then expired, when rounds stay out."""
    index.catch_up()
    assert index.lag() < timedelta(seconds=1)
    assert not index.freshness().is_expired
    (index._folder / "round").unlink()

    assert index.freshness().is_expired


def withdraw(database, kept):
    """Take a record out of those that are found."""
    with database.begin() as tx:
        records.set_state(tx, kept, RecordState.WITHDRAWN, at=clock.now(), by="usr_xar")


def test_a_large_merge_is_made_by_a_process_beside(database, index, tmp_path, monkeypatch):
    """What is new meanwhile is found, and what is taken out meanwhile stays out."""
    monkeypatch.setattr(merging, "SMALL", 0)
    people = [person(f"Zahra Karimzadeh{number}") for number in range(4)]
    kept = [report(database, entity) for entity in people]
    index.catch_up()
    withdraw(database, kept[0])
    index.purge()
    index.catch_up()  # it begins
    withdraw(database, kept[1])
    late = person("Ulrike Vandenberg")
    report(database, late)
    assert found(database, index, late) == [late.id]

    files = tmp_path / "index"

    def is_merged():
        index.catch_up()
        return b"karimzadeh0" not in b"".join(p.read_bytes() for p in files.glob("seg*")).lower()

    wait_until(is_merged)
    assert len(index) == 3
    assert found(database, index, people[1]) != [people[1].id]


def test_a_merge_that_fails_changes_nothing_and_rests(database, index, monkeypatch):
    """A full disk must not start a process five times a second."""
    monkeypatch.setattr(merging, "SMALL", 0)
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    entity = person("Zahra Karimzadeh")
    report(database, entity)
    kept = report(database, person("Ulrike Vandenberg"))
    index.catch_up()
    withdraw(database, kept)
    begun = []
    real = merging.Merger._start

    def start(merger, merge):
        begun.append(merge)
        real(merger, merge)

    monkeypatch.setattr(merging.Merger, "_start", start)
    index.purge()
    for _ in range(10):
        index.catch_up()
        time.sleep(0.02)

    assert len(begun) == 1
    assert found(database, index, entity) == [entity.id]
