"""One thing in several datasets: one record of what all of them say, each part to be taken back.

The record that is searched has the values of all; what each dataset says of its own is kept with it
(`Record.parts`), so that a correction or a withdrawal by one of them takes its own values away, and
no others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.model.records import Record


def parts_of(record: Record) -> dict[str, Record]:
    """Return what each dataset of a record says; all of it, where that was never kept apart."""
    if record.parts:
        return {part.datasets[0]: part for part in record.parts}
    return {name: replace(record, datasets=(name,)) for name in record.datasets}


def joined(parts: Iterable[Record]) -> Record:
    """Return one record with the values of all parts, one part for each dataset, at least one.

    Where there can be but one value, as for schema and caption, it is that of the first part.
    """
    first, *others = parts
    if not others:
        return first
    every = (first, *others)
    names = dict.fromkeys(name for part in every for name in part.properties)
    return replace(
        first,
        properties={
            name: tuple(dict.fromkeys(v for part in every for v in part.properties.get(name, ())))
            for name in names
        },
        documents=tuple(dict.fromkeys(paper for part in every for paper in part.documents)),
        datasets=tuple(name for part in every for name in part.datasets),
        referents=tuple(dict.fromkeys(other for part in every for other in part.referents)),
        parts=every,
    )
