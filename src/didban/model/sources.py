"""A list that is read on its own: where it comes from, how often, and how it went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from didban.model.marking import Marking


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSource:
    """One list and its refreshing.

    - `dataset`: the list's name, which its records bear; `kind`: its format.
    - `location`: an `https` address, a file, or a folder or pattern of which the newest file counts.
    - `mapping`: the text of the mapping of a CSV.
    - `marking`: of its records; its owner is the publisher, or the authority whose list it is.
    - `every`: how often it is looked at; `stale_after`: how old it may get before somebody is told.
    """

    id: str
    dataset: str
    kind: str
    location: str
    marking: Marking
    every: timedelta
    stale_after: timedelta
    mapping: str | None = None
    is_active: bool = True

    @property
    def owner(self) -> str:
        """Whose list it is."""
        return self.marking.owner


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """How the refreshing of a list stands.

    - `fresh_at`: when the publisher's present text was seen last; None before the first time.
    - `failures`: since the last success; `last_error` says why, without anything of the content.
    - `etag`, `last_modified`: what the publisher's server called the text that was taken in.
    """

    source: ListSource
    added_at: datetime
    due_at: datetime
    fresh_at: datetime | None
    failures: int
    last_error: str | None
    etag: str | None
    last_modified: str | None

    def is_stale(self, now: datetime) -> bool:
        """Return whether the list has not been seen fresh for too long."""
        return (self.fresh_at or self.added_at) + self.source.stale_after < now
