"""Dates as police data has them: of any precision, from several calendars, sometimes a range.

Text form: EDTF (ISO 8601-2): `1965`, `1965-03`, `1965-03-02`, `1965~` (circa), `1963/1968` (between),
`XXXX-03-02` or `1965-XX-02` (unknown part).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A Gregorian date of which parts may be unknown.

    - `year` .. `year_to` is the inclusive range of possible years (equal for one year; both None
      when the year is unknown).
    - `month`, `day`: 1-based, None when unknown.
    - `approximate`: the source says "circa".
    - `calendar`: the calendar of the source text: `gregorian`, `solar_hijri`, `islamic`.
    - `raw`: the text as the source gave it.
    """

    year: int | None = None
    year_to: int | None = None
    month: int | None = None
    day: int | None = None
    approximate: bool = False
    calendar: str = "gregorian"
    raw: str = ""
