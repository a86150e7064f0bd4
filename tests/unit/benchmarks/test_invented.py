"""Invented lists are the same each time, and a query is what it says."""

from __future__ import annotations

import pytest

from benchmarks import invented, material

SIZE = 3000


@pytest.fixture(scope="module", autouse=True)
def without_shared_data(tmp_path_factory: pytest.TempPathFactory):
    """Draw from the small tables of the code, so that the tests are the same everywhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(material, "SHARED", tmp_path_factory.mktemp("nothing"))
        yield


@pytest.fixture(scope="module")
def records():
    """Return the list by id."""
    return {record.id: record for record in invented.listed(SIZE)}


@pytest.fixture(scope="module")
def tasks():
    """Return a few queries of each kind."""
    return invented.tasks(SIZE, 20, passengers=20)


def test_the_same_seed_gives_the_same_list(records):
    """A figure can be repeated."""
    assert list(invented.listed(SIZE)) == list(records.values())


def test_another_seed_gives_another_list(records):
    """The seed is not decoration."""
    assert list(invented.listed(SIZE, seed=2)) != list(records.values())


def test_every_kind_of_query_is_there_as_often_as_asked(tasks):
    """No kind is forgotten because the list has too few fitting names."""
    kinds = [task.kind for task in tasks]

    assert {kind: kinds.count(kind) for kind in kinds} == dict.fromkeys(
        [*invented.KINDS, invented.PASSENGER], 20
    )


def test_an_exact_query_is_a_name_of_its_target(tasks, records):
    """What is asked stands on the list, letter by letter."""
    for task in tasks:
        if task.kind == "exact":
            assert task.query.first("name") in records[task.target].values("name", "alias")


def test_a_query_in_another_script_is_on_no_record(tasks, records):
    """The target has no alias in the asked script, or the question would be easy."""
    for task in tasks:
        if task.kind == "other script":
            assert task.query.first("name") not in records[task.target].values("name", "alias")


def test_a_typing_error_changes_the_name(tasks, records):
    """A query of that kind that equals its target would flatter the recall."""
    typed = [task for task in tasks if task.kind == "two typos"]
    same = [t for t in typed if t.query.first("name") in records[t.target].values("name")]

    assert len(same) <= len(typed) // 10  # two errors may undo each other


def test_a_passenger_stands_for_nobody(tasks):
    """Passengers measure speed and alarms, never recall."""
    assert {task.target for task in tasks if task.kind == invented.PASSENGER} == {None}


def test_a_query_without_facts_is_a_name_alone(tasks):
    """Peers that know names only are asked the same."""
    assert invented.without_facts(tasks[0]).query.properties.keys() == {"name"}
