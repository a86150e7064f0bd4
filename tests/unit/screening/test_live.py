"""The screening index follows the bank: everything is found, by whom it is open to, at once."""

from __future__ import annotations

import pytest

from bank_help import actor, authority, marking, person
from didban.intake import bank
from didban.match.query import query_from_record
from didban.screening.live import LiveIndex
from didban.store.visibility import open_to


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
