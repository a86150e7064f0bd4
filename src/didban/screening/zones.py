"""Machine-readable zones as questions: what is printed, and what it may have been.

A zone with a wrong check digit is searched all the same, and the answer says so; each repair that
is proposed is searched beside it under its own origin, and never replaces what was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.errors import InvalidInput
from didban.model import mrz as zones
from didban.model.mrz.searching import to_record
from didban.screening.question import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from didban.model.mrz import Mrz

MAX_REPAIRS = 5  # proposals searched for one zone; the likeliest come first


def read_zones(texts: Sequence[str], reference_date: date) -> tuple[Mrz, ...]:
    """Return the zones that the texts hold, however their lines are divided over the texts.

    Raises `InvalidInput` with the reason for a text that is no zone, nor near to one.
    """
    found = zones.parse_texts(texts, reference_date=reference_date)
    for zone in found:
        if zone.format is None and not zone.repairs:
            raise InvalidInput(f"no machine-readable zone: {'; '.join(zone.reasons)}")
    return found


def asked_of_zones(found: Sequence[Mrz], reference_date: date) -> Iterator[Asked]:
    """Yield what to look for: each zone as printed, then as each of its repairs would read.

    A zone that cannot be read as it stands is looked for as its repairs only.
    """
    for number, zone in enumerate(found, start=1):
        origin = f"zone {number}"
        notes = _notes(zone)
        if zone.format is not None:
            yield Asked(origin=origin, record=to_record(zone, identifier=origin), notes=notes)
            notes = ()
        for repair in zone.repairs[:MAX_REPAIRS]:
            mended = zones.parse(repair.lines, reference_date=reference_date)
            if mended.format is None:
                continue
            record = to_record(mended, identifier=f"{origin} repaired")
            how = f"{origin}, if read otherwise: {repair.reason}"
            yield Asked(origin=how, record=record, notes=notes)
            notes = ()


def _notes(zone: Mrz) -> tuple[str, ...]:
    """Return what an officer should know: wrong check digits first, then the warnings."""
    wrong = [check for check in zone.checks if check.verdict is False]
    digits = tuple(
        f"check digit of the {check.words} is wrong: read {check.read}, expected {check.expected}"
        for check in wrong
    )
    return (*zone.reasons, *digits, *(warning.message for warning in zone.warnings))
