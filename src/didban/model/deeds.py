"""The deeds that the audit knows: `thing.verb`, in the past tense of what was done."""

from __future__ import annotations

from enum import StrEnum


class Deed(StrEnum):
    """One kind of entry in the audit log. Alphabetical; each is entered somewhere."""

    RECORD_CORRECTED = "record.corrected"
    RECORD_REPORTED = "record.reported"
    RECORD_VIEWED = "record.viewed"
    RECORD_WITHDRAWN = "record.withdrawn"
