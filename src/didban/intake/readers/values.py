"""What readers of every format do alike with values: dates, states, sexes, documents by kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from didban.model.countries import country
from didban.model.dates import parse_date
from didban.model.documents import Document
from didban.model.folding import ascii_digits
from didban.model.schemata import Kind, property_kind
from didban.model.sexes import sex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_ISO_DATE: Final = re.compile(r"(?:1[5-9]|2\d)\d\d(?:-[01]\d(?:-[0-3]\d(?:T[\d:.Z+-]*)?)?)?")
DOCUMENT_TEXTS: Final = tuple(Document.__dataclass_fields__)
"""What our JSON may say of a document."""

_TYPE_WORDS: Final = (
    ("P", re.compile(r"\bpasse?ports?\b|پاسپورت|گذرنامه|паспорт|جواز", re.IGNORECASE)),
    ("V", re.compile(r"\bvisas?\b|виза|ویزا|تأشيرة", re.IGNORECASE)),
    (
        "I",
        re.compile(
            r"\b(?:id|identity|identification|cedula|tazkira)\b|удостоверение|شناسه|هوية",
            re.IGNORECASE,
        ),
    ),
)
_TYPE_CODE: Final = re.compile(r"[A-Z][A-Z0-9<]?")

DOCUMENT_STATUSES: Final = ("stolen", "lost", "stolen_blank", "revoked", "invalid")
"""What may have become of a document (glossary: `document_status`)."""

_NAME_PARTS: Final = ("firstName", "secondName", "middleName", "fatherName", "lastName")
_STATUS_SPELLINGS: Final = {"blank_stolen": "stolen_blank"}

_READ_KINDS: Final = frozenset({Kind.DATE, Kind.COUNTRY, Kind.GENDER})
"""Kinds of properties whose values have a form of ours; the others stay as they are."""
_NUMBER_PROPERTIES: Final = {"passportNumber": "P", "idNumber": None}
_LABEL: Final = re.compile(r"^[^\W\d_][^\d:]{0,30}:\s*(?=\S)")  # "TIN: 0123"
_STATE_IN_BRACKETS: Final = re.compile(r"(.+?)\s*[(\[]([^()\[\]]{2,60})[)\]]")  # "A12 (Arvand)"


def read_value(
    schema: str, name: str, value: str, *, formats: Sequence[str] = (), day_first: bool = True
) -> str | None:
    """Return a property's value in our form, or None when its kind has no such value.

    Dates become EDTF (a time of day is kept as it is), states codes, sexes words. Other values,
    and those of properties that the schema does not know, stay as they are.
    """
    kind = property_kind(schema, name)
    if kind is Kind.DATE:
        if not formats and _ISO_DATE.fullmatch(value):
            return value
        found = parse_date(value, formats=formats, day_first=day_first)
        return None if found is None else str(found)
    if kind is Kind.COUNTRY:
        return country(value)
    return sex(value) if kind is Kind.GENDER else value


def was_converted(schema: str, name: str, text: str, value: str) -> bool:
    """Return whether a date's year does not stand in its text: it is of another calendar."""
    return property_kind(schema, name) is Kind.DATE and value[:4] not in ascii_digits(text)


def read_values(
    schema: str, properties: Mapping[str, Iterable[str]], note: Callable[[str], None]
) -> dict[str, tuple[str, ...]]:
    """Return properties with all values in our form, empty ones left out.

    - A value that cannot be read stays as it is, and `note` is told of it, naming only the property.
    - A date that was converted from another calendar also stands in `notes` as it was.
    """
    read: dict[str, tuple[str, ...]] = {}
    remarks: list[str] = []
    for name, values in properties.items():
        is_read = property_kind(schema, name) in _READ_KINDS
        known = {} if is_read else dict.fromkeys(values)
        for value in values if is_read else ():
            found = read_value(schema, name, value)
            if found is None:
                note(f"'{name}' holds a value that cannot be read; it is kept as it is")
            elif was_converted(schema, name, value, found):
                remarks.append(f"{name} as listed: {value}")
            known[value if found is None else found] = None
        if known:
            read[name] = tuple(known)
    if remarks:
        read["notes"] = (*read.get("notes", ()), *remarks)
    return read


def document_type(text: str) -> str | None:
    """Return the Doc 9303 code that a type's word or code means, or None ("driving licence")."""
    code = text.strip().upper()
    if _TYPE_CODE.fullmatch(code):
        return code.rstrip("<")
    return next((code for code, words in _TYPE_WORDS if words.search(text)), None)


def document_status(text: str) -> str | None:
    """Return the glossary's word for what became of a document, or None when it is no such word."""
    word = text.strip().lower().replace(" ", "_").replace("-", "_")
    word = _STATUS_SPELLINGS.get(word, word)
    return word if word in DOCUMENT_STATUSES else None


def document_from_json(data: Mapping[str, Any]) -> Document | None:
    """Return a document as our JSON states it, or None when it has no number.

    An issuer that is no state we know is kept as it is, in lower case: it must not match another.
    """
    texts = {name: str(data[name]).strip() for name in DOCUMENT_TEXTS if data.get(name)}
    if not texts.get("number"):
        return None
    issuer = texts.pop("issuer", None)
    kind = texts.pop("type", None)
    return Document(
        issuer=None if issuer is None else country(issuer) or issuer.lower(),
        type=None if kind is None else document_type(kind),
        **texts,
    )


def held_documents(properties: Mapping[str, Iterable[str]]) -> tuple[Document, ...]:
    """Return the documents that a person's number properties name.

    The issuer is known only where a state stands in brackets behind the number.
    """
    return tuple(
        _labelled_document(number, kind)
        for name, kind in _NUMBER_PROPERTIES.items()
        for number in properties.get(name, ())
    )


def _labelled_document(text: str, kind: str | None) -> Document:
    number = _LABEL.sub("", text)
    bracketed = _STATE_IN_BRACKETS.fullmatch(number)
    issuer = country(bracketed[2]) if bracketed else None
    if bracketed and issuer:
        return Document(number=bracketed[1], issuer=issuer, type=kind)
    return Document(number=number, type=kind)


def with_full_name(properties: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the properties with a `name` made of the first value of each part, if none is given."""
    parts = [properties[name][0] for name in _NAME_PARTS if properties.get(name)]
    if properties.get("name") or not parts:
        return dict(properties)
    return {"name": (" ".join(parts),), **properties}


def distinct_documents(documents: Iterable[Document]) -> tuple[Document, ...]:
    """Return the documents without those of which another one, of the same number, says more."""
    documents = tuple(documents)
    if len(documents) <= 1:
        return documents
    known: dict[tuple[str, str | None], Document] = {}
    unissued: list[Document] = []
    for document in documents:
        if document.issuer is None:
            unissued.append(document)
        else:
            known.setdefault((_bare(document.number), document.issuer), document)
    numbers = {number for number, _ in known}
    for document in unissued:
        if _bare(document.number) not in numbers:
            known.setdefault((_bare(document.number), None), document)
    return tuple(known.values())


def _bare(number: str) -> str:
    text = number.upper()
    return text if text.isalnum() else "".join(filter(str.isalnum, text))
