"""What makes records hard to find is counted each month; what is there is counted for who may see it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bank_help import actor, authority, marking, person
from didban import clock
from didban.guard.access import system_actor
from didban.intake import bank, quality_report
from didban.intake.faults import QualityFault, faults_of
from didban.intake.publications import Terms, take_in
from didban.intake.readers.base import Source
from didban.intake.rejects import Rejects
from didban.model.documents import Document
from didban.model.records import Record

TODAY = date(2026, 6, 15)
F = QualityFault
DSN = Document(number="A1234567", issuer="XAR", type="P")


def faults(*names: str, documents=(DSN,), schema="Person", **properties: str) -> set[QualityFault]:
    """Return the faults of a record; by default of somebody well described."""
    values = {"birthDate": "1971-05-02", "nationality": "fr"} if schema == "Person" else {}
    record = Record(
        id="one",
        schema=schema,
        properties={"name": names, **{k: (v,) for k, v in (values | properties).items() if v}},
        documents=documents,
    )
    return set(faults_of(record, TODAY))


def test_a_person_well_described_has_no_fault():
    """Neither for who wrote the report nor for who reads it."""
    assert faults("Zahra Karimzadeh") == set()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (faults(), {F.NO_NAME}),
        (faults("Unknown"), {F.PLACEHOLDER_NAME}),
        (faults("FNU LNU"), {F.PLACEHOLDER_NAME}),
        (faults("N/A"), {F.PLACEHOLDER_NAME}),
        (faults("XXXX"), {F.PLACEHOLDER_NAME}),
        (faults("نامعلوم"), {F.PLACEHOLDER_NAME}),
        (faults("Zahra", nationality="ir"), {F.NO_ORIGINAL_SCRIPT}),
        (faults("Zahra", "زهرا", nationality="ir"), set()),
        (faults("Zahra", birthDate=""), {F.NO_BIRTH_DATE}),
        (faults("Zahra", birthDate="1971"), {F.YEAR_OF_BIRTH_ONLY}),
        (faults("Zahra", birthDate="1971~"), {F.YEAR_OF_BIRTH_ONLY}),
        (faults("Zahra", birthDate="1971-01-01"), {F.PLACEHOLDER_BIRTH_DATE}),
        (faults("Zahra", birthDate="1900-05-05"), {F.PLACEHOLDER_BIRTH_DATE, F.IMPOSSIBLE_BIRTH_DATE}),
        (faults("Zahra", birthDate="2027-05-05"), {F.IMPOSSIBLE_BIRTH_DATE}),
        (faults("Zahra", nationality=""), {F.NO_NATIONALITY}),
        (faults("Zahra", documents=()), {F.NO_DOCUMENT}),
        (faults("Zahra", documents=(Document(number="A1"),)), {F.DOCUMENT_WITHOUT_ISSUER}),
        (faults("Sea Star", schema="Vessel", documents=(), imoNumber="IMO 9074729"), set()),
        (faults("Sea Star", schema="Vessel", documents=(), imoNumber="9074728"), {F.INVALID_CHECK_DIGIT}),
        (faults("Novak Ltd", schema="Company", documents=(), leiCode="506700GE1G29325QX363"), set()),
        (faults("Novak Ltd", schema="Company", documents=(), leiCode="506700GE1G29325QX364"), {F.INVALID_CHECK_DIGIT}),
        (faults("1", schema="BankAccount", documents=(), iban="GB82 WEST 1234 5698 7654 32"), set()),
        (faults("1", schema="BankAccount", documents=(), iban="GB82 WEST 1234 5698 7654 33"), {F.INVALID_CHECK_DIGIT}),
    ],
)  # fmt: skip
def test_each_fault_is_seen(found, expected):
    """And no other with it."""
    assert found == expected


@pytest.fixture
def bank_of_two(database, tmp_path):
    """Return a bank with a list, two records of one authority, and one that is for itself alone."""
    path = tmp_path / "stolen.csv"
    path.write_text(
        "issuing_state,document_type,number,status\nXAR,P,A1234567,stolen\nXAR,P,A1234567,lost\n"
        "XAR,P,B1234567,stolen\n",
        encoding="utf-8",
    )
    source = Source(kind="stolen-documents", name="stolen", path=path)
    terms = Terms(marking=marking("arvand-documents"))
    duty = system_actor("xar", "lists")
    take_in(database, duty, source, terms, rejects=Rejects(), now=clock.now())
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
        bank.report(tx, actor("xar"), person("Zahra Karimzadeh"), marking("xar"))
        born = person("Bahram Novak", birthDate="1980-02-03")
        bank.report(tx, actor("xar"), born, marking("xar", audience=("node:xca",)))
    return database


def test_the_report_is_made_once_a_month(bank_of_two):
    """For each list, and for what each owner reported itself."""
    now = clock.now()
    assert quality_report.run_due(bank_of_two, now) == 2
    assert quality_report.run_due(bank_of_two, now) == 0
    assert quality_report.run_due(bank_of_two, now + timedelta(days=31)) == 2


def test_a_report_counts_faults_by_list(bank_of_two):
    """Numbers that come twice are counted over the whole list."""
    quality_report.make(bank_of_two, clock.now())
    since = clock.today().replace(day=1)
    with bank_of_two.begin() as tx:
        found = quality_report.reports(tx, actor("xar", "supervisor"), since=since)
    own, stolen = sorted(found, key=lambda r: r.dataset)

    assert (own.records, own.persons, own.faults["no_birth_date"]) == (2, 2, 1)
    assert (stolen.records, stolen.persons, stolen.faults["duplicate_number"]) == (3, 0, 2)


def test_other_authorities_do_not_see_the_report(bank_of_two):
    """Its counts would tell of records that they may not know of (PR-09)."""
    quality_report.make(bank_of_two, clock.now())
    since = clock.today().replace(day=1)
    with bank_of_two.begin() as tx:
        found = quality_report.reports(tx, actor("xbo", "supervisor"), since=since)

    assert [r.dataset for r in found] == ["stolen"]


def test_contributions_are_counted_over_what_the_asker_may_see(bank_of_two):
    """By owner, kind and month."""

    def counted(code: str) -> dict[tuple[str, str], int]:
        since = clock.today().replace(day=1)
        with bank_of_two.begin() as tx:
            rows = quality_report.contributions(tx, actor(code, "supervisor"), since=since)
        return {(row.owner, row.schema): row.count for row in rows}

    documents = {key: n for key, n in counted("xbo").items() if key[0] != "xar"}
    assert sum(documents.values()) == 3
    assert counted("xar") == {**documents, ("xar", "Person"): 2}
    assert counted("xca") == {**documents, ("xar", "Person"): 2}
    assert counted("xbo") == {**documents, ("xar", "Person"): 1}
