"""A zone as a record to search by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from didban.errors import InvalidInput
from didban.model.mrz import Fields, Format, parse, render
from didban.model.mrz.searching import search_names, to_record

TODAY = date(2026, 3, 1)
FIELDS = Fields(
    format=Format.TD3,
    document_code="PP",
    issuing_state="XBO",
    primary_identifier="VAN VELD",
    secondary_identifier="MIRTE",
    document_number="A1234567",
    nationality="XCA",
    birth_date="190812",
    sex="F",
    expiry_date="300415",
)


def record(**changes):
    """Return the record of an invented document."""
    zone = parse(render(replace(FIELDS, **changes)), reference_date=TODAY)
    return to_record(zone, identifier="zone 1")


def test_record_says_what_the_zone_says():
    """Names, both possible birth dates, sex, nationality: in our own vocabulary."""
    found = record()
    assert (found.id, found.schema) == ("zone 1", "Person")
    assert found.properties == {
        "name": ("VAN VELD MIRTE",),
        "firstName": ("MIRTE",),
        "lastName": ("VAN VELD",),
        "birthDate": ("2019-08-12", "1919-08-12"),
        "gender": ("female",),
        "nationality": ("xca",),
    }


def test_document_has_its_issuer_and_code():
    """A number identifies only together with the state that issued it."""
    (document,) = record().documents
    assert (document.number, document.issuer, document.type) == ("A1234567", "xbo", "PP")


def test_unknown_is_left_out():
    """No empty values: unknown never counts as different."""
    found = record(
        sex="", birth_date="<<<<<<", nationality="", secondary_identifier="", document_number=""
    )
    assert set(found.properties) == {"name", "lastName"}
    assert found.documents == ()


def test_truncated_name_ends_with_the_mark():
    """The matcher then takes the last component for a beginning."""
    found = record(primary_identifier="V" * 20, secondary_identifier="MIRTE ELISABETHANNEMARIE")
    assert found.properties["name"][0].endswith("ELISABETHAN\u2026")


def test_whole_surname_of_a_french_card_comes_before_cut_given_names():
    """What is missing is missing at the end."""
    fields = Fields(
        format=Format.FRID,
        document_code="ID",
        issuing_state="FRA",
        primary_identifier="EXEMPLE",
        secondary_identifier="MARIE BERNADETTE",
        document_number="101275306071",
        birth_date="820615",
        sex="F",
    )
    zone = parse(render(fields), reference_date=TODAY)
    assert search_names(zone) == ("EXEMPLE MARIE BERNADET\u2026",)


def test_visa_number_may_be_the_passports():
    """A visa prints its own number or that of the passport it is stuck into."""
    found = record(format=Format.MRVA, document_code="V")
    assert [(d.type, d.issuer) for d in found.documents] == [("V", "xbo"), ("P", "xca")]


def test_name_printed_letter_by_letter_is_read_back_into_arabic_script():
    """Only for states that write Arabic script: elsewhere an X is just an X."""
    arabic = record(nationality="XAR", primary_identifier="MXHMD", secondary_identifier="EBBAS")
    assert arabic.properties["name"] == ("MXHMD EBBAS", "محمد عبّاس")
    latin = record(primary_identifier="MXHMD", secondary_identifier="EBBAS")
    assert latin.properties["name"] == ("MXHMD EBBAS",)


def test_russian_internal_passport_is_read_back_into_cyrillic_with_its_series():
    """Its alphabet has a sign for each letter, its number a digit in the optional data."""
    lines = (
        "PNRUSPRIMEROVA<<78LI8<<<<<<<<<<<<<<<<<<<<<<<",
        "4511122332RUS7207233F<<<<<<04200101770001<90",
    )
    found = to_record(parse(lines, reference_date=TODAY), identifier="zone 1")
    assert found.properties["name"] == ("PRIMEROVA 78LI8", "ПРИМЕРОВА ЮЯЛИЯ")
    assert [document.number for document in found.documents] == ["451112233", "4514112233"]


def test_unreadable_zone_makes_no_record():
    """There is nothing to search by; the reason is told."""
    with pytest.raises(InvalidInput, match="empty"):
        to_record(parse("", reference_date=TODAY), identifier="zone 1")
