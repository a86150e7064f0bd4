"""No two entries of one publication under one identifier."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from didban.intake.readers.base import Change, Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from didban.intake.readers.base import RejectSink, Source
    from didban.model.records import Record


def distinct(records: Iterable[Record], source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield the addition of each record; one whose identifier was used before gets a number.

    Two entries under one key are an error of the publisher, yet either may be the person at the
    counter: both are kept, and a note says so. Identifiers are remembered, about a hundred bytes each.
    """
    used: dict[str, int] = {}
    for record in records:
        number = used[record.id] = used.get(record.id, 0) + 1
        if number == 1:
            yield Change.add(record)
            continue
        other = replace(record, id=f"{record.id}-{number}")
        reason = f"{record.id} stands in the list more than once; this one is kept as {other.id}"
        row = record.caption
        reject(Reject(source=source.name, line=None, reason=reason, row=row, is_note=True))
        yield Change.add(other)
