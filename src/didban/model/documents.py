"""Identity and travel documents as values: who issued them, of what type, with what number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document, or a range of them, as a list or a traveller states it.

    - `number` is kept as written; comparison forms are made by `didban.match.documents`.
    - `issuer` is a country code as `didban.model.countries` gives it, or None when not stated.
    - `type` is the ICAO Doc 9303 document code where it is known (`P`, `I`, `V` ...), or None.
    - `number_to`, where present, makes an inclusive range: `number` .. `number_to` (stolen blanks).
    - `status` is one of the glossary's `document_status` words, or None for a document that a
      record's person merely holds.
    """

    number: str
    issuer: str | None = None
    type: str | None = None
    number_to: str | None = None
    status: str | None = None
    issued_on: str | None = None
    expires_on: str | None = None
    note: str | None = None
