"""What of a record a page shows, part by part: rows of values, each with how it is to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.model.marking import Confidentiality
from didban.model.schemata import Kind, is_a, property_kind
from didban.model.statements import statements_of
from didban.web.presenters.papers import number_of, paper_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_BY_KIND: Final = {
    Kind.NAME: "name",
    Kind.WEAK_NAME: "name",
    Kind.NAME_PART: "name",
    Kind.DATE: "day",
    Kind.COUNTRY: "country",
    Kind.IDENTIFIER: "code",
    Kind.GENDER: "Sex",
    Kind.ENTITY: "record",
    Kind.TOPIC: "Topic",
    Kind.NUMBER: "code",
    Kind.PHONE: "code",
    Kind.EMAIL: "code",
    Kind.URL: "code",
    Kind.LANGUAGE: "code",
}

_BY_NAME: Final = {
    "caption": "name",
    "requested": "Action",
    "document_status": "DocumentStatus",
    "documents.status": "DocumentStatus",
    "documents.issuer": "country",
    "documents.number": "code",
    "documents.number_to": "code",
    "documents.type": "code",
    "documents.expires_on": "day",
    "state": "RecordState",
    "person_status": "PersonStatus",
    "notice_type": "NoticeType",
    "notes": "Note",
    "warnings": "Warning",
    "topics": "Topic",
    "kind": "SensitiveKind",
    "purpose": "Purpose",
    "confidentiality": "Confidentiality",
    "source_evaluation": "SourceEvaluation",
    "information_evaluation": "InformationEvaluation",
    "verified_on": "day",
    "review_due": "day",
    "retention_until": "day",
    "valid_until": "day",
    "recorded_at": "moment",
    "code": "code",
    "photos": "code",
    "id": "code",
    "attachment": "code",
    "given_by": "authority",
    "origin": "authority",
    "datasets": "code",
    "asks_first_line": "YesNo",
}
"""Parts of a record that are no properties of the vocabulary."""


_OF_THE_THING: Final = frozenset({"identity", "appearance", "location", "content"})
"""Parts of a record that hold properties of the vocabulary, as its owner wrote them."""


def look_of(schema: str, name: str, part: str = "") -> str:
    """Return how a value is shown: `name`, `code`, `day` ..., or the kind of the term that it is.

    What is nothing else is `data`: words of people and papers.

    - `part`: of the record; `state` is a word of the vocabulary in one, and ours in another.
    """
    kind = property_kind(schema, name)
    ours = None if kind and part in _OF_THE_THING else _BY_NAME.get(name)
    return ours or (_BY_KIND.get(kind, "data") if kind else "data")


def label_of(name: str, part: str = "") -> str:
    """Return the code of what a value is called, a `property` of the catalogue."""
    last = name.rpartition(".")[2]
    return "addressState" if last == "state" and part in _OF_THE_THING else last


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One property with its values, what it is called, and how they are shown."""

    name: str
    label: str
    look: str
    values: Sequence[str]


def rows(schema: str, properties: Mapping[str, Sequence[str]], part: str = "content") -> list[Row]:
    """Return the rows of one part of a record."""
    return [
        Row(
            name=name,
            label=label_of(name, part),
            look=look_of(schema, name, part),
            values=values,
        )
        for name, values in properties.items()
    ]


def part_rows(shown: Mapping[str, Any], *parts: str) -> list[Row]:
    """Return the rows of whole parts of a record, as `guard.fields.shown` has them."""
    found: dict[str, dict[str, list[str]]] = {}
    for said in statements_of({"id": shown["id"], **{p: shown[p] for p in parts if p in shown}}):
        found.setdefault(said.field, {}).setdefault(said.name, []).append(said.value)
    schema = shown.get("schema", "")
    return [row for part, values in found.items() for row in rows(schema, values, part)]


def is_document(shown: Mapping[str, Any]) -> bool:
    """Return whether a record is about a document."""
    return is_a(shown.get("schema", ""), "Identification")


def is_somebody(shown: Mapping[str, Any]) -> bool:
    """Return whether a record is about a person or an organisation, which have a file."""
    return is_a(shown.get("schema", ""), "LegalEntity")


def title_of(shown: Mapping[str, Any]) -> str:
    """Return what a record is called: its name, the number of its document, or its caption."""
    identity = shown.get("identity", {})
    properties = identity.get("properties", {})
    named = [v for name in ("name", "alias", "title") for v in properties.get(name, ())]
    caption = identity.get("caption", "")
    if named and caption:
        return str(caption)  # the name that its owner chose of several
    numbers = [number_of(paper_of(paper)) for paper in identity.get("documents", ())]
    return next((text for text in (*named, *numbers, caption) if text), "")


def handling_of(shown: Iterable[Mapping[str, Any]]) -> tuple[Confidentiality, ...]:
    """Return the classifications of what is shown, for the banner of the page."""
    return tuple(_classified(shown))


def _classified(shown: Iterable[Mapping[str, Any]]) -> Iterator[Confidentiality]:
    for one in shown:
        name = one.get("marking", {}).get("confidentiality")
        if name:
            yield Confidentiality[name.upper()]


def page_of(shown: Mapping[str, Any], *, has_files: bool) -> str:
    """Return the page on which a record is read: the file of somebody, or the record itself.

    - `has_files`: whether who asks may read files.
    """
    return "files.file" if has_files and is_somebody(shown) else "records.one"
