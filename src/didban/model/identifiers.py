"""The numbers by which a thing is looked up: papers, plates, hulls, serial numbers, accounts.

All of them are compared like document numbers: as written, as they are misread, within a range, and
with the state that issued them where one did.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from didban.model.documents import Document

if TYPE_CHECKING:
    from didban.model.records import Record

REGISTERS: Final = {
    "imoNumber": "IMO",
    "mmsi": "MMSI",
    "leiCode": "LEI",
    "vin": "VIN",
    "swiftBic": "BIC",
    "innCode": "INN",
    "ogrnCode": "OGRN",
    "okpoCode": "OKPO",
    "uscCode": "USCC",
    "dunsCode": "DUNS",
    "uniqueEntityId": "UEI",
    "permId": "PERMID",
}
"""Properties that hold the number of one register, of the world or of one state -> its name, which
stands as the type of the document. The same number there is the same thing."""

_TYPES: Final = {
    "passportNumber": "P",
    "idNumber": "I",
    "number": None,
    "registrationNumber": None,
    "taxNumber": None,
    "vatCode": None,
    **REGISTERS,
    "serialNumber": None,
    "callSign": None,
    "icaoCode": None,
}
"""Properties that hold such numbers -> ICAO document code, or register. They state no issuer
themselves."""

ONE_FOR_LIFE: Final = frozenset({"IMO", "LEI", "VIN", "INN", "OGRN"})
"""Registers in which a thing has one number for as long as it is: another number is another thing."""

_AIRCRAFT: Final = "Airplane"
_PLATED: Final = frozenset({"Vehicle", "Vessel", _AIRCRAFT})
"""Schemata whose registration number was issued by the state that they are registered in."""


_NAMES: Final = ("name", "alias", "previousName")
_TAIL: Final = re.compile(r"(?=.*[-0-9])[A-Z0-9]{1,3}-?[A-Z0-9]{2,5}")
"""An aircraft's mark (ICAO Annex 7), which lists give as its name."""

_LABELLED: Final = re.compile(
    rf"(?:({'|'.join(sorted(set(REGISTERS.values())))})[ :.#]+(?=\S)|(IMO)(?=\d{{7}}$))",
    re.IGNORECASE,
)

_IMO: Final = 7
_LEI: Final = 20


def identifiers_of(record: Record) -> tuple[Document, ...]:
    """Return every number that a record can be looked up by, its documents first.

    - The mark by which an aircraft is called is a number of it.
    - A number that stands both among the documents and in a property is returned once.
    - A plate or hull number carries the state of registration where the record names exactly one,
      so that the same digits of two states are two vehicles.
    """
    if record.schema != _AIRCRAFT and _TYPES.keys().isdisjoint(record.properties):
        return record.documents
    stated = {document.number for document in record.documents}
    found = [
        Document(number=number, type=document_type, issuer=_issuer(record, name))
        for name, document_type in _TYPES.items()
        for text in record.properties.get(name, ())
        if (number := _without_label(text, document_type)) not in stated
    ]
    if record.schema == _AIRCRAFT:
        found += [Document(number=mark) for mark in record.values(*_NAMES) if _TAIL.fullmatch(mark)]
    return (*record.documents, *found) if found else record.documents


def is_sound(register: str, number: str) -> bool:
    """Return whether a number can be one of a register: its length and check digits are right.

    Of IMO numbers (IMO Resolution A.1117(30)) and LEI codes (ISO 17442); others always can.
    """
    if register == "IMO":
        weighed = sum(int(d) * (7 - n) for n, d in enumerate(number[:6]) if d.isdecimal())
        return len(number) == _IMO and number.isdecimal() and weighed % 10 == int(number[-1])
    if register == "LEI":
        is_long = len(number) == _LEI and number.isascii() and number.isalnum()
        return is_long and int("".join(str(int(c, 36)) for c in number)) % 97 == 1
    return True


def parse_labelled(text: str) -> tuple[str | None, str]:
    """Return the register that a number names before itself, if it does, and the number alone.

    `IMO 9074729` and `IMO9074729` are ("IMO", "9074729"); `C3214567` is (None, "C3214567").
    """
    label = _LABELLED.match(text)
    return (label[label.lastindex or 0].upper(), text[label.end() :]) if label else (None, text)


def _without_label(number: str, register: str | None) -> str:
    """Return a number without the name of its register before it: IMO 9074729."""
    if register and number.upper().startswith(register):
        return number[len(register) :].lstrip(" :.#-") or number
    return number


def _issuer(record: Record, property_name: str) -> str | None:
    if property_name != "registrationNumber" or record.schema not in _PLATED:
        return None
    states = record.values("flag") or record.values("country")
    return states[0] if len(states) == 1 else None
