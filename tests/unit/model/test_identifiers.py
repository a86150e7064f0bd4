"""Plates, hulls and serial numbers are looked up like documents."""

from __future__ import annotations

from didban.model.documents import Document
from didban.model.identifiers import identifiers_of
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

    assert numbers == (Document(number="X1", issuer="XCA"), Document(number="9074729"))


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
