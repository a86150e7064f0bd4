"""What matching uses of a record, and of a query."""

from __future__ import annotations

import time

import pytest

from didban.match.features import MAX_PLACES, Quality, features_of
from didban.model.records import Record
from specimens import passport, person


def texts(record: Record) -> list[str]:
    """Return the names that are compared."""
    return [name.text for name in features_of(record).names]


def test_all_names_count_and_weak_ones_are_known_as_weak():
    """A weak alias finds, but says less."""
    features = features_of(
        person("Piotr Kowal", alias="Petr Koval", previousName="P. Nowak", weakAlias="The Baker")
    )

    assert [(n.text, n.quality) for n in features.names] == [
        ("Piotr Kowal", Quality.STRONG),
        ("Petr Koval", Quality.STRONG),
        ("P. Nowak", Quality.STRONG),
        ("The Baker", Quality.WEAK),
    ]


def test_a_name_that_is_strong_and_weak_is_strong():
    """The better word of the list counts."""
    features = features_of(person("Piotr Kowal", weakAlias="KOWAL piotr", alias="Kowal, Piotr"))

    assert {n.quality for n in features.names} == {Quality.STRONG}


def test_names_given_in_parts_are_put_together():
    """Where no whole name is stated."""
    assert texts(person("", firstName="Piotr", lastName="Kowal")) == ["Piotr Kowal"]
    assert texts(person("Piotr Kowal", firstName="Petr")) == ["Piotr Kowal"]


def test_a_patronymic_that_is_stated_apart_belongs_to_the_name():
    """Unless the name has it; a father who is named otherwise is no part of it."""

    def parts(name: str, father: str) -> list[tuple[str, ...]]:
        return [name.parts for name in features_of(person(name, fatherName=father)).names]

    assert parts("Piotr Kowal", "Markovich") == [("piotr", "kowal", "markovich")]
    assert parts("Piotr Markovich Kowal", "Marković") == [("piotr", "markovich", "kowal")]
    assert parts("Piotr Kowal", "Marek") == [("piotr", "kowal")]


@pytest.mark.parametrize("both", ["Piotr Kowal / Petr Koval", "Piotr Kowal; Petr Koval"])
def test_two_names_in_one_field_are_two(both):
    """Lists write an alias behind a stroke."""
    assert texts(person(both)) == ["Piotr Kowal", "Petr Koval"]


def test_a_name_that_was_cut_is_known_as_cut():
    """The ellipsis is the mark of the machine-readable zone's reader."""
    names = features_of(person(["Piotr Kowal…", "Piotr Kowalski"])).names

    assert [name.truncated for name in names] == [True, False]
    assert names[0].parts == ("piotr", "kowal")


def test_years_span_all_dates():
    """The earliest and the latest possible year."""
    assert features_of(person(birthDate=("1965-03-12", "1963/1968"))).years == (1963, 1968)
    assert features_of(person(birthDate="XXXX-03-12")).years is None
    assert features_of(person()).years is None


def test_what_can_not_be_read_is_left_out():
    """It stays in the record, and is not compared."""
    features = features_of(person("---", birthDate="spring", gender="?", nationality="Atlantis"))

    assert features.names == ()
    assert features.birth_dates == ()
    assert features.sexes == frozenset()
    assert features.countries == ()


def test_a_number_given_as_property_is_a_document_without_issuer():
    """Unless the documents state it with its issuer."""
    loose = features_of(person(passportNumber="X1234567")).documents
    stated = features_of(person(passportNumber="L898902C3", documents=(passport(),))).documents

    assert [(d.number, d.issuer, d.type) for d in loose] == [("X1234567", None, "P")]
    assert stated == (passport(),)


@pytest.mark.parametrize("schema", ["Person", "Company", "LegalEntity"])
@pytest.mark.parametrize("name", ["n", " ", "(", "n/", "5", "20 5", "لا", "naN"])
def test_a_text_without_end_is_read_at_once(schema, name):
    """Whoever sends it keeps nobody else waiting, and nothing fails."""
    record = Record(id="endless", schema=schema, properties={"name": (f"x{name * 30_000};",)})
    begun = time.process_time()

    features_of(record)

    assert time.process_time() - begun < 2


def test_so_many_places_of_birth_are_compared_and_no_more():
    """Each is compared with each, for every candidate; nobody was born in a thousand places."""
    features = features_of(person(birthPlace=tuple(f"Place {n}" for n in range(2_000))))

    assert len(features.birth_places) == MAX_PLACES
