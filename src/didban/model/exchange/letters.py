"""What a message says: its parts, each under its own handling code and evaluation, and as bytes.

The codec is strict: what one node writes, another reads to the same value, and what is not laid
down is refused. No part is without a handling code; what an owner laid down travels with it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.model.documents import Document
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields, time_text
from didban.model.exchange.messages import (
    MessageEvent,
    MessageKind,
    MessageUrgency,
    RefusalGround,
    Topic,
)
from didban.model.marking import (
    Confidentiality,
    Handling,
    InformationEvaluation,
    SourceEvaluation,
)
from didban.model.purposes import Purpose
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

MAX_PARTS: Final = 50
MAX_TEXT: Final = 20_000  # characters of one part
MAX_FILES_BYTES: Final = 4_000_000  # of all files of a message
_MAX_CONDITIONS: Final = 4_000
_MAX_VALUES: Final = 500
_MAX_ORIGIN: Final = 20


class PartKind(StrEnum):
    """What a part is."""

    TEXT = "text"
    ENTITY = "entity"  # a person or thing: of a record, or as it was met
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a message.

    - `owner`: whose information it is; whoever passes it on is not the owner (PR-08, PR-11).
    - `conditions`: the owner's words, where the code is H3: acknowledged before the rest is read.
    - `text`; `entity`; or `name`, `media_type` and `data` of a file: by its kind.
    - `record`, `version`: the owner's record that an entity is of; None as somebody was met.
    - `consent`: of the owner, to hand it on.
    """

    kind: PartKind
    owner: str
    handling: Handling = Handling.H0
    conditions: str = ""
    source_evaluation: SourceEvaluation = SourceEvaluation.X
    information_evaluation: InformationEvaluation = InformationEvaluation.UNKNOWN
    origin: tuple[str, ...] = ()
    text: str = ""
    entity: Record | None = None
    record: str | None = None
    version: int | None = None
    name: str = ""
    media_type: str = ""
    data: bytes = b""
    consent: str | None = None

    @property
    def digest(self) -> bytes:
        """SHA-256 of what must be acknowledged before it is read."""
        return hashlib.sha256(self.conditions.encode()).digest()

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data. Inverse of `part_of`."""
        said: dict[str, Any] = {
            "kind": self.kind.value,
            "owner": self.owner,
            "handling": self.handling.value,
            "source": self.source_evaluation.value,
            "information": self.information_evaluation.value,
        }
        optional = ("conditions", "text", "record", "version", "name", "media_type", "consent")
        said |= {name: value for name in optional if (value := getattr(self, name))}
        if self.origin:
            said["origin"] = list(self.origin)
        if self.entity is not None:
            said["entity"] = self.entity.to_json()
        if self.kind is PartKind.FILE:
            said["data"] = b64(self.data)
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is sealed for the recipient.

    - `sender`, `recipient`: codes of authorities; the nodes that speak for them carry it.
    - `thread`: what belongs together; `in_reply_to`: the request that it replies to.
    - `purpose`: for what it may be used (PR-06); `confidentiality`: who may read it there.
    - `ground`: why a request is refused.

    It has no heading: what it is about is told by `topic`, and all else is said in its parts.
    """

    id: str
    thread: str
    kind: MessageKind
    topic: Topic
    urgency: MessageUrgency
    sender: str
    recipient: str
    purpose: Purpose
    sent_at: datetime
    parts: tuple[Part, ...]
    in_reply_to: str | None = None
    ground: RefusalGround | None = None
    confidentiality: Confidentiality = Confidentiality.FOR_OFFICIAL_USE

    @property
    def handling(self) -> Handling:
        """The strictest code of its parts; it holds for the whole (PR-08)."""
        return max((part.handling for part in self.parts), default=Handling.H0)

    @property
    def records(self) -> frozenset[str]:
        """The records that its parts are of."""
        return frozenset(part.record for part in self.parts if part.record)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data. Inverse of `from_json`."""
        said: dict[str, Any] = {
            "id": self.id,
            "thread": self.thread,
            "kind": self.kind.value,
            "topic": self.topic.value,
            "urgency": self.urgency.value,
            "sender": self.sender,
            "recipient": self.recipient,
            "purpose": self.purpose.value,
            "sent_at": time_text(self.sent_at),
            "confidentiality": int(self.confidentiality),
            "parts": [part.to_json() for part in self.parts],
        }
        if self.in_reply_to is not None:
            said["in_reply_to"] = self.in_reply_to
        if self.ground is not None:
            said["ground"] = self.ground.value
        return said

    @classmethod
    def from_json(cls, data: object) -> Letter:
        """Read what `to_json` wrote, here or at another node. Raises Malformed."""
        fields = Fields(data)
        found = cls(
            id=fields.identifier("id"),
            thread=fields.identifier("thread"),
            kind=fields.member("kind", MessageKind),
            topic=fields.member("topic", Topic),
            urgency=fields.member("urgency", MessageUrgency),
            sender=fields.identifier("sender", 40),
            recipient=fields.identifier("recipient", 40),
            purpose=fields.member("purpose", Purpose),
            sent_at=fields.time("sent_at"),
            confidentiality=_confidentiality(fields.number("confidentiality")),
            parts=tuple(fields.each("parts", MAX_PARTS, part_of)),
            in_reply_to=fields.identifier("in_reply_to") if fields.has("in_reply_to") else None,
            ground=fields.member("ground", RefusalGround) if fields.has("ground") else None,
        )
        fields.require_all_read()
        if sum(len(part.data) for part in found.parts) > MAX_FILES_BYTES:
            raise Malformed(f"the files of a message are more than {MAX_FILES_BYTES} bytes")
        return found


def part_of(fields: Fields) -> Part:
    """Read a part. Raises Malformed."""
    found = Part(
        kind=fields.member("kind", PartKind),
        owner=fields.text("owner", 40),
        handling=fields.member("handling", Handling),
        source_evaluation=fields.member("source", SourceEvaluation),
        information_evaluation=fields.member("information", InformationEvaluation),
        conditions=_optional(fields, "conditions", _MAX_CONDITIONS),
        origin=_texts(fields.raw("origin"), _MAX_ORIGIN) if fields.has("origin") else (),
        text=_optional(fields, "text", MAX_TEXT),
        entity=entity_of(Fields(fields.raw("entity"))) if fields.has("entity") else None,
        record=_optional(fields, "record", 200) or None,
        version=fields.number("version") if fields.has("version") else None,
        name=_optional(fields, "name", 200),
        media_type=_optional(fields, "media_type", 100),
        data=fields.bytes("data") if fields.has("data") else b"",
        consent=_optional(fields, "consent", 64) or None,
    )
    fields.require_all_read()
    is_whole = {
        PartKind.TEXT: bool(found.text) and found.entity is None and not found.data,
        PartKind.ENTITY: found.entity is not None and not found.text and not found.data,
        PartKind.FILE: bool(found.name and found.media_type) and found.entity is None,
    }[found.kind]
    if not is_whole:
        raise Malformed("a part does not hold what its kind says")
    if (found.handling is Handling.H3) != bool(found.conditions.strip()):
        raise Malformed("conditions in words belong to H3, and to H3 alone")
    return found


def entity_of(fields: Fields) -> Record:
    """Read a person or thing as another node describes it. Raises Malformed."""
    given = fields.raw("properties")
    if not isinstance(given, dict) or len(given) > _MAX_VALUES:
        raise Malformed("'properties' is no object of bounded size")
    documents = fields.each("documents", _MAX_VALUES, _document) if fields.has("documents") else []
    found = Record(
        id=fields.text("id"),
        schema=fields.text("schema", 40),
        caption=_optional(fields, "caption", 1_000),
        properties={str(name): _texts(values, _MAX_VALUES) for name, values in given.items()},
        documents=tuple(documents),
    )
    fields.require_all_read()
    return found


def _document(fields: Fields) -> Document:
    names = [name for name in Document.__dataclass_fields__ if fields.has(name)]
    values = {name: fields.text(name, 1_000) for name in names}
    fields.require_all_read()
    if "number" not in values:
        raise Malformed("a document has a number")
    return Document(**values)


def _optional(fields: Fields, name: str, most: int) -> str:
    if not fields.has(name):
        return ""
    found = fields.raw(name)
    if not isinstance(found, str) or len(found) > most:
        raise Malformed(f"'{name}' is no text of at most {most} characters")
    return found


def _texts(values: object, most: int) -> tuple[str, ...]:
    if not isinstance(values, list) or len(values) > most:
        raise Malformed(f"expected a list of at most {most} texts")
    if not all(isinstance(value, str) and len(value) <= MAX_TEXT for value in values):
        raise Malformed("a list of texts holds something else")
    return tuple(values)


def _confidentiality(number: int) -> Confidentiality:
    try:
        return Confidentiality(number)
    except ValueError as wrong:
        raise Malformed("'confidentiality' is none of the classifications") from wrong


_IDENTITY: Final = frozenset(
    {"name", "alias", "previousName", "firstName", "lastName", "middleName", "fatherName",
     "motherName", "transliteration", "birthDate", "birthPlace", "birthCountry", "nationality",
     "citizenship", "gender", "country"}
)  # fmt: skip
_PAPER: Final = frozenset({"number", "type", "country", "startDate", "endDate", "authority"})
_VEHICLE: Final = frozenset(
    {"registrationNumber", "vin", "type", "model", "country", "buildDate", "color", "name"}
)

ALLOWED: Final[Mapping[Topic, frozenset[str]]] = {
    Topic.DOCUMENT: _PAPER,
    Topic.VEHICLE: _VEHICLE,
    Topic.IDENTITY: _IDENTITY,
    Topic.WHEREABOUTS: _IDENTITY | {"address", "phone", "email"},
    Topic.CASE: _IDENTITY | {"address", "phone", "email", "topics", "summary", "notes", "keywords"},
    Topic.COOPERATION: frozenset(),
}
"""Which properties of an entity travel with a message of each topic; all else stays (PR-42).

What PR-12 calls sensitive is in none of them."""

SCHEMATA: Final[Mapping[Topic, frozenset[str]]] = {
    Topic.DOCUMENT: frozenset({"Passport", "Identification"}),
    Topic.VEHICLE: frozenset({"Vehicle", "Airplane", "Vessel"}),
    Topic.IDENTITY: frozenset({"Person"}),
    Topic.WHEREABOUTS: frozenset({"Person"}),
    Topic.CASE: frozenset({"Person", "Organization", "Company", "LegalEntity"}),
    Topic.COOPERATION: frozenset(),
}

PERSONAL: Final = frozenset({Topic.IDENTITY, Topic.WHEREABOUTS, Topic.CASE})
"""Topics about persons: nothing of them leaves past the register of assessments (PR-55)."""


def reduced(entity: Record, topic: Topic) -> Record:
    """Return what may travel of an entity with a message of this topic (PR-42).

    Whom a document is about is told by its number and issuer; who holds it stays.
    """
    allowed = ALLOWED[topic]
    caption = entity.caption if "name" in allowed else ""
    return Record(
        id=entity.id,
        schema=entity.schema,
        caption=caption,
        properties={name: values for name, values in entity.properties.items() if name in allowed},
        documents=tuple(replace(paper, note=None) for paper in entity.documents),
    )


def kinds_of_parts(kind: MessageKind, topic: Topic) -> frozenset[PartKind]:
    """Return which parts a message may have: a search for a thing has no room for names (PR-42)."""
    if kind is MessageKind.REQUEST and topic in {Topic.DOCUMENT, Topic.VEHICLE}:
        return frozenset({PartKind.ENTITY})
    if topic is Topic.COOPERATION:
        return frozenset({PartKind.TEXT, PartKind.FILE})
    return frozenset(PartKind)


def fields_beyond(part: Part, topic: Topic) -> frozenset[str]:
    """Return what a part tells beyond what its topic allows; empty where it is as it must be."""
    if part.entity is None:
        return frozenset()
    beyond = set(part.entity.properties) - ALLOWED[topic]
    if part.entity.schema not in SCHEMATA[topic]:
        beyond.add("schema")
    if part.entity.caption and "name" not in ALLOWED[topic]:
        beyond.add("caption")
    if any(paper.note for paper in part.entity.documents):
        beyond.add("note")
    return frozenset(beyond)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What one side tells the other of a message: that something happened to it, and no name.

    - `due_at`: with an acceptance, by when it is answered; `code`: why it is not accepted, or how
      useful the answer was (`0` to `3`); `words`: why it is recalled or reopened.
    """

    message: str
    event: MessageEvent
    due_at: datetime | None = None
    code: str = ""
    words: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data. Inverse of `from_json`."""
        said = {"message": self.message, "event": self.event.value}
        if self.due_at is not None:
            said["due_at"] = time_text(self.due_at)
        return said | {name: text for name in ("code", "words") if (text := getattr(self, name))}

    @classmethod
    def from_json(cls, data: object) -> Moved:
        """Read what `to_json` wrote. Raises Malformed."""
        fields = Fields(data)
        found = cls(
            message=fields.identifier("message"),
            event=fields.member("event", MessageEvent),
            due_at=fields.time("due_at") if fields.has("due_at") else None,
            code=_optional(fields, "code", 40),
            words=_optional(fields, "words", _MAX_CONDITIONS),
        )
        fields.require_all_read()
        return found


class MessageFault(StrEnum):
    """Why a message that was understood is not accepted; its sender is told the code."""

    FOREIGN_SENDER = "foreign_sender"  # the node does not speak for that authority (PR-07)
    UNKNOWN_RECIPIENT = "unknown_recipient"
    UNKNOWN_REQUEST = "unknown_request"  # what it replies to was not asked of that authority
    BEYOND_FIELDS = "beyond_fields"  # PR-42
    HANDED_ON = "handed_on"  # H2 of a third authority, without its consent (PR-08)
    NO_GROUND = "no_ground"
    OUT_OF_TIME = "out_of_time"  # it was sealed long before it was published, or after
