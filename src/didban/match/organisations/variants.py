# ruff: noqa: SIM905  (tables of letters read best as words)
"""Words of the tables as they also stand in names: inflected, romanised, mistyped, without spaces.

The tables hold a word as a dictionary does. Here a word that they do not hold is led back to one:

- Slavic words by their stem, whatever case and gender ends them (обороны is оборона), in Cyrillic
  letters or in Latin ones (oborony).
- Persian words with the ending that joins them to the next (sazmane, vezarat-e), romanised.
- Long words with one slip of the finger (comany, tradinng).
- Writing without spaces is parted at the words of the tables (中国银行 is China, bank).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from didban.match.kernels.reference import edits
from didban.match.organisations.tables import (
    Word,
    WordKind,
    legal_forms,
    plain,
    words,
    words_of_forms,
)
from didban.match.spelling.scripts import Script, script_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LONG: Final = 7
"""Words of the tables of so many letters are known with a slip in them; shorter ones are others."""

_LONG_FORM: Final = 5
_STEM: Final = 5
"""So many letters at least are left of a romanised word: what sounds like a shorter one is chance."""
_CYRILLIC_STEM: Final = 4

_ENDING: Final = re.compile(
    r"(?:ыми|ими|[ое]го|[ое]му|[ая]ми|и[ия]|[ыиоеі][йи]|[ая]я|[ое]е|[ыи]е|[ыиая]х|[ыиая]м|[ую]ю|ию|о[іи]"
    r"|[аяоеыиіуюь])$"
)
_LATIN_ENDING: Final = re.compile(
    r"(?:[yi]mi|ogo|ego|omu|emu|ami|yami|[iy]{1,2}|iye?|o[iy]|aya|aia|aja|oye?|oje|eye|yye|y[ei]|i[ej]"
    r"|ykh|ikh|uyu|uiu|e[iy]|iya|ija|iyu|a|o|e|u)$"
)
_ROMANISED: Final = dict(
    zip(
        "абвгдежзиклмнопрстуфхцчшщыэюяієґ",
        "a b v g d e zh z i k l m n o p r s t u f kh ts ch sh shch y e yu ya i e g".split(),
        strict=True,
    )
)
_OTHERWISE: Final = str.maketrans({"ю": "iu", "я": "ia"})
"""Letters for which passports and catalogues have another habit."""

_ADJECTIVE: Final = re.compile(
    r"(?<=\w{4})(?:ск(?:и[йи]|[ая]я|ое|ие|ого|о[йи]|ому|им|их|ую|ом|[аеи])?|ськ(?:и[йи]|ого|ої|их|[аеі])"
    r"|sk(?:[iy]{1,2}|ij|aya|aia|aja|oye?|oje|ogo|o[iy]|iye?)?)$"
)
"""How Slavic languages make "of Murom" of Murom; some towns end so themselves (Izhevsk)."""

_EZAFE: Final = re.compile(r"(?<=[a-z]{5})y?e$")
"""What joins a Persian word to the next."""

_PINYIN: Final = re.compile(
    r"(?:(?:[zcs]h?|[bpmfdtnlgkhjqxryw])?"
    r"(?:i?a(?:ng?|o)|u?a(?:i|ng?)|[iu]?a|e(?:i|r|ng?)?|i(?:e|u|n|ng|ong)?|o(?:u|ng)?|u(?:i|n|o|e)?))+"
)

_UNSPACED: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")


@lru_cache(maxsize=65_536)
def word_meant(word: str) -> Word | None:
    """Return the word of the tables that a word which they do not hold means, or None.

    `word` as `tables.plain` writes it.
    """
    if script_of(word) not in (Script.LATIN, Script.CYRILLIC) or not word.isalpha():
        return None
    known, single = words().entries, _EZAFE.sub("", word)
    found = _by_stem(word) or known.get((town_of(word),)) or known.get((single,))
    return found or _with_a_slip(word) or _with_a_slip(single)


@lru_cache(maxsize=65_536)
def form_meant(word: str) -> str:
    """Return the word of a legal form that a long word nearly is: Aktiengeselschaft, joynt stock."""
    if word in words_of_forms():
        return word
    return min(_but_for_one_letter(word, _slips_of_forms()), default=word)


def town_of(word: str) -> str:
    """Return the stem that a town shares with what is named after it: Муромский and Murom."""
    return _ADJECTIVE.sub("", word)


def parted(word: str) -> list[str]:
    """Return a word, written without spaces, as the words of the tables in it and what is between."""
    if word.isascii() or not _UNSPACED.fullmatch(word):
        return [word]
    known, longest = _unspaced_words()
    text = plain(word)
    found, rest, at = [], "", 0
    while at < len(word):
        lengths = range(min(longest, len(word) - at), 0, -1)
        size = next((n for n in lengths if text[at : at + n] in known), 0)
        if size:
            found += [rest, word[at : at + size]]
            rest = ""
        else:
            rest += word[at]
        at += size or 1
    return [part for part in (*found, rest) if part]


def _by_stem(word: str) -> Word | None:
    if script_of(word) is Script.CYRILLIC:
        return _cyrillic_stems().get(_ENDING.sub("", word))
    return _latin_stems().get(_undoubled(_LATIN_ENDING.sub("", word)))


def _with_a_slip(word: str) -> Word | None:
    """Return the only word of the tables that a word is but for one letter, not its first.

    What reads as Chinese in Latin letters is no slip: Shanghai is not shanghui, a chamber.
    """
    if _PINYIN.fullmatch(word):
        return None
    near = {
        words().entries[own,] for own in _but_for_one_letter(word, _slips()) if own[0] == word[0]
    }
    return near.pop() if len(near) == 1 else None


def _but_for_one_letter(word: str, slips: Mapping[str, tuple[str, ...]]) -> list[str]:
    near = {own for less in (word, *_each_less_one(word)) for own in slips.get(less, ())}
    return [own for own in near if edits(word, own) == 1]


def _single(kinds: Iterable[WordKind]) -> Iterator[tuple[str, Word]]:
    """Yield the spellings of one word of the words of these kinds."""
    for phrase, word in words().entries.items():
        if len(phrase) == 1 and word.kind in kinds:
            yield phrase[0], word


@cache
def _cyrillic_stems() -> Mapping[str, Word]:
    found: dict[str, Word] = {}
    for spelling, word in _single({WordKind.GENERIC, WordKind.PLACE, WordKind.REGION}):
        stem = _ENDING.sub("", spelling)
        if script_of(spelling) is Script.CYRILLIC and len(stem) >= _CYRILLIC_STEM:
            found.setdefault(stem, word)
    return found


@cache
def _latin_stems() -> Mapping[str, Word]:
    found: dict[str, Word] = {}
    for stem, word in _cyrillic_stems().items():
        for letters in (stem, stem.translate(_OTHERWISE)):
            latin = "".join(_ROMANISED.get(letter, "") for letter in letters)
            if len(latin) >= _STEM:
                found.setdefault(_undoubled(latin), word)
    return found


def _undoubled(latin: str) -> str:
    return re.sub(r"(.)\1", r"\1", latin)


def _slips_in(spellings: Iterable[str], least: int) -> Mapping[str, tuple[str, ...]]:
    """Return what spellings become when a letter is left out, and of which that may come."""
    found: dict[str, tuple[str, ...]] = {}
    for spelling in spellings:
        if len(spelling) >= least:
            for less in {spelling, *_each_less_one(spelling)}:
                found[less] = (*found.get(less, ()), spelling)
    return found


@cache
def _slips() -> Mapping[str, tuple[str, ...]]:
    kinds = {WordKind.GENERIC, WordKind.PLACE, WordKind.REGION}
    return _slips_in((spelling for spelling, _ in _single(kinds)), _LONG)


@cache
def _slips_of_forms() -> Mapping[str, tuple[str, ...]]:
    return _slips_in(words_of_forms(), _LONG_FORM)


def _each_less_one(word: str) -> Iterator[str]:
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


@cache
def _unspaced_words() -> tuple[frozenset[str], int]:
    phrases = chain(words().entries, legal_forms().entries)
    own = frozenset(p[0] for p in phrases if len(p) == 1 and _UNSPACED.fullmatch(p[0] * 2))
    return own, max(map(len, own))
