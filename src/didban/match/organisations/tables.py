"""What is known of the words of organisations' names: legal forms, generic words, places, numbers.

Two tables of common knowledge, to which a new habit is a new entry:

- `legal_forms.tsv`: what a company is in law. The forms of one row are one form in other spellings,
  languages and scripts; rows of one kind are much the same in law.
- `words.tsv`: words that many organisations bear, with the share of organisations that
  do; places, which tell branches apart; regions of the world, which less often do; numbers; words
  that say nothing. The spellings of one row are one word in several languages.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from didban.match.spelling.scripts import fold
from didban.model.countries import country_name, names_of_states

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LETTERS: Final = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "æ": "ae", "œ": "oe", "ς": "σ"}
)
_PLACE: Final = 0.01
"""Share of the names that bear some place."""

_LONG: Final = 4

Entry = TypeVar("Entry")

Phrase = tuple[str, ...]
"""Words that follow each other, each as `plain` writes it."""


class WordKind(StrEnum):
    """What a word of an organisation's name is."""

    WORD = "word"
    GENERIC = "generic"
    PLACE = "place"
    REGION = "region"
    NUMBER = "number"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LegalForm:
    """A legal form: what kind of body it makes, and its name for people to read."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the tables: one spelling for all, its kind, the share of names that have it."""

    text: str
    kind: WordKind
    share: float


class Phrases(Generic[Entry]):
    """Entries by their spellings."""

    def __init__(self, entries: Mapping[Phrase, Entry]) -> None:
        """Take the entries; `entries` stays as it is."""
        self.entries = entries
        self._longest: dict[str, int] = {}
        for phrase in filter(None, entries):
            self._longest[phrase[0]] = max(self._longest.get(phrase[0], 0), len(phrase))

    def at(self, words: list[str], position: int) -> tuple[Entry, int] | None:
        """Return the entry with the longest spelling that begins here, and its number of words."""
        longest = self._longest.get(words[position], 0)
        for length in range(min(longest, len(words) - position), 0, -1):
            entry = self.entries.get(tuple(words[position : position + length]))
            if entry is not None:
                return entry, length
        return None


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """Return folded text without accents, as the tables are looked up."""
    if word.isascii():
        return word
    text = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(c for c in text if not unicodedata.combining(c)))


@cache
def legal_forms() -> Phrases[LegalForm]:
    """Return the legal forms by their spellings."""
    found: dict[Phrase, LegalForm] = {}
    for kind, name, phrases in _rows("legal_forms.tsv"):
        spoken = (tuple(word for word in phrase if not is_dropped(word)) for phrase in phrases)
        found.update(dict.fromkeys(spoken, LegalForm(kind, name)))
    return Phrases(found)


@cache
def words_of_forms() -> frozenset[str]:
    """Return the long words that legal forms are written with."""
    return frozenset(
        word for phrase in legal_forms().entries for word in phrase if len(word) > _LONG
    )


@cache
def words() -> Phrases[Word]:
    """Return the words by their spellings."""
    found: dict[Phrase, Word] = {}
    for share, text, phrases in _rows("words.tsv"):
        if share.isalpha():
            kind = WordKind(share)
            word = Word(text.replace(" ", ""), kind, _PLACE)
        else:
            word = Word(text, WordKind.GENERIC, float(share))
        for phrase in phrases:
            found.setdefault(phrase, word)
    for name, code in names_of_states().items():
        english = plain(fold(country_name(code))).replace(" ", "")
        found.setdefault(tuple(plain(fold(name)).split()), Word(english, WordKind.PLACE, _PLACE))
    return Phrases(found)


@cache
def by_text() -> Mapping[str, Word]:
    """Return the words by the one spelling that stands for all."""
    return {word.text: word for word in words().entries.values()}


def is_dropped(word: str) -> bool:
    """Return whether a word falls out before anything else is looked at: "and", single letters."""
    known = words().entries.get((word,)) if len(word) == 1 else None
    return word == "and" or (known is not None and known.kind is WordKind.NONE)


def _rows(name: str) -> Iterator[tuple[str, str, list[Phrase]]]:
    path = Path(__file__).with_name(name)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        first, text, spellings = line.split("\t")
        yield first, text, [tuple(plain(fold(s)).split()) for s in spellings.split("; ")]
