"""A record as one node says it to another: the full state, written and strictly read.

What the owner's node alone needs stays at home: who entered it, and why in their words. A user of
another node is named nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.model.alerts import Action, Alert, DocumentStatus, NoticeType, PersonStatus
from didban.model.attachments import AttachmentRole
from didban.model.bank import FOUND, BankRecord, RecordState, SuspensionCause
from didban.model.disputes import CounterEvidence
from didban.model.documents import Document
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields, time_text
from didban.model.marking import (
    Confidentiality,
    Handling,
    InformationEvaluation,
    Marking,
    SourceEvaluation,
    Visibility,
)
from didban.model.purposes import Purpose
from didban.model.records import Record
from didban.model.sensitive import SensitiveFact, SensitiveKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from enum import StrEnum

_MOST: Final = 500  # values, documents, facts, pieces of evidence
_TEXT: Final = 10_000  # characters of one value
_DOCUMENT: Final = tuple(Document.__dataclass_fields__)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SEEN: Final = ("first_seen", "last_seen", "last_change")


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFile:
    """A photo or file of a record.

    - `content`: None where it is too large to go along; `size`: bytes.
    """

    id: str
    role: AttachmentRole
    media_type: str
    title: str
    sha256: str
    handling: Handling
    attached_at: datetime
    size: int
    content: bytes | None = None


def to_json(record: BankRecord, files: Sequence[SharedFile] = ()) -> dict[str, Any]:
    """Return what other nodes are told of a record."""
    data: dict[str, Any] = {
        "entity": _entity_json(record.entity),
        "marking": _marking_json(record.marking),
        "state": record.state.value,
        "version": record.version,
        "recorded_at": time_text(record.recorded_at),
        "is_disputed": record.is_disputed,
        "suspensions": sorted(record.suspensions),
    }
    if record.alert is not None:
        data["alert"] = alert_json(record.alert)
    for name in ("valid_from", "valid_to"):
        if (day := getattr(record, name)) is not None:
            data[name] = day.isoformat()
    if record.sensitive:
        data["sensitive"] = [
            {"kind": one.kind.value, "value": one.value, "necessity": one.necessity}
            for one in record.sensitive
        ]
    if record.counter_evidence:
        data["counter_evidence"] = [_evidence_json(one) for one in record.counter_evidence]
    if files:
        data["attachments"] = [_file_json(one) for one in files]
    return data


def from_json(data: object) -> tuple[BankRecord, tuple[SharedFile, ...]]:
    """Read what `to_json` wrote. Raises Malformed; does not check what it says."""
    fields = Fields(data)
    made = BankRecord(
        entity=_entity(Fields(fields.raw("entity"))),
        marking=_marking(Fields(fields.raw("marking"))),
        alert=alert_of(Fields(fields.raw("alert"))) if fields.has("alert") else None,
        state=fields.member("state", RecordState),
        version=fields.number("version"),
        recorded_at=fields.time("recorded_at"),
        recorded_by="",
        valid_from=_day(fields, "valid_from"),
        valid_to=_day(fields, "valid_to"),
        sensitive=_list(fields, "sensitive", _sensitive),
        is_disputed=fields.truth("is_disputed"),
        suspensions=frozenset(words_of(fields, "suspensions", SuspensionCause)),
        counter_evidence=_list(fields, "counter_evidence", _evidence),
    )
    files = _list(fields, "attachments", _file)
    fields.require_all_read()
    if made.state not in FOUND:
        raise Malformed("a record that is not found any more is withdrawn, and not said")
    return made, files


def _entity_json(entity: Record) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": entity.id,
        "schema": entity.schema,
        "caption": entity.caption,
        "properties": {name: list(values) for name, values in entity.properties.items()},
    }
    if entity.documents:
        data["documents"] = [
            {name: value for name in _DOCUMENT if (value := getattr(one, name)) is not None}
            for one in entity.documents
        ]
    if entity.referents:
        data["referents"] = list(entity.referents)
    return data | {name: value for name in _SEEN if (value := getattr(entity, name))}


def _entity(fields: Fields) -> Record:
    properties = fields.raw("properties")
    if not isinstance(properties, dict) or len(properties) > _MOST:
        raise Malformed("'properties' is no object of at most 500 members")
    made = Record(
        id=fields.text("id"),
        schema=fields.text("schema"),
        caption=_maybe(fields, "caption") or "",
        properties={name: texts_of(values) for name, values in properties.items()},
        documents=_list(fields, "documents", _document),
        referents=texts_of(fields.raw("referents")) if fields.has("referents") else (),
        first_seen=_maybe(fields, "first_seen"),
        last_seen=_maybe(fields, "last_seen"),
        last_change=_maybe(fields, "last_change"),
    )
    fields.require_all_read()
    return made


def _document(fields: Fields) -> Document:
    made = Document(
        number=fields.text("number"),
        **{name: _maybe(fields, name) for name in _DOCUMENT if name != "number"},
    )
    fields.require_all_read()
    return made


def _marking_json(marking: Marking) -> dict[str, Any]:
    seen_by = marking.visibility
    data: dict[str, Any] = {
        "owner": seen_by.owner,
        "audience": list(seen_by.audience),
        "excluded": list(seen_by.excluded),
        "confidentiality": int(seen_by.confidentiality),
        "purpose": marking.purpose.value,
        "legal_basis": marking.legal_basis,
        "handling": marking.handling.value,
        "source": marking.source_evaluation.value,
        "information": marking.information_evaluation.value,
        "origin": list(marking.origin),
        "protected_from": list(marking.protected_from),
        "retention_until": marking.retention_until.isoformat(),
    }
    if marking.handling_conditions:
        data["handling_conditions"] = marking.handling_conditions
    for name in ("verified_on", "review_due"):
        if (day := getattr(marking, name)) is not None:
            data[name] = day.isoformat()
    return data


def _marking(fields: Fields) -> Marking:
    until = _day(fields, "retention_until")
    if until is None:
        raise Malformed("'retention_until' is missing")
    made = Marking(
        visibility=Visibility(
            owner=fields.text("owner"),
            audience=tuple(sorted(set(texts_of(fields.raw("audience"))))),
            excluded=tuple(sorted(set(texts_of(fields.raw("excluded"))))),
            confidentiality=_classification(fields),
        ),
        purpose=fields.member("purpose", Purpose),
        legal_basis=fields.text("legal_basis", _TEXT),
        retention_until=until,
        handling=fields.member("handling", Handling),
        handling_conditions=_maybe(fields, "handling_conditions") or "",
        source_evaluation=fields.member("source", SourceEvaluation),
        information_evaluation=fields.member("information", InformationEvaluation),
        verified_on=_day(fields, "verified_on"),
        review_due=_day(fields, "review_due"),
        origin=texts_of(fields.raw("origin")),
        protected_from=texts_of(fields.raw("protected_from")),
    )
    fields.require_all_read()
    return made


def _classification(fields: Fields) -> Confidentiality:
    number = fields.number("confidentiality")
    if number not in set(Confidentiality):
        raise Malformed("'confidentiality' is none of the numbers that belong there")
    return Confidentiality(number)


def alert_json(alert: Alert) -> dict[str, Any]:
    """Return what is asked about a record. Inverse of `alert_of`."""
    data: dict[str, Any] = {"action_requested": alert.action_requested.value}
    for name in ("person_status", "document_status", "notice_type"):
        if (word := getattr(alert, name)) is not None:
            data[name] = word.value
    for name in ("facts", "guardian_consent"):
        if text := getattr(alert, name):
            data[name] = text
    for name in ("warnings", "legal_references"):
        if texts := getattr(alert, name):
            data[name] = list(texts)
    if alert.valid_until is not None:
        data["valid_until"] = alert.valid_until.isoformat()
    return data


def alert_of(fields: Fields) -> Alert:
    """Read what `alert_json` wrote. Raises Malformed."""

    def word(name: str, of: type[Any]) -> Any:
        return fields.member(name, of) if fields.has(name) else None

    def texts(name: str) -> tuple[str, ...]:
        return texts_of(fields.raw(name)) if fields.has(name) else ()

    made = Alert(
        action_requested=fields.member("action_requested", Action),
        person_status=word("person_status", PersonStatus),
        document_status=word("document_status", DocumentStatus),
        notice_type=word("notice_type", NoticeType),
        warnings=texts("warnings"),
        facts=_maybe(fields, "facts") or "",
        legal_references=texts("legal_references"),
        valid_until=_day(fields, "valid_until"),
        guardian_consent=_maybe(fields, "guardian_consent") or "",
    )
    fields.require_all_read()
    return made


def _sensitive(fields: Fields) -> SensitiveFact:
    made = SensitiveFact(
        kind=fields.member("kind", SensitiveKind),
        value=fields.text("value", _TEXT),
        necessity=fields.text("necessity", _TEXT),
    )
    fields.require_all_read()
    return made


def _evidence_json(one: CounterEvidence) -> dict[str, Any]:
    data = {
        "id": one.id,
        "given_by": one.given_by,
        "text": one.text,
        "given_at": time_text(one.given_at),
    }
    return data if one.attachment is None else {**data, "attachment": one.attachment}


def _evidence(fields: Fields) -> CounterEvidence:
    made = CounterEvidence(
        id=fields.text("id"),
        given_by=fields.text("given_by"),
        text=fields.text("text", _TEXT),
        given_at=fields.time("given_at"),
        attachment=fields.text("attachment") if fields.has("attachment") else None,
    )
    fields.require_all_read()
    return made


def _file_json(one: SharedFile) -> dict[str, Any]:
    data = {
        "id": one.id,
        "role": one.role.value,
        "media_type": one.media_type,
        "title": one.title,
        "sha256": one.sha256,
        "handling": one.handling.value,
        "attached_at": time_text(one.attached_at),
    }
    more = {"size": one.size} if one.content is None else {"content": b64(one.content)}
    return data | more


def _file(fields: Fields) -> SharedFile:
    content = fields.bytes("content") if fields.has("content") else None
    made = SharedFile(
        id=fields.text("id"),
        role=fields.member("role", AttachmentRole),
        media_type=fields.text("media_type"),
        title=_maybe(fields, "title") or "",
        sha256=fields.text("sha256"),
        handling=fields.member("handling", Handling),
        attached_at=fields.time("attached_at"),
        size=fields.number("size") if content is None else len(content),
        content=content,
    )
    fields.require_all_read()
    return made


def _list(fields: Fields, name: str, read: Callable[[Fields], Any]) -> tuple[Any, ...]:
    return tuple(fields.each(name, _MOST, read)) if fields.has(name) else ()


def _maybe(fields: Fields, name: str) -> str | None:
    """Return a text that need not be there, and may be empty."""
    found = fields.raw(name)
    if found is None or (isinstance(found, str) and len(found) <= _TEXT):
        return found
    raise Malformed(f"'{name}' is no text of at most {_TEXT} characters")


def texts_of(found: object) -> tuple[str, ...]:
    """Read a list of texts of bounded size. Raises Malformed."""
    if not isinstance(found, list) or len(found) > _MOST:
        raise Malformed(f"expected a list of at most {_MOST} texts")
    if not all(isinstance(text, str) and len(text) <= _TEXT for text in found):
        raise Malformed(f"expected a list of texts of at most {_TEXT} characters")
    return tuple(found)


def words_of(fields: Fields, name: str, of: type[StrEnum]) -> list[Any]:
    """Read a list of words of ours. Raises Malformed."""
    known = {word.value: word for word in of}
    found = texts_of(fields.raw(name))
    if not set(found) <= set(known):
        raise Malformed(f"'{name}' has words that do not belong there")
    return [known[text] for text in found]


def _day(fields: Fields, name: str) -> date | None:
    text = _maybe(fields, name)
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):  # Python reads other forms too
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Malformed(f"'{name}' is no day")
