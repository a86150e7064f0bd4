"""Which script a text is in, and one form for the code points that mean the same letter."""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from typing import Final


class Script(IntEnum):
    """The writing systems that the matcher tells apart."""

    LATIN = 0
    ARABIC = 1
    HEBREW = 2
    CYRILLIC = 3
    GREEK = 4
    GEORGIAN = 5
    ARMENIAN = 6
    OTHER = 7
    HAN = 8
    KANA = 9
    HANGUL = 10

    @property
    def unvocalised(self) -> bool:
        """Whether vowels are not written, or, in Han and Kana, are put between all consonants.

        Other scripts (the Indic ones, Thai, Khmer ...) do not write the commonest.
        """
        return self in _UNVOCALISED

    @property
    def has_table(self) -> bool:
        """Whether its letters are read by a table of `alphabets`."""
        return self < Script.OTHER


_UNVOCALISED: Final = frozenset(
    {Script.ARABIC, Script.HEBREW, Script.OTHER, Script.HAN, Script.KANA}
)


_FIRST_NOT_LATIN: Final = 0x0370
"""The blocks up to here hold Latin letters (among them the e of Azerbaijan), and marks."""
_RANGES: Final = (
    (0x0370, 0x03FF, Script.GREEK),
    (0x0400, 0x052F, Script.CYRILLIC),
    (0x0530, 0x058F, Script.ARMENIAN),
    (0x0590, 0x05FF, Script.HEBREW),
    (0x0600, 0x06FF, Script.ARABIC),
    (0x0750, 0x077F, Script.ARABIC),
    (0x08A0, 0x08FF, Script.ARABIC),
    (0x10A0, 0x10FF, Script.GEORGIAN),
    (0x1C90, 0x1CBF, Script.GEORGIAN),
    (0x1C80, 0x1C8F, Script.CYRILLIC),
    (0x1E00, 0x1EFF, Script.LATIN),
    (0x2C60, 0x2C7F, Script.LATIN),
    (0x3040, 0x30FF, Script.KANA),
    (0x3400, 0x9FFF, Script.HAN),
    (0xAC00, 0xD7A3, Script.HANGUL),
    (0xA640, 0xA69F, Script.CYRILLIC),
    (0xA720, 0xA7FF, Script.LATIN),
    (0xFB50, 0xFDFF, Script.ARABIC),
    (0xFE70, 0xFEFC, Script.ARABIC),
)

_GERESH_KEPT: Final = "\ue000"
"""Stands for a geresh while apostrophes are dropped: in Hebrew it makes another letter."""

_SAME_LETTER: Final = str.maketrans(
    {
        **dict.fromkeys("يىے", "ی"),
        "ك": "ک",
        **dict.fromkeys("ہۀ", "ه"),
        "ٱ": "ا",
        "ـ": None,  # tatweel only stretches a word
        **dict.fromkeys("'’‘`´″׳״", None),
        **dict.fromkeys(
            map(chr, range(0x02B0, 0x0300))
        ),  # ayn, hamza, soft sign ... of romanisations
        _GERESH_KEPT: "׳",
    }
)
_OTHER_LETTER: Final = re.compile(f"[{re.escape(''.join(map(chr, _SAME_LETTER)))}]")
_BREATH: Final = "ھ"
_PLAIN_HEH: Final = re.compile("(?<![بپتٹجچدڈڑکگ])ھ")
"""A two-eyed heh that is no breath after a consonant: some keyboards have no other."""
_GERESH: Final = re.compile("(?<=[\u05d0-\u05ea])['’׳´`](?=\\w|$|\\s)")


def script_of(text: str) -> Script:
    """Return the script of the first letter outside ASCII, or LATIN when there is none."""
    if text.isascii():
        return Script.LATIN
    for char in text:
        point = ord(char)
        if point < _FIRST_NOT_LATIN or not char.isalpha():
            continue
        for low, high, script in _RANGES:
            if low <= point <= high:
                return script
        return Script.OTHER
    return Script.LATIN


def fold(text: str) -> str:
    """Return the text in lower case with one code point for each letter.

    - Compatibility forms (presentation forms, full width) become ordinary letters.
    - Arabic and Persian yeh and kaf, and the heh forms, are one letter each; ICAO Doc 9303-3
      Appendix B asks matchers for the same. The breath of Urdu (two-eyed heh after a consonant that
      can have it) stays.
    - Vowel signs, tatweel and apostrophes are dropped; accents on Latin letters stay.
    """
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    text = unicodedata.normalize("NFKC", text).lower()
    if not text.replace(" ", "").isalpha():  # no letter is a vowel sign or an apostrophe
        text = "".join([c for c in text if not unicodedata.combining(c)])
        text = _GERESH.sub(_GERESH_KEPT, text)
    if _OTHER_LETTER.search(text):
        text = text.translate(_SAME_LETTER)
    return _PLAIN_HEH.sub("ه", text) if _BREATH in text else text
