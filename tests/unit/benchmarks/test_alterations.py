"""What befalls a name is what it is called, and leaves short names alone."""

from __future__ import annotations

import random

import pytest

from benchmarks.alterations import ALTERATIONS

NAME = "Keyvan Reza Behroozinia"


@pytest.mark.parametrize("kind", ALTERATIONS)
def test_an_alteration_alters_and_repeats_itself(kind):
    """The same chance gives the same name."""
    altered = ALTERATIONS[kind](NAME, random.Random(4))

    assert altered != NAME
    assert altered == ALTERATIONS[kind](NAME, random.Random(4))


@pytest.mark.parametrize("kind", ["part missing", "initial"])
def test_a_name_of_two_parts_loses_none(kind):
    """What is left would be anybody's."""
    assert ALTERATIONS[kind]("Keyvan Behroozinia", random.Random(4)) == "Keyvan Behroozinia"


def test_an_error_of_typing_is_one_letter():
    """Lengths differ by one at most."""
    for seed in range(50):
        altered = ALTERATIONS["one typo"](NAME, random.Random(seed))
        assert abs(len(altered) - len(NAME)) <= 1
