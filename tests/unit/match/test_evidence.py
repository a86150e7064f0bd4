"""What each feature says, and when it says nothing."""

from __future__ import annotations

import pytest

from didban.match.documents import Agreement
from didban.match.evidence import parameters as p
from didban.match.evidence import particulars
from didban.match.features import features_of
from didban.model.documents import Document
from specimens import passport, person

FEATURES = {
    "birth_date": particulars.birth_date,
    "sex": particulars.sex,
    "country": particulars.country,
    "document": particulars.document,
}
FULL = features_of(
    person(birthDate="1965", gender="male", nationality="uto", documents=(passport(),))
)
EMPTY = features_of(person())


@pytest.mark.parametrize("feature", FEATURES)
def test_what_one_side_does_not_know_is_not_compared(feature):
    """Unknown is not different, on either side."""
    assert FEATURES[feature](FULL, EMPTY) is None
    assert FEATURES[feature](EMPTY, FULL) is None
    assert FEATURES[feature](FULL, FULL) is not None


def test_the_pair_of_dates_that_agrees_best_counts():
    """Lists state several dates of birth for one person."""
    asked = features_of(person(birthDate="1965-03-12"))
    listed = features_of(person(birthDate=("1970", "1965-03-12", "1965")))

    found = particulars.birth_date(asked, listed)

    assert found is not None
    assert (found.candidate, found.weight) == ("1965-03-12", p.DATES["SAME_DAY"])


@pytest.mark.parametrize(
    ("asked", "listed", "weight"),
    [
        (("male",), ("male",), p.SAME_SEX),
        (("male",), ("female",), p.OTHER_SEX),
        (("male", "female"), ("female",), p.SAME_SEX),
        (("M",), ("мужской",), p.SAME_SEX),
    ],
)
def test_sex_agrees_or_not(asked, listed, weight):
    """A list that states both says that it does not know."""
    found = particulars.sex(features_of(person(gender=asked)), features_of(person(gender=listed)))

    assert found is not None
    assert found.weight == weight


@pytest.mark.parametrize("stated", ["other", "X", "<", "unknown"])
def test_a_sex_that_is_not_stated_says_nothing(stated):
    """A passport may hold X; that is no contradiction."""
    assert particulars.sex(features_of(person(gender=stated)), FULL) is None


@pytest.mark.parametrize(
    ("asked", "listed", "weight"),
    [
        (("uto",), ("uto",), p.SAME_COUNTRY),
        (("uto",), ("fr",), p.OTHER_COUNTRY),
        (("uto", "fr"), ("de", "fr"), p.SAME_COUNTRY),
        (("GBR",), ("United Kingdom",), p.SAME_COUNTRY),
        (("GBD",), ("gb",), p.SAME_COUNTRY),
    ],
)
def test_countries_agree_when_one_is_in_common(asked, listed, weight):
    """However they are written; the citizens of one state's territories are its citizens."""
    found = particulars.country(
        features_of(person(nationality=asked)), features_of(person(nationality=listed))
    )

    assert found is not None
    assert found.weight == weight


def test_nationality_and_country_of_birth_are_compared_together():
    """Lists mix them up."""
    asked = features_of(person(nationality="uto"))
    listed = features_of(person(birthCountry="uto"))

    found = particulars.country(asked, listed)

    assert found is not None
    assert found.weight == p.SAME_COUNTRY


def test_different_documents_say_nothing():
    """People hold several passports in their lives."""
    asked = features_of(person(documents=(passport("L898902C3"),)))
    listed = features_of(person(documents=(passport("X1234567"),)))

    assert particulars.document(asked, listed) is None


def test_the_documents_that_agree_best_count():
    """One certain agreement is not weakened by an uncertain one."""
    asked = features_of(person(documents=(passport("L898902C3"),)))
    listed = features_of(
        person(documents=(passport("LB98902C3"), passport("L898902C3", None), passport()))
    )

    found = particulars.document(asked, listed)

    assert found is not None
    assert found.weight == p.DOCUMENTS[Agreement.SAME]


def test_the_finding_tells_of_a_range_and_of_its_report():
    """An officer must see that the very number is not on the list, and why the range is."""
    blanks = Document(
        number="1000", number_to="1999", issuer="uto", type="P", status="stolen_blank"
    )
    asked = features_of(person(documents=(Document(number="1500", issuer="uto"),)))

    found = particulars.document(asked, features_of(person(documents=(blanks,))))

    assert found is not None
    assert found.candidate == "UTO:P:1000..1999"
    assert found.detail.endswith("within a range; recorded as stolen blank")


@pytest.mark.parametrize(
    ("asked", "listed", "said"),
    [
        (Document(number="L898902C3"), passport(), "; who asks states no issuing state"),
        (passport(), Document(number="L898902C3"), "; the list states no issuing state"),
        (
            Document(number="L898902C3"),
            Document(number="L898902C3"),
            "; neither side states the issuing state",
        ),
        (Document(number="9074729"), Document(number="9074729", type="IMO"), ""),
    ],
)
def test_the_finding_tells_which_side_states_no_issuing_state(
    asked: Document, listed: Document, said: str
):
    """It is the officer who can look it up; and a ship's number has none."""
    found = particulars.document(
        features_of(person(documents=(asked,))), features_of(person(documents=(listed,)))
    )

    assert found is not None
    assert found.detail == f"same number{said}"


def test_the_more_certain_an_agreement_of_documents_the_more_it_weighs():
    """The order of the enumeration is the order of the weights."""
    weights = [p.DOCUMENTS[a] for a in sorted(Agreement) if a is not Agreement.NONE]

    assert weights == sorted(weights)
    assert weights[0] > 0


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_tells_an_officer_what_it_means(feature):
    """The first line of its docstring is shown."""
    assert (FEATURES[feature].__doc__ or "").split("\n")[0].endswith((".", "counts."))
