"""Dates as police data has them: the value, and the reading of what people write.

The one place to import from; the value is in `partial_date`, the reading in `date_text`.
"""

from __future__ import annotations

from didban.model.date_text import parse_date, parse_dates
from didban.model.partial_date import CALENDARS, PartialDate

__all__ = ["CALENDARS", "PartialDate", "parse_date", "parse_dates"]
