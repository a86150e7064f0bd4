"""What an owner says about a thing, before the bank keeps it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from didban.intake.readers.values import document_type, read_value, was_converted, with_full_name
from didban.model.countries import country
from didban.model.folding import ascii_digits

if TYPE_CHECKING:
    from datetime import date

    from didban.model.alerts import Alert
    from didban.model.documents import Document
    from didban.model.marking import Marking
    from didban.model.records import Record
    from didban.model.sensitive import SensitiveFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The owner's part of a record: all of it is the owner's word, and nothing else is.

    - `valid_from`, `valid_to`: the days of which it speaks, both included; None for open ends.
    """

    entity: Record
    marking: Marking
    alert: Alert | None = None
    sensitive: tuple[SensitiveFact, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


def in_our_form(draft: Draft) -> Draft:
    """Return a draft with dates, states, sexes and document codes as the bank writes them.

    - What cannot be read stays as it is, for the validation to name.
    - A date that was converted from another calendar also stands in `notes` as it was given.
    """
    entity = draft.entity
    read: dict[str, tuple[str, ...]] = {}
    remarks: list[str] = []
    for name, values in entity.properties.items():
        found = []
        for text in map(str.strip, values):
            value = read_value(entity.schema, name, text)
            if value is not None and was_converted(entity.schema, name, text, value):
                remarks.append(f"{name} as given: {text}")
            found.append(text if value is None else value)
        if kept := tuple(dict.fromkeys(filter(None, found))):
            read[name] = kept
    if remarks:
        read["notes"] = tuple(dict.fromkeys((*read.get("notes", ()), *remarks)))
    named = with_full_name(read)
    documents = tuple(map(_document, entity.documents))
    caption = entity.caption or next(iter(named.get("name", ())), "") or _numbered(documents)
    made = replace(entity, properties=named, documents=documents, caption=caption)
    return replace(draft, entity=made)


def _document(given: Document) -> Document:
    issuer, kind = given.issuer, given.type
    return replace(
        given,
        number=ascii_digits(given.number).strip(),
        number_to=ascii_digits(given.number_to).strip() if given.number_to else None,
        issuer=country(issuer) or issuer.lower() if issuer else None,
        type=document_type(kind) or kind.upper() if kind else None,
    )


def _numbered(documents: tuple[Document, ...]) -> str:
    """Return how a record without a name is called: by its first document."""
    if not documents:
        return ""
    first = documents[0]
    until = f" .. {first.number_to}" if first.number_to else ""
    return " ".join(filter(None, (first.issuer, first.type, first.number + until)))
