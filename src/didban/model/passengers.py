"""Passenger lists as they are held: for a day in the open, then masked, then deleted (PR-35)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from didban.model.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class PassengerList:
    """One list of one voyage.

    - `mask_at`: from then on who was not found is not shown; `kept_until`: the day of deletion.
    - `rejects`: lines that could not be read: who stands there was not checked.
    """

    id: str
    name: str
    at: datetime
    user: str
    device: str | None
    authority: str
    clearance: int
    purpose: str
    reference: str
    place: str
    passengers: int
    rejects: int
    mask_at: datetime
    masked_at: datetime | None
    kept_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Passenger:
    """One passenger. `asked` is None where masked; `check` names the check that found somebody."""

    list: str
    position: int
    asked: Record | None
    check: str | None
    is_masked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmasking:
    """A request to see a masked list again, and the other person who allowed it."""

    id: str
    list: str
    reason: str
    requested_by: str
    requested_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    ends_at: datetime | None = None
