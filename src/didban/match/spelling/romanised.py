# ruff: noqa: SIM905  (tables of words read best as words)
"""Names in scripts that have no table of sounds here, in Latin letters: Han, Hangul, Kana, Indic ...

Single letters come from `anyascii`; what is regular beyond them is here. Of Han only the reading of
Mandarin is known: a Japanese or a Cantonese name is read as a stranger to it would.
"""

from __future__ import annotations

import re
from typing import Final

from anyascii import anyascii

from didban.match.spelling.scripts import Script, script_of

_CHINESE_OR_KOREAN: Final = re.compile("[\u3400-\u9fff]+|[\uac00-\ud7a3]+")
_FOREIGN: Final = re.compile("[\u00b7\u2022\u2027\u30fb]|[\u3040-\u30ff]")
"""The dot between the names of a foreigner, and Kana: what stands beside is no Chinese name."""
_LONGEST: Final = 4
"""More syllables without a space are no name of the country."""
_SYLLABLE: Final = re.compile("[A-Z][a-z]*")
_FAMILIES_OF_TWO: Final = frozenset(
    """欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 夏侯 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 东方 東方 司徒 司空
    남궁 황보 제갈 사공 선우 서문 독고""".split()
)
_KOREAN_FAMILIES: Final = {
    "I": "lee", "Bag": "park", "Choe": "choi", "No": "roh", "Im": "lim", "Yu": "yoo", "U": "woo",
    "Gim": "kim", "Gang": "kang", "Gu": "koo", "Go": "ko", "Gi": "ki", "Gwon": "kwon", "Ju": "joo",
    "Sin": "shin", "Sim": "shim", "Mun": "moon",
}  # fmt: skip
"""What Koreans write for their family names, where that is not the official romanisation."""
_KOREAN_LETTERS: Final = (("eo", "o"), ("eu", "u"), ("(?<!n)g$", "k"), ("b$", "p"), ("d$", "t"))
_LONE_VOWELS: Final = {"i": "yi", "o": "oh", "u": "woo", "a": "ah", "e": "eh"}
"""A syllable of one letter would pass for an initial."""


def names_romanised(text: str) -> str:
    """Return a text in which names of Chinese and Koreans stand in Latin letters, as they write them.

    The family name comes first, the one that was given after it: 김민준 is kim minjun. A foreigner's
    name that is transcribed stays, since its letters tell no more than its sounds.
    """
    words = [] if text.isascii() else _CHINESE_OR_KOREAN.findall(text)
    if not words or _FOREIGN.search(text) or max(map(len, words)) > _LONGEST:
        return text
    is_whole = len(words) == 1
    return _CHINESE_OR_KOREAN.sub(
        lambda found: f" {_name(found.group(), is_whole=is_whole)} ", text
    )


def _name(word: str, *, is_whole: bool) -> str:
    """Return a word in Latin letters; where it is the whole name, it begins with the family name.

    Of letters that nobody has romanised, the word.
    """
    syllables = _SYLLABLE.findall(anyascii(word))
    if not syllables:
        return word
    size = 1 + (word[:2] in _FAMILIES_OF_TWO) if is_whole else int(len(syllables) == 1)
    family, given = syllables[:size], syllables[size:]
    if script_of(word) is Script.HANGUL:
        family = [_KOREAN_FAMILIES.get(each) or _korean(each) for each in family]
        given = list(map(_korean, given))
    return f"{''.join(family)} {''.join(given)}".lower()


def _korean(syllable: str) -> str:
    """Return a syllable as Koreans write it, whose vowels the official romanisation has in pairs."""
    written = syllable.lower()
    for official, usual in _KOREAN_LETTERS:
        written = re.sub(official, usual, written)
    return _LONE_VOWELS.get(written, written)


# -- sounds ----------------------------------------------------------------------------------------

_SMALL_Y: Final = frozenset("ゃゅょャュョ")
_SMALL: Final = frozenset("ぁぃぅぇぉァィゥェォ") | _SMALL_Y
_DOUBLING: Final = frozenset("っッ")
_PALATAL: Final = re.compile("(?:[sc]h|j)i$")
_PINYIN: Final = (("zh", "j"), ("x", "sh"), ("q", "ch"), ("c(?!h)", "ts"))
_KHMER_P: Final = "ប៉"
_NASALS: Final = re.compile("[ंংਂੰંଂంಂംං]")
"""The Indic sign for the nasal of the consonant behind it: Gandhi, Singh."""


def spellings(part: str, script: Script) -> list[str]:
    """Return how a name part of a script without a table sounds, in Latin letters, likeliest first.

    Chinese and Japanese have one sound for l and r of other languages.
    """
    if script is Script.HAN:
        text = anyascii(part).lower()
        for letters, sound in _PINYIN:
            text = re.sub(letters, sound, text)
        return [text, text.replace("l", "r")]
    if script is Script.HANGUL:
        return ["".join(map(_korean, _SYLLABLE.findall(anyascii(part))))]
    if script is Script.KANA:
        text = _kana(part)
        return [text, text.replace("r", "l")]
    return [anyascii(_NASALS.sub("n", part.replace(_KHMER_P, "p"))).lower()]


def _kana(part: str) -> str:
    """Return Kana in Latin letters: a small vowel takes the place of the one before it."""
    written = ""
    for letter in part:
        sound = anyascii(letter)
        if letter in _SMALL_Y and _PALATAL.search(written):
            written = written[:-1] + sound[1:]
        elif letter in _SMALL:
            written = written[:-1] + sound
        elif letter not in _DOUBLING:
            written += sound
    return written
