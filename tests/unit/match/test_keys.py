"""Coarse keys: what may sound alike shares one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.match.spelling.alphabets import CODE, SYMBOLS, VOWELS
from didban.match.spelling.keys import coarse_keys, primary_key
from didban.match.spelling.phonemes import Form, forms

CONSONANTS = "".join(s for s in SYMBOLS if s not in VOWELS and s not in "hwyA")


def form(sounds: str, *, unvocalised: bool = False) -> Form:
    """Return a form of these symbols."""
    return Form(bytes(CODE[s] for s in sounds), unvocalised)


def shared(one: str, other: str) -> bool:
    """Return whether two parts share a key."""
    keys = [{key for own in forms(part) for key in coarse_keys(own)} for part in (one, other)]
    return bool(keys[0] & keys[1])


@given(
    st.lists(st.sampled_from(CONSONANTS), min_size=1, max_size=6),
    st.lists(st.sampled_from("aeiou"), min_size=6, max_size=6),
    st.lists(st.sampled_from("aeiou"), min_size=6, max_size=6),
)
def test_forms_that_differ_only_in_vowels_share_all_keys(consonants, vowels, others):
    """Karim, Karem and Kurum are looked up together."""
    one = "".join(c + v for c, v in zip(consonants, vowels, strict=False))
    other = "".join(c + v for c, v in zip(consonants, others, strict=False))

    assert coarse_keys(form(one)) == coarse_keys(form(other))


@given(st.lists(st.sampled_from("bpftdszSkqlrmn"), min_size=1, max_size=6))
def test_a_form_without_vowels_shares_a_key_with_the_one_that_has_them(consonants):
    """The Arabic-script name meets its romanisation, whichever vowels stand between."""
    bare = form("".join(consonants), unvocalised=True)
    full = form("a".join(consonants))

    assert set(coarse_keys(bare)) & set(coarse_keys(full))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("محمد", "Mohammad"),
        ("ممتاز", "Mumtaz"),
        ("ممدوح", "Mamdouh"),
        ("متدین", "Motadayen"),
        ("Хусейн", "Hussein"),
        ("عثمان", "Osman"),
        ("Jafar", "Gafar"),
        ("Vahid", "وحید"),
        ("Khalil", "Halil"),
    ],
)
def test_readings_of_one_name_share_a_key(one, other):
    """What one habit writes otherwise is an alternative of the key."""
    assert shared(one, other)


def test_different_consonants_share_no_key():
    """Karimi and Rahimi are not looked up together."""
    assert not shared("Karimi", "Rahimi")


@given(st.text(alphabet=SYMBOLS, min_size=1, max_size=16), st.booleans())
def test_a_form_has_one_to_sixteen_keys_in_rising_order(sounds, unvocalised):
    """The kernels take at most sixteen of 64 bits."""
    keys = coarse_keys(form(sounds, unvocalised=unvocalised))

    assert 1 <= len(keys) <= 16
    assert list(keys) == sorted(set(keys))
    assert all(0 <= key < 2**64 for key in keys)


@given(st.text(alphabet=SYMBOLS, min_size=1, max_size=16))
def test_the_primary_key_is_one_of_the_keys(sounds):
    """Grouping the vocabulary by it puts what is compared side by side."""
    assert primary_key(form(sounds)) in coarse_keys(form(sounds))
