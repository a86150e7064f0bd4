"""Given and family names the other way round."""

from __future__ import annotations

import pytest

from didban.match.evidence import parameters as p
from didban.match.evidence.name_order import name_order
from didban.match.features import features_of
from specimens import person


def said(one: tuple[str, str], other: tuple[str, str], nationality: str = "") -> float | None:
    """Return what two given and family names say."""
    sides = [
        features_of(person("", firstName=given, lastName=family, nationality=nationality))
        for given, family in (one, other)
    ]
    found = name_order(*sides)
    return found.weight if found else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Karim", "Hadi"), ("Hadi", "Karim")),
        (("Karim Jan", "Hadi"), ("Hady", "Kareem")),
        (("کریم", "هادی"), ("Hadi", "Karim")),
    ],
)
def test_a_given_name_that_is_the_others_family_name_is_less_evidence(one, other):
    """Karim Hadi is not Hadi Karim, where both sides tell which of the names is which."""
    assert said(one, other) == p.OTHER_ORDER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Hadi", "Karim"), ("Hadi", "Karim")),
        (("Hadi", "Hadi"), ("Hadi", "Karim")),
        (("Hadi", "Karim"), ("Karim", "Nazari")),
        (("Hadi", ""), ("Karim", "Hadi")),
    ],
)
def test_names_in_their_order_or_other_names_say_nothing_here(one, other):
    """What agrees is weighed as a name; a side that does not tell is not different."""
    assert said(one, other) is None


def test_names_of_states_that_say_the_family_name_first_are_not_judged():
    """Lists and papers take it for the given name there as often as not."""
    assert said(("Min Jun", "Kim"), ("Kim", "Min Jun"), nationality="kr") is None
