"""One way to bring a short coded text (a country, a month, a word for sex) into comparable form.

This is for closed vocabularies only; names of people are folded by `didban.match`, with more care.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_ARABIC_LETTERS: Final = str.maketrans("يىك", "ییک")
_TATWEEL: Final = "\u0640"  # only stretches a word
_CONTROLS: Final = frozenset({"Cf", "Mn", "Me"})  # joiners, direction marks, accents and vowels


def ascii_digits(text: str) -> str:
    """Return the text with every decimal digit of any script (Persian, Arabic-Indic ...) as 0-9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def fold(text: str) -> str:
    """Return the text in lower case, without accents or invisible marks, with ASCII digits.

    Persian and Arabic yeh and kaf become one letter each; runs of white space become one space.
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(
        char
        for char in decomposed
        if char != _TATWEEL and unicodedata.category(char) not in _CONTROLS
    )
    return " ".join(ascii_digits(kept).casefold().translate(_ARABIC_LETTERS).split())
