# ruff: noqa: SIM905  (parts of names read best as words)
"""What is compiled of spelling agrees with its definition in `didban.match.spelling.phonemes`.

The parts are words of all scripts that rules are written for, and letters put together at random.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.match.spelling import alphabets, given_names, phonemes
from didban.match.spelling.scripts import Script

compiled = pytest.importorskip("didban.match.kernels._spelling", reason="no compiler was found")

PARTS = """abdelatif abdurrahman abdulkarim aboulqasem alkarimi elkarimi haqul xiaoping hsi qing quan
jusuf marija xasan azhar ishaq guillermo agnese bencharki dschihad szczepan o'hara müller şahin
đorđe əliyev 44 2b عبدالكريم ابوالقاسم الكريمي فاطمه حیات تشاد انبار خواجه بالطيب ممتاز الله کھان
١٢ שלמה פרץ ג׳ורג׳ אברהם כהן олег фёдор джафар щедрин γιώργος μπότσαρης ντίνος გიორგი ბერიძე
հովհաննես արամ 王小明 김민준 たなか नरेंद्र สมชาย é ʼ""".split()

LETTERS = sorted(
    {letter for table in alphabets.LETTERS.values() for letter in table}
    | set("abcdefghijklmnopqrstuvwxyz0189'-.\n")
    | set(alphabets.LATIN_LETTERS)
    | {letter for digraphs in alphabets.DIGRAPHS.values() for word in digraphs for letter in word}
)
BEGINNINGS = ["", "ab", "abd", "abdul", "abou", "al", "x", "hs", "qi", "ben", "ال", "عبدال", "بال"]
ENDINGS = ["", "ul", "ه", "اه", "ה", "1"]

MADE = st.tuples(
    st.sampled_from(BEGINNINGS),
    st.lists(st.sampled_from([*LETTERS, *alphabets.LATIN_DIGRAPHS]), max_size=8).map("".join),
    st.sampled_from(ENDINGS),
).map("".join)


def of_one_script() -> st.SearchStrategy[str]:
    """Return parts of the letters of one alphabet, as names are."""
    alphabets_of_all = [sorted(table) for table in alphabets.LETTERS.values()]
    alphabets_of_all.append(list("abcdefghijklmnopqrstuvwxyz"))
    words = [st.text(st.sampled_from(letters), max_size=12) for letters in alphabets_of_all]
    return st.one_of(words)


def is_same(part: str) -> bool:
    """Return whether a part is read alike by both, without what they remember."""
    read: bool = compiled.forms.__wrapped__(part) == phonemes.forms.__wrapped__(part)
    return read


@pytest.mark.parametrize("part", ["ا" * 100_000, "abd" + "o" * 100_000 + "l", "ﷺ" * 100_000])
def test_a_word_without_end_is_read_as_far_as_names_go(part: str) -> None:
    """A line of a list may hold anything."""
    assert is_same(part)
    assert phonemes.forms(part) == phonemes.forms(part[: phonemes.MAX_LETTERS])


def test_what_names_no_group_of_a_pattern_is_refused() -> None:
    """Reading past the groups would end the process."""
    for instead in (r"\9", r"\0", "\\"):
        with pytest.raises(ValueError, match="group"):
            compiled.replaced(re.compile("a"), instead, "za")


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_any_script_is_read_alike(part: str) -> None:
    """Those of scripts that the compiled rules do not know, too."""
    assert is_same(part)


@pytest.mark.parametrize("script", [Script.LATIN, Script.ARABIC])
def test_all_common_given_names_are_read_alike(script: Script) -> None:
    """In either script of the dictionary."""
    assert not [name for name in given_names.names(script) if not is_same(name)]


@given(MADE | of_one_script())
def test_letters_put_together_at_random_are_read_alike(part: str) -> None:
    """Beginnings and endings that a rule speaks of, and what lies between them."""
    assert is_same(part)


@given(st.text(max_size=12))
def test_any_text_is_read_alike(part: str) -> None:
    """Of letters, signs and whatever else there is."""
    assert is_same(part)


PATTERNS = [pattern for rules in alphabets.OTHER_READINGS.values() for pattern, _ in rules]
PATTERNS += [
    re.compile(text) for text in (r"^(?:a|bc)?d{2,}(?!a)", r"([ab])\1+|[^a-c]{1,2}$", "a*b")
]


@given(st.sampled_from(PATTERNS), st.text("abcdenqghsxuiz.\nهنبת", max_size=10))
def test_patterns_match_where_those_of_python_do(pattern: re.Pattern[str], text: str) -> None:
    """Every pattern that a table states, and some more."""
    assert compiled.replaced(pattern, "<>", text) == pattern.sub("<>", text)


@pytest.mark.parametrize(
    "pattern", [r"\d", "a+?", "(?i:a)", "(?<=a+)b", "(", "[a", "a{,2}", "(?P<n>a)"]
)
def test_a_pattern_that_is_not_known_is_refused(pattern: str) -> None:
    """A rule that only one of the two understood would be read two ways."""
    with pytest.raises((ValueError, re.error)):
        compiled.replaced(re.compile(pattern), "", "a")
