"""Who may be under age, as far as the stated birth dates tell (PR-17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.model.dates import parse_date
from didban.model.retention import years_after

if TYPE_CHECKING:
    from datetime import date

    from didban.model.records import Record

AGE_OF_MAJORITY: Final = 18  # years


def may_be_minor(entity: Record, today: date) -> bool:
    """Return whether the latest of the stated birth dates leaves the person under age."""
    youngest = years_after(today, -AGE_OF_MAJORITY)
    for birth in filter(None, map(parse_date, entity.values("birthDate"))):
        if birth.years is None:
            continue
        latest = (birth.years[1], birth.month or 12, birth.day or 31)
        if latest > (youngest.year, youngest.month, youngest.day):
            return True
    return False
