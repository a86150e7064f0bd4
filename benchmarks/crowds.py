"""The two crowds that must not alarm, and the share of them that does.

- *Ordinary people*: the synthetic persons of the world in `benchmark/*.csv.gz`.
- *Namesakes*: people of the list's own naming cultures, drawn by frequency: one or two given names
  and a family name of one country, in Latin or in Arabic script, with a random birth date.

Both are asked twice: with everything that a passport shows, and by name alone. A recall figure
without these figures at the same threshold says nothing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from benchmarks.material import table
from didban.model.countries import country
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from didban.match.modes import Mode
    from didban.match.snapshot import Snapshot

_ORDINARY_FILES = ("screen_negatives_global_dev.csv.gz", "screen_negatives_us_dev.csv.gz")
MEASURED, TRAINING = 0, 1
"""Every second ordinary person is measured on, every other one may be learned from."""
_UNITS = "names/arabic_script_name_units.tsv.gz"
_TWO_GIVEN_NAMES, _IN_ARABIC_SCRIPT = 0.5, 0.5
"""Shares of namesakes with a second given name (a father's, as in passports), and in that script."""
_FIRST_BIRTH, _LAST_BIRTH = date(1945, 1, 1), date(2005, 12, 31)


@dataclass(frozen=True, slots=True)
class NamePart:
    """A name part in both scripts."""

    arabic: str
    latin: str


class Culture:
    """The name parts of one country with their frequencies."""

    def __init__(self) -> None:
        self._parts: dict[str, list[NamePart]] = {"given": [], "surname": []}
        self._counts: dict[str, list[int]] = {"given": [], "surname": []}
        self._sums: dict[str, list[int]] = {}

    def add(self, role: str, part: NamePart, count: int) -> None:
        """Take in one part; roles other than `given` and `surname` are left out."""
        if role in self._parts:
            self._parts[role].append(part)
            self._counts[role].append(count)

    def parts(self, role: str) -> Iterator[tuple[NamePart, int]]:
        """Yield the parts of a role with their counts."""
        yield from zip(self._parts[role], self._counts[role], strict=True)

    @property
    def weight(self) -> int:
        """How many persons stand behind the table: countries are drawn by it."""
        return min(sum(self._counts["given"]), sum(self._counts["surname"]))

    def draw(self, role: str, source: random.Random) -> NamePart:
        """Draw a part of this role by frequency."""
        if role not in self._sums:
            self._sums[role] = list(accumulate(self._counts[role]))
        return source.choices(self._parts[role], cum_weights=self._sums[role])[0]


def cultures() -> dict[str, Culture]:
    """Return the name tables by country code, without countries that lack one of the two roles."""
    found: dict[str, Culture] = {}
    for row in table(_UNITS, separator="\t"):
        part = NamePart(row["arabic_key"], row["latin"])
        found.setdefault(row["country"], Culture()).add(row["role"], part, int(row["count"]))
    return {code: culture for code, culture in sorted(found.items()) if culture.weight}


def namesakes(size: int, *, seed: int = 1) -> list[Record]:
    """Return that many namesakes, half of them in each script, each with a birth date."""
    source = random.Random(seed)
    tables = cultures()
    weights = [culture.weight for culture in tables.values()]
    drawn = source.choices(list(tables), weights=weights, k=size)
    return [_namesake(n, code, tables[code], source) for n, code in enumerate(drawn)]


def _namesake(number: int, code: str, culture: Culture, source: random.Random) -> Record:
    given = 2 if source.random() < _TWO_GIVEN_NAMES else 1
    parts = [culture.draw("given", source) for _ in range(given)]
    parts.append(culture.draw("surname", source))
    is_arabic = source.random() < _IN_ARABIC_SCRIPT
    name = " ".join(part.arabic if is_arabic else part.latin for part in parts)
    days = source.randrange((_LAST_BIRTH - _FIRST_BIRTH).days)
    born = _FIRST_BIRTH + timedelta(days=days)
    facts = {"name": (name,), "birthDate": (born.isoformat(),), "nationality": (code.lower(),)}
    return Record(id=f"namesake-{number}", schema="Person", properties=facts, caption=name)


def ordinary(size: int, *, seed: int = 1, part: int = MEASURED) -> list[Record]:
    """Return a random sample of one half of the ordinary people of the world."""
    rows = chain.from_iterable(
        table(f"benchmark/{name}", separator=",") for name in _ORDINARY_FILES
    )
    everyone = list(rows)[part::2]
    chosen = random.Random(seed).sample(everyone, min(size, len(everyone)))
    return [_ordinary(number, row) for number, row in enumerate(chosen)]


def _ordinary(number: int, row: Mapping[str, str]) -> Record:
    facts = {
        "name": row["full_name"],
        "birthDate": row["date_of_birth"],
        "nationality": country(row["nationality"]),
        "gender": row["gender"],
    }
    properties = {name: (value,) for name, value in facts.items() if value}
    name = row["full_name"]
    return Record(id=f"ordinary-{number}", schema="Person", properties=properties, caption=name)


def by_name_alone(crowd: Iterable[Record]) -> list[Record]:
    """Return the same people with nothing but their names."""
    return [replace(r, properties={"name": r.properties["name"]}) for r in crowd]


def crowds(size: int, *, seed: int = 1) -> dict[str, list[Record]]:
    """Return both crowds, each with all facts and by name alone, under their table headings."""
    people, doubles = ordinary(size, seed=seed), namesakes(size, seed=seed)
    return {
        "ordinary": people,
        "ordinary, name only": by_name_alone(people),
        "namesakes": doubles,
        "namesakes, name only": by_name_alone(doubles),
    }


def alarms(snapshot: Snapshot, crowd: Sequence[Record], mode: Mode) -> list[tuple[Record, str]]:
    """Return who of the crowd has a match at the mode's threshold, with the best match's id."""
    from didban.match.query import query_from_record

    raised = []
    for person in crowd:
        matches = snapshot.match(query_from_record(person), limit=1, mode=mode)
        if matches and matches[0].match:
            raised.append((person, matches[0].id))
    return raised
