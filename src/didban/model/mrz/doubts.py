"""What an officer should know about a readable zone beside its check digits, as warnings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban.model.countries import country_by_code, is_specimen
from didban.model.dates import PartialDate
from didban.model.mrz.check_digits import DIGITS, FILLER, check_digit
from didban.model.mrz.codes import (
    DEPRECATED_STATES,
    PERSONS_WITHOUT_NATIONALITY,
    is_code_expected,
)
from didban.model.mrz.layouts import Format, Layout
from didban.model.mrz.names import has_stray_separator
from didban.model.mrz.values import Fields, MrzWarning
from didban.model.mrz.verify import read_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from didban.model.mrz.zones import Zone

FIRST_LETTERS = {
    Format.TD1: "ACI",
    Format.TD2: "ACI",
    Format.TD3: "P",
    Format.MRVA: "V",
    Format.MRVB: "V",
    Format.FRID: "I",
}
"""With which letters the document code of each format may begin."""

_EARLIEST_EXPIRY = 1980
_EXPIRY_YEARS_AHEAD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What every rule below looks at."""

    layout: Layout
    zone: Zone
    fields: Fields
    today: date

    def raw(self, element: str) -> str:
        """Return an element with its fillers, "" where the format has none."""
        at = self.layout.elements.get(element)
        return at.of(self.zone.lines) if at else ""


def find_doubts(layout: Layout, zone: Zone, fields: Fields, today: date) -> tuple[MrzWarning, ...]:
    """Return the warnings of a zone: capture, document, states, number, name, dates, sex.

    Does not repeat what a check digit says.
    """
    reading = _Reading(layout=layout, zone=zone, fields=fields, today=today)
    rules = (_of_document, _of_states, _of_number, _of_name, _of_birth, _of_expiry, _of_sex)
    return tuple(
        MrzWarning(code=code, message=message) for rule in rules for code, message in rule(reading)
    )


def _of_document(reading: _Reading) -> Iterator[tuple[str, str]]:
    if reading.zone.is_adapted:
        yield "adapted_text", "spaces or guillemets in the text were read as fillers"
    code, kind = reading.fields.document_code, reading.fields.format
    if not is_code_expected(code, FIRST_LETTERS[kind]):
        yield "document_code", f"a {kind} document does not carry the code '{code}'"


def _of_states(reading: _Reading) -> Iterator[tuple[str, str]]:
    for words, code in (
        ("issuing state", reading.fields.issuing_state),
        ("nationality", reading.fields.nationality),
    ):
        state = country_by_code(code)
        if is_specimen(state):
            yield "specimen", f"{words} {code} is on specimens only: not a travel document"
        elif code in DEPRECATED_STATES:
            yield "deprecated_state", f"{words} {code} is no longer in use: old document, or false"
        elif code and state is None:
            yield "unknown_state", f"{words} {code} is no code that we know: misread, or false"
    issuer = reading.fields.issuing_state
    if not issuer:
        yield "no_issuing_state", "the issuing state is empty"
    elif issuer in PERSONS_WITHOUT_NATIONALITY:
        yield "issuing_state", f"{issuer} stands for a person's status, not for an issuing state"


def _of_number(reading: _Reading) -> Iterator[tuple[str, str]]:
    if not reading.fields.document_number:
        yield "no_document_number", "the document number is empty"
        return
    number = read_number(reading.layout, reading.zone.lines)
    if number.digit_at is None:
        yield (
            "number_unchecked",
            "the document number has no check digit: old or deviating document",
        )
    elif number.is_long and number.digit_at.of(reading.zone.lines) != check_digit(number.text):
        yield "filler_counted", "the number's check digit fits only with the filler inside counted"
    elif number.is_long and len(number.text) <= reading.layout.elements["document_number"].width:
        yield "digit_displaced", "the number's check digit stands in the optional data"


def _of_name(reading: _Reading) -> Iterator[tuple[str, str]]:
    name = reading.raw("name")
    if not name.strip(FILLER):
        yield "no_name", "the name is empty"
    elif not reading.fields.primary_identifier:
        yield "no_primary_identifier", "the name begins with fillers: no primary identifier"
    if not DIGITS.isdisjoint(name + reading.raw("given_names")):
        yield "digit_in_name", "the name has digits: misread, or a national alphabet"
    if "given_names" not in reading.layout.elements and has_stray_separator(name):
        yield "name_separators", "fillers stand inside the name where the standard has none"
    for words, field in (("name", name), ("given names", reading.raw("given_names"))):
        if field and not field.endswith(FILLER):
            yield "name_truncated", f"the field of the {words} is full: names may be cut or missing"


def _of_birth(reading: _Reading) -> Iterator[tuple[str, str]]:
    raw = reading.fields.birth_date
    if _is_incomplete(raw):
        yield "birth_date_incomplete", "parts of the birth date are unknown"
    if _is_impossible(raw, PartialDate.from_mrz(raw, reading.today)):
        yield "birth_date_impossible", "the birth date is no date: parts of it were left out"


def _of_expiry(reading: _Reading) -> Iterator[tuple[str, str]]:
    raw = reading.fields.expiry_date
    if not raw:
        return
    expiry = PartialDate.from_mrz_expiry(raw, reading.today)
    if expiry is None:
        yield "no_expiry", "the document does not expire, or its expiry date is empty"
        return
    if _is_impossible(raw, expiry):
        yield "expiry_date_impossible", "the expiry date is no date: parts of it were left out"
    if expiry.year is None:
        return
    if not _EARLIEST_EXPIRY <= expiry.year <= reading.today.year + _EXPIRY_YEARS_AHEAD:
        yield "expiry_date_unlikely", f"the expiry date is in the year {expiry.year}"
    if (expiry.year, expiry.month or 12, expiry.day or 31) < (
        reading.today.year,
        reading.today.month,
        reading.today.day,
    ):
        yield "expired", f"the document expired on {expiry}"


def _of_sex(reading: _Reading) -> Iterator[tuple[str, str]]:
    sex = reading.fields.sex
    if sex == "X":
        yield "sex_x", "sex is printed X; the standard has a filler there"
    elif sex not in {"M", "F", ""}:
        yield "sex_unreadable", f"sex is read as '{sex}', which is neither M nor F nor a filler"


def _is_incomplete(raw: str) -> bool:
    return any(raw[i : i + 2] in {"<<", "00"} for i in (2, 4)) or raw.startswith("<<")


def _is_impossible(raw: str, value: PartialDate) -> bool:
    """Whether a part that is printed, and not printed as unknown, did not make it into the date."""
    parts = zip((raw[0:2], raw[2:4], raw[4:6]), (value.year, value.month, value.day), strict=True)
    unknown = ("<<", "00")
    return any(
        known is None and (part not in unknown or (i == 0 and part == "00"))
        for i, (part, known) in enumerate(parts)
    )
