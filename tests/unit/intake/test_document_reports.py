"""The life of a stolen document's record (state-machines 4.1), step by step."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bank_help import actor, authority, marking, passport, person
from didban import clock
from didban.errors import Conflict, InvalidFields, InvalidInput, NotFound, NotPermitted
from didban.intake import bank, document_reports, upkeep
from didban.intake.document_reports import Papers
from didban.model.bank import RecordState, standing
from didban.model.document_life import BULK
from didban.model.documents import Document
from didban.store import records
from didban.store.visibility import open_to

RECORDER, REVIEWER = actor("xar"), actor("xar", "reviewer", user="usr_second")
DESK = actor("xbo", "second_line", place="Gate 4")


def papers(*numbers: str, status: str = "stolen", to: str | None = None, **more) -> Papers:
    """Return a report about passports."""
    documents = tuple(
        Document(number=number, number_to=to, issuer="XAR", type="P", status=status, **more)
        for number in numbers
    )
    return Papers(documents=documents, marking=marking("xar"))


@pytest.fixture
def stolen(tx):
    """Return one stolen passport as it is kept."""
    return document_reports.report(tx, RECORDER, papers("A1234567"))[0]


def test_a_stolen_passport_acts_at_once(stolen):
    """Nobody waits for a second person."""
    assert stolen.state is RecordState.ACTIVE
    assert standing(stolen, clock.today()).asks_first_line


@pytest.mark.parametrize(
    ("report", "state"),
    [
        (papers(*(f"A{n:07}" for n in range(BULK))), "active"),
        (papers(*(f"A{n:07}" for n in range(BULK + 1))), "reported"),
        (papers("A0000001", to="A0000100"), "active"),
        (papers("A0000001", to="A0000101"), "reported"),
        (papers("A0000001", status="stolen_blank"), "reported"),
    ],
    ids=["hundred", "more than a hundred", "range of hundred", "longer range", "one blank"],
)
def test_bulk_and_blanks_wait_for_a_second_person(tx, report, state):
    """A range counts what it stands for."""
    assert {kept.state for kept in document_reports.report(tx, RECORDER, report)} == {state}


def test_a_range_is_one_record_and_is_never_expanded(tx):
    """The answer shows its ends."""
    made = document_reports.report(tx, RECORDER, papers("B0000001", to="B0005000"))

    assert len(made) == 1
    assert made[0].entity.documents[0].number_to == "B0005000"
    assert made[0].entity.caption == "xar P B0000001 .. B0005000"


def test_a_report_with_a_fault_is_refused_whole_with_every_fault(tx):
    """By the place of each document in the report."""
    wrong = papers("A1234567", "A1", "A7654321", "B2")
    with pytest.raises(InvalidFields) as refused:
        document_reports.report(tx, RECORDER, wrong)

    assert [place for place, _ in refused.value.faults] == [
        "/documents/1/number",
        "/documents/3/number",
    ]
    with pytest.raises(InvalidInput):
        document_reports.report(tx, RECORDER, papers())


def test_a_second_person_validates_or_rejects(tx):
    """Not the first, not another authority, and only once."""
    blanks = papers("B1000000", "B2000000", status="stolen_blank")
    ids = [kept.id for kept in document_reports.report(tx, RECORDER, blanks)]
    with pytest.raises(NotPermitted):
        document_reports.validate(tx, RECORDER, ids)
    with pytest.raises(NotFound):
        document_reports.validate(tx, actor("xbo", "reviewer"), ids)
    rejected = document_reports.reject(tx, REVIEWER, ids[1], reason="counted twice")
    made = document_reports.validate(tx, REVIEWER, ids[:1])

    assert (made[0].state, rejected.state) == (RecordState.ACTIVE, RecordState.REJECTED)
    with pytest.raises(Conflict):
        document_reports.validate(tx, REVIEWER, ids[:1])
    with pytest.raises(NotFound):
        bank.read(tx, DESK, ids[1])


def test_a_returned_document_is_found_no_more_but_was_stolen_then(tx, stolen):
    """The old interval stays (bitemporal)."""
    since = clock.today() - timedelta(days=2)
    made = document_reports.recover(tx, RECORDER, stolen.id, expected=1, on=since)
    classes = open_to(tx, DESK)

    assert made.state is RecordState.RECOVERED
    assert standing(made, clock.today()).action is None
    before = records.as_of(tx, stolen.id, classes, valid_on=since - timedelta(days=1))
    assert before is not None
    assert before.state is RecordState.ACTIVE
    with pytest.raises(NotFound):
        bank.read(tx, DESK, stolen.id)


def test_a_returned_document_may_be_declared_invalid(tx, stolen):
    """It is found again, and asks nothing."""
    document_reports.recover(tx, RECORDER, stolen.id, expected=1)
    made = document_reports.invalidate(tx, RECORDER, stolen.id, expected=2)

    assert (made.state, made.document_status) == (RecordState.ACTIVE, "invalid")
    assert standing(bank.read(tx, DESK, stolen.id), clock.today()).asks_first_line is False


def test_a_person_is_not_recovered(tx):
    """Only what was lost or stolen."""
    kept = bank.report(tx, RECORDER, person(), marking("xar"))
    with pytest.raises(Conflict):
        document_reports.recover(tx, RECORDER, kept.id, expected=1)


def test_where_a_document_turned_up_is_told_to_its_owner(tx, stolen):
    """Each hit once; others are not told."""
    for hit in ("hit_1", "hit_1", "hit_2"):
        at = clock.now()
        assert document_reports.sighted(tx, DESK, stolen.id, hit=hit, place="Gate 4", at=at)
    seen = document_reports.sightings_of(tx, RECORDER, stolen.id)

    assert [(each.authority, each.place) for each in seen] == [("xbo", "Gate 4")] * 2
    with pytest.raises(NotPermitted):
        document_reports.sightings_of(tx, DESK, stolen.id)


@pytest.mark.parametrize("entity", [person(), passport(status="revoked")])
def test_where_a_person_was_met_is_not_noted(tx, entity):
    """PR-53: nor a revoked document, which stands for its holder."""
    kept = bank.report(tx, RECORDER, entity, marking("xar"))
    at = clock.now()

    assert not document_reports.sighted(tx, DESK, kept.id, hit="hit_1", place="Gate 4", at=at)
    assert document_reports.sightings_of(tx, RECORDER, kept.id) == []


@pytest.mark.parametrize(
    ("expired", "is_over"),
    [
        ("2016-06-01", True),
        ("2016-06-30", False),
        ("2016-05", True),
        ("2016-06", False),
        ("2015", True),
        ("2016", False),
        (None, False),
    ],
)
def test_a_record_ends_ten_years_after_its_document(database, expired, is_over):
    """Of a month or a year alone, the last day counts."""
    more = {"expires_on": expired} if expired else {}
    with database.begin() as tx:
        authority(tx, "xar")
        kept = document_reports.report(tx, RECORDER, papers("A1234567", **more))[0]
    now = clock.now().replace(year=2026, month=6, day=15)

    assert upkeep.run_due(database, now) == is_over
    with database.begin() as tx:
        state = bank.found(tx, RECORDER, kept.id).state
    assert state is (RecordState.EXPIRED if is_over else RecordState.ACTIVE)


def test_the_day_of_the_report_is_when_it_began(tx):
    """Before that day nothing was said."""
    report = papers("A1234567")
    since = date(2026, 1, 5)
    made = document_reports.report(
        tx, RECORDER, Papers(documents=report.documents, marking=report.marking, reported_on=since)
    )[0]

    assert made.entity.values("reportedAt") == ("2026-01-05",)
    with pytest.raises(NotFound):
        bank.as_of(tx, DESK, made.id, valid_on=date(2026, 1, 4))
