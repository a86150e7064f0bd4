from __future__ import annotations

import pytest

from didban.errors import InvalidInput
from didban.model.documents import Document
from didban.screening.question import Question, read_document, record_of


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
