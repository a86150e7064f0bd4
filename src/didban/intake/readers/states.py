"""Which states a cell of a list means: several at once, with remarks in between.

`didban.model.countries` knows codes, names and demonyms; here is what only lists write:
"(1) German (2) Moroccan", "Syrian, Turkish", "Iranian national and US national/citizen".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from didban.intake.readers.text import LONGEST_CELL, clean, numbered
from didban.model.countries import country

_LONGEST_WORD_GROUP: Final = 4
_MOST_WORDS: Final = 40
_LONGEST_NAME: Final = 200
#: Shorter text is a code, and a code counts only in capitals.
_SHORTEST_NAME: Final = 4
_BRACKETS: Final = re.compile(r"\([^()]*\)?")
#: Brackets that belong to the name: "Iran (Islamic Republic of)".
_OFFICIAL_BRACKETS: Final = re.compile(r"\((?:[A-Z]\w+ )+(?:of|States)\b[^()]*\)")
_SEPARATORS: Final = re.compile(r"[,;/.]| and | or ")
_NOT_STATES: Final = re.compile(
    r"\b(?:possibly|probably|reportedly|former|citizen(?:ship)?s?|national(?:ity|ities)?s?|passport"
    r"|false|also believed to hold|withdrawn|revoked|as (?:at|of)|since|in|\d+)\b",
    re.IGNORECASE,
)
#: Capitals that mean a state inside a sentence; other short words there ("ID", "No") do not.
_ABBREVIATIONS: Final = frozenset({"CAR", "DPRK", "DRC", "PRC", "UAE", "UK", "US", "USA"})
_WORD: Final = re.compile(r"[^\W\d_][\w.'’-]*")


def state(text: str) -> str | None:
    """Return the code of the one state that the whole text names, or None.

    Two or three letters count as a code only in capitals: "na" means "not available", not Namibia.
    """
    text = clean(text).strip(" .,;:'\"")
    if not text or len(text) > _LONGEST_NAME:
        return None
    is_word = len(text) < _SHORTEST_NAME and text.isascii() and not text.isupper()
    return None if is_word else country(text)


def states(text: str) -> tuple[str, ...]:
    """Return the codes of all states that a nationality or country cell names, in order.

    Empty when none is recognised; the caller then keeps the text as a remark.
    """
    return _states(text) if len(text) <= LONGEST_CELL else ()


@lru_cache(maxsize=1024)
def _states(text: str) -> tuple[str, ...]:
    """Return what `states` does, of a text of bounded length."""
    found = (code for piece in numbered(text) for code in _states_of_piece(piece))
    return tuple(dict.fromkeys(found))


def _states_of_piece(piece: str) -> tuple[str, ...]:
    """Return the states of one numbered piece: whole, else split, else by its words."""
    code = state(piece)
    if code:
        return (code,)
    bare = clean(_NOT_STATES.sub(" ", _BRACKETS.sub(" ", piece)))
    code = state(bare)
    if code:
        return (code,)
    parts = [part for part in _SEPARATORS.split(bare) if part.strip()]
    return tuple(code for part in parts if (code := state(part) or mentioned(part)))


def mentioned(text: str) -> str | None:
    """Return the first state that the words of a text mention ("false Borelander passport")."""
    return _mentioned(text) if len(text) <= LONGEST_CELL else None


@lru_cache(maxsize=1024)
def _mentioned(text: str) -> str | None:
    """Return what `mentioned` does, of a text of bounded length."""
    words = _WORD.findall(_NOT_STATES.sub(" ", text))[:_MOST_WORDS]
    for start in range(len(words)):
        for length in range(min(_LONGEST_WORD_GROUP, len(words) - start), 0, -1):
            group = " ".join(words[start : start + length])
            is_word = len(group) >= _SHORTEST_NAME or group in _ABBREVIATIONS
            if is_word and group[0].isupper() and (code := state(group)):
                return code
    return None


def is_plain(text: str) -> bool:
    """Return whether a cell says nothing beside the states that it names."""
    return all(
        state(piece) and "(" not in _OFFICIAL_BRACKETS.sub("", piece) for piece in numbered(text)
    )


def state_of_place(place: str) -> str | None:
    """Return the state that ends a place ("Tehran, Iran"), or None.

    A place of a single name is a state only if that is its name: "Georgia" is taken for the state.
    """
    return state(clean(place).rpartition(",")[2])
