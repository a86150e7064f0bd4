"""From text to a machine-readable zone with its meaning, its checks and its doubts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.model.dates import PartialDate
from didban.model.mrz.check_digits import FILLER
from didban.model.mrz.doubts import find_doubts
from didban.model.mrz.layouts import LAYOUTS, Format, Layout
from didban.model.mrz.lengths import propose_lengths, why_unreadable
from didban.model.mrz.names import read_identifier, read_identifiers
from didban.model.mrz.repairs import propose_repairs
from didban.model.mrz.values import Fields, Identifier, Mrz
from didban.model.mrz.verify import read_number, verify
from didban.model.mrz.zones import Zone, find_zones, tidy_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

_OLDEST_HOLDER = 110
_SEXES = {"M": "male", "F": "female", "X": "other"}


def parse(text: str | Iterable[str], *, reference_date: date) -> Mrz:
    """Return the machine-readable zone in a text, or in its lines.

    - Never raises for any text: what cannot be read has no format, and reasons instead.
    - A wrong check digit is reported and changes nothing: the fields are as read.
    - `reference_date` is the day of the reading: it decides the century of two-digit years, and
      what is expired.
    - Of several zones the first readable one is returned; `parse_all` returns all.
    """
    found = parse_all(text, reference_date=reference_date)
    return next((zone for zone in found if zone.format is not None), found[0])


def parse_all(text: str | Iterable[str], *, reference_date: date) -> tuple[Mrz, ...]:
    """Return every zone in a text, in order: at least one, which may be unreadable.

    Text that is no zone is passed over beside one that is, but not what looks like part of another
    zone: that is returned as an unreadable one, so that no document of a pile is lost.
    """
    whole = text if isinstance(text, str) else "\n".join(text)
    zones = find_zones(whole)
    if not zones:
        return (_unreadable(whole),)
    return tuple(
        _interpret(zone, reference_date)
        if isinstance(zone, Zone)
        else _unreadable("\n".join(zone.lines))
        for zone in zones
    )


def parse_texts(texts: Sequence[str], *, reference_date: date) -> tuple[Mrz, ...]:
    """Return the zones of several texts, each of which may be a zone, some zones, or one line.

    - If each text is a zone by itself, each is read by itself.
    - Otherwise they are read as the lines of one text. A text of which nothing is in a zone then
      stands at the end as an unreadable one: nothing that was given is lost.
    """
    alone = [zone for text in texts for zone in parse_all(text, reference_date=reference_date)]
    if all(zone.format is not None for zone in alone):
        return tuple(alone)
    joined = parse_all(texts, reference_date=reference_date)
    if all(zone.format is None for zone in joined):
        return joined
    taken = "".join(line for zone in joined for line in zone.lines)
    lost = [text for text in texts if not any(line in taken for line in tidy_lines(text))]
    return (*joined, *(_unreadable(text) for text in lost))


def read_fields(layout: Layout, lines: tuple[str, ...]) -> tuple[Fields, Identifier, Identifier]:
    """Return the printed elements of a zone, and its two identifiers."""
    elements = {name: at.of(lines) for name, at in layout.elements.items()}
    number = read_number(layout, lines)
    primary, secondary = _identifiers(elements)
    fields = Fields(
        format=layout.format,
        document_code=elements["document_code"].rstrip(FILLER),
        issuing_state=elements["issuing_state"].rstrip(FILLER),
        primary_identifier=primary.text,
        secondary_identifier=secondary.text,
        document_number=number.text.rstrip(FILLER),
        nationality=elements.get("nationality", "").rstrip(FILLER),
        birth_date=elements["birth_date"],
        sex=elements["sex"].rstrip(FILLER),
        expiry_date=elements.get("expiry_date", ""),
        optional_data=number.optional.rstrip(FILLER),
        optional_data_2=elements.get("optional_data_2", "").rstrip(FILLER),
    )
    return fields, primary, secondary


def _identifiers(elements: dict[str, str]) -> tuple[Identifier, Identifier]:
    if "given_names" in elements:
        return read_identifier(elements["name"]), read_identifier(elements["given_names"])
    return read_identifiers(elements["name"])


def _interpret(zone: Zone, reference_date: date) -> Mrz:
    layout = LAYOUTS[zone.format]
    fields, primary, secondary = read_fields(layout, zone.lines)
    birth_date = PartialDate.from_mrz(fields.birth_date, reference_date)
    checks = verify(layout, zone.lines)
    return Mrz(
        format=zone.format,
        lines=zone.lines,
        fields=fields,
        checks=checks,
        primary=primary,
        secondary=secondary if secondary.text else None,
        birth_date=birth_date,
        birth_date_older=_century_before(birth_date, reference_date),
        expiry_date=_expiry_date(fields, reference_date),
        sex=_SEXES.get(fields.sex),
        warnings=find_doubts(layout, zone, fields, reference_date),
        repairs=propose_repairs(layout, zone.lines),
    )


def _century_before(birth_date: PartialDate, reference_date: date) -> PartialDate | None:
    """Return the birth date a hundred years earlier, if its holder could be alive."""
    if birth_date.year is None or reference_date.year - birth_date.year + 100 > _OLDEST_HOLDER:
        return None
    year = birth_date.year - 100
    is_leap_day = (birth_date.month, birth_date.day) == (2, 29)
    if is_leap_day and (year % 4 or (year % 100 == 0 and year % 400)):
        return None
    return PartialDate(year=year, month=birth_date.month, day=birth_date.day, raw=birth_date.raw)


def _expiry_date(fields: Fields, reference_date: date) -> PartialDate | None:
    if fields.format is Format.FRID:
        return None
    return PartialDate.from_mrz_expiry(fields.expiry_date, reference_date)


def _unreadable(text: str) -> Mrz:
    return Mrz(
        format=None,
        lines=tuple(tidy_lines(text)),
        reasons=why_unreadable(text),
        repairs=propose_lengths(text),
    )
