"""What two places of birth say."""

from __future__ import annotations

import pytest

from didban.match.evidence import parameters as p
from didban.match.evidence.places import birth_place
from didban.match.features import features_of
from specimens import person


@pytest.mark.parametrize(
    ("one", "other", "weight"),
    [
        ("Kandahar, Afghanistan", "قندهار", p.SAME_PLACE),
        ("Zarrinabad Village, Kerend District", "Kirind", p.SAME_PLACE),
        ("Kandahar Province, Afghanistan", "Kabul Province, Afghanistan", p.OTHER_PLACE),
        ("Afghanistan", "Kabul, Afghanistan", None),
        ("", "Kabul", None),
    ],
)
def test_a_place_is_known_by_its_name(one, other, weight):
    """Not by its state, which is compared elsewhere, nor by what it is a province of."""
    found = birth_place(features_of(person(birthPlace=one)), features_of(person(birthPlace=other)))

    assert (found and found.weight) == weight
