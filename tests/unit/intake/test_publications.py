"""A list in the bank: taken in whole, kept up to date, and never twice."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bank_help import authority, marking
from didban import clock
from didban.errors import InvalidFile, NotPermitted, Unavailable
from didban.guard.access import system_actor
from didban.intake import publications as intake
from didban.intake.publications import Terms, take_in
from didban.intake.readers.base import Source
from didban.intake.rejects import Rejects
from didban.model.bank import SuspensionCause
from didban.store import records, suspensions
from didban.store.record_rows import digest_of
from didban.store.tables.records import change, record, record_version
from didban.store.visibility import open_to


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


def test_a_new_text_moves_the_old_one_to_the_history(database, publish):
    """With the publication that stated each."""
    first = publish(person(1))
    second = publish(person(1, name="Another"))
    with database.begin() as tx:
        seen = open_to(tx, system_actor("arvand", "test"))
        old, new = records.versions(tx, "arvand-1", seen)

    assert (old.entity.caption, old.recorded_by) == ("Person 1", first.id)
    assert (new.entity.caption, new.recorded_by) == ("Another", second.id)
    assert old.recorded_at < new.recorded_at


def test_another_marking_is_another_version_or_visibility(database, publish):
    """The same text to fewer people is a change, too."""
    publish(person(1))
    for more in ({"legal_basis": "another law"}, {"audience": ("node:xar",)}):
        report = publish(person(1), terms=Terms(marking=marking("arvand", **more)))
        assert report.changed == 1


def test_what_is_listed_again_comes_back(database, publish):
    """As a new version; its absence stays in the history."""
    publish(person(1), person(2))
    publish(person(1))
    report = publish(person(1), person(2))
    with database.begin() as tx:
        seen = open_to(tx, system_actor("arvand", "test"))
        states = [kept.state for kept in records.versions(tx, "arvand-2", seen)]

    assert (report.changed, report.added) == (1, 0)
    assert states == ["active", "withdrawn", "active"]


def test_a_new_text_does_not_end_a_suspension(database, publish):
    """What somebody doubts stays doubted whatever the list says next."""
    publish(person(1))
    actor = system_actor("arvand", "test")
    with database.begin() as tx:
        kept = records.get(tx, "arvand-1", open_to(tx, actor))
        assert kept is not None
        cause = SuspensionCause.OVERSIGHT
        suspensions.suspend(tx, kept, cause, actor, at=clock.now(), reason="doubted")
    publish(person(1, name="Another"))

    (row,) = _rows(database)
    assert (row.caption, row.state, row.is_searchable) == ("Another", "suspended", True)


def test_a_record_that_is_listed_twice_counts_as_it_came_last(database, publish):
    """And is no new version each time."""
    publish(person(1), person(2), person(1, name="Last"))
    report = publish(person(1), person(2), person(1, name="Last"), "\n")
    assert (report.listed, report.unchanged) == (2, 2)
    assert sorted(r.caption for r in _rows(database)) == ["Last", "Person 2"]
    assert _rows(database, record_version) == []


def test_a_list_cannot_take_the_identifier_of_a_record_of_somebody_else(database, publish):
    """The other record is not touched, and the entry is kept under another name (PR-07)."""
    publish(person(1))
    for _ in range(2):
        publish(person(1, name="Usurper"), person(2), name="boreland")
    publish(person(2), name="boreland")

    rows = {r.id: (r.owner, r.caption, r.state, r.version) for r in _rows(database)}
    assert rows == {
        "arvand-1": ("arvand", "Person 1", "active", 1),
        "arvand-1~boreland": ("boreland", "Usurper", "withdrawn", 2),
        "arvand-2": ("boreland", "Person 2", "active", 1),
    }


def test_a_delta_does_only_what_it_says(database, publish):
    """What it does not name stays."""
    publish(person(1), person(2), person(3))
    report = publish(
        {"op": "MOD", "entity": person(1, name="Another")},
        {"op": "DEL", "entity": {"id": "arvand-2"}},
        {"op": "ADD", "entity": person(4)},
    )

    assert (report.added, report.changed, report.withdrawn, report.held_back) == (1, 1, 1, 0)
    states = {r.id: r.state for r in _rows(database)}
    assert states == {
        "arvand-1": "active",
        "arvand-2": "withdrawn",
        "arvand-3": "active",
        "arvand-4": "active",
    }


def test_a_file_that_breaks_off_withdraws_nobody(database, publish):
    """Unless somebody who looked at it says so."""
    publish(*(person(n) for n in range(20)))
    cut = (person(1), '{"id": "arvand-2", "sch')
    report = publish(*cut)
    assert (report.is_cut, report.withdrawn, report.held_back) == (True, 0, 19)

    terms = Terms(marking=marking("arvand"), allow_withdrawals=True)
    report = publish(*cut, terms=terms)
    assert (report.withdrawn, report.held_back) == (18, 1)  # the torn row still names one


def test_a_refused_row_holds_back_whom_it_names(database, publish):
    """And many withdrawals at once are not believed of such a file."""
    publish(*(person(n) for n in range(30)))
    refused = '{"id": "arvand-7", "properties": {}}\n'
    report = publish(*(person(n) for n in range(30) if n not in {7, 8}), refused)
    assert (report.refused, report.withdrawn, report.held_back) == (1, 1, 1)

    report = publish(*(person(n) for n in range(10) if n not in {7, 8}), refused)
    assert (report.withdrawn, report.held_back) == (0, 21)


def test_a_list_of_nobody_is_refused(database, publish, tmp_path):
    """It would delist everybody: something went wrong when it was fetched or saved."""
    publish(person(1))
    path = tmp_path / "stolen.csv"
    path.write_text("issuing_state,document_type,number,status\n", encoding="utf-8")
    source = Source(kind="stolen-documents", name="arvand", path=path)
    terms = Terms(marking=marking("arvand"))
    duty = system_actor("arvand", "lists")
    with pytest.raises(InvalidFile, match="delist everybody"):
        take_in(database, duty, source, terms, rejects=Rejects(), now=clock.now())

    assert [r.state for r in _rows(database)] == ["active"]


def test_a_list_is_taken_in_for_its_publisher_or_its_owner_alone(database, publish):
    """No process of one authority enters records for another (PR-07)."""
    with database.begin() as tx:
        authority(tx, "xbo")
    with pytest.raises(NotPermitted):
        publish(person(1), terms=Terms(marking=marking("xbo")))
    assert _rows(database) == []


def test_two_processes_do_not_take_in_one_list_at_once(database, publish):
    """The second is told to try again."""
    with database.exclusively("take in arvand"), pytest.raises(Unavailable):
        publish(person(1))


def test_what_stands_is_confirmed_from_time_to_time(database, publish, monkeypatch):
    """Without a new version, and without a word to who follows the bank."""
    publish(person(1))
    before, told = _rows(database)[0], len(_rows(database, change))
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    report = publish(person(1))
    after = _rows(database)[0]

    assert (report.is_repeated, report.changed, after.version) == (False, 0, 1)
    assert after.verified_on == later.date()
    assert after.retention_until > before.retention_until
    assert len(_rows(database, change)) == told


def test_identifiers_and_texts_of_any_kind_are_kept(database, publish):
    """Tabs, backslashes, NUL and half characters neither break the copy nor the row."""
    odd = person(1, name="a\tb\\N \\. \x00 \ud800 é")
    odd["id"] = "x\\N\t1"
    too_long = {**person(2), "id": "é" * 600}
    report = publish(odd, too_long)

    assert (report.added, report.refused) == (1, 1)


def test_links_between_records_stand(database, publish):
    """By the identifiers of the list."""
    link = {"id": "l", "schema": "Family", "properties": {"person": ["arvand-1"]}}
    publish(person(1), link)

    assert _rows(database)[1].entity["properties"]["person"] == ["arvand-1"]


@given(
    st.lists(
        st.dictionaries(st.integers(1, 8), st.sampled_from(["a", "b", "c"]), min_size=1),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_bank_says_what_the_last_publication_says(database, publish, publications):
    """Whatever came before (property)."""
    for published in publications:
        publish(*(person(n, name=text) for n, text in published.items()), name="list")
    with database.begin() as tx:
        query = select(record.c.id, record.c.caption).where(record.c.is_searchable)
        found = {row.id: row.caption for row in tx.execute(query)}

    assert found == {f"arvand-{n}": text for n, text in publications[-1].items()}


def test_a_new_list_is_found_while_it_is_read(database, publish, monkeypatch):
    """Range by range; what comes twice far apart ends as it came last, and stays so."""
    monkeypatch.setattr(intake, "BATCH", 2)
    people = (person(1), person(2), person(3), person(1, name="Last"))
    first = publish(*people)
    again = publish(*people, "\n")

    assert (first.listed, first.added) == (3, 3)
    assert (again.unchanged, again.changed) == (3, 0)
    assert {r.id: r.caption for r in _rows(database)}["arvand-1"] == "Last"
