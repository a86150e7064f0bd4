"""Which kinds of things are compared with each other."""

from __future__ import annotations

from itertools import product

import pytest

from didban.match.kinds import Kind, compared_with, kind_of

SCHEMATA = ["Person", "Organization", "Company", "LegalEntity", "Vessel", "Airplane", "Vehicle"]


@pytest.mark.parametrize("thing", ["Vessel", "Airplane", "Vehicle", "Organization"])
def test_a_person_is_not_compared_with(thing):
    """A ship that bears a saint's name is nobody."""
    assert kind_of(thing) not in compared_with("Person")
    assert Kind.PERSON not in compared_with(thing)


def test_what_is_compared_one_way_is_compared_the_other_way():
    """Who asks and who is listed is the same."""
    for one, other in product(SCHEMATA, repeat=2):
        assert (kind_of(one) in compared_with(other)) == (kind_of(other) in compared_with(one))


def test_links_are_never_found():
    """An ownership or a family relation is nobody and nothing."""
    assert kind_of("Ownership") is Kind.OTHER
    assert compared_with("Family") == frozenset()
    assert all(Kind.OTHER not in compared_with(schema) for schema in (*SCHEMATA, "Thing"))


def test_a_thing_is_compared_with_all():
    """The widest question there is."""
    assert compared_with("Thing") == frozenset(Kind) - {Kind.OTHER}


def test_a_stolen_document_is_found_when_a_person_shows_it():
    """A check of a traveller asks for the document as well."""
    assert kind_of("Passport") in compared_with("Person")
