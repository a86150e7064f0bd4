"""Short ways to run a reader over bytes in a test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from didban.intake.queries import read_queries
from didban.intake.readers import READERS
from didban.intake.readers.base import Change, Reject, Source
from didban.model.records import Record

SPECIMENS = Path(__file__).parent / "fixtures" / "lists"
"""Invented lists in the official formats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a reader made of a file."""

    changes: list[Change]
    rejects: list[Reject]
    notes: list[Reject]

    @property
    def records(self) -> list[Record]:
        """The records, in order."""
        return [change.record for change in self.changes if change.record is not None]


def read_list(
    kind: str, content: str | bytes, folder: Path, *, mapping: str | None = None
) -> Outcome:
    """Write the content to a file and read it as a list of that kind, named `testlist`."""
    path = _written(content, folder / "list.data")
    return read_path(
        kind, path, None if mapping is None else _written(mapping, folder / "mapping.toml")
    )


def read_path(kind: str, path: Path, mapping: Path | None = None) -> Outcome:
    """Read a file or a folder as a list of that kind, named `testlist`."""
    source = Source(kind=kind, name="testlist", path=path, mapping=mapping)
    told: list[Reject] = []
    changes = list(READERS[kind].read(source, told.append))
    return Outcome(
        changes=changes,
        rejects=[reject for reject in told if not reject.is_note],
        notes=[reject for reject in told if reject.is_note],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the reader of queries made of a file."""

    queries: list[Record]
    rejects: list[Reject]
    notes: list[Reject]


def read_asked(
    content: str | bytes, folder: Path, name: str = "asked.jsonl", *, today: date | None = None
) -> Asked:
    """Write the content to a file of that name and read it as queries."""
    told: list[Reject] = []
    queries = list(read_queries(_written(content, folder / name), told.append, today=today))
    return Asked(
        queries=queries,
        rejects=[reject for reject in told if not reject.is_note],
        notes=[reject for reject in told if reject.is_note],
    )


def _written(content: str | bytes, path: Path) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
