"""A publication of a list, and what taking it in did to the bank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationReport:
    """What one publication did to the bank.

    - `listed`: how many records it names; `unchanged` of them stand as they stood.
    - `held_back`: records that it does not name, and that stay because it could not be read well.
    - `barred`: records that were erased for good, which being listed does not bring back.
    - `refused`, `noted`: rows of the file that were refused, or kept although something was odd;
      `is_cut`: the file breaks off.
    - `taken_in_at`: None where it was cut off in the middle.
    - `is_repeated`: the same file was taken in before, so nothing was done.
    """

    id: str
    dataset: str
    kind: str
    owner: str
    published_on: date | None
    begun_at: datetime
    taken_in_at: datetime | None = None
    listed: int = 0
    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    held_back: int = 0
    barred: int = 0
    refused: int = 0
    noted: int = 0
    is_cut: bool = False
    is_repeated: bool = False

    @property
    def unchanged(self) -> int:
        """How many of the listed records stand as they stood."""
        return self.listed - self.added - self.changed
