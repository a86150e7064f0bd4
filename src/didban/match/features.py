"""What matching uses of a record or of a query: names, dates, sexes, countries, documents."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from didban.match.documents import number_key
from didban.match.kinds import Kind, kind_of
from didban.match.organisations.words import is_organisation, read
from didban.match.spelling.tokens import MAX_PARTS, OF_FATHER, name_parts, name_readings
from didban.model.countries import country
from didban.model.dates import PartialDate, parse_date
from didban.model.identifiers import identifiers_of
from didban.model.sexes import sex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from didban.model.documents import Document
    from didban.model.records import Record

_STRONG_NAMES: Final = ("name", "alias", "previousName")
_WEAK_NAMES: Final = ("weakAlias", "abbreviation")
_FATHER: Final = "fatherName"
_NAME_PARTS: Final = ("firstName", "secondName", "middleName", _FATHER, "lastName")
_COUNTRIES: Final = (
    "nationality",
    "citizenship",
    "country",
    "birthCountry",
    "jurisdiction",
    "flag",
    "pastFlags",
)
_SEVERAL_NAMES: Final = re.compile(r"(?<!\s)(?:\s+/|\s*;)\s+")
_UNSURE: Final = frozenset({"solar_hijri", "hijri"})
_MARKS: Final = ("SH", "AH")
"""Marks of the Solar and the Islamic calendar; a date that has its own keeps to it."""
MAX_PLACES: Final = 16
"""So many places of birth are compared at most: each with each takes long, and nobody has more."""
TRUNCATED_MARK: Final = "\u2026"
"""A name that ends with an ellipsis was cut off: its last part may be longer."""


class Quality(IntEnum):
    """How far a list trusts a name to identify."""

    STRONG = 0
    WEAK = 1
    INITIALS = 2
    """Not a name that is stated, but the initials of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One name: its text, its parts, its quality, whether it was cut.

    The parts are those of `tokens.name_readings`, or, `of_organisation` (or ship, or aircraft), those
    of `organisations.words.read`. `made` are those that were joined of two, or parted, for a trial.
    """

    text: str
    parts: tuple[str, ...]
    quality: Quality = Quality.STRONG
    truncated: bool = False
    of_organisation: bool = False
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What is compared. Empty where nothing is known: unknown never counts as different.

    - `given_names`, `family_names`: as written, where a source tells which are which.
    """

    kind: Kind
    names: tuple[Name, ...] = ()
    given_names: tuple[str, ...] = ()
    family_names: tuple[str, ...] = ()
    birth_dates: tuple[PartialDate, ...] = ()
    birth_places: tuple[str, ...] = ()
    sexes: frozenset[str] = frozenset()
    countries: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()

    @property
    def years(self) -> tuple[int, int] | None:
        """Return the earliest and latest possible birth year, or None when unknown."""
        spans = [span for birth in self.birth_dates if (span := birth.years)]
        if not spans:
            return None
        return min(low for low, _ in spans), max(high for _, high in spans)

    @property
    def birth_days(self) -> frozenset[int]:
        """Return the whole dates of birth as numbers YYYYMMDD, the same for index and query.

        Not those that are rough, and not 1 January, which often stands for an unknown day.
        """
        return frozenset(
            10_000 * born.year + 100 * born.month + born.day
            for born in self.birth_dates
            if born.year and born.month and born.day and not born.approximate
            if (born.month, born.day) != (1, 1)
        )


def features_of(record: Record, *, with_names: bool = True) -> Features:
    """Return what matching uses of a record; the same for a listed record and for a query.

    Names cost most, and the index already has those of a listed record: leave them out there.
    """
    stated = {name: of(record) for name, of in _BESIDE_NAMES.items()}
    names = names_of(record) if with_names else ()
    return Features(kind=kind_of(record.schema), names=names, **stated)


def speaks_beside_names(features: Features) -> bool:
    """Return whether more is known than names."""
    return any(getattr(features, name) for name in _BESIDE_NAMES)


def features_beside(query: Features, record: Record) -> Features:
    """Return what a listed record says of the same things as a query, names aside."""
    stated = {name: of(record) for name, of in _BESIDE_NAMES.items() if getattr(query, name)}
    return Features(kind=kind_of(record.schema), **stated)


def names_of(record: Record) -> tuple[Name, ...]:
    """Return the names of a record, each once, strong ones first."""
    texts = [(text, Quality.STRONG) for text in record.values(*_STRONG_NAMES)]
    if not texts and (whole := " ".join(record.values(*_NAME_PARTS))):
        texts = [(whole, Quality.STRONG)]
    texts += [(text, Quality.WEAK) for text in record.values(*_WEAK_NAMES)]
    kind = kind_of(record.schema)
    names: dict[tuple[str, ...], Name] = {}
    patronymics = _patronymics(record)
    for text, quality in texts:
        for one in _SEVERAL_NAMES.split(text):
            for name in _readings(one, quality, kind, patronymics):
                same = tuple(sorted(name.parts))  # "Last, First" is the same name as "First Last"
                if same:
                    names.setdefault(same, name)
    for name in [own for own in names.values() if own.of_organisation]:
        for letters in read(name.text).initials:
            initials = replace(name, parts=(letters,), quality=Quality.INITIALS)
            names.setdefault(initials.parts, initials)
    return tuple(names.values())


def _patronymics(record: Record) -> tuple[str, ...]:
    """Return the names after the father (-ovich) that a record states apart from its name."""
    if _FATHER not in record.properties:
        return ()
    stated = (name_parts(text) for text in record.values(_FATHER))
    return tuple(part for parts in stated for part in parts if OF_FATHER.search(part))


def _readings(
    text: str, quality: Quality, kind: Kind, patronymics: tuple[str, ...] = ()
) -> Iterator[Name]:
    """Yield a name, and again with other parts where it may be read otherwise.

    A patronymic belongs to every name of a person that has none.
    """
    whole = text.rstrip(TRUNCATED_MARK)
    of_organisation = is_organisation(whole, kind)
    for parts in [read(whole).parts] if of_organisation else name_readings(whole):
        is_whole = of_organisation or not patronymics or any(map(OF_FATHER.search, parts))
        yield Name(
            text=text,
            parts=parts if is_whole else (*parts, *patronymics)[:MAX_PARTS],
            quality=quality,
            truncated=text.endswith(TRUNCATED_MARK),
            of_organisation=of_organisation,
        )


def is_searchable(record: Record) -> bool:
    """Return whether anything could be found by a record: a name or a number of some length."""
    names = record.values(*_STRONG_NAMES, *_WEAK_NAMES, *_NAME_PARTS)
    return any(map(is_readable, names)) or any(map(is_whole, identifiers_of(record)))


def is_readable(name: str) -> bool:
    """Return whether a name holds a letter or a digit."""
    return any(map(str.isalnum, name))


def is_whole(document: Document) -> bool:
    """Return whether a document's number is long enough to be looked up."""
    return number_key(document.number) is not None


def _given_names(record: Record) -> tuple[str, ...]:
    return record.values("firstName", "secondName", "middleName")


def _family_names(record: Record) -> tuple[str, ...]:
    return record.values("lastName")


def _birth_dates(record: Record) -> tuple[PartialDate, ...]:
    return tuple(date for text in record.values("birthDate") for date in dates_of(text))


def _birth_places(record: Record) -> tuple[str, ...]:
    return record.values("birthPlace")[:MAX_PLACES]


def _sexes(record: Record) -> frozenset[str]:
    return frozenset(s for text in record.values("gender") if (s := sex(text)))


def _countries(record: Record) -> tuple[str, ...]:
    known = (c for text in record.values(*_COUNTRIES) if (c := _country(text)))
    return tuple(dict.fromkeys(known))


_BESIDE_NAMES: Final[dict[str, Callable[[Record], Any]]] = {
    "given_names": _given_names,
    "family_names": _family_names,
    "birth_dates": _birth_dates,
    "birth_places": _birth_places,
    "sexes": _sexes,
    "countries": _countries,
    "documents": identifiers_of,
}


@lru_cache(maxsize=16_384)
def dates_of(text: str) -> tuple[PartialDate, ...]:
    """Return what a date may mean: nothing, one date, or two where it does not say its calendar.

    A year of 1250 .. 1450 without a mark is of the Solar or of the Islamic calendar; which, only the
    other side's date can tell.
    """
    date = parse_date(text)
    if date is None:
        return ()
    if date.calendar not in _UNSURE:
        return (date,)
    readings = [d for mark in _MARKS if (d := parse_date(f"{text} {mark}"))]
    by_calendar = {d.calendar: d.with_raw(text) for d in readings}
    return tuple(by_calendar.values()) if len(by_calendar) > 1 else (date,)


@lru_cache(maxsize=2_048)
def _country(text: str) -> str | None:
    return country(text)
