"""The UN list: every name, date and paper of an entry reaches its record."""

from __future__ import annotations

from datetime import date

import pytest

from didban.errors import InvalidFile
from didban.intake.readers import un_sc
from didban.intake.readers.base import Source
from didban.model.documents import Document
from intake_help import SPECIMENS, read_list, read_path

PATH = SPECIMENS / "un_sc.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL>'
FOOT = "</INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"
NAMED = "<FIRST_NAME>ROSTAMIN</FIRST_NAME><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>"


@pytest.fixture(scope="module")
def outcome():
    """Return the specimen as read."""
    return read_path("un-sc", PATH)


@pytest.fixture(scope="module")
def person(outcome):
    """Return the person of the specimen."""
    return outcome.records[0]


@pytest.fixture
def entry(tmp_path):
    """Return a function from the inner XML of an individual to its record."""

    def read(inner):
        return read_list("un-sc", f"{HEAD}{NAMED}{inner}{FOOT}", tmp_path).records[0]

    return read


def test_the_identifier_is_the_trimmed_reference_number(outcome):
    """Persons, entities and relations each have their own."""
    ids = [(record.id, record.schema) for record in outcome.records]
    assert ids == [
        ("un-XXi.001", "Person"),
        ("un-rel-XXi.001-XXe.002", "UnknownLink"),
        ("un-XXe.002", "Organization"),
    ]


def test_names_keep_their_kind_and_script(person):
    """Primary, original script, strong, weak and former names are told apart."""
    assert person.properties["name"] == (
        "ROSTAMIN BAHRADOR KUHANVAND",
        "رستمین بهرادور کوهانوند",
    )
    assert person.properties["alias"] == (
        "Rostamin Kuhanvand",
        "Kuhanvand, Rostamin",
        "Rostamin B.",
        "Ростамин Б.",
    )
    assert person.properties["weakAlias"] == ("The Keeper",)
    assert person.properties["previousName"] == ("Rustamin Bahrador",)


def test_birth_dates_of_every_form_are_kept(person):
    """Of an alias, exact, approximate, a span, a month in a note."""
    assert person.properties["birthDate"] == (
        "1971-01-25",
        "1970-07-17",
        "1968~",
        "1963/1968",
        "1958-09",
    )


def test_what_is_no_date_is_kept_as_a_remark(person):
    """An age is not turned into a year."""
    assert "birthDate as listed: 30-35 years old" in person.properties["notes"]


def test_places_give_states(person):
    """Birth, nationality and residence."""
    assert person.properties["birthCountry"] == ("xbo", "xar")
    assert person.properties["nationality"] == ("xar",)
    assert person.properties["address"] == ("1 Beacon Row, Port Norn, Boreland",)
    assert person.properties["country"] == ("xbo", "xca")


def test_papers_have_their_issuer_not_their_place_of_issue(person):
    """The number may stand in a sentence, or in the name of the kind of paper."""
    passport, sentence, card = person.documents
    assert passport == Document(
        number="X1234567",
        issuer="xar",
        type="P",
        issued_on="2020-01-02",
        expires_on="2030-01-02",
        note="expires on 2 Jan. 2030",
    )
    assert (sentence.number, sentence.issuer, sentence.type) == ("BO 710026", "xbo", "P")
    assert (card.number, card.issuer, card.type) == ("71004", "xar", "I")


def test_listing_data_and_remarks_are_kept(person):
    """Reference, programme, dates in order of time, offices, parents."""
    properties = person.properties
    assert properties["unscId"] == ("XXi.001",)
    assert properties["program"] == ("Example",)
    assert properties["createdAt"] == ("2026-11-30",)
    assert properties["modifiedAt"] == ("2027-10-21", "2029-05-01")
    assert properties["position"] == ("Keeper of the example lighthouse", "Treasurer")
    assert properties["fatherName"] == ("Bahrador Kuhanvand",)
    assert properties["motherName"] == ("Mahnigar bint Sorush",)
    assert any(note.startswith("Father’s name is") for note in properties["notes"])


def test_an_entry_named_in_remarks_becomes_a_relation(outcome):
    """The remarks name entries by their reference number."""
    relation = outcome.records[1]
    assert relation.properties["subject"] == ("un-XXi.001",)
    assert relation.properties["object"] == ("un-XXe.002",)
    assert relation.properties["role"] == ("Works for the Lighthouse Example Group (XXe.002).",)


def test_kinship_in_remarks_becomes_a_family_relation(tmp_path):
    """For each of the relatives in one phrase, and for nobody else in the sentence."""
    comments = (
        "Brother of Able Kuhanvand (XXi.002) and Baker Kuhanvand (XXi.003), treasurer of"
        " the Lighthouse (XXe.004)."
    )
    text = f"{HEAD}{NAMED}<COMMENTS1>{comments}</COMMENTS1>{FOOT}"
    _, *relations = read_list("un-sc", text, tmp_path).records
    assert [(record.id[-7:], record.schema) for record in relations] == [
        ("XXi.002", "Family"),
        ("XXi.003", "Family"),
        ("XXe.004", "UnknownLink"),
    ]
    assert relations[0].properties["relationship"] == (comments,)


def test_an_entry_without_a_reference_is_refused_with_its_line(outcome):
    """It has no identifier, so it cannot be kept."""
    (refused,) = outcome.rejects
    assert (refused.line, refused.source) == (5, "testlist")
    assert "REFERENCE_NUMBER" in refused.reason
    assert "NAMELESS" in refused.row


def test_the_date_of_the_publication_is_read():
    """It stands in the root element."""
    source = Source(kind="un-sc", name="un-sc", path=PATH)
    assert un_sc.source_date(source) == date(2031, 3, 20)


def test_an_organisation_keeps_brackets_in_its_name(outcome):
    """They are part of it; a person's are remarks."""
    organisation = outcome.records[2]
    assert organisation.caption == "LIGHTHOUSE EXAMPLE GROUP (LEG)"
    assert organisation.properties["previousName"] == ("Candle Example Group",)


def test_a_cell_with_several_aliases_is_split(entry):
    """Semicolons separate names; the cell itself is kept in the notes."""
    inner = "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Abe One; Abe Two</ALIAS_NAME></INDIVIDUAL_ALIAS>"
    record = entry(inner)
    assert record.properties["alias"] == ("Abe One", "Abe Two")
    assert record.properties["notes"] == ("alias as listed: Abe One; Abe Two",)


def test_a_date_of_another_calendar_is_converted_and_noted(entry):
    """The words of the list stay readable beside the Gregorian date."""
    note = "24/06/1402 (Hijri Calendar)"
    record = entry(
        "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE>"
        f"<NOTE>{note}</NOTE></INDIVIDUAL_DATE_OF_BIRTH>"
    )
    (day,) = record.properties["birthDate"]
    assert day.startswith("1982-04")
    assert record.properties["notes"] == (f"birthDate as listed: {note}",)


def test_na_is_no_nationality(entry):
    """Two small letters are not the code of Namibia."""
    record = entry("<NATIONALITY><VALUE> na</VALUE></NATIONALITY>")
    assert "nationality" not in record.properties


def test_two_entries_under_one_reference_are_both_kept(tmp_path):
    """The second gets a number and a note: either may be the person looked for."""
    second = f"{NAMED.replace('ROSTAMIN', 'JONQUIL')}"
    text = f"{HEAD}{NAMED}</INDIVIDUAL><INDIVIDUAL>{second}{FOOT}"
    outcome = read_list("un-sc", text, tmp_path)
    assert [record.id for record in outcome.records] == ["un-XXi.001", "un-XXi.001-2"]
    assert "more than once" in outcome.notes[0].reason


def test_another_list_is_refused_whole():
    """A file that is not what it claims to be gives nothing."""
    with pytest.raises(InvalidFile, match="begins with <sdnList>"):
        read_path("un-sc", SPECIMENS / "ofac_classic.xml")
