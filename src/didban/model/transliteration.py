"""Names between the scripts in which they are written and the letters that documents print.

Forwards, a name becomes what a machine-readable zone prints (ICAO Doc 9303-3, section 6).
Backwards, printed letters become what they may have been: a few readings, the likeliest first.
Most passports print a phonetic spelling instead, chosen by the office: comparing those is the
matter of `didban.match`. Nothing here ever raises for a text.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from functools import cache
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from didban.model import transliteration_tables as tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

FILLER: Final = "<"
DEFAULT_LIMIT: Final = 16
"""Readings of one text; the likeliest come first, and beyond these they only get stranger."""

_MAX_LENGTH: Final = 200
_MAX_STEPS: Final = 5_000
_DROPPED: Final = frozenset("'’‘`´ʼʻʹʾʿ׳′")  # joined without a trace: O'CONNOR is OCONNOR
_COMPONENTS: Final = re.compile(r"[^\s<,\-‐-―־_/\u00a0]+")
_VOWELS: Final = frozenset("AEIOUY")
_LETTER: Final = re.compile("[A-Z]")
_ALLAH_SPELLED_BY_EXAMPLE: Final = re.compile(r"ALLXH\b")

# A step in reading: how many printed letters it takes, what it stands for, how strange that is.
_Step = tuple[int, str, int]


def to_mrz(text: str, *, language: str | None = None) -> str:
    """Return a name in Latin, Cyrillic or Arabic script as a machine-readable zone prints it.

    - Components (at blanks, hyphens and commas) are joined by one filler; apostrophes vanish.
    - `language` (ISO 639-1) selects the national exceptions: be, bg, mk, sr, uk.
    - Shadda doubles the letter; vowel signs, tatweel, digits, and letters of other scripts are
      left out.
    """
    components = (_component(part, language) for part in _components(text))
    return FILLER.join(component for component in components if component)


def latin_variants(text: str, *, limit: int = DEFAULT_LIMIT) -> tuple[str, ...]:
    """Return every form in which states print a Latin name, the recommended one first.

    `MÜLLER` is `MUELLER`, `MUXXLLER` or `MULLER`, as the issuing state likes.
    """
    letters = [
        _latin_forms(char) if char.strip() else (FILLER,) for char in " ".join(_components(text))
    ]
    return tuple(dict.fromkeys("".join(form) for form in islice(product(*letters), limit)))


def arabic_readings(mrz: str, *, limit: int = DEFAULT_LIMIT) -> tuple[str, ...]:
    """Return what printed letters were in Arabic script, by section 6.C; none if by no means.

    - A doubled letter is a letter with shadda or, less likely, two; after the article, two lams.
    - `XSH` is ش, and `XAH` at the end and `XTA` are both ة; `Y` is ي or the Pashto ې.
    - The standard's own example prints heh in الله as `XH`: read so as well.
    """
    plain = _ALLAH_SPELLED_BY_EXAMPLE.sub("ALLH", _printed(mrz))
    found = _readings(plain, _arabic_steps, limit)
    if plain != _printed(mrz):
        found += _readings(_printed(mrz), _arabic_steps, limit)
    return tuple(dict.fromkeys(found))[:limit]


def cyrillic_readings(
    mrz: str, *, language: str = "ru", limit: int = DEFAULT_LIMIT
) -> tuple[str, ...]:
    """Return what printed letters may have been in a Cyrillic alphabet; none if by no means.

    `language` is be, bg, mk, ru, sr or uk; for another there are no readings. A soft sign leaves
    no trace in print and is not guessed.
    """
    if language not in tables.CYRILLIC_ALPHABETS:
        return ()

    def steps(text: str, at: int) -> Iterator[_Step]:
        return _cyrillic_steps(text, at, language)

    return _readings(_printed(mrz), steps, limit)


def latin_readings(mrz: str, *, limit: int = DEFAULT_LIMIT) -> tuple[str, ...]:
    """Return the letters that are printed as two or three: `MUELLER` may be `MÜLLER`.

    Accents that are simply dropped in print are not guessed.
    """
    return _readings(_printed(mrz), _latin_steps, limit)


def russian_internal_reading(mrz: str) -> str:
    """Return a name of a Russian internal passport in Cyrillic, or "" if a sign is not of it."""
    back = _russian_internal_letters()
    text = _printed(mrz)
    if not all(char in back or char == " " for char in text):
        return ""
    return "".join(back.get(char, char) for char in text)


def readings(mrz: str, *, limit: int = DEFAULT_LIMIT) -> Mapping[str, tuple[str, ...]]:
    """Return what printed letters may have been, by script and language: `ar`, `la`, `ru` ..."""
    found = {"ar": arabic_readings(mrz, limit=limit), "la": latin_readings(mrz, limit=limit)}
    for language in tables.CYRILLIC_ALPHABETS:
        found[language] = cyrillic_readings(mrz, language=language, limit=limit)
    return {language: values for language, values in found.items() if values}


# -- forwards ------------------------------------------------------------------------------------


def _components(text: str) -> list[str]:
    """Return the components of a name, in capitals, composed, without apostrophes."""
    normal = unicodedata.normalize("NFKC", text[:_MAX_LENGTH]).upper()
    normal = unicodedata.normalize("NFC", normal)
    return _COMPONENTS.findall("".join(char for char in normal if char not in _DROPPED))


def _component(part: str, language: str | None) -> str:
    codes: list[str] = []
    letters = [char for char in part if not _is_unwritten(char)]
    for at, char in enumerate(letters):
        if char == tables.SHADDA:
            codes.append(codes[-1] if codes else "")
        elif char == tables.TEH_MARBUTA:
            is_last = not any(rest != tables.SHADDA for rest in letters[at + 1 :])
            codes.append(tables.TEH_MARBUTA_LAST if is_last else tables.TEH_MARBUTA_INSIDE)
        else:
            codes.append(_code(char, language, is_first=at == 0))
    return "".join(codes)


def _is_unwritten(char: str) -> bool:
    """Whether a sign leaves no trace: vowel signs, tatweel, the soft sign, joiners."""
    is_mark = unicodedata.category(char) in {"Mn", "Cf", "Lm"}
    return char != tables.SHADDA and (is_mark or char in "\u0640Ь")


def _code(char: str, language: str | None, *, is_first: bool) -> str:
    if char in tables.ARABIC:
        return tables.ARABIC[char][0]
    initial = tables.CYRILLIC_INITIAL.get(language or "", {})
    if is_first and char in initial:
        return initial[char][0]
    cyrillic = tables.CYRILLIC_EXCEPTIONS.get(language or "", {})
    for table in (cyrillic, tables.CYRILLIC, tables.CYRILLIC_BEYOND):
        if char in table:
            return table[char][0]
    return _latin_forms(char)[0]


def _latin_forms(char: str) -> tuple[str, ...]:
    for table in (tables.LATIN, tables.LATIN_BEYOND):
        if char in table:
            return table[char]
    return ("".join(_LETTER.findall(unicodedata.normalize("NFKD", char))),)


# -- backwards -----------------------------------------------------------------------------------


def _printed(mrz: str) -> str:
    """Return printed letters in capitals, with one blank between components."""
    return " ".join(mrz[:_MAX_LENGTH].upper().replace(FILLER, " ").split())


def _readings(
    text: str, steps: Callable[[str, int], Iterable[_Step]], limit: int
) -> tuple[str, ...]:
    """Return the readings of least cost, best first: a search over all ways to divide the text."""
    found: dict[str, None] = {}
    # Of equal cost, what has got further comes first; `order` keeps the rest as it was put in.
    heap: list[tuple[int, int, int, str]] = [(0, 0, 0, "")]
    for order in range(1, _MAX_STEPS):
        if not heap or len(found) >= limit or not text:
            break
        cost, behind, _, read = heapq.heappop(heap)
        at = -behind
        if at == len(text):
            found.setdefault(read)
            continue
        if text[at] == " ":
            heapq.heappush(heap, (cost, -at - 1, order, read + " "))
            continue
        for length, letter, strangeness in steps(text, at):
            heapq.heappush(heap, (cost + strangeness, -at - length, order, read + letter))
    return tuple(found)


def _arabic_steps(text: str, at: int) -> Iterator[_Step]:
    for code, letters in _arabic_letters().items():
        if not text.startswith(code, at):
            continue
        if code == tables.TEH_MARBUTA_LAST and text[at + len(code) : at + len(code) + 1].strip():
            continue
        doubled = text.startswith(code * 2, at)
        is_article = code == "L" and text[at - 1 : at] == "A"
        for strangeness, letter in enumerate(letters):
            if doubled:
                shadda_cost = strangeness + (2 if is_article else 0)
                yield len(code) * 2, letter + tables.SHADDA, shadda_cost
            yield len(code), letter, strangeness + (1 if doubled and not is_article else 0)


def _cyrillic_steps(text: str, at: int, language: str) -> Iterator[_Step]:
    """Yield the letters that may begin here; letters whose print is longer are likelier."""
    is_first = at == 0 or text[at - 1] == " "
    follows_vowel = not is_first and text[at - 1] in _VOWELS
    matches = [
        (len(code), letter, rank)
        for code, letters in _cyrillic_letters(language, is_first=is_first).items()
        if text.startswith(code, at)
        for rank, letter in enumerate(letters)
    ]
    longest = max((length for length, _, _ in matches), default=0)
    for length, letter, rank in matches:
        is_unlikely = letter in "ЪЁЭ" or (letter in "ИІ" and length == 1 and follows_vowel)
        strangeness = rank + is_unlikely
        if letter == "Й":  # after a vowel as a rule, and hardly ever elsewhere
            strangeness = 2 * (not follows_vowel)
        yield length, letter, strangeness + longest - length


def _latin_steps(text: str, at: int) -> Iterator[_Step]:
    if not text[at].isascii() or not text[at].isalpha():
        return
    is_escape = text.startswith(("UXX", "NXX"), at)
    yield 1, text[at], 2 if is_escape else 0
    for code, letters in _latin_letters().items():
        if text.startswith(code, at):
            for rank, letter in enumerate(letters, start=0 if code.endswith("XX") else 1):
                yield len(code), letter, rank


@cache
def _arabic_letters() -> Mapping[str, tuple[str, ...]]:
    found = _inverted(tables.ARABIC)
    for code in (tables.TEH_MARBUTA_INSIDE, tables.TEH_MARBUTA_LAST):
        found[code] = (tables.TEH_MARBUTA,)
    return found


@cache
def _cyrillic_letters(language: str, *, is_first: bool) -> Mapping[str, tuple[str, ...]]:
    everything = {
        **tables.CYRILLIC_BEYOND,
        **tables.CYRILLIC,
        **tables.CYRILLIC_EXCEPTIONS.get(language, {}),
        **(tables.CYRILLIC_INITIAL.get(language, {}) if is_first else {}),
    }
    alphabet = tables.CYRILLIC_ALPHABETS[language]
    return _inverted({char: everything[char] for char in alphabet if char in everything})


@cache
def _latin_letters() -> Mapping[str, tuple[str, ...]]:
    return {code: letters for code, letters in _inverted(tables.LATIN).items() if len(code) > 1}


@cache
def _russian_internal_letters() -> Mapping[str, str]:
    return {code: letters[0] for code, letters in _inverted(tables.RUSSIAN_INTERNAL).items()}


def _inverted(table: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return MRZ letters -> the letters that are printed so, in the order of the table."""
    found: dict[str, tuple[str, ...]] = {}
    for letter, codes in table.items():
        for code in codes:
            found[code] = (*found.get(code, ()), letter)
    return found
