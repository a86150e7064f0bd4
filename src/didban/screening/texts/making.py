"""Writing the text of one segment into a file of its own.

    record   number, id, schema, times, what facets count; `number` is that of the segment
    value    (field, value, number): what is found whole, and ties by the identifier they point at
    words    words of names and of all else (FTS5, which keeps no content)
    term     every word once: for words with jokers, and misspelt ones
    counted  (facet, values, schema, records): what a facet counts where nothing is searched for, and
             where all of some schemata are looked at

The file is made beside its place and moved there when it is whole. It can be made again at any time.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from didban.screening.texts.fields import COUNTED, entry_of, is_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from didban.match.index.layers import Layer
    from didban.model.records import Record
    from didban.screening.texts.fields import Entry

FORMAT: Final = 3
"""Part of a file's name: what another version wrote is made again."""

_BATCH: Final = 1_000  # records

_TABLES: Final = f"""
pragma journal_mode = off;
pragma synchronous = off;
pragma cache_size = -65536;
pragma temp_store = file;
create table field (number integer primary key, name text unique);
create table record (
    number integer primary key, id text, schema text, caption text, target integer, weight real,
    first_seen text, last_seen text, last_change text, {", ".join(COUNTED)}
);
create table value (field integer, value text, number integer, primary key (field, value, number))
    without rowid;
create table counted (facet text, said text, schema text, records integer);
create temp table loose (field integer, value text, number integer);
create virtual table words using fts5(
    names, rest, content = '', tokenize = "unicode61 remove_diacritics 0"
);
create virtual table vocabulary using fts5vocab(words, row);
"""
_FACETS: Final = (*COUNTED, "schema")
_COUNT: Final = """
insert into counted select '{0}', {0}, schema, count(*) from record group by {0}, schema;
"""
_FINISH: Final = f"""
{"".join(map(_COUNT.format, _FACETS))}
insert into value select distinct field, value, number from loose order by 1, 2, 3;
drop table loose;
create index record_id on record (id);
create table term (length integer, word text, primary key (length, word)) without rowid;
insert into term select length(term), term from vocabulary order by 1, 2;
drop table vocabulary;
insert into words (words) values ('optimize');
analyze;
"""  # noqa: S608 - names of ours


def make(layer: Layer, path: Path) -> None:
    """Write the file of a segment, of those records that can be found in it now."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(draft, isolation_level=None)) as file:
            file.executescript(_TABLES)
            file.execute("begin")
            _enter(file, layer)
            file.execute("commit")
            file.executescript(f"begin;{_FINISH}commit;")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _enter(file: sqlite3.Connection, layer: Layer) -> None:
    fields: dict[str, int] = {}
    marks = ", ".join("?" * (9 + len(COUNTED)))
    for batch in _batches(layer):
        file.executemany(
            f"insert into record values ({marks})",  # noqa: S608 - question marks
            [_row(number, record, entry) for number, record, entry in batch],
        )
        file.executemany(
            "insert into words (rowid, names, rest) values (?, ?, ?)",
            [(number, entry.names, entry.text) for number, _, entry in batch],
        )
        file.executemany(
            "insert into loose values (?, ?, ?)",
            [
                (fields.setdefault(field, len(fields)), value, number)
                for number, _, entry in batch
                for field, value in entry.values
            ],
        )
    file.executemany("insert into field values (?, ?)", [(n, name) for name, n in fields.items()])


def _batches(layer: Layer) -> Iterator[list[tuple[int, Record, Entry]]]:
    batch = []
    for number in range(layer.size):
        if number not in layer.withdrawn:
            record = layer.record(number)
            batch.append((number, record, entry_of(record)))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _row(number: int, record: Record, entry: Entry) -> tuple[str | int | float | None, ...]:
    return (
        number,
        record.id,
        record.schema,
        record.caption,
        is_target(record.values("topics")),
        (entry.size / 2) ** 0.5,
        record.first_seen,
        record.last_seen,
        record.last_change,
        *entry.counted,
    )
