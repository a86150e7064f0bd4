"""The numbers by which a thing is looked up: papers, plates, hulls, serial numbers, accounts.

All of them are compared like document numbers: as written, as they are misread, within a range, and
with the state that issued them where one did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.model.documents import Document

if TYPE_CHECKING:
    from didban.model.records import Record

_TYPES: Final = {
    "passportNumber": "P",
    "idNumber": "I",
    "number": None,
    "registrationNumber": None,
    "taxNumber": None,
    "imoNumber": None,
    "mmsi": None,
    "vin": None,
    "innCode": None,
    "ogrnCode": None,
    "leiCode": None,
    "swiftBic": None,
    "okpoCode": None,
    "serialNumber": None,
    "callSign": None,
    "icaoCode": None,
}
"""Properties that hold such numbers -> ICAO document code. They state no issuer themselves."""

_PLATED: Final = frozenset({"Vehicle", "Vessel", "Airplane"})
"""Schemata whose registration number was issued by the state that they are registered in."""


def identifiers_of(record: Record) -> tuple[Document, ...]:
    """Return every number that a record can be looked up by, its documents first.

    - A number that stands both among the documents and in a property is returned once.
    - A plate or hull number carries the state of registration where the record names exactly one,
      so that the same digits of two states are two vehicles.
    """
    stated = {document.number for document in record.documents}
    found = [
        Document(number=number, type=document_type, issuer=_issuer(record, name))
        for name, document_type in _TYPES.items()
        for number in record.properties.get(name, ())
        if number not in stated
    ]
    return (*record.documents, *found) if found else record.documents


def _issuer(record: Record, property_name: str) -> str | None:
    if property_name != "registrationNumber" or record.schema not in _PLATED:
        return None
    states = record.values("flag") or record.values("country")
    return states[0] if len(states) == 1 else None
