"""Sex is one of three words, or unknown."""

from __future__ import annotations

import pytest

from didban.model.sexes import sex


@pytest.mark.parametrize(
    "text", ["M", "m", "Male", "MALE ", "мужской", "مرد", "ذكر", "homme", "Mr."]
)
def test_words_for_male(text):
    """Codes and words of six languages."""
    assert sex(text) == "male"


@pytest.mark.parametrize("text", ["F", "female", "женский", "زن", "أنثى", "féminin", "mujer"])
def test_words_for_female(text):
    """Codes and words of six languages."""
    assert sex(text) == "female"


def test_x_is_a_statement_and_filler_is_none():
    """X on a document says something; `<` and U say nothing."""
    assert sex("X") == "other"
    assert [sex(text) for text in ("<", "U", "", "unknown")] == [None] * 4
