"""Invented persons, things and lists, with sensible defaults: what a test leaves out is ordinary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from didban.match.index.manifest import Manifest
from didban.match.query import Query, query_from_record
from didban.match.snapshot import Snapshot, SnapshotBuilder
from didban.model.documents import Document
from didban.model.records import Record

BUILT_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def _values(given: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, (given,) if isinstance(given, str) else given))


def person(
    name: str | Iterable[str] = "Zoltan Varghese",
    *,
    id: str = "p1",  # noqa: A002 - the field has this name
    schema: str = "Person",
    datasets: tuple[str, ...] = ("invented",),
    documents: tuple[Document, ...] = (),
    referents: tuple[str, ...] = (),
    **properties: str | Iterable[str],
) -> Record:
    """Return a listed person (or thing); a property takes one value or several."""
    given = {"name": _values(name)} | {key: _values(given) for key, given in properties.items()}
    return Record(
        id=id,
        schema=schema,
        properties={key: values for key, values in given.items() if values},
        documents=documents,
        datasets=datasets,
        referents=referents,
    )


def question(
    name: str | Iterable[str] = "",
    *,
    schema: str = "Person",
    documents: tuple[Document, ...] = (),
    **properties: str | Iterable[str],
) -> Query:
    """Return the query for somebody described so."""
    asked = person(name, id="q", schema=schema, documents=documents)
    more = {key: _values(given) for key, given in properties.items()}
    return query_from_record(replace(asked, properties={**asked.properties, **more}))


def passport(number: str = "L898902C3", issuer: str | None = "uto") -> Document:
    """Return a passport of the invented state that ICAO uses in its examples."""
    return Document(number=number, issuer=issuer, type="P")


def crowd(count: int) -> list[Record]:
    """Return persons with combined names, so that no part of a name is rare or common by chance."""
    given = (
        "Arvid",
        "Bojan",
        "Cemal",
        "Dragan",
        "Emre",
        "Farid",
        "Goran",
        "Hamid",
        "Idris",
        "Jalal",
    )
    family = (
        "Kostner",
        "Lundqvist",
        "Marwani",
        "Nazarov",
        "Ostrava",
        "Pashkov",
        "Qasemi",
        "Rostami",
    )
    middle = ("Petar", "Said", "Tomas", "Umar", "Viktor", "Walid", "Yasin")
    return [
        person(
            f"{given[i % 10]} {middle[i % 7]} {family[i % 8]}",
            id=f"c{i:05}",
            birthDate=f"{1940 + i % 60}-{1 + i % 12:02}-{1 + i % 28:02}",
        )
        for i in range(count)
    ]


def build(folder: Path, records: Iterable[Record], *, onto: Manifest | None = None) -> Manifest:
    """Make a snapshot of these records, or add them onto an existing one."""
    builder = SnapshotBuilder(folder, onto=onto)
    for record in records:
        builder.add(record)
    return builder.commit(built_at=BUILT_AT)


def snapshot_of(folder: Path, records: Iterable[Record]) -> Snapshot:
    """Return an opened snapshot of these records."""
    build(folder, records)
    return Snapshot.open(folder)
