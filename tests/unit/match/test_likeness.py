"""How alike two parts of names are: sounds and letters together."""

from __future__ import annotations

import pytest

from didban.match.evidence.likeness import CUTOFF, letters_apart, likeness, similarity
from didban.match.spelling.lookalikes import are_lookalikes
from didban.match.spelling.sexes import are_of_two_sexes


def alike(one: str, other: str) -> int:
    """Return the likeness of two parts as they sound."""
    return likeness(one, other, similarity(one, other))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("marek", "marek", 0),
        ("marek", "marck", 1),
        ("marek", "maek", 1),
        ("marek", "marrek", 1),
        ("marek", "maerk", 1),
        ("marek", "ramek", 2),
        ("marek", "", 4),
        ("marek", "zoltan", 4),
    ],
)
def test_letters_apart(one, other, apart):
    """Changed, left out, added, swapped; four stands for all that is more."""
    assert letters_apart(one, other) == letters_apart(other, one) == apart


@pytest.mark.parametrize(
    ("name", "slip"),
    [("kowalczyk", "kowalxzyk"), ("kowalczyk", "kowalcyk"), ("zarrinpour", "zarrinbour")],
)
def test_a_slip_in_a_long_name_is_the_name(name, slip):
    """One letter of nine is a slip of the finger, whichever sound it is."""
    assert alike(name, slip) >= similarity(name, slip)
    assert alike(name, slip) >= 231


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("markowski", "martinez"),
        ("hamidullah", "waliullah"),
        ("petrovich", "pavlovich"),
        ("abdrahim", "abdkarim"),
        ("mohammed", "ahmed"),
    ],
)
def test_names_with_a_common_beginning_or_ending_are_two(one, other):
    """What many names have in common does not make two of them one."""
    assert alike(one, other) < CUTOFF


@pytest.mark.parametrize(
    ("one", "other"), [("hossein", "husayn"), ("qaddour", "kaddur"), ("yusupov", "yusupow")]
)
def test_other_habits_of_spelling_stay_one_name(one, other):
    """Where the sounds agree, letters do not part."""
    assert alike(one, other) >= CUTOFF


def test_letters_say_nothing_across_alphabets_nor_where_vowels_are_not_written():
    """There a letter more is another name, and sounds are all there is."""
    for one, other in (("karimi", "کریمی"), ("کریمی", "کریمیان"), ("петров", "petrov")):
        assert alike(one, other) == similarity(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("محمد", "mahmoud"),
        ("محمود", "mohammad"),
        ("حسن", "hossein"),
        ("حسن", "حسین"),
        ("أحمد", "حامد"),
    ],
)
def test_common_names_in_arabic_letters_are_known_from_each_other(one, other):
    """However alike they sound, nobody writes the one for the other."""
    assert alike(one, other) < similarity(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("محمد", "muhammad"),
        ("الحسن", "hassan"),
        ("أحمد", "احمد"),
        ("داود", "داوود"),
        ("داود", "davoud"),
    ],
)
def test_spellings_of_one_common_name_stay_alike(one, other):
    """Marks and articles left out, and two habits of one name."""
    assert alike(one, other) == similarity(one, other)


def test_what_is_merely_similar_without_its_vowels_says_little():
    """Where vowels may be anything, a consonant more or less is mostly another name."""
    assert CUTOFF <= alike("saraji", "سرخی") < similarity("saraji", "سرخی")


@pytest.mark.parametrize(
    ("one", "other"),
    [("michel", "michelle"), ("karim", "karima"), ("mario", "maria"), ("олег", "ольга")],
)
def test_a_mans_name_and_the_womans_form_of_it_are_two(one, other):
    """However alike they sound."""
    assert are_of_two_sexes(one, other)
    assert are_of_two_sexes(other, one)
    assert alike(one, other) == 0


def test_forms_of_one_sex_and_other_names_are_as_alike_as_they_sound():
    """Nor does the table know anything of family names."""
    assert not are_of_two_sexes("michel", "mikhail")
    assert not are_of_two_sexes("nazarov", "nazarova")
    assert alike("michel", "mikhel") > CUTOFF
    assert alike("nazarov", "nazarova") > CUTOFF


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nargisov", "nargisenko"),
        ("nargisenko", "nargisovich"),
        ("наргисенко", "nargisovsky"),
        ("nargisian", "nargiszadeh"),
        ("nargisson", "nargisov"),
    ],
)
def test_one_root_with_two_endings_of_family_names_is_two_families(one, other):
    """In whatever alphabets they are written."""
    assert are_lookalikes(one, other)
    assert are_lookalikes(other, one)
    assert alike(one, other) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("nargisov", "nargiseff"), ("nargisovich", "nargisowicz"), ("nargisian", "nargisyan")],
)
def test_spellings_of_one_ending_are_one_family(one, other):
    """A habit of transliteration makes no other name."""
    assert not are_lookalikes(one, other)
    assert alike(one, other) >= CUTOFF


def test_the_glide_of_a_korean_syllable_makes_another_name():
    """Its vowel does not: that is romanised in several ways."""
    assert alike("hyon", "hon") == 0
    assert alike("kyong", "kong") == 0
    assert alike("hyon", "hyun") >= CUTOFF
    assert not are_lookalikes("syang", "sang")


def test_what_stands_before_a_common_ending_tells_two_names():
    """Daughters of two fathers share the ending only."""
    assert alike("jónsdóttir", "annasdóttir") < alike("jónsdóttir", "jonsdottir")


@pytest.mark.parametrize(
    ("son", "father"), [("oleksandrovych", "oleksandr"), ("мирославович", "мирослав")]
)
def test_a_fathers_name_is_not_the_name_of_the_son(son, father):
    """The same father's name mistyped is one."""
    assert alike(son, father) == alike(father, son) == 0
    assert alike(son, son[:-3] + son[-2:]) > CUTOFF
