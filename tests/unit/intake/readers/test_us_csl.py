"""The US consolidated screening list: one record a row, with an identifier that lasts."""

from __future__ import annotations

import re

import pytest

from didban.errors import InvalidFile
from intake_help import SPECIMENS, read_list, read_path

PATH = SPECIMENS / "us_csl.csv"


@pytest.fixture(scope="module")
def outcome():
    """Return the specimen as read."""
    return read_path("us-csl", PATH)


@pytest.fixture(scope="module")
def person(outcome):
    """Return the person of the specimen."""
    return outcome.records[0]


def test_the_identifier_is_list_and_number_or_a_hash_of_the_row(outcome):
    """A hash where the number is empty or was used before in the same list."""
    ids = [record.id for record in outcome.records]
    assert [ids[0], ids[1], ids[2], ids[6]] == [
        "csl-SDN-102",
        "csl-SDN-101",
        "csl-CAP-101",
        "csl-SDN-103",
    ]
    assert re.fullmatch(r"csl-CAP-[0-9a-f]{12}", ids[3])
    assert re.fullmatch(r"csl-DPL-[0-9a-f]{12}", ids[4])
    assert re.fullmatch(r"csl-EL-[0-9a-f]{12}", ids[5])


def test_the_hash_of_a_row_does_not_depend_on_the_others(outcome, tmp_path):
    """The same row has the same identifier in the next publication."""
    lines = PATH.read_text(encoding="utf-8").splitlines()
    again = read_list("us-csl", "\n".join([lines[0], lines[5]]), tmp_path)
    assert again.records[0].id == outcome.records[4].id


def test_a_row_without_a_type_may_be_a_person_or_a_firm(outcome):
    """The lists of two departments do not say which."""
    assert [record.schema for record in outcome.records] == [
        "Person",
        "Organization",
        "Organization",
        "Organization",
        "LegalEntity",
        "LegalEntity",
        "Vessel",
    ]


def test_a_linked_name_that_several_entries_bear_gives_no_relation(outcome):
    """Which of them is meant is for people to say; the remarks keep the name."""
    assert not [record for record in outcome.records if record.schema == "UnknownLink"]
    assert any("Linked To" in note for note in outcome.records[0].properties["notes"])


def test_cells_with_several_values_are_split(person):
    """Names, dates, programmes, addresses."""
    assert person.properties["alias"] == ("Rustamin KUHANVAND", "KUHANVAND, Rustamin", "THE KEEPER")
    assert person.properties["birthDate"] == ("1970-07-17", "1968~", "1963/1968")
    assert person.properties["program"] == ("EXAMPLE1", "EXAMPLE2")
    assert person.properties["address"] == ("Port Norn, XB",)
    assert person.properties["country"] == ("xb", "xc")


def test_papers_have_state_and_dates(person):
    """Expiry stands before issue; of a single date the list does not say which it is."""
    passport, other = person.documents
    assert (passport.number, passport.issuer) == ("X1234567", "xb")
    assert (passport.issued_on, passport.expires_on) == ("2020-01-02", "2030-01-02")
    assert (other.issued_on, other.expires_on) == (None, None)
    assert other.note == "2031-05-05 (issue or expiry)"


def test_an_impossible_day_is_a_remark(outcome):
    """The year 17 is a slip of the publisher."""
    record = outcome.records[5]
    assert "createdAt" not in record.properties
    assert "createdAt as listed: 0017-05-26" in record.properties["notes"]


def test_the_end_of_an_enumeration_loses_its_and(outcome):
    """It is not part of the name."""
    assert outcome.records[5].properties["alias"] == ("Kelvort", "Kelvorta")


def test_topics_tell_export_lists_from_sanctions(outcome):
    """A denied exporter is not a sanctioned person."""
    topics = {record.id[:7]: record.properties["topics"] for record in outcome.records[:6]}
    assert topics["csl-SDN"] == ("sanction",)
    assert topics["csl-DPL"] == ("export.control",)


def test_damaged_rows_are_refused_with_their_line(outcome):
    """A repeated row, one without a source, one with too few cells."""
    assert [(reject.line, reject.reason) for reject in outcome.rejects] == [
        (8, "the same row stands further up"),
        (10, "has no name or no source"),
        (11, "has 4 cells instead of 29"),
    ]


def test_another_table_is_refused_whole(tmp_path):
    """Its header lacks the columns."""
    with pytest.raises(InvalidFile, match="entity_number"):
        read_list("us-csl", "source,name\nA,B\n", tmp_path)
