"""Names of other scripts in Latin letters, derived for readers who do not read that script."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from didban.model.transliteration import FILLER, to_mrz

_PERSIAN: Final = str.maketrans("کیگ", "كيغ")  # each by the nearest letter that has a plain code
_ESCAPE: Final = re.compile(r"X(?=[A-Z])")
"""What the codes of a passport put before a letter that has no Latin one: noise to a reader."""


def latin(text: str) -> str:
    """Return a name in Latin letters, for who does not read its script; empty where it is Latin.

    Letter by letter, after ICAO Doc 9303-3, section 6, without the marks by which machines tell
    letters apart: derived, not as anybody spells it. Vowels that are not written stay out.
    """
    if all(_is_latin(letter) for letter in text if letter.isalpha()):
        return ""
    coded = to_mrz(text.translate(_PERSIAN)).replace(FILLER, " ").strip()
    return _ESCAPE.sub("", coded.replace("XC", "CH")).title()


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")
