"""Protection rules where lists, retention and erasure are concerned, by their numbers."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Text, cast, select

from bank_help import actor, authority, marking, person
from didban import clock
from didban.errors import InvalidFields, InvalidInput
from didban.guard import corrections, erasing, retention, sealing
from didban.guard.access import system_actor
from didban.intake import bank, quality_report
from didban.intake.publications import Terms, take_in
from didban.intake.readers.base import Source
from didban.intake.rejects import Rejects
from didban.model.alerts import Action, Alert, PersonStatus
from didban.model.bank import SuspensionCause, standing
from didban.model.retention import ErasureReason, RetentionPolicy
from didban.screening import bank_check
from didban.screening.live import LiveIndex
from didban.screening.looking import Booth
from didban.screening.question import Question
from didban.store import erasure, records
from didban.store.database import Database
from didban.store.tables import catalogue
from didban.store.tables.checks import check_made
from didban.store.tables.signals import signal
from didban.store.visibility import open_to

POLICY = RetentionPolicy()
WHY = "She is still wanted by the court of Arvand, warrant renewed."
REVIEWER = {"user": "usr_reviewer"}


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
def zahra(database):
    """Return a record that is kept for a year."""
    wanted = Alert(action_requested=Action.ARREST, person_status=PersonStatus.CHARGED)
    with database.begin() as tx:
        authority(tx, "xar")
        erasure.make_key(tx)  # as `didban init` does
        entity = person("Zahra Karimzadeh", birthDate="1971-05-02")
        return bank.report(tx, actor("xar"), entity, marking("xar"), wanted)


def places_of(database: Database, words: str) -> list[str]:
    """Return every column of the bank that holds these words, whatever its type."""
    with database.begin() as tx:
        return [
            f"{table.name}.{column.name}"
            for table in catalogue().sorted_tables
            for column in table.c
            if tx.scalar(select(column).where(cast(column, Text).contains(words)).limit(1))
        ]


def files_with(folder: Path, words: str) -> list[str]:
    """Return the files below a folder that hold these words."""
    wanted = words.encode()
    return [p.name for p in folder.rglob("*") if p.is_file() and wanted in p.read_bytes()]


def test_pr_23_the_monthly_report_counts_what_is_wrong_with_a_list(database, tmp_path):
    """Missing and year-only birth dates, placeholder names, duplicate numbers, check digits."""
    rows = [
        ("1", "Zahra Karimzadeh", "1971-05-02", "A1234567"),
        ("2", "Unknown", "1971", "A1234567"),
        ("3", "Bahram Novak", "", "B7654321"),
        ("4", "Ivan Orlov", "1980-01-01", ""),
    ]
    path, mapping = tmp_path / "list.csv", tmp_path / "list.toml"
    lines = ["no,name,born,passport", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    mapping.write_text(
        'schema = "Person"\nid = "no"\n[columns]\nname = "name"\nborn = "birthDate"\n'
        '[[documents]]\nnumber_column = "passport"\nissuer = "XAR"\ntype = "P"\n',
        encoding="utf-8",
    )
    source = Source(kind="csv", name="arvand", path=path, mapping=mapping)
    duty = system_actor("arvand", "lists")
    terms = Terms(marking=marking("arvand"))
    take_in(database, duty, source, terms, rejects=Rejects(), now=clock.now())
    quality_report.run_due(database, clock.now())
    with database.begin() as tx:
        supervisor = actor("xar", "supervisor")
        (report,) = quality_report.reports(tx, supervisor, since=clock.today().replace(day=1))

    counts = {fault: count for fault, count in report.faults.items() if count}
    assert counts == {
        "placeholder_name": 1,
        "no_birth_date": 1,
        "year_of_birth_only": 1,
        "placeholder_birth_date": 1,
        "no_nationality": 4,
        "no_document": 1,
        "duplicate_number": 2,
    }


@pytest.mark.parametrize(
    ("schema", "action", "days"),
    [("Person", None, 5 * 366), ("Person", "discreet_check", 366), ("Vehicle", None, 10 * 366)],
)
def test_pr_30_nothing_is_kept_beyond_the_policy(database, schema, action, days):
    """Neither when it is reported, nor when it is kept longer."""
    alert = None
    if action:
        alert = Alert(action_requested=Action(action), person_status=PersonStatus.SUSPECT)
    entity = person("Zahra Karimzadeh", birthDate="1971-05-02")
    if schema == "Vehicle":
        plate = {"registrationNumber": ("12B345",), "country": ("xar",)}
        entity = replace(entity, schema=schema, properties=plate)
    until = clock.today() + timedelta(days=days)
    with database.begin() as tx:
        authority(tx, "xar")
        with pytest.raises(InvalidFields, match="retention_until"):
            bank.report(tx, actor("xar"), entity, marking("xar", retention_until=until), alert)


def test_pr_30_what_comes_with_a_list_gets_the_maximum_of_its_kind(database, tmp_path):
    """Five years for persons, ten for documents."""
    path = tmp_path / "list.json"
    path.write_text(
        '{"id": "p", "schema": "Person", "properties": {"name": ["Zahra Karimzadeh"]}}\n'
        '{"id": "d", "schema": "Passport", "properties": {"number": ["A1234567"]}}\n'
    )
    source = Source(kind="ftm", name="arvand", path=path)
    terms = Terms(marking=marking("arvand"))
    duty = system_actor("arvand", "lists")
    take_in(database, duty, source, terms, rejects=Rejects(), now=clock.now())
    with database.begin() as tx:
        seen = open_to(tx, duty)
        years = {
            name: kept.marking.retention_until.year - clock.today().year
            for name, kept in records.many(tx, ["p", "d"], seen).items()
        }
    assert years == {"p": 5, "d": 10}


def test_pr_31_after_the_day_nothing_finds_it(database, node_secrets, zahra, later, tmp_path):
    """No column of the bank, no check, no file of the index, no restored backup."""
    folder, listed = tmp_path / "index", tmp_path / erasure.LIST_NAME
    question = Question(names=("Zahra Karimzadeh",), birth_date="1971-05-02")
    officer = actor("xar", "first_line", place="Gate 4")
    with LiveIndex.open(database, folder, follow=False) as index:
        with database.begin() as tx:
            booth = Booth(index=index, secrets=node_secrets)
            answer = bank_check.make(tx, booth, officer, question)
            assert answer.matches
        assert places_of(database, "Karimzadeh")
        assert files_with(folder, "Karimzadeh")
        _copied(database, "older")

        erasing.run_due(database, later(365), POLICY, listed)
        index.catch_up()
        with database.begin() as tx:
            assert not bank_check.make(tx, booth, officer, question).matches
            tx.execute(check_made.delete().where(check_made.c.id != answer.check))
        index.purge()

    assert places_of(database, "Karimzadeh") == []
    assert places_of(database, "1971-05-02") == []
    assert files_with(tmp_path, "Karimzadeh") == []

    older = database.url.set(database="older").render_as_string(hide_password=False)
    with closing(Database(older)) as restored:
        assert places_of(restored, "Karimzadeh")
        with restored.begin() as tx:
            assert erasure.reapply(tx, erasure.read_list(listed)) == 1
        assert places_of(restored, "Karimzadeh") == []


def _copied(database: Database, name: str) -> None:
    """Make a copy of a bank, as a backup is one."""
    database.close()
    url = database.url.set(database="postgres", drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as server:
        server.execute(f'drop database if exists "{name}"')
        server.execute(f'create database "{name}" template "{database.url.database}"')


def test_pr_31_what_was_erased_for_good_does_not_come_back_with_its_list(database, tmp_path):
    """A list that still names whose data a person had erased does not bring them back."""
    path = tmp_path / "list.json"
    people = ("Zahra Karimzadeh", "Bahram Novak")
    path.write_text(
        "".join(
            f'{{"id": "{name[0]}", "schema": "Person", "properties": {{"name": ["{name}"]}}}}\n'
            for name in people
        )
    )
    source = Source(kind="ftm", name="arvand", path=path)
    duty = system_actor("arvand", "lists")
    terms = Terms(marking=marking("arvand"))
    take_in(database, duty, source, terms, rejects=Rejects(), now=clock.now())
    with database.begin() as tx:
        erasure.erase(tx, "Z", ErasureReason.SUBJECT_REQUEST, clock.now())
    again = clock.now() + timedelta(days=31)
    report = take_in(database, duty, source, terms, rejects=Rejects(), now=again)

    assert (report.barred, report.added, report.listed) == (1, 0, 1)
    assert places_of(database, "Karimzadeh") == []
    assert places_of(database, "Novak")


def test_pr_32_the_owner_is_warned_and_another_person_assesses(database, zahra, later, tmp_path):
    """120 days before; without an answer it is erased on the day; extensions are counted."""
    listed = tmp_path / erasure.LIST_NAME
    reviewer = actor("xar", "reviewer", **REVIEWER)
    erasing.run_due(database, later(365 - 120), POLICY, listed)
    until = clock.today() + timedelta(days=300)
    with database.begin() as tx:
        assert [r.record for r in retention.due(tx, reviewer, limit=10)] == [zahra.id]
        with pytest.raises(InvalidInput):
            retention.keep(tx, reviewer, zahra.id, until=until, assessment="", policy=POLICY)
        retention.keep(tx, reviewer, zahra.id, until=until, assessment=WHY, policy=POLICY)
    erasing.run_due(database, later(366), POLICY, listed)
    assert places_of(database, "Karimzadeh")
    erasing.run_due(database, later(365 - 120 + 300), POLICY, listed)
    assert places_of(database, "Karimzadeh") == []
    assert places_of(database, WHY) == []

    with database.begin() as tx:
        since = clock.today() - timedelta(days=400)
        officer = actor("xar", "supervisor")
        counts = {s.decision: s.count for s in retention.statistics(tx, officer, since=since)}
    assert counts == {"keep": 1, "lapse": 1}


def test_pr_33_an_achieved_purpose_suspends_on_day_sixteen(database, zahra, later, tmp_path):
    """No action is asked any more, and the data-protection officer is told."""
    listed = tmp_path / erasure.LIST_NAME
    with database.begin() as tx:
        retention.note_achieved(tx, actor("xar"), zahra.id, POLICY)
    for day, action in ((15, Action.ARREST), (16, None)):
        erasing.run_due(database, later(day), POLICY, listed)
        with database.begin() as tx:
            kept = records.get(tx, zahra.id, open_to(tx, actor("xar")))
        assert kept is not None
        assert standing(kept, clock.today()).action is action
        is_late = SuspensionCause.PURPOSE_ACHIEVED in kept.suspensions
        assert is_late == (action is None)
    with database.begin() as tx:
        assert tx.scalar(select(signal.c.kind)) == "purpose_achieved"


def test_pr_34_whoever_received_what_is_gone_is_told_until_they_confirm(database, zahra, tmp_path):
    """Of an erasure, and of what a list changes or no longer names; what is not confirmed shows."""
    path = tmp_path / "list.json"
    line = '{"id": "%s", "schema": "Person", "properties": {"name": ["%s"]}}\n'
    source = Source(kind="ftm", name="arvand", path=path)
    duty, terms = system_actor("arvand", "lists"), Terms(marking=marking("arvand"))

    def published(*people: tuple[str, str]) -> None:
        path.write_text("".join(line % one for one in people))
        take_in(database, duty, source, terms, rejects=Rejects(), now=clock.now())

    published(("a", "Anna"), ("b", "Berta"), ("c", "Clara"), ("d", "Dora"))
    desk = actor("xbo", "second_line")
    with database.begin() as tx:
        authority(tx, "xbo")
        for received in (zahra.id, "a", "b", "d"):
            bank.read(tx, desk, received)
    published(("a", "Anna Novak"), ("d", "Dora"))
    with database.begin() as tx:
        retention.note_achieved(tx, actor("xar"), zahra.id, POLICY)
        retention.drop(tx, actor("xar", "reviewer", **REVIEWER), zahra.id, assessment=WHY)
    sealing.seal_all(database)
    assert corrections.run_due(database, clock.now()) == 3

    with database.begin() as tx:
        notices = {n.record: n for n in corrections.waiting(tx, desk, limit=10)}
        changes = {name: notice.change for name, notice in notices.items()}
        assert changes == {
            "a": "record.corrected",
            "b": "record.withdrawn",
            zahra.id: "record.erased",
        }
        corrections.acknowledge(tx, desk, notices["a"].id)
        open_ones = [n for n in corrections.waiting(tx, desk, limit=10) if not n.acknowledged_at]
    assert {n.record for n in open_ones} == {"b", zahra.id}
