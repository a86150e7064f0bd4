"""The opened text of a snapshot: what a search finds in it, counted; who points at a record.

One file for each segment; what has been withdrawn from a segment since is left out. Safe for several
threads, one at a time.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from didban.errors import InvalidInput
from didban.screening.texts.asking import MAX_SPELLINGS, MAX_WORDS, Condition, ask, has_value
from didban.screening.texts.fields import COUNTED, PREFIX, SEPARATOR, is_found_whole, whole, words
from didban.screening.texts.lucene import Everything

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from didban.match.index.layers import Layer
    from didban.model.records import Record
    from didban.screening.texts.lucene import Tree

MAX_SECONDS: Final = 5.0
"""A search that takes longer is given up."""

_STEPS: Final = 100_000  # of SQLite's machine, between looks at the clock
_MAP_BYTES: Final = 1 << 33
_HITS: Final = "hit cross join record on record.number = hit.number"
"""The hits first, whatever SQLite thinks: it knows how many records there are, not how many hits."""

_FACETS: Final = {**{name: name for name in COUNTED}, "schema": "schema"}
_COLUMNS: Final = {
    "id": "record.id",
    "_id": "record.id",
    "entity_id": "record.id",
    "schema": "record.schema",
    "caption": "record.caption",
    "first_seen": "record.first_seen",
    "last_seen": "record.last_seen",
    "last_change": "record.last_change",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a result must be besides being found. Empty fields do not filter; `schemata` None: any.

    - `values`: field -> values, one of which (with `all_values`: all of which) it must have.
    """

    schemata: frozenset[str] | None = None
    without_schemata: frozenset[str] = frozenset()
    datasets: frozenset[str] | None = None
    values: Mapping[str, Sequence[str]] | None = None
    all_values: bool = False
    is_target: bool | None = None
    changed_since: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A search. `sorts`: field and whether it falls; what has no value comes last."""

    tree: Tree
    filters: Filters
    sorts: Sequence[tuple[str, bool]] = ()
    facets: Sequence[str] = ()
    limit: int = 10
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found: a page of records, how many there are, and facet -> value -> count."""

    records: tuple[Record, ...]
    total: int
    facets: Mapping[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class _Row:
    """One result before its record is read: its keys in the order of sorting, where it is."""

    keys: tuple[Any, ...]
    part: Part
    number: int


class Texts:
    """The files of a snapshot's segments, asked as one. `schemata`: those of which there are records."""

    def __init__(self, files: Iterable[tuple[Path, Layer]]) -> None:
        """Open them. Raises sqlite3.Error for one that is damaged."""
        self._parts = [Part(path, layer) for path, layer in files]
        self.schemata = frozenset(name for part in self._parts for name in part.schemata())

    def search(self, wanted: Wanted) -> Found:
        """Return what is found. Raises InvalidInput, also for a search that takes too long."""
        until = time.monotonic() + MAX_SECONDS
        rows: list[_Row] = []
        total = 0
        facets: dict[str, Counter[str]] = {name: Counter() for name in wanted.facets}
        for part in self._parts:
            with part.searching(wanted, until) as asked:
                total += asked.total()
                rows += asked.rows()
                for name, counts in facets.items():
                    counts.update(asked.counted(name))
        page = _sorted(rows, wanted)[wanted.offset : wanted.offset + wanted.limit]
        records = tuple(row.part.layer.record(row.number) for row in page)
        return Found(records=records, total=total, facets=facets)

    def pointing_at(self, record_id: str, names: Iterable[str] | None = None) -> list[Record]:
        """Return the records that are tied to this one by these properties, or by any, as listed."""
        return [
            part.layer.record(number)
            for part in self._parts
            for number in part.pointing_at(record_id, names)
        ]

    def as_listed(self, records: Iterable[Record]) -> list[Record]:
        """Return records in the order in which their lists have them, each once."""
        known = {record.id: record for record in records}
        places = {
            record_id: (at, number)
            for at, part in enumerate(self._parts)
            for record_id in known
            if (number := part.place(record_id)) is not None
        }
        return [known[key] for key in sorted(places, key=lambda key: places[key])]

    def close(self) -> None:
        """Close the files."""
        for part in self._parts:
            part.close()


class Part:
    """One segment's text."""

    def __init__(self, path: Path, layer: Layer) -> None:
        self.layer = layer
        address = f"file:{quote(str(path))}?mode=ro&immutable=1"
        self.file = sqlite3.connect(
            address, uri=True, check_same_thread=False, isolation_level=None
        )
        self.file.execute(f"pragma mmap_size = {_MAP_BYTES}")
        self.file.execute("pragma temp_store = memory")
        self.file.create_function("says", 3, self._says)
        self._fields = dict(self.file.execute("select name, number from field"))
        self.file.execute("create temp table gone (number integer primary key)")
        self.file.executemany(
            "insert into gone values (?)", [(number,) for number in layer.withdrawn]
        )
        self.file.execute("create temp table hit (number integer primary key, rank real)")
        self._words = lru_cache(maxsize=64)(self._of_length)

    def field(self, name: str) -> int:
        """Return the number of a field; one that nobody has gets a number of nobody."""
        number: int = self._fields.get(name, -1)
        return number

    def like(self, pattern: str) -> list[str]:
        """Return words that fit a pattern of `*` and `?`."""
        found = self.file.execute(
            "select word from term where word glob ? limit ?", (pattern, MAX_SPELLINGS)
        )
        return [word for (word,) in found]

    def near(self, word: str, reach: int) -> Iterator[str]:
        """Yield words of which not more than `reach` letters can differ, judged by their kinds."""
        letters, length = _letters(word), len(word)
        for other in range(max(1, length - reach), length + reach + 1):
            for known, theirs in self._words(other):
                if (letters & ~theirs).bit_count() <= reach >= (theirs & ~letters).bit_count():
                    yield known

    def _of_length(self, length: int) -> tuple[tuple[str, int], ...]:
        found = self.file.execute("select word from term where length = ?", (length,))
        return tuple((word, _letters(word)) for (word,) in found)

    def count(self, facet: str) -> Counter[str]:
        """Return how many of the hits have each value of a facet."""
        return _counts(
            self.file.execute(
                f"select record.{_FACETS[facet]}, count(*) from {_HITS} group by 1"  # noqa: S608
            )
        )

    def count_all(self, facet: str, of_schema: Condition) -> Counter[str]:
        """Return how many of all records of some schemata have each value of a facet.

        They were counted when the file was made; those that are gone since are taken off.
        """
        counts = _counts(
            self.file.execute(
                "select record.said, record.records from counted as record"  # noqa: S608
                f" where record.facet = ? and {of_schema.sql}",
                (facet, *of_schema.values),
            )
        )
        gone = self.file.execute(
            f"select record.{_FACETS[facet]}, 1 from gone cross join record"  # noqa: S608
            f" on record.number = gone.number where {of_schema.sql}",
            of_schema.values,
        )
        counts.subtract(_counts(gone))
        return +counts

    def _says(self, number: int, name: str, said: str) -> bool:
        """Return whether a property of a record holds these words in a row."""
        values = self.layer.record(number).properties.get(name, ())
        return any(f" {said} " in f" {' '.join(words(value))} " for value in values)

    @contextlib.contextmanager
    def searching(self, wanted: Wanted, until: float) -> Iterator[Searching]:
        """Search, and let the results be read; not beyond the time `until`."""
        self.file.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            yield Searching(self, wanted)
        except sqlite3.OperationalError as error:
            if "interrupt" not in str(error):
                raise
            raise InvalidInput("the search takes too long: ask for less") from error
        finally:
            self.file.set_progress_handler(None, 0)
            self.file.execute("delete from hit")

    def pointing_at(self, record_id: str, names: Iterable[str] | None) -> list[int]:
        """Return the numbers of the records that are tied to this one."""
        known = {name: number for name, number in self._fields.items() if name.startswith("@")}
        chosen = known if names is None else {f"@{name}" for name in names}
        numbers = [known[name] for name in chosen if name in known]
        marks = ", ".join("?" * len(numbers))
        found = self.file.execute(
            f"select distinct number from value where field in ({marks}) and value = ?"  # noqa: S608
            " and number not in (select number from gone) order by number",
            (*numbers, record_id),
        )
        return [number for (number,) in found]

    def place(self, record_id: str) -> int | None:
        """Return the number of the record of this identifier, or None."""
        found = self.file.execute(
            "select number from record where id = ? and number not in (select number from gone)",
            (record_id,),
        ).fetchone()
        return None if found is None else int(found[0])

    def schemata(self) -> list[str]:
        """Return the schemata of which there are records."""
        found = self.file.execute(
            "select distinct schema from record where number not in (select number from gone)"
        )
        return [name for (name,) in found]

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class Searching:
    """One search in one segment: the hits stand in a table of their own while they are read."""

    def __init__(self, part: Part, wanted: Wanted) -> None:
        self._part = part
        self._wanted = wanted
        match, condition = ask(wanted.tree, part)
        self._of_schema, others = _all_of(self._of_schemata()), [condition, *self._filters()]
        # Every record, or every one of some schemata, needs no list of hits.
        self._is_all = isinstance(wanted.tree, Everything) and others == [condition]
        if part.layer.withdrawn:
            others.append(Condition(sql="record.number not in (select number from gone)"))
        self._where = _all_of([self._of_schema, *others])
        where, values = self._where.sql, self._where.values
        if match is not None:
            part.file.execute(
                "insert into hit select record.number, bm25(words, 3.0, 1.0) - record.weight"  # noqa: S608 - our own words and question marks
                f" from words join record on record.number = words.rowid"
                f" where words match ? and {where}",
                (match, *values),
            )
        elif not self._is_all:
            part.file.execute(
                f"insert into hit select record.number, -record.weight from record where {where}",  # noqa: S608
                values,
            )

    def total(self) -> int:
        """Return how many there are."""
        if self._is_all:
            return self._part.count_all("schema", self._of_schema).total()
        (count,) = self._part.file.execute("select count(*) from hit").fetchone()
        return int(count)

    def rows(self) -> list[_Row]:
        """Return those that may be on the page that is wanted."""
        wanted = self._wanted
        tables, keys = "record" if self._is_all else _HITS, []
        values: list[Any] = []
        for at, (field, is_falling) in enumerate(wanted.sorts):
            column, more, value = self._sort_key(field, f"key_{at}", is_falling=is_falling)
            keys.append((column, is_falling))
            tables += more
            values += value
        keys += [("-record.weight" if self._is_all else "hit.rank", False), ("record.id", False)]
        where = self._where if self._is_all else _all_of([])
        order = ", ".join(f"{c} is null, {c} {'desc' if f else 'asc'}" for c, f in keys)
        found = self._part.file.execute(
            f"select record.number, {', '.join(c for c, _ in keys)} from {tables}"  # noqa: S608
            f" where {where.sql} order by {order} limit ?",
            (*values, *where.values, wanted.offset + wanted.limit),
        )
        return [_Row(tuple(key), self._part, number) for number, *key in found]

    def counted(self, facet: str) -> Counter[str]:
        """Return how many of the hits have each value of a facet."""
        if self._is_all:
            return self._part.count_all(facet, self._of_schema)
        return self._part.count(facet)

    def _sort_key(self, field: str, name: str, *, is_falling: bool) -> tuple[str, str, list[Any]]:
        """Return the column to sort by, the table that it needs, and that table's values."""
        if field in _COLUMNS:
            return _COLUMNS[field], "", []
        if not is_found_whole(field):
            raise InvalidInput("results cannot be sorted by that field")
        value = "max" if is_falling else "min"
        table = (
            f" left join (select number, {value}(value) as value from value where field = ?"  # noqa: S608
            f" group by number) as {name} on {name}.number = record.number"
        )
        return f"{name}.value", table, [self._part.field(field)]

    def _of_schemata(self) -> Iterator[Condition]:
        filters = self._wanted.filters
        if filters.schemata is not None:
            yield _one_of("record.schema in", filters.schemata)
        if filters.without_schemata:
            yield _one_of("record.schema not in", filters.without_schemata)

    def _filters(self) -> Iterator[Condition]:
        filters, part = self._wanted.filters, self._part
        if filters.datasets is not None:
            yield has_value(part.field("datasets"), sorted(filters.datasets))
        for field, values in (filters.values or {}).items():
            yield from self._having(field, values, each=filters.all_values)
        if filters.is_target is not None:
            yield Condition(sql="record.target = ?", values=(filters.is_target,))
        if filters.changed_since is not None:
            yield Condition(sql="record.last_change > ?", values=(filters.changed_since,))

    def _having(self, field: str, values: Sequence[str], *, each: bool) -> Iterator[Condition]:
        """Yield the conditions that a record has one of these values under a field, or each."""
        folded = [whole(field, value) for value in values]
        if field == "schema":
            yield _one_of("record.schema in", values)
        elif not is_found_whole(field):
            yield from (_word_for_word(field, value) for value in folded)
        elif each:
            yield from (has_value(self._part.field(field), [value]) for value in folded)
        else:
            yield has_value(self._part.field(field), folded)


def _counts(said: Iterable[tuple[str | None, int]]) -> Counter[str]:
    """Add up how often each value was said; several stand in one text."""
    counts: Counter[str] = Counter()
    for values, count in said:
        for value in (values or "").split(SEPARATOR):
            counts[value] += count
    del counts[""]
    return counts


def _all_of(conditions: Iterable[Condition]) -> Condition:
    """Return the condition that all of these hold."""
    known = [Condition(sql="1"), *conditions]
    return Condition(
        sql=" and ".join(one.sql for one in known),
        values=tuple(value for one in known for value in one.values),
    )


def _letters(word: str) -> int:
    """Return which letters a word has, a bit for each; some share one."""
    letters = 0
    for char in word:
        letters |= 1 << (ord(char) & 63)
    return letters


def _word_for_word(field: str, value: str) -> Condition:
    """Return the condition that a property of text holds these words in a row."""
    said = " ".join(words(value)[:MAX_WORDS])
    if not field.startswith(PREFIX) or not said:
        return Condition(sql="0")
    return Condition(
        sql="(record.number in (select rowid from words where words match ?)"
        " and says(record.number, ?, ?))",
        values=(f'"{said}"', field.removeprefix(PREFIX), said),
    )


def _one_of(column: str, values: Iterable[str]) -> Condition:
    named = sorted(values)
    return Condition(sql=f"{column} ({', '.join('?' * len(named))})", values=tuple(named))


def _sorted(rows: list[_Row], wanted: Wanted) -> list[_Row]:
    """Return the rows of several segments in the order that each has already."""
    falls = [*(is_falling for _, is_falling in wanted.sorts), False, False]
    for at in reversed(range(len(falls))):
        known = [row for row in rows if row.keys[at] is not None]
        known.sort(key=lambda row: row.keys[at], reverse=falls[at])
        rows = known + [row for row in rows if row.keys[at] is None]
    return rows
