"""A name part in any script -> strings of sounds, so that parts of different scripts can meet."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby, zip_longest
from typing import Any, Final

from didban.match.spelling import alphabets
from didban.match.spelling.romanised import spellings
from didban.match.spelling.scripts import Script, fold, script_of

MAX_SOUNDS: Final = 16
"""Longer forms are cut: the kernels work on rows of this width."""

_ANY_OTHER_READING: Final = {
    script: re.compile("|".join(letters.pattern for letters, _ in rules))
    for script, rules in alphabets.OTHER_READINGS.items()
}
CODES: Final = bytes.maketrans(alphabets.SYMBOLS.encode(), bytes(range(len(alphabets.SYMBOLS))))
"""From the symbols of sounds to their codes."""

_DOUBLED_LONG_VOWEL: Final = re.compile(r"([Awy])\1+")
"""Where vowels are not written, two equal consonants have one between them: Mumtaz, Mamduh."""
_LATIN_DIGRAPH: Final = re.compile("|".join(alphabets.LATIN_DIGRAPHS))
_LATIN_LETTERS: Final = str.maketrans(alphabets.LATIN_LETTERS)
_LATIN_COMPOUND: Final = "ab"
"""So begin the names of the next two tables."""
_COMPOUNDS: Final = (
    (re.compile(r"^abd[aeou]+l(?=[^l].)"), "abd"),
    (re.compile(r"^abd[aeou]([rsnzdt])\1"), r"abd\1"),
    (re.compile(r"^ab(?:u|o|ou)l(?=[^aeioul].{2})"), "abu"),
)
"""The article inside: Abdul Karim, Abdur Rahim, Abul Qasim."""
_OTHER_COMPOUNDS: Final = ((re.compile(r"^abd[aeou]+(?=l[aeiou]..)"), "abd"),)
"""Abdelatif: of al-Atif, or of al-Latif written with one l."""
_ARABIC_COMPOUND: Final = re.compile("^((?:ال)?(?:عبد|ابو|بو))ال(?=..)")
"""The article inside: Abd al-Karim, Abu 'l-Qasim, Bu 'l-Tayyib."""
_LATIN_ARTICLE: Final = re.compile(r"^[aeu]l(?=[^aeiou])")
_ARTICLE_AT_END: Final = re.compile(r"[^aeiou]ul$")
_UL: Final = "ul"
_AL: Final = "ال"
_ABD: Final = "abd"
_DOUBLED_L: Final = ("لله", "له")
"""One l, doubled in speech alone."""
_CARRIER: Final = ("A", "a")
"""At the start alef only carries a vowel, whichever."""
_MIN_WITHOUT_ARTICLE: Final = 4
MAX_FORMS: Final = 4
"""Readings of one part; those that the rules give first are the likelier ones."""

MAX_LETTERS: Final = 128
"""So many letters of a part are read: the longest names of places have some fifty in one word."""

RULES: Final[dict[str, Any]] = {
    "least_without_article": _MIN_WITHOUT_ARTICLE,
    "latin_beginning": _LATIN_COMPOUND,
    "abd": _ABD,
    "latin_ul": _UL,
    "arabic_article": _AL,
    "arabic_doubled": _DOUBLED_L,
    "carrier": _CARRIER,
    "compounds": _COMPOUNDS,
    "other_compounds": _OTHER_COMPOUNDS,
    "doubled_long_vowel": (_DOUBLED_LONG_VOWEL, r"\1"),
    "arabic_compound": (_ARABIC_COMPOUND, r"\1"),
    "latin_article": _LATIN_ARTICLE,
    "article_at_end": _ARTICLE_AT_END,
}
"""What the compiled twin is told, beside `alphabets`."""


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a name part.

    - `codes`: 1 to 16 bytes, each an index into `alphabets.SYMBOLS`.
    - `unvocalised`: the script does not write short vowels, so they may be anything.
    """

    codes: bytes
    unvocalised: bool

    def __str__(self) -> str:
        """Return the sounds as symbols, for people who debug."""
        return "".join(alphabets.SYMBOLS[code] for code in self.codes)


@lru_cache(maxsize=65_536)
def forms(part: str) -> tuple[Form, ...]:
    """Return the readings of one name part, the usual one first, at most `MAX_FORMS`.

    `didban.match.kernels` has a compiled twin.

    More than one where an article may be part of it, or where a letter has several sounds.
    Empty when the part holds no letter and no digit that can be read (unknown scripts). What stands
    behind `MAX_LETTERS` is not read: no name goes on there.
    """
    part = fold(part[:MAX_LETTERS])
    script = script_of(part)
    unvocalised = script.unvocalised
    if not script.has_table:
        heard = [[to_ascii(text) for text in spellings(part, script)]] if len(part) > 1 else []
        script = Script.LATIN
    else:
        heard = [_pronunciations(text, script) for text in _spellings(part, script)]
    readings = [
        sounds
        for text in chain.from_iterable(zip_longest(*heard, fillvalue=""))
        if (sounds := _read(text, script))
    ]
    return tuple(
        Form(sounds.encode("ascii").translate(CODES), unvocalised)
        for sounds in [*dict.fromkeys(readings)][:MAX_FORMS]
    )


def _spellings(part: str, script: Script) -> list[str]:
    """Return the part, and the part without an article that is written together with it."""
    if script is Script.ARABIC:
        joined = _ARABIC_COMPOUND.sub(r"\1", part)
        if part.startswith(_AL) and len(part) >= _MIN_WITHOUT_ARTICLE:
            return [joined, joined[2:]]
        return [joined]
    if script is Script.LATIN and not part.isdecimal():
        return _latin_spellings(to_ascii(part))
    return [part]


def _latin_spellings(part: str) -> list[str]:
    spellings = [part]
    if part.startswith(_LATIN_COMPOUND):
        for compound, instead in _COMPOUNDS:
            spellings[0] = compound.sub(instead, spellings[0])
        spellings += [
            compound.sub(instead, part)
            for compound, instead in _OTHER_COMPOUNDS
            if compound.match(part)
        ]
    if len(part) > _MIN_WITHOUT_ARTICLE + 1:
        if _LATIN_ARTICLE.match(part):
            spellings.append(part[2:])
        elif part.endswith(_UL) and _ARTICLE_AT_END.search(part):
            spellings.append(part[:-2])
    return spellings


def _pronunciations(text: str, script: Script) -> list[str]:
    """Return the text, and as it is read where its letters have another sound as well.

    Of several such letters each is tried by itself and with those before it.
    """
    texts = [text]
    if (anywhere := _ANY_OTHER_READING.get(script)) is None or not anywhere.search(text):
        return texts
    for letters, instead in alphabets.OTHER_READINGS[script]:
        texts += [other for one in texts if (other := letters.sub(instead, one)) != one]
    return texts[:MAX_FORMS]


def to_ascii(text: str) -> str:
    """Return the letters a-z of a text in Latin letters, folded."""
    if text.isascii() and text.isalpha() and text.islower():
        return text
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LATIN_LETTERS))
    return "".join(c for c in text if "a" <= c <= "z")


def _read(text: str, script: Script) -> str:
    """Return the sounds of a text as symbols, doubled ones once, cut to the width of a row.

    A number is read digit by digit.

    Two equal consonants of a script without vowels stay two: an unwritten vowel parts them.
    """
    if text.isdecimal():
        return "".join(alphabets.DIGITS[str(int(digit))] for digit in text)[:MAX_SOUNDS]
    if script is Script.LATIN:
        # The d of Abd is its own: Abd-Jabbar has no "dj".
        first = _ABD if text.startswith(_ABD) else ""
        rest = text.removeprefix(first)
        sounds = first + _LATIN_DIGRAPH.sub(lambda m: alphabets.LATIN_DIGRAPHS[m.group()], rest)
    else:
        sounds = _letter_by_letter(text, script)
    if script.unvocalised:
        return _DOUBLED_LONG_VOWEL.sub(r"\1", sounds)[:MAX_SOUNDS]
    return "".join([sound for sound, _ in groupby(sounds)])[:MAX_SOUNDS]


def _letter_by_letter(text: str, script: Script) -> str:
    """Return the sounds of a script that needs few rules beyond its tables."""
    if script is Script.ARABIC:
        text = text.replace(*_DOUBLED_L)
    elif script is Script.GREEK:
        text = unicodedata.normalize("NFD", text)
    for digraph, sound in alphabets.DIGRAPHS.get(script, {}).items():
        text = text.replace(digraph, sound)
    letters = alphabets.LETTERS.get(script, {})
    sounds = "".join([letters.get(c, c if c in alphabets.CODE else "") for c in text])
    if script is Script.ARABIC and sounds.startswith(_CARRIER[0]):
        sounds = _CARRIER[1] + sounds[1:]
    return sounds
