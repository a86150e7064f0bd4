"""The UK list: all rows of a group make one record, in the old and the new layout."""

from __future__ import annotations

from datetime import date

import pytest

from didban.errors import InvalidFile
from didban.intake.readers import grouping, uk_ofsi
from didban.intake.readers.base import Source
from intake_help import SPECIMENS, read_list, read_path

OLD = SPECIMENS / "uk_old.csv"
NEW = SPECIMENS / "uk_new.csv"


@pytest.fixture(scope="module")
def old():
    """Return the old layout as read."""
    return read_path("uk-ofsi", OLD)


@pytest.fixture(scope="module")
def new():
    """Return the new layout as read."""
    return read_path("uk-ofsi", NEW)


def test_rows_of_a_group_that_stand_apart_make_one_record(old):
    """The file is sorted by name, not by group."""
    assert [record.id for record in old.records] == ["uk-9001", "uk-9002"]


def test_the_primary_name_leads_wherever_its_row_stands(old):
    """Column "Name 6" is the family name and comes last in natural order."""
    person = old.records[0]
    assert person.caption == "Rostamin Bahrador Third KUHANVAND"
    assert person.properties["firstName"] == ("Rostamin",)
    assert person.properties["lastName"] == ("KUHANVAND",)
    assert person.properties["alias"] == ("Rustamin KUHANVAND",)
    assert person.properties["previousName"] == ("Rostamin BAHRADOR",)


def test_days_and_months_of_zero_are_unknown(old):
    """So "00/09/1968" is September 1968."""
    assert old.records[0].properties["birthDate"] == ("1970-07-17", "1970", "1968-09")


def test_numbered_cells_are_split(old):
    """As in "(1) Arvandi (2) Borelander", "a) Norn b) Port Norn"."""
    properties = old.records[0].properties
    assert properties["nationality"] == ("xar", "xbo")
    assert properties["birthPlace"] == ("Norn", "Port Norn")
    assert properties["birthCountry"] == ("xar", "xbo")
    assert properties["position"] == ("Keeper", "Treasurer")


def test_papers_are_read_from_sentences(old):
    """With the state that issued them, their dates, and the words in a note."""
    passport, other, card = old.records[0].documents
    assert (passport.number, passport.issuer, passport.type) == ("X1234567", "xar", "P")
    assert (passport.issued_on, passport.expires_on) == ("2020-01-02", "2030-01-02")
    assert (other.number, other.issuer, other.issued_on) == ("BO 710026", "xbo", "2017-05-03")
    assert (card.number, card.issuer, card.type) == ("71004", "xar", "I")


def test_set_phrases_of_the_remarks_are_understood(old):
    """UN reference, sex, parents, names "also referred to", IMO number."""
    person, firm = old.records
    assert person.properties["unscId"] == ("XXi.001",)
    assert person.properties["gender"] == ("male",)
    assert person.properties["fatherName"] == ("Bahrador Kuhanvand",)
    assert person.properties["weakAlias"] == ("Keeper", "Lampman")
    assert firm.properties["imoNumber"] == ("9000001",)


def test_windows_text_is_read_and_noted(old):
    """The old layout is published in Windows-1252."""
    assert old.records[1].caption == "LIGHTHOUSE EXAMPLE TRADING – S.A."
    assert [note.line for note in old.notes] == [4]


def test_rows_without_a_group_are_refused(old):
    """And rows with another number of cells."""
    assert [reject.line for reject in old.rejects] == [7, 8]


def test_the_new_layout_has_original_scripts_qualities_and_ships(new):
    """And a cell for the number of a paper beside the one about it."""
    person, ship = new.records
    assert person.properties["name"] == ("Rostamin KUHANVAND", "رستمین کوهانوند")
    assert person.properties["weakAlias"] == ("THE KEEPER",)
    assert person.properties["listReference"] == ("9001", "EXA0001")
    assert person.properties["createdAt"] == ("2025-12-31", "2026-04-01")
    passport = person.documents[0]
    assert (passport.number, passport.issuer) == ("X1234567", "xar")
    assert passport.issued_on == "2020-01-02"
    assert (ship.schema, ship.properties["imoNumber"]) == ("Vessel", ("9000001",))


def test_a_list_larger_than_memory_gives_the_same_records(old, monkeypatch):
    """Rows then go through temporary files; only the order may differ."""
    monkeypatch.setattr(grouping.Groups.__init__, "__defaults__", (100,))
    spilled = read_path("uk-ofsi", OLD)
    assert sorted(spilled.records, key=lambda r: r.id) == old.records


def test_the_date_of_the_publication_is_read():
    """It stands in the first line."""
    source = Source(kind="uk-ofsi", name="uk-ofsi", path=NEW)
    assert uk_ofsi.source_date(source) == date(2031, 4, 27)


def test_another_table_is_refused_whole(tmp_path):
    """Its header lacks the group."""
    with pytest.raises(InvalidFile, match="Group ID"):
        read_list("uk-ofsi", "a,b\n1,2\n", tmp_path)
