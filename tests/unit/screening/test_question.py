from __future__ import annotations

import pytest

from didban.errors import InvalidInput
from didban.model.documents import Document
from didban.screening.question import Question, date_notes, read_document, record_of, ship_of


def test_typed_parts_become_a_record_in_our_words():
    """Dates, states and sexes are read as everywhere else."""
    found = record_of(
        Question(names=(" Keyvan ", ""), birth_date="c. 1970", nationalities=("Utopia",), sex="F")
    )

    assert found.properties == {
        "name": ("Keyvan",),
        "birthDate": ("1970~",),
        "nationality": ("uto",),
        "gender": ("female",),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UTO:P:L898902C3", Document(issuer="uto", type="P", number="L898902C3")),
        ("::L898902C3", Document(number="L898902C3")),
        ("uto::L8:9", Document(issuer="uto", number="L8:9")),
        ("::IMO 9074729", Document(type="IMO", number="9074729")),
        ("::imo9074729", Document(type="IMO", number="9074729")),
        ("::IMO90747", Document(number="IMO90747")),
        (":P:VIN", Document(type="P", number="VIN")),
    ],
)
def test_a_document_is_issuer_type_and_number(text: str, expected: Document):
    """Issuer and type may be empty."""
    assert read_document(text) == expected


def test_the_number_of_a_ship_is_asked_of_ships():
    """Asked of persons it would be found nowhere, and look like an all-clear."""
    assert record_of(Question(documents=("::IMO 9074729",))).schema == "Vessel"
    assert record_of(Question(names=("x",), documents=("::IMO 9074729",))).schema == "Person"
    assert record_of(Question(documents=("::9074729",))).schema == "Person"


@pytest.mark.parametrize(
    ("question", "also"),
    [
        (Question(documents=("::9074729",)), "Vessel"),
        (Question(documents=("::9074728",)), None),  # not the check digit of an IMO number
        (Question(documents=("uto::9074729",)), None),
        (Question(documents=(":P:9074729",)), None),
        (Question(documents=("::9074729",), names=("x",)), None),
        (Question(documents=("::9074729",), schema="Person"), None),
    ],
)
def test_a_bare_number_may_be_that_of_a_ship(question: Question, also: str | None):
    """Who types no more than a number does not say what bears it."""
    ship = ship_of(question, record_of(question))

    assert (ship and ship.schema) == also


@pytest.mark.parametrize(
    ("typed", "read", "notes"),
    [
        ("1984-02-11", ("1984-02-11",), []),
        ("1362/11/22", ("1984-02-11",), ["1362/11/22 was read as Solar Hijri: 1984-02-11"]),
        (
            "24/06/1402",
            ("2023-09-15", "1982-04-19~"),
            [
                "24/06/1402 was read as Solar Hijri: 2023-09-15",
                "24/06/1402 was read as Islamic: 1982-04-19~",
            ],
        ),
    ],
)
def test_how_a_date_of_another_calendar_was_read_is_told(
    typed: str, read: tuple[str, ...], notes: list[str]
):
    """Where the calendar cannot be told, the date is asked both ways."""
    question = Question(names=("x",), birth_date=typed)

    assert record_of(question).properties["birthDate"] == read
    assert list(date_notes(question)) == [f"the birth date {note}" for note in notes]


@pytest.mark.parametrize("name", ["organization", "Organisation", "Organizatoin"])
def test_a_mistyped_schema_is_told_the_nearest(name: str):
    """Its case and spelling are easily missed."""
    with pytest.raises(InvalidInput, match="did you mean 'Organization'"):
        record_of(Question(names=("x",), schema=name))


def test_a_schema_that_nothing_is_compared_with_is_refused():
    """Its answer would be no match, whoever is asked about."""
    with pytest.raises(InvalidInput, match="no schema 'Address' that is compared"):
        record_of(Question(names=("x",), schema="Address"))


@pytest.mark.parametrize(
    "question",
    [
        Question(names=("x",), birth_date="yesterday"),
        Question(names=("x",), nationalities=("Nowhere at all",)),
        Question(names=("x",), sex="perhaps"),
        Question(documents=("L898902C3",)),
        Question(documents=("UTO:P:",)),
        Question(names=("x",), schema="Nonsense"),
    ],
)
def test_a_part_that_cannot_be_read_is_refused(question: Question):
    """A detail that is dropped in silence would make a check look more thorough than it was."""
    with pytest.raises(InvalidInput):
        record_of(question)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (Question(names=("x",), birth_date="Keyvan" * 9_000), "birth date"),
        (Question(names=("x",), nationalities=("Keyvan" * 9_000,)), "nationality"),
        (Question(names=("x",), sex="Keyvan" * 9_000), "sex"),
        (Question(documents=("Keyvan" * 9_000,)), "document"),
        (Question(documents=("Keyvan:P:1234567",)), "document's issuer"),
    ],
)
def test_a_refusal_says_which_part_and_not_what_it_held(question: Question, field: str):
    """It ends up in logs, and what was asked does not belong there."""
    with pytest.raises(InvalidInput, match=field) as refused:
        record_of(question)
    assert "Keyvan" not in str(refused.value)
    assert len(str(refused.value)) < 200


def test_a_mistyped_word_of_ours_is_repeated_in_short():
    """A schema is none of the person's data."""
    with pytest.raises(InvalidInput, match="no schema 'Persson'"):
        record_of(Question(names=("x",), schema="Persson"))
    with pytest.raises(InvalidInput, match=r"no schema 'P{59}…'"):
        record_of(Question(names=("x",), schema="P" * 100_000))


def test_an_empty_detail_is_one_that_is_not_known():
    """As a script passes it on."""
    question = Question(names=("x",), birth_date="", nationalities=("",), sex="")

    assert set(record_of(question).properties) == {"name"}
