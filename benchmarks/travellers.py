"""Generated people as lists state them and as papers show them: what the weights are learned from.

Attested pairs are whole names; the papers of travellers and the lists are not. So people are drawn
by name frequency from public tables, each twice described: once by a list, once by a paper, with
what befalls names and dates on the way (`benchmarks.mishaps`). The same seed gives the same people.
Strangers come from the same tables, so that they have namesakes on the list as often as people do.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from benchmarks import mishaps
from benchmarks.material import script, shared, table
from didban.match.features import TRUNCATED_MARK
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

_LISTED: Final = {
    "in the script of home": 0.25,
    "a part left out": 0.25,
    "alias": 0.4,
    "weak alias": 0.05,
    "birth date": 0.85,
    "nationality": 0.75,
    "sex": 0.6,
}
"""Shares of listed people of whom the list knows this."""
_SHOWN: Final = {
    "in the script of home": 0.4,
    "last name first": 0.3,
    "birth date": 0.95,
    "nationality": 0.9,
    "another nationality": 0.08,
    "sex": 0.9,
    "mistaken sex": 0.015,
}
"""The same of papers and questions."""
_SCRIPTS: Final = {"Arabic": 0.45, "Latin": 0.27, "Cyrillic": 0.22, "Hebrew": 0.06}
_TAIL: Final = 0.5
"""Share of family names drawn from the tokens of known people, where a country tells few names."""
_SURNAME_ENDINGS: Final = (
    "ов",
    "ев",
    "ин",
    "ый",
    "ий",
    "ова",
    "ева",
    "ина",
    "ая",
    "ко",
    "ук",
    "ич",
    "ян",
)
_OTHERS: Final = ("tr", "de", "gb", "ae", "ru", "us", "se", "ca")
"""Further nationalities that people have."""
_NEW_YEAR: Final = 0.06
"""Share of people of whom the registers themselves know the year alone, and write 1 January."""
_AGES: Final = 12 * 365
"""Days within which brothers and sisters are born."""


@dataclass(frozen=True, slots=True)
class Part:
    """A name part at home, and its spellings in Latin letters with how often each is used."""

    native: str
    spellings: tuple[str, ...]
    sums: tuple[float, ...]

    def spelled(self, source: random.Random, *, is_native: bool) -> str:
        """Return the part as somebody writes it: one of its spellings, by frequency."""
        return (
            self.native if is_native else source.choices(self.spellings, cum_weights=self.sums)[0]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person and the facts that nobody states in full."""

    number: int
    parts: tuple[Part, ...]
    born: date
    country: str
    sex: str

    @property
    def script(self) -> str:
        """The script of the name at home."""
        return script(self.parts[-1].native) or "Latin"


# -- people ----------------------------------------------------------------------------------------


class _Names:
    """The name parts of one country: by role, with weights."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {"given": Counter(), "surname": Counter()}
        self.spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.tail: tuple[list[str], list[float]] = ([], [])
        self._drawn: dict[str, tuple[list[str], list[float]]] = {}

    def add(self, role: str, native: str, latin: str, count: float) -> None:
        self.counts[role][native] += count  # type: ignore[assignment]  # counts may be shares
        self.spellings[native][latin] += count  # type: ignore[assignment]

    @property
    def is_whole(self) -> bool:
        return all(self.counts.values())

    @property
    def script(self) -> str:
        """The script of most of its family names."""
        return Counter(script(name) or "" for name in self.counts["surname"]).most_common(1)[0][0]

    def draw(self, role: str, source: random.Random) -> Part:
        if role == "surname" and self.tail[0] and source.random() < _TAIL:
            names, sums = self.tail
        else:
            if role not in self._drawn:
                own = self.counts[role]
                self._drawn[role] = (list(own), list(accumulate(own.values())))
            names, sums = self._drawn[role]
        native = source.choices(names, cum_weights=sums)[0]
        known = self.spellings[native] or Counter({native: 1})
        return Part(native, tuple(known), tuple(accumulate(known.values())))


def _tables() -> dict[str, _Names]:
    """Return the name tables of all countries that have both roles."""
    found: defaultdict[str, _Names] = defaultdict(_Names)
    for row in table("names/arabic_script_name_units.tsv.gz", separator="\t"):
        if row["role"] in {"given", "surname"}:
            found[row["country"]].add(
                row["role"], row["arabic_key"], row["latin"], int(row["count"])
            )
    arabic = set(found)
    for file, role in (("forenames", "given"), ("surnames", "surname")):
        for row in table(f"names/common-{file}-by-country.csv", separator=","):
            native, latin = row["Localized Name"] or row["Romanized Name"], row["Romanized Name"]
            if row["Country"] not in arabic and latin and script(native) in _KNOWN_IN:
                rank = max(1, int(row.get("Rank") or row["Index"] or 1))
                found[row["Country"]].add(role, native, latin, 1 / rank**0.5)
    whole = {code: names for code, names in sorted(found.items()) if names.is_whole}
    _add_tails([names for code, names in whole.items() if code not in arabic])
    return whole


_KNOWN_IN: Final = {"Cyrillic": "russian", "Hebrew": "hebrew", "Latin": ""}


def _add_tails(tables: list[_Names]) -> None:
    """Add family names, and spellings, from the tokens of known people (the train slices)."""
    tokens = {kind: _tokens(language) for kind, language in _KNOWN_IN.items() if language}
    latin = Counter(one for one, other, _ in tokens["Cyrillic"] if one.isascii())
    for names in tables:
        kind = names.script
        if kind == "Latin":
            names.tail = (list(latin), list(accumulate(latin.values())))
            continue
        weights: Counter[str] = Counter()
        for one, native, count in tokens[kind]:
            names.spellings[native][one] += count
            if kind == "Hebrew" or native.endswith(_SURNAME_ENDINGS):
                weights[native] += count
        names.tail = (list(weights), list(accumulate(weights.values())))


def _tokens(language: str) -> list[tuple[str, str, int]]:
    with gzip.open(shared(f"names/wd_{language}_64.tsv.gz"), "rt", encoding="utf-8") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(latin, native.replace(" ", ""), int(count)) for latin, native, count in rows]


def people(size: int, *, seed: int) -> Iterator[Person]:
    """Yield that many people, of scripts by `_SCRIPTS` and of a script's countries alike."""
    source = random.Random(seed)
    tables = _tables()
    by_script: defaultdict[str, list[str]] = defaultdict(list)
    for code, names in tables.items():
        by_script[names.script].append(code)
    for number in range(size):
        kind = source.choices(list(_SCRIPTS), list(_SCRIPTS.values()))[0]
        code = source.choice(by_script[kind])
        roles = ["given"] * source.choice((1, 1, 1, 2, 2, 2, 3)) + ["surname"]
        yield Person(
            number=number,
            parts=tuple(tables[code].draw(role, source) for role in roles),
            born=_born(source),
            country=code.lower(),
            sex=source.choice(("male", "male", "female")),
        )


def _born(source: random.Random) -> date:
    born = mishaps.FIRST_BIRTH + timedelta(days=source.randrange(mishaps.BIRTH_DAYS))
    return born.replace(month=1, day=1) if source.random() < _NEW_YEAR else born


def relative(of: Person, instead: Person) -> Person:
    """Return a brother or a sister of one person, with the given name and the number of another."""
    born = of.born + timedelta(days=instead.born.toordinal() % (2 * _AGES) - _AGES)
    return replace(instead, parts=(instead.parts[0], *of.parts[1:]), born=born, country=of.country)


# -- the two descriptions --------------------------------------------------------------------------


def listed(person: Person, source: random.Random) -> Record:
    """Return the person as a list states it: often in Latin letters, sometimes in both scripts."""

    def is_so(what: str) -> bool:
        return source.random() < _LISTED[what]

    is_native = is_so("in the script of home")
    words = _spelled(person, source, is_native=is_native)
    if is_so("a part left out"):
        words = mishaps.one_less(words, source)
    facts = {"name": " ".join(words)}
    if is_so("alias"):
        facts["alias"] = " ".join(_spelled(person, source, is_native=not is_native))
    if is_so("weak alias"):
        facts["weakAlias"] = words[0]
    if is_so("birth date"):
        facts["birthDate"] = mishaps.chosen(mishaps.LISTED_DATES, source)(person.born, source)
    if is_so("nationality"):
        facts["nationality"] = person.country
    if is_so("sex"):
        facts["gender"] = person.sex
    return _record(f"person-{person.number}", facts)


def shown(person: Person, source: random.Random, *, by_name_alone: bool = False) -> Record:
    """Return the person as a paper or an officer's question has them."""

    def is_so(what: str) -> bool:
        return source.random() < _SHOWN[what]

    words = _spelled(person, source, is_native=is_so("in the script of home"))
    words = mishaps.chosen(mishaps.NAMES, source)(words, source)
    if is_so("last name first") and not words[-1].endswith(TRUNCATED_MARK):
        words = [words[-1], *words[:-1]]
    facts = {"name": " ".join(words)}
    if not by_name_alone and is_so("birth date"):
        facts["birthDate"] = mishaps.chosen(mishaps.SHOWN_DATES, source)(person.born, source)
    if not by_name_alone and is_so("nationality"):
        other = is_so("another nationality")
        facts["nationality"] = source.choice(_OTHERS) if other else person.country
    if not by_name_alone and is_so("sex"):
        facts["gender"] = "female" if is_so("mistaken sex") else person.sex
    return _record(f"shown-{person.number}", facts)


def _spelled(person: Person, source: random.Random, *, is_native: bool) -> list[str]:
    parts = (part.spelled(source, is_native=is_native) for part in person.parts)
    return [word for part in parts for word in part.split()]


def _record(number: str, facts: dict[str, str]) -> Record:
    properties = {name: (value,) for name, value in facts.items()}
    return Record(id=number, schema="Person", properties=properties, datasets=("generated",))
