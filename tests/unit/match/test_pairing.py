"""Which parts of two names are each other's: written together, cut off, initials, short forms."""

from __future__ import annotations

import pytest

from didban.match.evidence.pairing import (
    Descent,
    How,
    descent,
    fathers,
    is_byname,
    pair_names,
    pair_parts,
)
from didban.match.features import Name
from didban.match.spelling.nicknames import are_one_name
from didban.match.spelling.tokens import name_parts


def pairing(one: str, other: str):
    """Return how two names pair."""
    first, second = (Name(text=text, parts=name_parts(text)) for text in (one, other))
    return pair_names(first, second, pair_parts(first.parts, second.parts))


def agreed(one: str, other: str) -> list[tuple[tuple[int, ...], tuple[int, ...], How]]:
    """Return which places agree, and how, in the order of the query."""
    found = pairing(one, other).agreed
    return sorted(((pair.ours, pair.theirs, pair.how) for pair in found), key=lambda row: row[0])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Zarrinkuh Ardeshir", "Zarrin Kuh Ardeshir", [(0,), (1,)]),
        ("Delacruz Marek", "Marek De La Cruz", [(1,)]),
        ("Kowalskinowak Piotr", "Piotr Kowalski Nowak", [(0,), (1,)]),
    ],
)
def test_parts_written_as_one_agree_with_both(one, other, expected):
    """On either side."""
    assert [ours for ours, _, _ in agreed(one, other) if ours] == expected
    assert len(agreed(other, one)) == len(expected)


def test_initials_agree_with_what_begins_so():
    """By their letters, also where these make another sound together; and several at once."""
    assert agreed("K. Kowalski", "Khalid Kowalski")[0] == ((0,), (0,), How.INITIAL)
    assert agreed("JC Kowalski", "Jean Claude Kowalski")[0] == ((0,), (0, 1), How.INITIAL)
    assert pairing("A. Kowalski", "Marek Kowalski").alone == (0,)


def test_a_last_part_that_was_cut_off_agrees():
    """As in a machine readable zone that is full; a short beginning is nothing."""
    assert agreed("Marek Kowalc", "Marek Kowalczykowski")[1] == ((1,), (1,), How.CUT)
    assert agreed("Marek Jan Ko", "Marek Jan Kowalczykowski")[2] == ((2,), (2,), How.CUT)
    assert pairing("Marek Ko", "Marek Kowalczykowski").alone == (1,)
    assert pairing("Kowalc Marek", "Marek Kowalczykowski").alone == (0,)


@pytest.mark.parametrize(
    ("one", "other"),
    [("bill", "william"), ("sasha", "aleksandr"), ("pepe", "jose"), ("bill", "will")],
)
def test_short_forms_are_one_name(one, other):
    """With each other, too."""
    assert are_one_name(one, other)
    assert are_one_name(other, one)


def test_another_name_is_no_short_form():
    """Nor is a name that nobody knows."""
    assert not are_one_name("bill", "peter")
    assert not are_one_name("kowalczyk", "nowakowska")


def test_the_first_half_of_a_compound_may_be_left_out():
    """Habits of South Asia write Karim for Abd al-Karim."""
    assert agreed("Karim Kowalski", "Abdul Karim Kowalski")[0] == ((0,), (0,), How.ALIKE)
    assert pairing("Rahim Kowalski", "Abdul Karim Kowalski").alone == (0,)


def test_two_names_by_their_letters_are_parted_again():
    """Though they sound alike."""
    assert pairing("Piotr Mohammed", "Piotr Ahmed").alone == (1,)


def test_bynames_are_known_by_their_form():
    """A father's name in Slavic and Turkic languages; a name after a child in Arabic."""
    assert all(map(is_byname, ("markovich", "ивановна", "karimoglu", "abuhadi")))
    assert not any(map(is_byname, ("kowalski", "karimov", "abuja", "evich")))


def test_fathers_are_the_parts_behind_a_word_for_son():
    """Compounds whole; nobody where no such word stands."""
    assert fathers("Hadi bin Abd al-Rahman ben Karim") == {"abdrahman", "karim"}
    assert fathers("Hadi Karim") == frozenset()
    assert fathers("KARIM, Hadi bin") == {"karim"}


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("Hadi bin Karim", "Hadi ibn Karim", Descent.SAME),
        ("bin Karim, Hadi", "Hadi bin Karim", Descent.SAME),
        ("Karim, Hadi bin", "Hadi bin Karim", Descent.SAME),
        ("Karim bin Hadi", "Hadi bin Karim", Descent.CROSSED),
        ("Hadi Karim", "Hadi bin Karim", Descent.UNTOLD),
        ("Marek bin Karim", "Hadi bin Karim", Descent.UNTOLD),
    ],
)
def test_descent_is_told_where_both_names_say_who_is_whose_son(one, other, told):
    """The same, or the other way round; a father without his son tells nothing."""
    asked, listed = (Name(text=text, parts=name_parts(text)) for text in (one, other))
    assert descent(asked, listed, pairing(one, other)) is told


def test_spaces_in_the_wrong_places_are_seen_through():
    """Also where as many parts stand on both sides, and where a name falls into three."""
    assert ((1, 2), (2,), How.ALIKE) in agreed("Piotr Kowal czyk", "Piotr Marek Kowalczyk")
    assert ((0, 1, 2), (0,), How.ALIKE) in agreed("Mar kov ich Kowalczyk", "Markovich Kowalczyk")
    assert ((0,), (0, 1, 2), How.ALIKE) in agreed("Ramintakarimov", "Ram Inta Karimov")
    assert pairing("Piotr Kowal Jan", "Piotr Marek Kowalczyk").alone == (1, 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Michel Kowalski", "Michelle Kowalski"), ("Marek Kowalski", "Marekovich Kowalski")],
)
def test_names_that_are_surely_two_are_no_slips_of_the_finger(one, other):
    """Two sexes, a father's name and his own: few letters apart, and another name."""
    assert pairing(one, other).alone == (0,)
