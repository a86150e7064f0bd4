"""Readers of what is to be screened: JSON lines, CSV with a header, PAXLST passenger messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban import clock
from didban.errors import InvalidFile
from didban.intake.queries import lines, paxlst, table
from didban.intake.readers.streams import read_start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from didban.intake.readers.base import RejectSink
    from didban.model.records import Record

_TABLES = frozenset({".csv", ".tsv"})


def read_queries(path: Path, reject: RejectSink, *, today: date | None = None) -> Iterator[Record]:
    """Yield what the file asks about, in its order; the format is recognised by its content.

    - Ids are the file's own; where it has none, the file's name and the line (`people.csv:7`), or
      for messages the file's name, the message reference and the position in it
      (`flight.edi:PAX001:3`).
    - What cannot be read, and what names nothing to search for, goes to `reject`.
    - `today` decides the century of two-digit years; by default it is the present day.

    Raises `InvalidFile` when the file is of none of the formats.
    """
    start = read_start(path)
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    is_named_table = bool(suffixes) and suffixes[-1] in _TABLES
    if paxlst.is_message(start):
        return paxlst.read(path, reject, today=today or clock.today())
    if (start.startswith("{") or not start) and not is_named_table:  # or it begins with blanks
        return lines.read(path, reject)
    if start.startswith("["):
        message = "is one JSON array; write one object on each line instead"
        raise InvalidFile(f"{path.name}: {message}")
    return table.read(path, reject, start=start)
