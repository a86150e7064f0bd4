"""A list in the bank: taken in whole, kept up to date, and never twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from bank_help import marking
from didban import clock
from didban.guard.access import system_actor
from didban.intake.publications import Terms, take_in
from didban.intake.readers.base import Source
from didban.intake.rejects import Rejects
from didban.store import records
from didban.store.record_rows import digest_of
from didban.store.tables.records import change, record, record_version


def person(number: int, **properties: str) -> dict[str, object]:
    """Return an entry of a list."""
    values = {"name": f"Person {number}", "birthDate": "1970-01-01", **properties}
    return {
        "id": f"arvand-{number}",
        "schema": "Person",
        "properties": {name: [value] for name, value in values.items()},
    }


@pytest.fixture
def publish(database, tmp_path: Path):
    """Return what takes in a list of these objects, as the node does on its own."""

    def publish(*objects: object, name: str = "arvand", terms: Terms | None = None):
        path = tmp_path / f"{name}.json"
        path.write_text(
            "".join(o if isinstance(o, str) else json.dumps(o) + "\n" for o in objects),
            encoding="utf-8",
        )
        return take_in(
            database,
            system_actor("xar", "lists"),
            Source(kind="ftm", name=name, path=path),
            terms or Terms(marking=marking(name)),
            rejects=Rejects(),
            now=clock.now(),
        )

    return publish


def _rows(database, table=record, *columns):
    with database.begin() as tx:
        return tx.execute(select(*(columns or (table,))).order_by(table.c[0])).all()


def test_a_list_is_owned_by_its_publisher(database, publish):
    """Who publishes it is an authority of the bank from then on."""
    report = publish(person(1), person(2))

    assert (report.listed, report.added, report.unchanged) == (2, 2, 0)
    assert [(r.id, r.owner, r.dataset) for r in _rows(database)] == [
        ("arvand-1", "arvand", "arvand"),
        ("arvand-2", "arvand", "arvand"),
    ]


def test_the_same_file_does_nothing(database, publish):
    """Nobody who follows the bank hears of it."""
    publish(person(1))
    before = len(_rows(database, change))
    again = publish(person(1))

    assert again.is_repeated
    assert len(_rows(database, change)) == before


def test_a_publication_adds_changes_and_withdraws(database, publish):
    """What says what it said is not touched."""
    publish(person(1), person(2), person(3))
    before = {r.id: r for r in _rows(database)}
    report = publish(person(1), person(2, name="Another"), person(4))
    after = {r.id: r for r in _rows(database)}

    assert (report.added, report.changed, report.withdrawn, report.unchanged) == (1, 1, 1, 1)
    assert after["arvand-1"] == before["arvand-1"]
    assert (after["arvand-2"].version, after["arvand-2"].caption) == (2, "Another")
    assert (after["arvand-3"].state, after["arvand-3"].is_searchable) == ("withdrawn", False)
    assert {(v.record, v.version) for v in _rows(database, record_version)} == {
        ("arvand-2", 1),
        ("arvand-3", 1),
    }


def test_a_prepared_row_is_what_a_reported_record_is(database, publish):
    """The fast way into the table has the digest and the content of the slow one."""
    publish(person(1, name='Back\\slash "quote" زهرا'))
    row = _rows(database)[0]

    assert row.digest == digest_of(row.entity, row.marking, row.alert, row.sensitive)
    with database.begin() as tx:
        found = records.get(tx, "arvand-1", frozenset({row.visibility}))
    assert found is not None
    assert found.entity.first("name") == 'Back\\slash "quote" زهرا'
