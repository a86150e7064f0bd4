"""States and issuers of documents: one code for each, however a list or a document writes it.

Our code is the ISO 3166-1 alpha-2 code in lower case where one exists, else the code that the issuer
bears in ICAO Doc 9303-3 section 5, in lower case (`uto`, `xxa`, `gbd`), or one for private use.

Coded text is looked up in our own table. Names in other languages than English come from Babel,
which is imported only when a name is asked for that the table does not know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from didban.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Final = ("en", "fa", "ar", "ru", "fr", "es", "de", "uk", "tr", "ur", "he")
"""Languages in which names of countries are understood; where two disagree, the earlier wins."""

_MAX_LENGTH: Final = 200
_SHORTEST_FOREIGN_NAME: Final = 3  # fewer Latin letters are a wrong code, not worth loading Babel
_NO_CODE: Final = "-"
_SPECIMEN: Final = "uto"
_SAME_STATE: Final = dict.fromkeys(("gbd", "gbn", "gbo", "gbp", "gbs"), "gb") | {
    "unk": "xk",
    "una": "uno",
}
_SUCCESSORS: Final = {
    "su": frozenset(
        ("am", "az", "by", "ee", "ge", "kg", "kz", "lt", "lv", "md", "ru", "tj", "tm", "ua", "uz")
    ),
    "yu": frozenset(("ba", "hr", "me", "mk", "rs", "si", "xk", "scg")),
    "scg": frozenset(("rs", "me", "xk")),
    "csk": frozenset(("cz", "sk")),
    "dd": frozenset(("de",)),
}
"""States that are no more -> those of today that somebody of there may belong to."""

# The user-assigned codes of ISO 3166-1 that issuers and tests use; XX and ZZ mean "not known".
_PRIVATE_USE: Final = re.compile(r"x[a-z]{2}|q[m-z][a-z]|x[a-w]|x[yz]|q[m-z]")
_CODE: Final = re.compile(r"[a-z]{1,4}|[a-z]{2}-[a-z0-9]{1,3}")
_PUNCTUATION: Final = re.compile(r"[^\w&]+")
_IN_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")
_NOW: Final = re.compile(r"\bnow (?:the )?([^)\]]+)")
_NOT_A_NAME: Final = re.compile(
    r"\b(?:citizens?(?:hip)?|nationals?|nationality|passport|born|by birth|former(?:ly)?|of origin)\b"
)
_SAINT: Final = re.compile(r"\bst\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    """The packaged table, by each way in which it is looked up."""

    codes: dict[str, str]
    names: dict[str, str]
    alpha3: dict[str, str]
    english: dict[str, str]


@lru_cache(maxsize=8192)
def country(text: str) -> str | None:
    """Return our code for a state, or None when the text names none that we know.

    - Codes in any case and padded as in a machine-readable zone (`D<<`, `IRN`, `ir`, `RKS`); of a
      region's code only the state counts (`ge-ab` is `ge`).
    - Names, habits of lists ("Korea, North") and demonyms ("Syrian"), English by our own table.
    - Remarks in brackets are ignored, except that "(now Ukraine)" wins.
    - Codes for private use are kept (`xar`).
    """
    if len(text) > _MAX_LENGTH:
        return None
    code = text.strip(" <\t\n").casefold()
    found = _by_code(code) if _CODE.fullmatch(code) else None
    if found is not None:
        return found
    spellings = _spellings(text)
    found = _first(spellings, _tables().names)
    if found is None and (len(code) >= _SHORTEST_FOREIGN_NAME or not code.isascii()):
        return _first(spellings, _foreign_names())
    return found


def country_by_code(text: str) -> str | None:
    """Return our code for a coded state, as `country` does, or None; never looks at names.

    For codes from machine-readable zones, where an unknown code is a misread one, not a name.
    """
    code = text.strip(" <\t\n").casefold()
    return _by_code(code) if _CODE.fullmatch(code) else None


def same_state(one: str | None, other: str | None) -> bool:
    """Return whether two of our codes may stand for one state.

    - `gbd` and `gb` do, `hk` and `cn` do not.
    - A state that is no more and each of its successors do: lists and papers keep the old name.
    - An unknown state (None) is never the same as another.
    """
    if one is None or other is None:
        return False
    one, other = _SAME_STATE.get(one, one), _SAME_STATE.get(other, other)
    no_more = other in _SUCCESSORS.get(one, ()) or one in _SUCCESSORS.get(other, ())
    return one == other or no_more


def names_of_states() -> Mapping[str, str]:
    """Return the names and demonyms of our own table, plain and in lower case -> our codes."""
    return _tables().names


def alpha3(code: str) -> str:
    """Return the three-letter code as documents print it (`ir` -> `IRN`, `uto` -> `UTO`)."""
    return _tables().alpha3.get(code, code).upper()


def country_name(code: str, language: str = "en") -> str:
    """Return the name of one of our codes, in English where that language has none."""
    english = _tables().english.get(code)
    if english is None or language == "en":
        return english or code.upper()
    return _territories(language).get(code.upper(), english)


def is_specimen(code: str | None) -> bool:
    """Return whether this is Utopia, the state of specimens: such a document is never genuine."""
    return code == _SPECIMEN


def _by_code(code: str) -> str | None:
    head, _, _region = code.partition("-")
    found = _tables().codes.get(head)
    if found is None and _PRIVATE_USE.fullmatch(code):
        return code
    return found


def _first(spellings: list[str], names: dict[str, str]) -> str | None:
    return next((names[spelling] for spelling in spellings if spelling in names), None)


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    tables = _Tables(codes={}, names={}, alpha3={}, english={})
    path = Path(__file__).with_name("countries.tsv")
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        two, three, others, name, aliases = line.split("\t")
        ours = three if two == _NO_CODE else two
        tables.codes.update(dict.fromkeys((ours, three, *others.split()), ours))
        tables.names.update(dict.fromkeys(map(_plain, (name, *aliases.split(";"))), ours))
        tables.alpha3[ours] = three
        tables.english[ours] = name
    tables.names.pop("", None)
    return tables


@lru_cache(maxsize=1)
def _foreign_names() -> dict[str, str]:
    known = _tables().english
    names: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in _territories(language).items():
            if code.lower() in known:
                names.setdefault(_plain(name), code.lower())
    return names


@lru_cache(maxsize=16)
def _territories(language: str) -> dict[str, str]:
    """Return Babel's names of states in a language, by upper-case code; none if it has not any."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - slow, and seldom needed

    try:
        return dict(Locale.parse(language, sep="-").territories)
    except (UnknownLocaleError, ValueError):
        return {}


def _plain(name: str) -> str:
    """Return a name without accents, punctuation, article and case, to look it up by."""
    words = _PUNCTUATION.sub(" ", fold(name)).replace("&", " and ")
    words = _SAINT.sub("saint", " ".join(words.split()))
    return words.removeprefix("the ").removesuffix(" the")


def _spellings(text: str) -> list[str]:
    """Return the forms to look up, the fullest first."""
    folded = fold(text)
    without_brackets = _IN_BRACKETS.sub(" ", folded)
    now = _NOW.search(folded)
    candidates = (
        now[1] if now else "",
        folded,
        without_brackets,
        _NOT_A_NAME.sub(" ", without_brackets),
    )
    return [plain for plain in dict.fromkeys(map(_plain, candidates)) if plain]
