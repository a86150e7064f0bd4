# ruff: noqa: SIM905  (tables of words read best as words)
"""The name of an organisation, a ship or an aircraft as written -> its parts.

- Legal forms are taken out, wherever they stand and however they are written; they are compared by
  themselves (`Reading.forms`).
- Generic words get one spelling in all languages, places and numbers too: Banco is Bank, Syrian is
  Syria, Second is II is 2.
- Words that say nothing (the, of, and) fall out; initials are joined.

The tables are those of `didban.match.organisations.tables`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from didban.match.kernels.constants import BANDS
from didban.match.kinds import Kind
from didban.match.organisations.tables import (
    LegalForm,
    Word,
    WordKind,
    by_text,
    is_dropped,
    legal_forms,
    plain,
    words,
)
from didban.match.organisations.variants import form_meant, parted, town_of, word_meant
from didban.match.spelling.scripts import fold, script_of
from didban.match.spelling.tokens import MAX_PARTS, TITLES, name_parts
from didban.model.folding import ascii_digits

_POSSESSIVE: Final = re.compile(r"(?<=\w)['’]s\b")
_ELIDED: Final = re.compile(r"\b[dl]['’](\w+)", re.IGNORECASE)
_GLUED: Final = re.compile(r"(?<=[^\W\d_A-ZА-ЯÄÖÜŞ])(?=[A-ZА-ЯÄÖÜŞ])")
_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_]\b)?(?!\w)")
_LETTER_BY_LETTER: Final = re.compile(r"\b([^\W\d_]{1,2})[/&]([^\W\d_])\b")
"""A/S, H&M, AT&T."""

_NUMERO: Final = re.compile(r"\b(?:no|nr|num|número|numero|№)\.?\s*(?=\d)")
_ASIDE: Final = re.compile(r"([(\[][^)\]]*[)\]])")
_OTHER_NAME: Final = re.compile(r"(\w{3,})/(\w{3,}[^()]*)$")
"""Nargis/Narcissus Trading: what follows is another name, or a remark."""

_INVERTED: Final = re.compile(r"^\s*([^,]{1,24}?)\s*,\s*(\S.*)$", re.DOTALL)
"""As catalogues write: "Company, Nargis Trading", "II, Nargis Fund"."""

_BETWEEN: Final = re.compile(r"[^\w\u0900-\u0eff]+|_")
_MARK: Final = re.compile(
    r"(?!(?:a[dlnrstz]|[eou]l)-)(?=\w?[a-z])[a-z0-9]{1,2}-[a-z0-9]{3,5}", re.IGNORECASE
)
"""The registration mark of an aircraft (ICAO Annex 7): nationality, hyphen, letters. No Arabic article."""

_SHIP: Final = re.compile(
    r"^(?:m[/.]?[vtsyf]|s[/.]?[sv]|f[/.]?v|r[/.]?v|mts|mtug|tug|lpg/?c?|lng/?c?|vessel)\b\.?\s+(?=\w)"
)
"""What kind of ship it is: motor vessel, motor tanker, steam ship ..."""

_ORDINAL: Final = re.compile(r"0*(\d+)(?:st|nd|rd|th|er|eme|й|я|ое)?")
_ROMAN: Final = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_UNITS: Final = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_TENS: Final = range(20, 100, 10)
_UNITS: Final = range(1, 10)
_MIN_NUMERAL: Final = 2

_ANYWHERE: Final = frozenset("llc ltd plc jsc srl kft ооо оао зао пао тоо".split())
"""Short forms that are nothing else; others of less than `_PLAINLY_FORM` letters only end a name."""
_PLAINLY_FORM: Final = 4
_SPELLED_OUT: Final = 7
_LEADING: Final = frozenset(
    """ao oao zao pao ooo tov too pt sia uab ou as ab oy ip gup fgup compania compagnie cia sherkat
    sherkate sharikat sharikah shirkat ano company corporation corp inc""".split()
)
"""Forms in Latin letters that also begin a name."""
_MIN_IN_PHRASE: Final = 3
_PAIR: Final = 2
_MIN_MISTYPED: Final = 7
_SHORT: Final = 3
_SHARE_OF_SHORT: Final = 0.001
_LONGEST_FORM: Final = 8
"""Words that a legal form has at most."""
_COMPANY: Final = "company"
_ARTICLES: Final = ("وال", "ال", "لل", "و")
_MIN_WITHOUT_ARTICLE: Final = 3
_LETTERS: Final = 1_000
"""So many letters of a name are read: what is longer is no name, and would take long."""
_ABBREVIATED: Final = range(3, 8)
"""So many letters are an abbreviation that says something."""

_ORGANISED: Final = frozenset({Kind.ORGANIZATION, Kind.VESSEL, Kind.AIRPLANE, Kind.VEHICLE})
_UNDECIDED: Final = frozenset({Kind.LEGAL_ENTITY, Kind.OTHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the name of an organisation says.

    - `parts`: the words that are compared, in writing order, at most `MAX_PARTS`.
    - `forms`: its legal forms.
    - `asides`: the parts that stood in brackets; a branch, a remark, a former name.
    - `initials`: the first letters of its words, brackets aside, without legal forms and with them;
      none that are too few or too many to be anybody's abbreviation.
    """

    parts: tuple[str, ...]
    forms: frozenset[LegalForm] = frozenset()
    asides: frozenset[str] = frozenset()
    initials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """A word as written: folded text, and whether it stands in brackets."""

    text: str
    aside: bool


def is_organisation(name: str, kind: Kind) -> bool:
    """Return whether a name is read as an organisation's, a ship's or an aircraft's.

    Of a legal entity, which may be a person, the words of the name decide.
    """
    if kind not in _UNDECIDED:
        return kind in _ORGANISED
    reading = read(name)
    return bool(reading.forms) or any(
        kind_of_word(part) is WordKind.GENERIC and part not in TITLES for part in reading.parts
    )


def parts_of(name: str, kind: Kind) -> tuple[str, ...]:
    """Return the parts of the name of something of this kind (see `tokens.name_parts`)."""
    return read(name).parts if is_organisation(name, kind) else name_parts(name)


def is_mark(name: str) -> bool:
    """Return whether a name is the registration mark of an aircraft: one letter makes another."""
    return _MARK.fullmatch(name) is not None


def kind_of_word(part: str) -> WordKind:
    """Return what a part of a reading is."""
    if part.isdecimal():
        return WordKind.NUMBER
    known = by_text().get(part)
    return known.kind if known else WordKind.WORD


def share_of_word(part: str) -> float:
    """Return the share of the world's organisations that bear a word, 0.0 where it is not known."""
    known = by_text().get(part)
    return known.share if known else 0.0


def word_shares(part: str) -> tuple[float, ...]:
    """Return for each band of similarity the share of the world's organisations with such a word.

    As `world.world_shares` for persons; words similar to a generic one are not looked for. Of the few
    short words there are, each is more often the abbreviation of something else.
    """
    is_short = len(part) <= _SHORT and part.isascii()
    return (share_of_word(part) or is_short * _SHARE_OF_SHORT,) * BANDS


@lru_cache(maxsize=16_384)
def read(name: str) -> Reading:
    """Return what the name of an organisation, a ship or an aircraft says.

    The parts are never empty for a name that holds a letter or a digit.
    """
    written = _written(name[:_LETTERS])
    texts = [plain(word.text) for word in written]
    marks = _marked(texts, [word.aside for word in written])
    marked = list(zip(written, marks, strict=True))
    kept = [word for word, mark in marked if mark is None]
    parts = _parts(kept)
    if not parts:  # "The Limited": the form is the name
        kept, marks = written, []
        parts = _parts(kept) or [(part, False) for part in name_parts(name)]
    parts = _most_telling(parts)
    return Reading(
        parts=tuple(part for part, _ in parts),
        forms=frozenset(mark for mark in marks if mark),
        asides=frozenset(part for part, aside in parts if aside),
        initials=_initials(kept, [w for w, mark in marked if mark is None or _is_said(mark, w)]),
    )


def _initials(*names: list[_Written]) -> tuple[str, ...]:
    """Return the initials of names as written: Bahar Aid Society is BAS, in any script."""
    found = dict.fromkeys(map(_first_letters, names))
    lengths = (letters for letters in found if len(letters) in _ABBREVIATED)
    return tuple(letters for letters in lengths if not script_of(letters).unvocalised)


def _first_letters(written: list[_Written]) -> str:
    told = (word.text for word in written if not word.aside and not _is_silent(word.text))
    return "".join(word[0] for word in told if not word[0].isdecimal())


def _is_said(form: LegalForm, word: _Written) -> bool:
    """Return whether a legal form has a letter in the initials: Nargis Oil Company is NOC."""
    return form.kind == _COMPANY and len(word.text) > _PLAINLY_FORM


def _is_silent(word: str) -> bool:
    known = words().entries.get((plain(word),))
    return known is not None and known.kind is WordKind.NONE


def _written(name: str) -> list[_Written]:
    """Return the words of a name: glued forms apart, dotted ones and initials joined."""
    apart = _ELIDED.sub(_without_article, _POSSESSIVE.sub("", name))
    if _GLUED.search(apart):
        apart = " ".join(map(_unglued, apart.split()))
    text = _SHIP.sub("", ascii_digits(fold(apart)))
    if is_mark(text):
        return [_Written(text.replace("-", ""), aside=False)]
    text = _LETTER_BY_LETTER.sub(r"\1\2", _DOTTED.sub(_without_dots, text))
    text = _NUMERO.sub("", text).replace("&", " and ").replace("%", " percent")
    text = _OTHER_NAME.sub(_in_brackets, _INVERTED.sub(_in_order, text))
    found = [
        _Written(word, piece[0] in "([")
        for piece in _ASIDE.split(text)
        if piece
        for run in _BETWEEN.split(piece)
        for word in parted(run)
        if word and not is_dropped(plain(word))
    ]
    return _initials_joined(found)


def _without_article(elided: re.Match[str]) -> str:
    """Return Iran for d'Iran, where it is a word of the tables; D'Arcy stays."""
    word = elided[1]
    return word if (plain(fold(word)),) in words().entries else elided.group()


def _unglued(word: str) -> str:
    """Return SiemensAG as two words."""
    for place in _GLUED.finditer(word):
        at = place.start()
        tail = (plain(fold(word[at:])),)
        if tail in legal_forms().entries:
            return f"{word[:at]} {word[at:]}"
    return word


def _without_dots(dotted: re.Match[str]) -> str:
    text = dotted.group()
    return re.sub(r"[.\s]", "", text) + " "


def _in_order(inverted: re.Match[str]) -> str:
    """Return a name with the legal form or the number, which stood before a comma, at its end."""
    head, rest = inverted.groups()
    words_of_head = tuple(plain(head).split())
    is_end = words_of_head in legal_forms().entries or _ROMAN.fullmatch(head)
    return f"{rest} {head}" if is_end else inverted.group()


def _in_brackets(names: re.Match[str]) -> str:
    """Return a second name in brackets, where what stands before the stroke is no generic word."""
    before, after = names.groups()
    return names.group() if (plain(before),) in words().entries else f"{before} ({after})"


def _initials_joined(written: list[_Written]) -> list[_Written]:
    joined: list[_Written] = []
    for is_letter, run in groupby(written, lambda w: len(w.text) == 1 and w.text.isalpha()):
        own = list(run)
        joined += [_Written("".join(w.text for w in own), own[0].aside)] if is_letter else own
    return joined


def _marked(texts: list[str], asides: list[bool]) -> list[LegalForm | None]:
    """Return for each word the legal form that it belongs to, or None."""
    marks: list[LegalForm | None] = [None] * len(texts)
    meant = list(map(form_meant, texts))
    at = 0
    while at < len(texts):
        form, length = _form_at(texts, at) or _form_at(meant, at, mistyped=True) or (None, 1)
        marks[at : at + length] = [form] * length
        at += length
    long = [m if len(m) >= _MIN_MISTYPED else text for m, text in zip(meant, texts, strict=True)]
    _mark_end(long, marks, asides)
    _mark_beginning(texts, marks)
    return marks


def _form_at(texts: list[str], at: int, *, mistyped: bool = False) -> tuple[LegalForm, int] | None:
    """Return the form that begins here, if it is one wherever it stands, and its number of words."""
    found = legal_forms().at(texts, at)
    if found is None:
        return None
    form, length = found
    phrase = texts[at : at + length]
    if length > 1:
        plainly = length > _PAIR if mistyped else max(map(len, phrase)) >= _MIN_IN_PHRASE
    elif mistyped:
        plainly = form.kind != _COMPANY and len(phrase[0]) >= _MIN_MISTYPED
    else:
        least = _SPELLED_OUT if form.kind == _COMPANY else _PLAINLY_FORM
        plainly = phrase[0] in _ANYWHERE or len(phrase[0]) >= least
    return found if plainly else None


def _mark_end(texts: list[str], marks: list[LegalForm | None], asides: list[bool]) -> None:
    """Mark the forms that end a name, a remark in brackets after them or not."""
    table, end = legal_forms(), len(texts)
    while end:
        if marks[end - 1] or (asides[end - 1] and not all(asides)):
            end -= 1
            continue
        for length in range(min(_LONGEST_FORM, end), 0, -1):
            form = table.entries.get(tuple(texts[end - length : end]))
            if form:
                marks[end - length : end] = [form] * length
                end -= length
                break
        else:
            return


def _mark_beginning(texts: list[str], marks: list[LegalForm | None]) -> None:
    for at, text in enumerate(texts):
        if marks[at] is None:
            found = legal_forms().at(texts, at)
            if found is None or not (text in _LEADING or not text.isascii()):
                return
            marks[at : at + found[1]] = [found[0]] * found[1]


def _parts(written: list[_Written]) -> list[tuple[str, bool]]:
    """Return the parts with whether they stood in brackets: the tables' spellings, numbers."""
    texts = [plain(word.text) for word in written]
    parts: list[tuple[str, bool]] = []
    at = 0
    while at < len(texts):
        aside = written[at].aside
        word, length = _known(texts, at)
        is_last = at == len(texts) - 1 and bool(parts)
        numeral = _numeral(texts[at], is_first=at == 0, is_last=is_last)
        if word is None or numeral:
            parts.append((numeral or town_of(written[at].text), aside))
        elif word.kind is WordKind.NUMBER and parts and _continues(parts[-1][0], word.text):
            parts[-1] = (str(int(parts[-1][0]) + int(word.text)), aside)
        elif word.kind is not WordKind.NONE:
            parts.append((word.text, aside))
        if numeral and len(parts) > 1 and _continues(parts[-2][0], numeral):
            parts[-2:] = [(str(int(parts[-2][0]) + int(numeral)), aside)]
        at += 1 if numeral else length
    return parts


def _known(texts: list[str], at: int) -> tuple[Word | None, int]:
    """Return the word of the tables that begins here, the Arabic article aside, and its length."""
    if found := words().at(texts, at):
        return found
    for article in _ARTICLES:
        rest = texts[at].removeprefix(article)
        if rest != texts[at] and len(rest) >= _MIN_WITHOUT_ARTICLE:
            word = words().entries.get((rest,))
            if word:
                return word, 1
    return word_meant(texts[at]), 1


def _numeral(text: str, *, is_first: bool, is_last: bool) -> str:
    """Return a number in figures where the word is one (2, 2nd, II), else nothing."""
    if figures := _ORDINAL.fullmatch(text):
        return figures[1]
    roman = None if is_first else _ROMAN.fullmatch(text)
    if roman and text and (len(text) >= _MIN_NUMERAL or is_last):
        tens, units = roman.groups()
        value = {"ix": 9}.get(units)
        if value is None:
            value = 5 + len(units) - 1 if units[:1] == "v" else _ROMAN_UNITS[units]
        return str(10 * len(tens) + value)
    return ""


def _continues(before: str, unit: str) -> bool:
    """Return whether a number goes on: forty-four."""
    return before.isdecimal() and int(before) in _TENS and int(unit) in _UNITS


def _most_telling(parts: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Return the parts without the most generic ones where there are more than can be compared."""
    surplus = len(parts) - MAX_PARTS
    if surplus <= 0:
        return parts
    commonest = sorted(range(len(parts)), key=lambda at: (-share_of_word(parts[at][0]), -at))
    dropped = set(commonest[:surplus])
    return [part for at, part in enumerate(parts) if at not in dropped]
