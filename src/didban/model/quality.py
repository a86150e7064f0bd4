"""How good the data of an owner are, and how much there is of it: counts by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """What one monthly look at the records of one list, or of one owner, found (PR-23).

    - `dataset`: empty for what the owner reported itself.
    - `faults`: how many records have each fault of `intake.faults.QualityFault`.
    """

    owner: str
    dataset: str
    month: date
    records: int
    persons: int
    faults: Mapping[str, int]
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """How many records of a kind an owner entered in a month, as far as the asker may see them."""

    owner: str
    schema: str
    month: date
    count: int
