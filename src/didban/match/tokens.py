# ruff: noqa: SIM905  (tables of words read best as words)
"""A name as written -> its parts, so that the same name written in other habits has the same parts.

- What is one name is joined: Abd al-Rahman, Abu Bakr, Nur al-Din, Ahmadi-nejad, -allah.
- What is two names is parted: Mohammadreza, Gholamali.
- Articles and "son of" words are no names and fall out; titles fall out where something is left.

The tables are folded text (`didban.match.scripts.fold`); a new habit is a new entry in them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from didban.match.scripts import Script, fold, script_of

MAX_PARTS: Final = 8
"""The kernels compare at most this many parts; of longer names the first ones and the last count."""

_MIN_BESIDE_TITLES: Final = 2
"""A title may be a name (Amir, Said): it falls out only where this many names are left."""

_ACRONYM: Final = re.compile(r"\b(?:\w\.){2,}\w?(?!\w)")
"""L.X.C. or o.o.o.; two initials of a person stay two."""

_SEPARATORS: Final = re.compile(r"[\s\u200c\u200e\u200f,.;:/\\()\[\]\"|_<>«»“”„·•،؛]+")
_HYPHENS: Final = re.compile(r"[-\u2010-\u2015\u2212\u05be]")

ARTICLES: Final = frozenset(
    """al el ul il as ar at an az ash es er en ez et us ur ad ed id od ud
    ال аль эль ас аш ат ан ар ель ул уль ад уд""".split()
)
_ARTICLES_ALONE: Final = frozenset("al el ul il ال аль эль ель уль".split())
"""Those that fall out as a word of its own; the assimilated ones are also initials and names."""

FILIATIONS: Final = frozenset(
    "ibn bin ben bint binti ould wuld ould bni بن ابن بنت ولد бин ибн бен בן בת oglu ogly".split()
)
PARTICLES: Final = frozenset(
    "de da di do dos du des la le las los van der den von y e ver zum zur af av".split()
)
TITLES: Final = frozenset(
    """haji hajji haj hajj hadji sheikh shaikh shaykh sheik cheikh sayed sayyid seyed seyyed sayyed
    syed said seyid mullah mulla molla maulavi mawlawi maulvi mawlana maulana qari hafiz alhaj alhaji
    dr doctor prof professor mr mrs ms miss sir eng engineer general gen colonel col major maj capt
    captain lt brigadier amir emir ustad ustadz kyai imam ayatollah hojjatoleslam president
    حاج حاجی حاجي الحاج شیخ الشیخ سید السید ملا مولوی مولانا قاری دکتر دكتور الدكتور مهندس آیتالله
    استاد امام хаджи шейх мулла сеид доктор г-н г-жа""".split()
)
LEGAL_FORMS: Final = frozenset(
    """ltd limited llc llp inc incorporated corp corporation co company plc gmbh ag
    aktiengesellschaft kg sa sarl srl spa bv nv pty pte sdn bhd est establishment jsc ojsc cjsc pjsc
    ooo oao zao pao ао оао зао пао ооо общество ограниченной ответственностью акционерное публичное
    открытое закрытое شرکت شركة مؤسسة موسسه""".split()
)
"""What a company is in law; written in many ways, left out as often, and no part of its name."""

WEIGHTLESS: Final = TITLES | LEGAL_FORMS
"""Words that a name may have or not have without being another name."""

_ABD: Final = frozenset(
    """abd abdul abdel abdal abdol abdoul abdou abdur abdus abdun abdar abder abdas عبد
    абд абдул абдель абдуль абдал абдур абдус""".split()
)
_KUNYA: Final = frozenset(
    "abu abou abo aboo abul abol aboul ابو أبو ابا ابی абу um umm oum ام أم".split()
)
_ABU: Final = frozenset("abou abo aboo abul abol aboul".split())
_OWNER: Final = frozenset("ذو ذی zul dhul zol".split())
"""Zu 'l-Fiqar: the article stays, since the other script writes it too."""
_ALLAH: Final = frozenset("allah ullah ollah oullah ulla olla الله اللہ аллах улла уллах".split())
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
    """pour poor pur zadeh zade zada zadah nejad nezhad nejhad nia niya nya fard khah doost dust
    panah manesh tabar nasab kheil khel khail پور زاده نژاد نیا فرد خواه دوست پناه منش تبار نسب خیل
    заде зода пур хель""".split()
)

_FIRST_HALF_LATIN: Final = (
    r"moh+am+[ae]d|muham+[ae]d|mohamed|amir|gholam|ghulam|golam|ali|hossein|hussain|ahmad|ahmed"
)
_SECOND_HALF_LATIN: Final = (
    r"reza|riza|raza|ali|hos+ein|hus+ein|has+an|mehdi|mahdi|javad|jawad|sadegh|sadeq|taghi|taqi"
    r"|bagher|baqer|kazem|kazim|amin|ebrahim|karim|rahim|jafar|saeed|saeid|yousef|yusuf|nabi|naghi"
    r"|akbar|asghar|mohammad|mohamad|muham+ad|abbas|hadi|hamed|nas+er|sharif|rasoul|rasul|zaman"
    r"|nazar|askar|mohsen|mokhtar|qasem|ghasem|rafi|sami|shah|morad"
)
_FIRST_HALF_ARABIC: Final = "محمد|امیر|غلام|علی|حسین|احمد"
_SECOND_HALF_ARABIC: Final = (
    "رضا|علی|حسین|حسن|مهدی|جواد|صادق|تقی|باقر|کاظم|امین|ابراهیم|کریم|رحیم|جعفر|سعید|یوسف|نبی|نقی"
    "|اکبر|اصغر|محمد|عباس|هادی|حامد|ناصر|شریف|رسول|زمان|نظر|عسکر|محسن|مختار|قاسم|سامی|شاه|مراد"
)
_TWO_NAMES: Final = {
    Script.LATIN: re.compile(f"^({_FIRST_HALF_LATIN})({_SECOND_HALF_LATIN})$"),
    Script.ARABIC: re.compile(f"^({_FIRST_HALF_ARABIC})({_SECOND_HALF_ARABIC})$"),
}
_DIN_AT_END_LATIN: Final = re.compile(r"^(.{3,}?)[ueaio](?:ld|dd?)(?:i|ee)ne?$")
_DIN_AT_END_ARABIC: Final = "الدین"
_ARTICLE_AT_END: Final = re.compile(r"(?<=.{3})u[lr]$")
_TWO_WITH_JAN: Final = re.compile(r"^(.{4,})(jan|جان)$")
_MIN_ACRONYM: Final = 3
_MIN_DIN: Final = 7
_MIN_WITH_ARTICLE: Final = 4


@lru_cache(maxsize=16_384)
def name_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name in writing order, folded, at most `MAX_PARTS`.

    Never empty for a name that holds a letter or a digit. Does not know which part is the family
    name: the sources often do not either.
    """
    parts = _join(_words(_ACRONYM.sub(_without_dots, fold(name))))
    names = [p for p in parts if p not in FILIATIONS and p not in _ARTICLES_ALONE] or parts
    names = [p for p in names if p not in PARTICLES] or names
    for words in (TITLES, LEGAL_FORMS):
        without = [p for p in names if p not in words]
        if len(without) >= (_MIN_BESIDE_TITLES if words is TITLES else 1):
            names = without
    if len(names) > MAX_PARTS:
        names = [*names[: MAX_PARTS - 1], names[-1]]
    return tuple(names)


def _without_dots(acronym: re.Match[str]) -> str:
    letters = acronym.group().replace(".", "")
    return letters if len(letters) >= _MIN_ACRONYM else acronym.group()


def _words(text: str) -> list[str]:
    """Split at white space, punctuation and hyphens; an article before a hyphen falls out."""
    words: list[str] = []
    for word in _SEPARATORS.split(text):
        pieces = [piece for piece in _HYPHENS.split(word) if piece]
        if len(pieces) > 1 and pieces[0] in ARTICLES and pieces[1] not in _AFTER_ARTICLE:
            pieces = pieces[1:]
        words.extend(pieces)
    return words


def _join(words: list[str]) -> list[str]:
    """Join what is one name, part what is two."""
    parts: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word in _OWNER and at < len(words):
            parts.append(word + words[at])
            at += 1
        elif (word in _ABD or word in _KUNYA) and at < len(words):
            if words[at] in ARTICLES and at + 1 < len(words):
                at += 1
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
            parts.extend(_single(word))
    return parts


def _is_joined(words: list[str], at: int) -> bool:
    """Return whether an article joins the word at this place to the one before it."""
    before, word = words[at - 1], words[at]
    return word.startswith("ال") or bool(_ARTICLE_AT_END.search(before))


def _prefix(word: str) -> str:
    """Return one spelling for the many of Abd; Abu keeps its own."""
    if word in _ABD:
        return "عبد" if script_of(word) is Script.ARABIC else "абд" if word[0] == "а" else "abd"
    return "abu" if word in _ABU else word


def _without_article(word: str) -> str:
    if word.startswith("ال") and len(word) >= _MIN_WITH_ARTICLE and word not in _ALLAH:
        return word[2:]
    return word


def _with_din(part: str) -> str:
    """Return one spelling for the many of "... of the religion": Nur al-Din, Nuruddin."""
    endings = {Script.ARABIC: "دین", Script.CYRILLIC: "дин"}
    return part + endings.get(script_of(part), "din")


def _single(word: str) -> list[str]:
    """Return a word as one part, or as two where two names are usually written together."""
    script = script_of(word)
    if script is Script.ARABIC and word.endswith(_DIN_AT_END_ARABIC) and len(word) >= _MIN_DIN:
        return [word.removesuffix(_DIN_AT_END_ARABIC) + "دین"]
    if script in _TWO_NAMES and (two := _TWO_NAMES[script].match(word)):
        return list(two.groups())
    if two := _TWO_WITH_JAN.match(word):
        return list(two.groups())
    din = _DIN_AT_END_LATIN.match(word) if script is Script.LATIN else None
    return [din.group(1) + "din"] if din and len(word) >= _MIN_DIN else [word]
