"""The arithmetic of check digits, what it cannot see, and the numbers that may stand behind one."""

from __future__ import annotations

import pytest

from didban.model.mrz import check_digit, confusables, is_undetectable, number_variants
from didban.model.mrz.confusions import UNDETECTABLE

GROUPS = ("0AKU<", "1BLV", "2CMW", "3DNX", "4EOY", "5FPZ", "6GQ", "7HR", "8IS", "9JT")


@pytest.mark.parametrize(
    ("text", "digit"),
    [("520727", "3"), ("AB2134<<<", "5"), ("<<<<<<", "0"), ("", "0"), ("D23145890734", "9")],
)
def test_examples_of_the_standard_verify(text, digit):
    """The worked examples of Doc 9303-3, 4.9, and of part 5."""
    assert check_digit(text) == digit


@pytest.mark.parametrize("group", GROUPS)
def test_characters_of_one_group_weigh_alike(group):
    """Equal values modulo ten are interchangeable in every place."""
    assert all(is_undetectable(one, other) for one in group for other in group)
    assert len({check_digit(char) for char in group}) == 1


@pytest.mark.parametrize("pair", ["0O", "1I", "2Z", "5S", "8B", "0D"])
def test_usual_confusions_of_other_groups_are_detected(pair):
    """These misreadings change the check digit."""
    assert not is_undetectable(pair[0], pair[1])


@pytest.mark.parametrize("pair", ["6G", "1L", "8S", "9J", "0U", "K<"])
def test_usual_confusions_within_a_group_are_known(pair):
    """These do not, so they are offered as what a character may have been."""
    assert pair[1] in confusables(pair[0])
    assert pair[0] in confusables(pair[1])


def test_every_undetectable_pair_is_undetectable():
    """The table holds no pair that a check digit would tell apart."""
    assert all(is_undetectable(pair[0], pair[1]) for pair in UNDETECTABLE)


def test_number_may_be_another_with_the_same_check_digit():
    """One confusable character at a time, in a fixed order."""
    assert number_variants("A6B1") == ("AGB1", "A6BL")


def test_two_changes_may_be_asked_for():
    """More changes give more numbers, after those of one change."""
    assert number_variants("A6B1", max_changes=2) == ("AGB1", "A6BL", "AGBL")


def test_neighbouring_digits_that_differ_by_five_may_have_changed_places():
    """The one kind of swap that no check digit sees."""
    assert "A72" in number_variants("A27")
    assert number_variants("A23") == ()


def test_every_variant_has_the_check_digit_of_the_number():
    """That is what makes it a variant."""
    number = "L898902C3"
    assert number_variants(number)
    assert {check_digit(variant) for variant in number_variants(number)} == {check_digit(number)}


def test_letter_at_the_end_may_be_a_filler():
    """A misread filler makes a number one character longer."""
    assert "AB1234" in number_variants("AB1234K")


def test_spaces_and_fillers_do_not_count():
    """The number is taken as documents print it."""
    assert number_variants(" a6b1<<< ") == number_variants("A6B1")
    assert number_variants("") == ()
