# ruff: noqa: SIM905  (tables of words read best as words)
"""A name as written -> its parts, so that the same name written in other habits has the same parts.

- What is one name is joined: Abd al-Rahman, Abu Bakr, Nur al-Din, Ahmadi-nejad, -allah.
- What is two names is parted: Mohammadreza, Gholamali.
- Articles and "son of" words are no names and fall out; titles fall out where something is left.

The tables are folded text (`didban.match.spelling.scripts.fold`); a new habit is a new entry in them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from didban.match.spelling import given_names
from didban.match.spelling.romanised import names_romanised
from didban.match.spelling.scripts import Script, fold, script_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PARTS: Final = 8
"""The kernels compare at most this many parts; of longer names the first ones and the last count."""

_MIN_BESIDE_TITLES: Final = 2
"""A title may be a name (Amir, Said): it falls out only where this many names are left."""

_ACRONYM: Final = re.compile(r"\b(?:\w\.){2,}\w?(?!\w)")
"""L.X.C. or o.o.o.; two initials of a person stay two."""

_SEPARATORS: Final = re.compile(r"[\s\u200c\u200e\u200f,.;:/\\()\[\]\"|_<>«»“”„·•‧・،؛]+")
_HYPHENS: Final = re.compile(r"[-\u2010-\u2015\u2212\u05be]")

ARTICLES: Final = frozenset(
    """al el ul il as ar at an az ash es er en ez et us ur ad ed id od ud
    ال аль эль ас аш ат ан ар ель ул уль ад уд אל""".split()
)
_ARTICLES_ALONE: Final = frozenset("al el ul il ال аль эль ель уль".split())
"""Those that fall out as a word of its own; the assimilated ones are also initials and names."""
_NAME_IF_LAST: Final = "il"
"""No article stands last, but in Korea a name does."""

FILIATIONS: Final = frozenset(
    """ibn ibni bin ben ag agh bint binti ould wuld bni oglu ogly oglou ogli ugli kyzy kizi qizi
    uulu uly بن ابن بنت ولد бин ибн ибни бен оглы оглу оғлы угли ўғли ули улы ұлы уулу кызы қызы қизи кизи
    בן בת אבן""".split()
)
_BEN: Final = "ben"
OF_FATHER: Final = re.compile(
    r"(?<=...)(?:[oe]v[iy]t?ch|[oe]vna|ichna|ович|евич|ьич|овна|евна|ична|івна|івич|oglu|ogly|kyzy"
    r"|qizi|uulu|оглы|кызы)$"
)
"""What makes a name of a father's: Ivanovich, son of Ivan."""
PARTICLES: Final = frozenset(
    "de da di do dos du des la le las los van der den von y e ver zum zur af av".split()
)
TITLES: Final = frozenset(
    """haji hajji haj hajj hadji sheikh shaikh shaykh sheik cheikh sayed sayyid seyed seyyed sayyed
    syed said seyid mullah mulla molla maulavi mawlawi maulvi mawlana maulana qari hafiz alhaj alhaji
    dr doctor prof professor mr mrs ms miss sir eng engineer general gen colonel col major maj capt
    captain lt brigadier amir emir ustad ustadz kyai imam ayatollah hojjatoleslam president
    cheick hadj elhadj elhaj elhajj hodja mufti maulawi molvi sardar begum rabbi rav
    حاج حاجی حجی الحاج شیخ الشیخ سید السید سیده ملا مولوی مولانا مولوي قاری مفتی دکتر دکتور الدکتور
    ډاکټر ڈاکٹر مهندس المهندس انجنیر انجینئر آیتالله ایتالله حجتالاسلام استاد الاستاذ امام آقا آقای
    خانم جناب صاحب مسٹر حافظ الحافظ سردار جنرال ژنرال سرهنگ سرتیپ اللواء العمید العقید الرائد النقیب
    хаджи ходжи ҳоҷӣ ҳожи қажы ажы шейх мулла мулло молла сеид сайид доктор муфтий имам эшон
    הרב רב רבי שייח שיח דר פרופ מר גברת""".split()
)
"""Words that a name may have or not have without being another name."""

_FALLING_OUT: Final = FILIATIONS | _ARTICLES_ALONE | PARTICLES | TITLES

_ABD: Final = frozenset(
    """abd abdul abdel abdal abdol abdoul abdou abdur abdor abdour abdus abdun abdar abder abdas abdil
    abdu عبد абд абдул абдель абдуль абдал абдур абдус абду עבד""".split()
)
_ABD_DANGLING: Final = frozenset("abd abdul abdel abdoul عبد абдул абдель".split())
"""Those that are no name of their own: at the end, what they belong to stands first (Haq, Abdul)."""
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_ABD_MISTYPED: Final = frozenset(
    word[:at] + put + word[at + left_out :]
    for word in ("abdul", "abdur")
    for at in range(6)
    for left_out in (0, 1)
    for put in ("", *_LETTERS)
) | {"badul", "adbul", "abudl", "abdlu"}
"""The commonest of them with one slip of the finger."""
_ABD_BY_SCRIPT: Final = {
    Script.LATIN: "abd",
    Script.ARABIC: "عبد",
    Script.CYRILLIC: "абд",
    Script.HEBREW: "עבד",
}
_KUNYA: Final = frozenset(
    "abu abou abo aboo abul abol aboul ابو أبو ابا ابی абу um umm oum ام أم".split()
)
_ABU: Final = frozenset("abou abo aboo abul abol aboul".split())
FIRST_HALVES: Final = frozenset(_ABD_BY_SCRIPT.values()) | _KUNYA
"""What begins a name and is none without the next word: as parts, where that was left out."""
_OWNER: Final = frozenset("ذو ذی بنی zul dhul zol bani".split())
"""Zu 'l-Fiqar, Bani Ahmad: the article stays, since the other script writes it too."""
_ALLAH: Final = frozenset(
    "allah alla ullah ollah oullah ulla olla الله اللہ аллах улла уллах".split()
)
_PLAIN_DIN: Final = frozenset("din deen dine دین дин".split())
_DIN: Final = frozenset(
    """eddin uddin aldin eldin oddin eddine edine uddeen addin aldeen addeen
    الدین иддин эддин уддин аддин оддин""".split()
)
_ATTRIBUTES: Final = frozenset(
    "rahman rehman rahmon rahim haq haqq haque huq hoque islam الرحمن الرحمان الرحیم الحق الاسلام рахман".split()
)
"""Second halves of names like Aziz al-Rahman, when an article joins them to the first half."""
_AFTER_ARTICLE: Final = _PLAIN_DIN | _ATTRIBUTES
_SUFFIXES: Final = frozenset(
    """pour poor pur zadeh zade zada zadah zad nejad nezhad nejhad nejat nia niya nya fard khah doost
    dust dost panah manesh tabar nasab nassab kheil khel khail vand wand far mand پور زاده نژاد نیا فرد
    خواه دوست پناه منش تبار نسب خیل وند فر مند заде зода зад пур пура хель нажод нежад""".split()
)

_JOINING: Final = frozenset().union(
    ARTICLES, _ABD, _ABD_MISTYPED, _KUNYA, _OWNER, _ALLAH, _DIN, _ATTRIBUTES, _SUFFIXES
)
"""What may make one name with the word beside it."""

_SHORTEST_HALF: Final = 3
_SHORTEST_AFTER_TITLE: Final = 4
_NO_NAMES: Final = frozenset().union(
    ARTICLES, FILIATIONS, PARTICLES, TITLES, _ABD, _KUNYA, _OWNER, _ALLAH, _PLAIN_DIN, _DIN,
    _ATTRIBUTES, _SUFFIXES,
)  # fmt: skip
_FIRST_HALVES: Final = {
    Script.LATIN: given_names.names(Script.LATIN) | TITLES,
    Script.ARABIC: given_names.names(Script.ARABIC) | TITLES,
}
_SURELY_FIRST: Final = TITLES | frozenset(
    """mohammad mohammed muhammad mohamad mohamed muhammed amir gholam ghulam golam ali hossein
    hussain ahmad ahmed محمد امیر غلام علی حسین احمد""".split()
)
_SECOND_IN_I: Final = frozenset(
    "ali mehdi mahdi taghi taqi naghi hadi sami nabi علی مهدی تقی نقی هادی سامی نبی".split()
)
_SECOND_HALVES: Final = {
    Script.LATIN: _SECOND_IN_I
    | {n for n in given_names.names(Script.LATIN) if len(n) > _SHORTEST_HALF and n[-1] != "i"},
    Script.ARABIC: _SECOND_IN_I | {n for n in given_names.names(Script.ARABIC) if n[-1] != "ی"},
}
"""A word of two of these is two names, unless it is one of them itself. What ends in -i is more often
a family name, which is one word: Shirmohammadi."""
_LONGEST_FIRST: Final = max(len(name) for names in _FIRST_HALVES.values() for name in names)
_DIN_AT_END_LATIN: Final = re.compile(r"^(.{3,}?)[ueaio](?:ld|dd?)(?:i|ee)ne?$")
_DIN_AT_END_ARABIC: Final = "الدین"
_ARTICLE_AT_END: Final = re.compile(r"(?<=.{3})u[lr]$")
_TWO_WITH_JAN: Final = re.compile(r"^(.{4,})(jan|جان)$")
_MIN_ACRONYM: Final = 3
_MIN_DIN: Final = 7
_MIN_WITH_ARTICLE: Final = 4


def name_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name in writing order, folded, at most `MAX_PARTS`.

    Never empty for a name that holds a letter or a digit. Does not know which part is the family
    name: the sources often do not either.
    """
    return name_readings(name)[0]


@lru_cache(maxsize=16_384)
def name_readings(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the parts of a name (see `name_parts`), and those of its other readings if it has any.

    A word that may be two names, and may as well be one (Mirhadi), is two in the first reading and
    one in the second. Ben before a single name may be short for Benjamin.
    """
    words = words_of(name)
    is_sure = all(map(_is_sure, words))
    readings = [
        _names(_join(words, doubtful=doubtful))
        for doubtful in ((True,) if is_sure else (True, False))
    ]
    if words[:-1] == [_BEN]:
        readings.append(tuple(words))
    return tuple(dict.fromkeys(readings))


def loosened(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the parts of a name once for each Abd or Abu in it, which then is a part by itself.

    The second half may have been left out, or may stand elsewhere: Abdul Karimi for Abdul Rahman
    Karimi.
    """
    words = words_of(name)
    for at, word in enumerate(words[:-1]):
        if _begins_name(word):
            yield _names(_join(words, doubtful=True, loose=at))


def parts_of_words(words: list[str]) -> tuple[str, ...]:
    """Return the parts of a name of these words (see `words_of`), as `name_parts` does."""
    return _names(_join(_turned(words), doubtful=True))


def words_of(name: str) -> list[str]:
    """Return the words of a name, folded, before any are joined, parted or left out."""
    text = names_romanised(fold(name))
    return _words(_ACRONYM.sub(_without_dots, text) if "." in text else text)


def _names(parts: list[str]) -> tuple[str, ...]:
    """Return the parts that are names: no particles, and no titles where something is left."""
    names = parts if _FALLING_OUT.isdisjoint(parts) else _without_falling_out(parts)
    if len(names) > MAX_PARTS:
        names = [*names[: MAX_PARTS - 1], names[-1]]
    return tuple(names)


def _without_falling_out(parts: list[str]) -> list[str]:
    falling_out = FILIATIONS | _ARTICLES_ALONE
    names = [p for p in parts[:-1] if p not in falling_out]
    if parts[-1] not in falling_out or parts[-1] == _NAME_IF_LAST:
        names.append(parts[-1])
    names = names or parts
    names = [p for p in names if p not in PARTICLES] or names
    without = [p for p in names if p not in TITLES]
    if len(without) >= _MIN_BESIDE_TITLES:
        names = without
    return names


def _without_dots(acronym: re.Match[str]) -> str:
    letters = acronym.group().replace(".", "")
    return letters if len(letters) >= _MIN_ACRONYM else acronym.group()


def _words(text: str) -> list[str]:
    """Split at white space, punctuation and hyphens; an article before a hyphen falls out.

    A last word that only begins a name stands before the others: Haq, Abdul.
    """
    if text.replace(" ", "").isalpha():  # as most are: nothing else stands between the words
        return _turned(text.split())
    words: list[str] = []
    for word in _SEPARATORS.split(text):
        pieces = [piece for piece in _HYPHENS.split(word) if piece]
        if len(pieces) > 1 and pieces[0] in ARTICLES and pieces[1] not in _AFTER_ARTICLE:
            pieces = pieces[1:]
        words.extend(pieces)
    return _turned(words)


def _turned(words: list[str]) -> list[str]:
    """Return the words with the last one first where it only begins a name."""
    is_turned = bool(words) and words[-1] in _ABD_DANGLING
    return [words[-1], *words[:-1]] if is_turned else words


def _join(words: list[str], *, doubtful: bool, loose: int = -1) -> list[str]:
    """Join what is one name, part what is two; what may be one as well only where `doubtful`.

    The word at the place `loose` begins a name, and is not joined with the next.
    """
    if loose < 0 and _JOINING.isdisjoint(words):
        return [part for word in words for part in _single(word, doubtful=doubtful)]
    return _joined(words, doubtful, loose)


def _joined(words: list[str], doubtful: bool, loose: int) -> list[str]:  # noqa: FBT001 - as `_join`
    parts: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if at - 1 == loose or (word in _ABD and _ABD.intersection(words[at : at + 1])):
            parts.append(_prefix(word))
        elif word in _OWNER and at < len(words):
            parts.append(word + words[at])
            at += 1
        elif _begins_name(word) and at < len(words):
            at += words[at] in ARTICLES and at + 1 < len(words)
            parts.append(_prefix(word) + _without_article(words[at]))
            at += 1
        elif parts and word in _ALLAH:
            parts[-1] += word
        elif parts and word in ARTICLES and _AFTER_ARTICLE.intersection(words[at : at + 1]):
            parts[-1] = _with_din(parts[-1]) if words[at] in _PLAIN_DIN else parts[-1] + words[at]
            at += 1
        elif parts and word in _DIN:
            parts[-1] = _with_din(parts[-1])
        elif parts and word in _ATTRIBUTES and _is_joined(words, at - 1):
            parts[-1] = _ARTICLE_AT_END.sub("", parts[-1]) + _without_article(word)
        elif parts and word in _SUFFIXES and at == len(words):
            parts[-1] += word
        else:
            parts.extend(_single(word, doubtful=doubtful))
    return parts


def _is_joined(words: list[str], at: int) -> bool:
    """Return whether an article joins the word at this place to the one before it."""
    before, word = words[at - 1], words[at]
    return word.startswith("ال") or bool(_ARTICLE_AT_END.search(before))


def _begins_name(word: str) -> bool:
    """Return whether a word makes one name with the next: Abd, Abu."""
    return word in _ABD or word in _KUNYA or word in _ABD_MISTYPED


def _prefix(word: str) -> str:
    """Return one spelling for the many of Abd; Abu keeps its own."""
    if word in _KUNYA:
        return "abu" if word in _ABU else word
    return _ABD_BY_SCRIPT[script_of(word)]


def _without_article(word: str) -> str:
    if word.startswith("ال") and len(word) >= _MIN_WITH_ARTICLE and word not in _ALLAH:
        return word[2:]
    return word


def _with_din(part: str) -> str:
    """Return one spelling for the many of "... of the religion": Nur al-Din, Nuruddin."""
    endings = {Script.ARABIC: "دین", Script.CYRILLIC: "дин"}
    return part + endings.get(script_of(part), "din")


@lru_cache(maxsize=65_536)
def _is_sure(word: str) -> bool:
    """Return whether a word is read in one way only."""
    return _single(word, doubtful=True) == _single(word, doubtful=False)


@lru_cache(maxsize=65_536)
def _single(word: str, *, doubtful: bool) -> tuple[str, ...]:
    """Return a word as one part, or as two where two names are usually written together."""
    script = script_of(word)
    if script is Script.ARABIC and word.endswith(_DIN_AT_END_ARABIC) and len(word) >= _MIN_DIN:
        return (word.removesuffix(_DIN_AT_END_ARABIC) + "دین",)
    if (halves := _halves(word, script)) and (doubtful or halves[0] in _SURELY_FIRST):
        return tuple(halves)
    if doubtful and script is Script.ARABIC and (titled := _title_and_name(word)):
        return titled
    if two := _TWO_WITH_JAN.match(word):
        return two.groups()
    din = _DIN_AT_END_LATIN.match(word) if script is Script.LATIN else None
    return (din.group(1) + "din",) if din and len(word) >= _MIN_DIN else (word,)


@lru_cache(maxsize=65_536)
def _halves(word: str, script: Script) -> list[str]:
    """Return the two names that a word consists of, or nothing: Mohammadreza, Sayedkamal.

    Of several ways to part it, the one with the longest second name.
    """
    if script not in _SECOND_HALVES or word in _FIRST_HALVES[script]:
        return []
    most = min(len(word) - _SHORTEST_HALF, _LONGEST_FIRST)
    for at in range(_SHORTEST_HALF, most + 1):
        one, other = word[:at], _without_article(word[at:])
        if one in _FIRST_HALVES[script] and other in _SECOND_HALVES[script]:
            return [one, other]
    return []


def _title_and_name(word: str) -> tuple[str, ...]:
    """Return the title and the name that a word consists of, or nothing: ملاسلطانی, Mulla Sultani."""
    most = min(len(word) - _SHORTEST_AFTER_TITLE, _LONGEST_FIRST)
    for at in range(_SHORTEST_HALF, most + 1):
        if word[:at] in TITLES and word[at:] not in _NO_NAMES:
            return word[:at], word[at:]
    return ()


def is_joined(word: str) -> bool:
    """Say whether a word is a prefix, a suffix, an article or a title: no name by itself."""
    return word in _NO_NAMES
