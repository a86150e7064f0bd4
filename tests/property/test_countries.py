"""Laws of country codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.model.countries import LANGUAGES, alpha3, country, country_name, same_state

CODES = sorted(
    {code for two in "abcdefghijklmnopqrstuvwxyz" for letter in "abcdefghijklmnopqrstuvwxyz"
     if (code := country(two + letter))}
)  # fmt: skip


@given(st.text(max_size=40))
def test_a_code_is_its_own_name(text):
    """Reading what was read changes nothing; any text gives a code or none."""
    code = country(text)

    assert code is None or country(code) == code


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_read_back_from_what_documents_and_people_write(code):
    """Three letters, capitals, fillers, the English name."""
    assert country(alpha3(code)) == code
    assert country(code.upper() + "<") == code
    assert country(country_name(code)) == code or country_name(code) == code.upper()


@given(st.sampled_from(CODES), st.sampled_from(LANGUAGES))
def test_names_of_every_language_are_read_back(code, language):
    """A state's name in any of the languages gives its code."""
    name = country_name(code, language)

    assert country(name) == code or name == code.upper()


@given(st.sampled_from(CODES), st.sampled_from(CODES))
def test_sameness_is_mutual(one, other):
    """And every state is the same as itself."""
    assert same_state(one, one)
    assert same_state(one, other) == same_state(other, one)
