"""A record as the bank keeps it: the entity, its marking, its alert, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from didban.model.alerts import Alert
    from didban.model.marking import Marking
    from didban.model.records import Record


class RecordState(StrEnum):
    """Where a record stands. Document records have a longer life (`model.document_life`)."""

    ACTIVE = "active"
    UNDER_REVIEW = "under_review"  # disputed: still matches, and the answer says so
    SUSPENDED = "suspended"  # kept and found, but no action is asked (PR-15, PR-22, PR-57)
    WITHDRAWN = "withdrawn"  # not found any more; its versions are kept for the tombstone period
    EXPIRED = "expired"
    REJECTED = "rejected"


FOUND = frozenset({RecordState.ACTIVE, RecordState.UNDER_REVIEW, RecordState.SUSPENDED})
"""States in which a record is found by searches and checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRecord:
    """One version of what one owner says about one thing.

    - `entity`: the content; its `id` is the record's.
    - `valid_from`, `valid_to`: when it was so in the world; `recorded_at`: when the bank knew it.
    - `visibility_number`: the store's number for `marking.visibility`.
    """

    entity: Record
    marking: Marking
    alert: Alert | None
    state: RecordState
    version: int
    recorded_at: datetime
    recorded_by: str
    dataset: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    visibility_number: int = 0

    @property
    def id(self) -> str:
        """The record's identifier."""
        return self.entity.id

    @property
    def owner(self) -> str:
        """The authority that alone may change it."""
        return self.marking.owner
