"""The EU list: what stands in attributes reaches the record."""

from __future__ import annotations

from datetime import date

import pytest

from didban.intake.readers import eu_fsf
from didban.intake.readers.base import Source
from intake_help import SPECIMENS, read_list, read_path

PATH = SPECIMENS / "eu_fsf.xml"


@pytest.fixture(scope="module")
def outcome():
    """Return the specimen as read."""
    return read_path("eu-fsf", PATH)


@pytest.fixture(scope="module")
def person(outcome):
    """Return the person of the specimen."""
    return outcome.records[0]


@pytest.fixture
def birth_date(tmp_path):
    """Return a function from the attributes of a birth date to what is read of them."""

    def read(attributes):
        text = (
            '<export><sanctionEntity logicalId="1"><subjectType code="person"/>'
            f'<nameAlias wholeName="Jonquil Doe" strong="true"/><birthdate {attributes}/>'
            "</sanctionEntity></export>"
        )
        return read_list("eu-fsf", text, tmp_path).records[0].properties.get("birthDate", ())

    return read


def test_the_identifier_is_the_reference_else_the_logical_number(outcome):
    """A reference that is used twice gets a number, and both entries are kept."""
    ids = [record.id for record in outcome.records]
    assert ids == ["eu-EU.9001.82", "eu-5296", "eu-EU.9001.82-2"]
    assert len(outcome.notes) == 1


def test_names_keep_their_strength_and_script(person):
    """The first strong name and those in another script are primary."""
    assert person.properties["name"] == ("Rostamin Bahrador Kuhanvand", "رستمین کوهانوند")
    assert person.properties["weakAlias"] == ("The Keeper",)
    assert person.properties["middleName"] == ("Bahrador",)


def test_an_unknown_state_or_place_is_nothing(person):
    """The list writes "00", "UNKNOWN" and "-"."""
    assert person.properties["birthCountry"] == ("xar",)
    assert person.properties["birthPlace"] == ("Norn, ARVAND",)


def test_birth_dates_are_partial_or_approximate(person):
    """A month and a year; circa a year."""
    assert person.properties["birthDate"] == ("1970-07-17", "1968~", "1966-09")


def test_a_lost_passport_says_so(person):
    """The flags of the list become the status and the note of the document."""
    passport, card = person.documents
    assert (passport.number, passport.issuer, passport.status) == ("X1234567", "xar", "lost")
    assert passport.note == "reportedLost; knownExpired; issued by Passport Office"
    assert (card.number, card.issuer, card.type, card.status) == ("71004", None, "I", None)


def test_listing_data_are_kept(person):
    """References here and at the UN, programme, dates, legal act, remarks."""
    properties = person.properties
    assert properties["listReference"] == ("EU.9001.82", "5295")
    assert properties["unscId"] == ("XXi.001",)
    assert properties["program"] == ("EXA",)
    assert (properties["createdAt"], properties["modifiedAt"]) == (("2028-07-03",), ("2029-04-08",))
    assert properties["sourceUrl"] == ("https://acts.example.test/555",)
    assert properties["fatherName"] == ("Bahrador Kuhanvand",)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('year="1960"', ("1960",)),
        ('circa="true" year="1960"', ("1960~",)),
        ('yearRangeFrom="1958" yearRangeTo="1961"', ("1958/1961",)),
        (
            'calendarType="SOLAR_HIJRI" year="1359" monthOfYear="10" dayOfMonth="12"',
            ("1981-01-02",),
        ),
        ('year="" birthdate=""', ()),
    ],
)
def test_a_birth_date_of_any_precision_or_calendar(birth_date, attributes, expected):
    """Whatever parts the list states."""
    assert birth_date(attributes) == expected


def test_an_entry_without_a_name_is_refused(outcome):
    """With the line at which it begins."""
    (refused,) = outcome.rejects
    assert refused.line == 25


def test_the_date_of_the_publication_is_read():
    """It stands in the root element."""
    source = Source(kind="eu-fsf", name="eu-fsf", path=PATH)
    assert eu_fsf.source_date(source) == date(2031, 4, 15)
