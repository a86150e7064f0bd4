"""Names of other scripts in Latin letters, derived for readers who do not read that script."""

from __future__ import annotations

import unicodedata

from didban.model.transliteration import FILLER, to_mrz


def latin(text: str) -> str:
    """Return a name in the letters that a passport would print; empty where it is Latin already.

    The transliteration is that of ICAO Doc 9303-3, section 6: derived, not as anybody spells it.
    """
    if all(_is_latin(letter) for letter in text if letter.isalpha()):
        return ""
    return to_mrz(text).replace(FILLER, " ").strip().title()


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")
