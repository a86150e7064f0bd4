"""What makes a record hard to find or easy to mistake: the faults that a quality report counts (PR-23).

Nothing here refuses a record. A fault says what its owner could mend.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.match.spelling.scripts import Script, script_of
from didban.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from didban.model.records import Record


class QualityFault(StrEnum):
    """What a report counts, in the order in which it is shown."""

    NO_NAME = "no_name"
    PLACEHOLDER_NAME = "placeholder_name"
    NO_ORIGINAL_SCRIPT = "no_original_script"
    NO_BIRTH_DATE = "no_birth_date"
    YEAR_OF_BIRTH_ONLY = "year_of_birth_only"
    PLACEHOLDER_BIRTH_DATE = "placeholder_birth_date"
    IMPOSSIBLE_BIRTH_DATE = "impossible_birth_date"
    NO_NATIONALITY = "no_nationality"
    NO_DOCUMENT = "no_document"
    DOCUMENT_WITHOUT_ISSUER = "document_without_issuer"
    DUPLICATE_NUMBER = "duplicate_number"  # counted over all records of the list
    INVALID_CHECK_DIGIT = "invalid_check_digit"


OLDEST: Final = 120  # years

_NAMES: Final = ("name", "alias", "weakAlias", "previousName")
_PLACEHOLDERS: Final = frozenset(
    {
        *("unknown", "unbekannt", "inconnu", "desconocido", "anonymous", "unnamed", "no name"),
        *("nn", "n n", "n a", "na", "none", "null", "nil", "test", "tba", "tbc", "fnu", "lnu"),
        *("fnu lnu", "john doe", "jane doe", "ناشناس", "نامعلوم", "بدون نام", "مجهول"),
        *("غیر معروف", "بلا اسم", "неизвестно", "неизвестен", "без имени"),
    }
)
_PLACEHOLDER_DATES: Final = re.compile(r"(?:0001|1111|1900|9999)(?:-|$)|\d{4}-01-01")
_YEAR: Final = re.compile(r"\d{4}[~?%]?")
_NOT_LATIN: Final = frozenset(
    [
        "ae",
        "af",
        "am",
        "bg",
        "bh",
        "by",
        "dz",
        "eg",
        "ge",
        "gr",
        "il",
        "iq",
        "ir",
        "jo",
        "kg",
        "kw",
        "kz",
        "lb",
        "ly",
        "ma",
        "mk",
        "mn",
        "om",
        "pk",
        "ps",
        "qa",
        "rs",
        "ru",
        "sa",
        "sd",
        "sy",
        "tj",
        "tn",
        "ua",
        "ye",
    ]
)
"""States whose people write their names in another script than Latin."""


def faults_of(record: Record, today: date) -> Iterator[QualityFault]:
    """Yield what is wrong with a record, each fault once. Does not look at other records."""
    if record.schema == "Person":
        yield from _of_name(record)
        yield from _of_birth(record, today)
        if not record.values("nationality", "citizenship"):
            yield QualityFault.NO_NATIONALITY
        if not record.documents:
            yield QualityFault.NO_DOCUMENT
    if any(document.issuer is None for document in record.documents):
        yield QualityFault.DOCUMENT_WITHOUT_ISSUER
    if any(
        not is_valid(number)
        for name, is_valid in _CHECKED.items()
        for number in record.values(name)
    ):
        yield QualityFault.INVALID_CHECK_DIGIT


def _of_name(record: Record) -> Iterator[QualityFault]:
    names = record.values(*_NAMES)
    if not names:
        yield QualityFault.NO_NAME
        return
    if any(_is_placeholder(name) for name in names):
        yield QualityFault.PLACEHOLDER_NAME
    states = {*record.values("nationality", "citizenship")}
    if states & _NOT_LATIN and all(script_of(name) is Script.LATIN for name in names):
        yield QualityFault.NO_ORIGINAL_SCRIPT  # PR-20


def _is_placeholder(name: str) -> bool:
    folded = " ".join(re.sub(r"[^\w]+", " ", fold(name)).split())
    return folded in _PLACEHOLDERS or len(set(folded.replace(" ", ""))) <= 1


def _of_birth(record: Record, today: date) -> Iterator[QualityFault]:
    dates = record.values("birthDate")
    if not dates:
        yield QualityFault.NO_BIRTH_DATE
        return
    if all(_YEAR.fullmatch(born) for born in dates):
        yield QualityFault.YEAR_OF_BIRTH_ONLY
    if any(_PLACEHOLDER_DATES.match(born) for born in dates):
        yield QualityFault.PLACEHOLDER_BIRTH_DATE
    years = [int(born[:4]) for born in dates if born[:4].isdecimal()]
    if any(not today.year - OLDEST <= year <= today.year for year in years):
        yield QualityFault.IMPOSSIBLE_BIRTH_DATE


def _imo(number: str) -> bool:
    """Whether the last of a ship's seven digits is the sum that it has to be."""
    digits = re.sub(r"[^0-9]", "", number)
    total = sum(int(d) * weight for d, weight in zip(digits, range(7, 1, -1), strict=False))
    return len(digits) == 7 and total % 10 == int(digits[-1])  # noqa: PLR2004 - as IMO numbers have


def _mod_97(number: str, *, moved: int) -> bool:
    """Whether a number of ISO 7064 MOD 97-10 leaves 1, its first `moved` characters put last."""
    text = re.sub(r"[\s-]", "", number).upper()
    if not text.isalnum() or not text.isascii():
        return False
    turned = text[moved:] + text[:moved]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


_CHECKED: Final[dict[str, Callable[[str], bool]]] = {
    "imoNumber": _imo,
    "leiCode": lambda number: _mod_97(number, moved=0),
    "iban": lambda number: _mod_97(number, moved=4),
}
"""Properties whose numbers check themselves."""
