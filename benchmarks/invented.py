"""Invented lists of any size, and queries of which it is known whom they must find.

Names are drawn by frequency from the public tables of the shared data where they are present, and
from the small tables below where they are not; a tail of family names is made of syllables that
have a spelling in each script, so that the vocabulary grows with the list as a real one does. The
same seed gives the same list, to the byte.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from benchmarks.material import MaterialMissing, script, table
from didban.model.documents import Document
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KINDS = ("exact", "reordered", "one typo", "two typos", "other script", "initial", "part dropped")
"""What befalls a listed name before it is asked for."""
PASSENGER = "passenger"
"""The kind of a query that asks for somebody who is on no list."""

_SCRIPT_SHARES = {"Latin": 45, "Arabic": 35, "Cyrillic": 20}
_COUNTRIES = {
    "Latin": ("de", "fr", "es", "gb", "us", "br", "ng", "id"),
    "Arabic": ("ir", "iq", "eg", "pk", "af", "dz", "sy", "sa"),
    "Cyrillic": ("ru", "ua", "bg", "kz", "rs", "by"),
}
_SMALL_GIVEN = {
    "Latin": "Maria Johann Luis Anna Peter Sofia Thomas Elena Karl Lucia Marco Julia Daniel Ines",
    "Arabic": "Mohammad:محمد Ali:علی Hassan:حسن Hossein:حسین Fatima:فاطمه Reza:رضا Omar:عمر "
    "Khalid:خالد Maryam:مریم Karim:کریم Yusuf:یوسف Zahra:زهرا Said:سعید Jamal:جمال",
    "Cyrillic": "Ivan:Иван Olga:Ольга Sergei:Сергей Natalia:Наталья Dmitri:Дмитрий Anna:Анна "
    "Pavel:Павел Yuri:Юрий Elena:Елена Andrei:Андрей Marina:Марина Boris:Борис",
}
_SMALL_FAMILY = {
    "Latin": "Schmidt Garcia Martin Rossi Silva Smith Novak Jensen Costa Weber Moreau Keller",
    "Arabic": "Hosseini:حسینی Ahmadi:احمدی Karimi:کریمی Najjar:نجار Haddad:حداد Rahimi:رحیمی "
    "Sharif:شریف Mansour:منصور Hamdan:حمدان Qasemi:قاسمی Jafari:جعفری Salem:سالم",
    "Cyrillic": "Ivanov:Иванов Petrov:Петров Orlov:Орлов Volkov:Волков Sokolov:Соколов "
    "Kozlov:Козлов Popov:Попов Morozov:Морозов Zaitsev:Зайцев Titov:Титов",
}
_SYLLABLES = {
    "Latin": "bar den fol gran hol kes lin mor nad pel rus sten tor vel wick zan",
    "Arabic": "bar:بر dan:دان far:فر gol:گل ham:هم jav:جو kar:کار laj:لج mad:مد nas:نس "
    "rav:رو sab:سب tal:تل zar:زر shir:شیر qas:قس",
    "Cyrillic": "bar:бар den:ден gor:гор zel:зел kov:ков lub:луб mir:мир nad:над pol:пол "
    "rog:рог sol:сол tur:тур var:вар chern:черн shub:шуб khol:хол",
}
_ENDINGS = {
    "Latin": "er mann sen ez ard i a ton",
    "Arabic": "i:ی an:ان zade:زاده pour:پور nia:نیا",
    "Cyrillic": "ov:ов in:ин sky:ский enko:енко ko:ко ich:ич",
}
_TAIL_SHARE = 0.4
"""Share of persons whose family name comes from the made tail."""
_WHOLE = 3
"""Parts of a name from which one may be shortened or dropped."""
_ZIPF = 1.0
"""Exponent by which a table that has ranks only is drawn."""
_FIRST_BIRTH, _BIRTH_DAYS = date(1940, 1, 1), 24_000


@dataclass(frozen=True, slots=True)
class Spelling:
    """One name part as written at home, and in Latin letters."""

    native: str
    latin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An invented person: the parts of the name, given names first, and the facts."""

    number: int
    script: str
    parts: tuple[Spelling, ...]
    born: date
    country: str
    document: str | None
    is_native: bool
    has_alias: bool

    def name(self, *, is_native: bool) -> str:
        """Return the name in one script."""
        return " ".join(part.native if is_native else part.latin for part in self.parts)

    def record(self, source: random.Random) -> Record:
        """Return the person as a list states it: dates of mixed precision, at times an alias."""
        properties = {
            "name": (self.name(is_native=self.is_native),),
            "nationality": (self.country,),
        }
        if self.has_alias and self.script != "Latin":
            properties["alias"] = (self.name(is_native=not self.is_native),)
        if _chance(source, 0.9):
            is_whole = _chance(source, 0.8)
            properties["birthDate"] = (self.born.isoformat() if is_whole else str(self.born.year),)
        documents: tuple[Document, ...] = ()
        if self.document:
            documents = (Document(number=self.document, issuer=self.country, type="P"),)
        return Record(
            id=f"invented-{self.number}",
            schema="Person",
            properties=properties,
            documents=documents,
            datasets=("invented",),
            caption=properties["name"][0],
        )


@dataclass(frozen=True, slots=True)
class Task:
    """A query, the id it must find (None: an ordinary passenger, on no list), and its kind."""

    query: Record
    target: str | None
    kind: str


class Names:
    """Given and family names of one script with the weights to draw them by."""

    def __init__(self, text: str) -> None:
        self.script = text
        self._tables: dict[str, dict[Spelling, float]] = {"given": {}, "family": {}}
        self._drawn: dict[str, tuple[list[Spelling], list[float]]] = {}
        self._syllables = _spellings(_SYLLABLES[text])
        self._endings = _spellings(_ENDINGS[text])

    def add(self, role: str, spelling: Spelling, weight: float) -> None:
        """Take in one name; repeated ones add up."""
        names = self._tables[role]
        names[spelling] = names.get(spelling, 0.0) + weight

    def fill(self) -> None:
        """Fill a role that no shared table has filled from the small tables."""
        for role, small in (("given", _SMALL_GIVEN), ("family", _SMALL_FAMILY)):
            if not self._tables[role]:
                for rank, spelling in enumerate(_spellings(small[self.script]), 1):
                    self.add(role, spelling, 1 / rank**_ZIPF)

    def draw(self, role: str, source: random.Random) -> Spelling:
        """Draw a name by frequency; family names now and then from the tail."""
        if role == "family" and _chance(source, _TAIL_SHARE):
            count = 2 if _chance(source, 0.5) else 3
            made = [source.choice(self._syllables) for _ in range(count)]
            made.append(source.choice(self._endings))
            latin = "".join(s.latin for s in made).capitalize()
            native = "".join(s.native for s in made)
            return Spelling(native if self.script == "Arabic" else native.capitalize(), latin)
        if role not in self._drawn:
            names = self._tables[role]
            self._drawn[role] = (list(names), list(accumulate(names.values())))
        spellings, sums = self._drawn[role]
        return source.choices(spellings, cum_weights=sums)[0]


def _spellings(words: str) -> list[Spelling]:
    """Read `latin:native` words; a word without a colon is the same in both."""
    parted = (word.partition(":") for word in words.split())
    return [Spelling(native if colon else latin, latin) for latin, colon, native in parted]


def names() -> dict[str, Names]:
    """Return the name tables by script, from the shared data as far as they are present."""
    found = {text: Names(text) for text in _SCRIPT_SHARES}
    for read in (_read_units, _read_common):
        try:
            for text, role, spelling, weight in read():
                if text in found:
                    found[text].add(role, spelling, weight)
        except MaterialMissing:
            continue
    for each in found.values():
        each.fill()
    return found


def _read_units() -> Iterator[tuple[str, str, Spelling, float]]:
    roles = {"given": "given", "surname": "family"}
    for row in table("names/arabic_script_name_units.tsv.gz", separator="\t"):
        if role := roles.get(row["role"]):
            yield "Arabic", role, Spelling(row["arabic_key"], row["latin"]), float(row["count"])


def _read_common() -> Iterator[tuple[str, str, Spelling, float]]:
    for file, role in (("forenames", "given"), ("surnames", "family")):
        for row in table(f"names/common-{file}-by-country.csv", separator=","):
            native, latin = row["Localized Name"], row["Romanized Name"]
            text = script(native)
            if text in {"Latin", "Cyrillic"} and latin:
                rank = max(int(row["Index"] or 1), 1)
                yield text, role, Spelling(native, latin), 1 / rank**_ZIPF


def people(size: int, *, seed: int = 1) -> Iterator[Person]:
    """Yield that many invented persons."""
    source = random.Random(seed)
    tables = names()
    shares = list(_SCRIPT_SHARES.values())
    for number in range(size):
        text = source.choices(list(_SCRIPT_SHARES), weights=shares)[0]
        given = 2 if _chance(source, 0.5) else 1
        parts = [tables[text].draw("given", source) for _ in range(given)]
        parts.append(tables[text].draw("family", source))
        yield Person(
            number=number,
            script=text,
            parts=tuple(parts),
            born=_FIRST_BIRTH + timedelta(days=source.randrange(_BIRTH_DAYS)),
            country=source.choice(_COUNTRIES[text]),
            document=_document(source) if _chance(source, 0.5) else None,
            is_native=_chance(source, 0.5),
            has_alias=_chance(source, 0.3),
        )


def listed(size: int, *, seed: int = 1) -> Iterator[Record]:
    """Yield the list: one record for each of `people(size, seed=seed)`."""
    source = random.Random(f"records {seed}")
    for person in people(size, seed=seed):
        yield person.record(source)


def tasks(size: int, each: int, *, passengers: int, seed: int = 1) -> list[Task]:
    """Return `each` queries of every kind over the list, and that many ordinary passengers.

    - A query holds the name alone: what is known beside it is the caller's to add or leave out.
    - Persons are walked once in random order; each serves the first kind that fits it and wants it.
    """
    source = random.Random(f"tasks {seed}")
    order = source.sample(range(size), min(size, each * len(KINDS) * 8))
    chosen = set(order)
    known = {p.number: p for p in people(size, seed=seed) if p.number in chosen}
    wanted = dict.fromkeys(KINDS, each)
    made: list[Task] = []
    for number in order:
        person = known[number]
        fitting = [kind for kind in KINDS if wanted[kind] and _fits(kind, person)]
        if fitting:
            kind = max(fitting, key=lambda k: (wanted[k], k))
            wanted[kind] -= 1
            text = _damaged(kind, person, source)
            made.append(Task(_asked(person, text), f"invented-{person.number}", kind))
    for person in people(passengers, seed=seed + 1_000_003):
        name = person.name(is_native=person.is_native)
        made.append(Task(_asked(person, name), None, PASSENGER))
    return made


def without_facts(task: Task) -> Task:
    """Return the task with the name alone."""
    bare = {"name": task.query.properties["name"]}
    return replace(task, query=replace(task.query, properties=bare))


def _asked(person: Person, text: str) -> Record:
    facts = {
        "name": (text,),
        "birthDate": (person.born.isoformat(),),
        "nationality": (person.country,),
    }
    return Record(id=f"query-{person.number}", schema="Person", properties=facts)


def _fits(kind: str, person: Person) -> bool:
    if kind == "other script":
        return person.script != "Latin" and not person.has_alias
    return kind not in {"initial", "part dropped"} or len(person.parts) == _WHOLE


def _damaged(kind: str, person: Person, source: random.Random) -> str:
    """Return the listed name as this kind of query has it."""
    words = [part.native if person.is_native else part.latin for part in person.parts]
    changes: dict[str, Callable[[], str]] = {
        "exact": lambda: " ".join(words),
        "reordered": lambda: " ".join([words[-1], *words[:-1]]),
        "one typo": lambda: _typo(" ".join(words), source),
        "two typos": lambda: _typo(_typo(" ".join(words), source), source),
        "other script": lambda: person.name(is_native=not person.is_native),
        "initial": lambda: " ".join([words[0], words[1][0], *words[2:]]),
        "part dropped": lambda: " ".join([words[0], *words[2:]]),
    }
    return changes[kind]()


def _typo(text: str, source: random.Random) -> str:
    """Return a text with one letter dropped, doubled, swapped with the next, or replaced."""
    places = [n for n in range(1, len(text) - 1) if text[n].isalpha() and text[n + 1].isalpha()]
    if not places:
        return text
    at = source.choice(places)
    letter, after = text[at], text[at + 1]
    other = source.choice([c for c in text if c.isalpha()]).lower()
    new = source.choice((after, letter + letter + after, after + letter, other + after))
    return text[:at] + new + text[at + 2 :]


def _chance(source: random.Random, share: float) -> bool:
    return source.random() < share


def _document(source: random.Random) -> str:
    letters = "".join(source.choices("ABCDEFGHJKLMNPRTUVWXYZ", k=source.choice((0, 1, 2))))
    return letters + "".join(source.choices("0123456789", k=9 - len(letters)))
