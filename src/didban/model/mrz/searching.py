"""A zone as a record to search by: names, dates, sex, nationality, documents, in our vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.errors import InvalidInput
from didban.model.countries import country_by_code
from didban.model.documents import Document
from didban.model.mrz.check_digits import FILLER
from didban.model.mrz.codes import PERSONS_WITHOUT_NATIONALITY
from didban.model.mrz.layouts import Format
from didban.model.records import Record
from didban.model.transliteration import arabic_readings, russian_internal_reading

if TYPE_CHECKING:
    from didban.model.mrz.values import Fields, Mrz

CUT_MARK = "\u2026"
"""Ends a name whose last component may go on: the matcher then compares it as a beginning."""

ARABIC_SCRIPT_STATES = frozenset(
    {
        "AFG",
        "ARE",
        "BHR",
        "DZA",
        "EGY",
        "ESH",
        "IRN",
        "IRQ",
        "JOR",
        "KWT",
        "LBN",
        "LBY",
        "MAR",
        "MRT",
        "OMN",
        "PAK",
        "PSE",
        "QAT",
        "SAU",
        "SDN",
        "SYR",
        "TCD",
        "TUN",
        "XAR",
        "YEM",
    }
)
"""States whose documents may hold names in the transliteration of Doc 9303-3, section 6.C."""

_RUSSIA = "RUS"
_SERIES_DIGITS = 3


def to_record(mrz: Mrz, *, identifier: str) -> Record:
    """Return what a readable zone says as a record of one person. Raises `InvalidInput` otherwise.

    - `name`: first the name as printed, with `CUT_MARK` where it may go on; then, from states that
      print it letter by letter, what it may have been in Arabic or Cyrillic script.
    - `birthDate`: the likelier century first.
    - Documents: the number as printed; for a visa also as a passport of the holder's state, for
      the field may hold either (Doc 9303-7); for a Russian internal passport also with its series.
    """
    fields = mrz.fields
    if fields is None:
        raise InvalidInput("no machine-readable zone: " + "; ".join(mrz.reasons))
    nationality = country_by_code(fields.nationality)
    values = {
        "name": search_names(mrz),
        "firstName": (fields.secondary_identifier,),
        "lastName": (fields.primary_identifier,),
        "birthDate": tuple(
            str(day) for day in (mrz.birth_date, mrz.birth_date_older) if day and day.years
        ),
        "gender": (mrz.sex or "",),
        "nationality": (nationality or "",),
    }
    kept = {name: tuple(filter(None, given)) for name, given in values.items()}
    return Record(
        id=identifier,
        schema="Person",
        properties={name: given for name, given in kept.items() if given},
        documents=documents(fields),
    )


def search_names(mrz: Mrz) -> tuple[str, ...]:
    """Return the names to search by, in the order of the zone: primary, then secondary identifier.

    The order matters where a name was cut: what is missing is missing at the end.
    """
    parts = [part for part in (mrz.primary, mrz.secondary) if part is not None and part.text]
    if not parts or mrz.fields is None:
        return ()
    if mrz.fields.format is Format.FRID:
        parts.sort(key=lambda part: part.is_truncated)
    whole = " ".join(part.text for part in parts)
    printed = whole + CUT_MARK * parts[-1].is_truncated
    states = {mrz.fields.issuing_state, mrz.fields.nationality}
    readings: tuple[str, ...] = ()
    if states & ARABIC_SCRIPT_STATES and _has_escape(whole):
        readings = arabic_readings(whole)[:1]
    elif mrz.fields.issuing_state == _RUSSIA and _is_internal_passport(mrz.fields):
        readings = (russian_internal_reading(whole),)
    return (printed, *(reading for reading in readings if reading))


def documents(fields: Fields) -> tuple[Document, ...]:
    """Return the documents that the zone's number may stand for, the likeliest first."""
    number = fields.document_number.replace(FILLER, "")
    if not number:
        return ()
    issuer = country_by_code(fields.issuing_state)
    code = fields.document_code.replace(FILLER, "") or None
    found = [Document(number=number, issuer=issuer, type=code)]
    if fields.format in {Format.MRVA, Format.MRVB}:
        has_state = fields.nationality not in PERSONS_WITHOUT_NATIONALITY
        holder = country_by_code(fields.nationality) if has_state else None
        found.append(
            Document(
                number=number, issuer=holder, type="P", note="the passport's number, on a visa"
            )
        )
    if _is_internal_passport(fields) and fields.optional_data[:1].isdigit():
        series = number[:_SERIES_DIGITS] + fields.optional_data[0]
        found.append(Document(number=series + number[_SERIES_DIGITS:], issuer=issuer, type=code))
    return tuple(found)


def _has_escape(name: str) -> bool:
    """Whether the name has an `X`, with which the Arabic scheme writes most of its letters."""
    return "X" in name


def _is_internal_passport(fields: Fields) -> bool:
    return fields.issuing_state == _RUSSIA and fields.document_code == "PN"
