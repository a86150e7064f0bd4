"""One code point for one letter, and which script a text is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.match.spelling.scripts import Script, fold, script_of


@pytest.mark.parametrize(
    ("written", "same_as"),
    [
        ("علي", "علی"),  # Arabic yeh, Persian yeh
        ("مصطفى", "مصطفی"),  # alef maksura
        ("كمال", "کمال"),  # Arabic kaf, Persian kaf
        ("ہاشم", "هاشم"),  # Urdu heh
        ("ٱحمد", "احمد"),  # alef wasla
        ("محـــمد", "محمد"),  # tatweel
        ("مُحَمَّد", "محمد"),  # vowel signs
        ("ﻣﺤﻤﺪ", "محمد"),  # presentation forms
        ("ALI", "ali"),
        ("ＡＬＩ", "ali"),  # full width
        ("Qur'an", "quran"),
        ("Sa’id", "said"),
        ("ʿAli", "ali"),
        ("Olʹga", "olga"),  # the soft sign of scientific romanisations
        ("حیدر‌ھاشم", "حیدر‌هاشم"),  # a keyboard that has no other heh
        ("ИВАНОВ", "иванов"),
        ("שׁלום", "שלום"),  # dotted shin
    ],
)
def test_letters_that_mean_the_same_are_one(written, same_as):
    """Spelling habits of keyboards and scripts leave no trace."""
    assert fold(written) == same_as


def test_accents_on_latin_letters_stay():
    """Whether an accent changes the sound is decided later, letter by letter."""
    assert fold("Şerif Gül") == "şerif gül"


@given(st.text())
def test_folded_text_is_lower_case_without_marks(text):
    """Whatever comes in, nothing is left that folding would drop."""
    assert not set(fold(text)) & set("'’‘`ʻʿʾـ")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Karimi", Script.LATIN),
        ("Şahin", Script.LATIN),
        ("Nguyễn", Script.LATIN),
        ("Əliyev", Script.LATIN),
        ("Kulʹkov", Script.LATIN),
        ("کریمی", Script.ARABIC),
        ("ﻣﺤﻤﺪ", Script.ARABIC),
        ("Иванов", Script.CYRILLIC),
        ("כהן", Script.HEBREW),
        ("Παππάς", Script.GREEK),
        ("김민준", Script.HANGUL),
        ("毛", Script.HAN),
        ("カナ", Script.KANA),
        ("राहुल", Script.OTHER),
        ("", Script.LATIN),
        ("123", Script.LATIN),
        ("٤٥", Script.LATIN),
    ],
)
def test_the_first_foreign_letter_tells_the_script(text, script):
    """Digits and signs tell nothing; without a letter beyond ASCII the script is Latin."""
    assert script_of(text) is script


def test_scripts_whose_vowels_say_little():
    """The matcher forgives vowels there and nowhere else."""
    assert {s for s in Script if s.unvocalised} == {
        *(Script.ARABIC, Script.HEBREW, Script.OTHER),
        *(Script.HAN, Script.KANA),
    }
