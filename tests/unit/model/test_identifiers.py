"""Plates, hulls and serial numbers are looked up like documents."""

from __future__ import annotations

import pytest

from didban.model.documents import Document
from didban.model.identifiers import identifiers_of, is_sound
from didban.model.records import Record


def of(schema: str, *documents: Document, **properties: str) -> tuple[Document, ...]:
    """Return the identifiers of an invented thing."""
    values = {name: tuple(value.split("|")) for name, value in properties.items()}
    return identifiers_of(Record(id="x", schema=schema, properties=values, documents=documents))


def test_a_plate_carries_its_state():
    """The same digits of two states are two cars."""
    assert of("Vehicle", registrationNumber="AB 123", country="XAR") == (
        Document(number="AB 123", issuer="XAR"),
    )


def test_a_plate_without_one_certain_state_states_none():
    """An issuer that is not stated contradicts nothing."""
    assert of("Vehicle", registrationNumber="AB 123", country="XAR|XBO")[0].issuer is None
    assert of("Vehicle", registrationNumber="AB 123")[0].issuer is None


def test_a_vessel_is_registered_where_its_flag_says():
    """Its owner's country is another matter."""
    numbers = of("Vessel", registrationNumber="X1", flag="XCA", country="XAR", imoNumber="9074729")

    assert numbers == (Document(number="X1", issuer="XCA"), Document(number="9074729", type="IMO"))


def test_a_register_is_the_type_of_its_numbers():
    """Written before them or not."""
    assert of("Vessel", imoNumber="IMO 9074729") == of("Vessel", imoNumber="9074729")


def test_an_aircraft_is_looked_up_by_its_mark():
    """Lists give it as the name; a name that is no mark is none."""
    assert of("Airplane", name="XA-GOM") == (Document(number="XA-GOM"),)
    assert of("Airplane", name="NARGIS") == ()


@pytest.mark.parametrize(
    ("register", "number", "expected"),
    [
        ("IMO", "9074729", True),
        ("IMO", "9074728", False),
        ("IMO", "907472", False),
        ("LEI", "5493001KJTIIGC8Y1R12", True),
        ("LEI", "5493001KJTIIGC8Y1R13", False),
        ("VIN", "anything", True),
    ],
)
def test_a_sound_number_has_its_check_digits(register, number, expected):
    """By IMO Resolution A.1117(30) and ISO 17442; the numbers are those of their examples."""
    assert is_sound(register, number) is expected


def test_a_firearm_is_found_by_its_serial_number():
    """No state issues it."""
    assert of("Firearm", serialNumber="KP-0099") == (Document(number="KP-0099"),)


def test_a_company_number_is_not_a_plate():
    """Where it sits says nothing about who numbered it."""
    assert of("Company", registrationNumber="77", country="XAR")[0].issuer is None


def test_a_number_that_is_stated_twice_is_returned_once():
    """As the document that knows its issuer."""
    paper = Document(number="A1234567", issuer="XAR", type="P")

    assert of("Person", paper, passportNumber="A1234567") == (paper,)
