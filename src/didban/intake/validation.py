"""Whether what an owner says can be kept: every fault at once, in words, with its place.

Faults never repeat what was said, so that an error or a log holds nothing personal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidFields
from didban.intake.document_numbers import range_fault
from didban.intake.readers.values import read_value
from didban.match.spelling.scripts import script_of
from didban.model.alerts import ACTIONS_FOR, Action, DocumentStatus, NoticeType
from didban.model.countries import country_by_code
from didban.model.dates import parse_date
from didban.model.marking import Handling
from didban.model.minors import AGE_OF_MAJORITY, may_be_minor
from didban.model.retention import RetentionPolicy, maximum_for
from didban.model.schemata import Kind, Schema, is_a, schema
from didban.model.sensitive import SENSITIVE_PROPERTIES, SensitiveKind, mentioned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from didban.intake.drafts import Draft
    from didban.model.alerts import Alert
    from didban.model.documents import Document
    from didban.model.records import Record

Fault = tuple[str, str]

MAX_VALUE_LENGTH: Final = 10_000  # characters
MAX_VALUES: Final = 500  # of one record
MAX_DOCUMENTS: Final = 500  # of one record

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,119}")
_AUDIENCE: Final = re.compile(r"\*|(node|group|kind|blind):[a-z0-9][a-z0-9_-]{0,39}")
_READ_KINDS: Final = {
    Kind.DATE: "is no date that can be read; write YYYY-MM-DD, YYYY-MM or YYYY",
    Kind.COUNTRY: "is no state that we know; use its ISO 3166 code",
    Kind.GENDER: "is none of male, female, other",
}
_NO_CHILD_NOTICES: Final = frozenset({NoticeType.RED, NoticeType.GREEN})
_STATUSES: Final = frozenset(DocumentStatus) - {DocumentStatus.RECOVERED}


def require_valid(draft: Draft, today: date, policy: RetentionPolicy | None = None) -> None:
    """Return if a draft can be kept.

    Does not look at the bank: whether linked records are there and who may report is decided by
    `intake.bank`. Raises InvalidFields.
    """
    found = tuple(faults_of(draft, today, policy or RetentionPolicy()))
    if found:
        places = ", ".join(sorted({place for place, _ in found}))
        raise InvalidFields(f"the record cannot be kept as it is; to mend: {places}", found)


def faults_of(draft: Draft, today: date, policy: RetentionPolicy) -> Iterator[Fault]:
    """Yield the place (JSON pointer) and the words of everything that is wrong."""
    kind = schema(draft.entity.schema)
    if not _ID.fullmatch(draft.entity.id):
        yield "/entity/id", "must be 1 to 120 letters, digits or ._:-"
    if kind is None:
        yield "/entity/schema", "is no kind of thing that the vocabulary has"
        return
    yield from _content(draft.entity, kind)
    yield from _documents(draft.entity, today)
    yield from _sensitive(draft)
    yield from _marking(draft, today, policy)
    if draft.alert is not None:
        yield from _alert(draft.entity, draft.alert, today)
    if draft.valid_from and draft.valid_to and draft.valid_from > draft.valid_to:
        yield "/valid_to", "lies before valid_from"


def _content(entity: Record, kind: Schema) -> Iterator[Fault]:
    if sum(map(len, entity.properties.values())) > MAX_VALUES:
        yield "/entity/properties", f"hold more than {MAX_VALUES} values"
        return
    for name, values in entity.properties.items():
        place = f"/entity/properties/{name}"
        property_kind = kind.properties.get(name)
        if name in SENSITIVE_PROPERTIES:
            yield place, "belongs into 'sensitive', with the reason why it is needed (PR-12)"
        elif property_kind is None:
            yield place, f"is no property of {kind.name}"
        for position, value in enumerate(values):
            if len(value) > MAX_VALUE_LENGTH:
                yield f"{place}/{position}", f"is longer than {MAX_VALUE_LENGTH} characters"
            elif property_kind and not _is_readable(kind.name, name, value, property_kind):
                yield f"{place}/{position}", _READ_KINDS[property_kind]
    yield from _naming(entity, kind)


def _is_readable(schema_name: str, name: str, value: str, kind: Kind) -> bool:
    return kind not in _READ_KINDS or read_value(schema_name, name, value) is not None


def _naming(entity: Record, kind: Schema) -> Iterator[Fault]:
    """Yield what is wrong with how a thing is called (PR-20)."""
    names = entity.values("name", "alias", "previousName", "firstName", "lastName")
    if kind.is_matchable and not (names or entity.documents or _has_number(entity, kind)):
        yield "/entity/properties/name", "a name or a number is needed to find it by"
    for position, derived in enumerate(entity.values("transliteration")):
        if all(script_of(name) == script_of(derived) for name in names):
            place = f"/entity/properties/transliteration/{position}"
            yield (
                place,
                "stands alone: the name in its original script must stand beside it (PR-20)",
            )


def _has_number(entity: Record, kind: Schema) -> bool:
    return any(kind.properties.get(name) is Kind.IDENTIFIER for name in entity.properties)


def _documents(entity: Record, today: date) -> Iterator[Fault]:
    is_paper = is_a(entity.schema, "Identification")
    if len(entity.documents) > MAX_DOCUMENTS:
        yield "/entity/documents", f"are more than {MAX_DOCUMENTS}"
        return
    if is_paper and len(entity.documents) != 1:
        yield "/entity/documents", "a record about a document states exactly one, or one range"
    for position, document in enumerate(entity.documents):
        place = f"/entity/documents/{position}"
        yield from _document(document, place)
        yield from _paper(document, place) if is_paper else _held(document, place)
    reported = filter(None, map(parse_date, entity.values("reportedAt")))
    if any(day.year is not None and day.year > today.year for day in reported):
        yield "/entity/properties/reportedAt", "lies in the future"


def _document(document: Document, place: str) -> Iterator[Fault]:
    if fault := range_fault(document.number, document.number_to):
        yield f"{place}/number", fault
    if document.issuer and country_by_code(document.issuer) is None:
        yield f"{place}/issuer", "is no state or issuer that we know; use its ISO or ICAO code"
    for name in ("issued_on", "expires_on"):
        text = getattr(document, name)
        if text is not None and parse_date(text) is None:
            yield f"{place}/{name}", _READ_KINDS[Kind.DATE]


def _paper(document: Document, place: str) -> Iterator[Fault]:
    """Yield what is wrong with the document that a record is about."""
    if document.issuer is None:
        yield f"{place}/issuer", "is needed: numbers are unique within a state only"
    if document.status not in _STATUSES:
        yield f"{place}/status", f"what became of it is none of {', '.join(sorted(_STATUSES))}"


def _held(document: Document, place: str) -> Iterator[Fault]:
    """Yield what is wrong with a document that a person merely holds."""
    if document.status is not None:
        message = "a lost or stolen document is a record of its own (Passport, Identification)"
        yield f"{place}/status", message


def _sensitive(draft: Draft) -> Iterator[Fault]:
    """Yield what PR-12 refuses: no reason given, or said in free text without one."""
    for position, fact in enumerate(draft.sensitive):
        for name in ("value", "necessity"):
            if not getattr(fact, name).strip():
                yield f"/sensitive/{position}/{name}", "must not be empty (PR-12)"
    justified = {fact.kind for fact in draft.sensitive}
    for place, text in _free_texts(draft):
        for kind in sorted(mentioned(text) - justified):
            yield place, _speaks_of(kind)


def _speaks_of(kind: SensitiveKind) -> str:
    return (
        f"seems to speak of {kind.replace('_', ' ')}; leave it out, or state it in 'sensitive' with "
        "the reason why it is needed (PR-12)"
    )


def _free_texts(draft: Draft) -> Iterator[Fault]:
    kind = schema(draft.entity.schema)
    known = kind.properties if kind else {}
    for name, values in draft.entity.properties.items():
        if known.get(name) is Kind.TEXT and name not in SENSITIVE_PROPERTIES:
            for position, value in enumerate(values):
                yield f"/entity/properties/{name}/{position}", value
    for position, document in enumerate(draft.entity.documents):
        if document.note:
            yield f"/entity/documents/{position}/note", document.note
    if draft.alert is not None:
        yield "/alert/facts", draft.alert.facts
        for position, warning in enumerate(draft.alert.warnings):
            yield f"/alert/warnings/{position}", warning
    yield "/marking/handling_conditions", draft.marking.handling_conditions


def _marking(draft: Draft, today: date, policy: RetentionPolicy) -> Iterator[Fault]:
    marking = draft.marking
    if not marking.legal_basis.strip():
        yield "/marking/legal_basis", "must not be empty"
    if marking.handling is Handling.H3 and not marking.handling_conditions.strip():
        yield "/marking/handling_conditions", "H3 needs its conditions in words"
    named = {
        "audience": marking.visibility.audience,
        "excluded": marking.visibility.excluded,
        "protected_from": marking.protected_from,
    }
    for name, tokens in named.items():
        for position, token in enumerate(tokens):
            if not _AUDIENCE.fullmatch(token):
                yield (
                    f"/marking/{name}/{position}",
                    "is none of *, node:, group:, kind:, blind: with a code",
                )
    action = draft.alert.action_requested if draft.alert else None
    latest = maximum_for(draft.entity.schema, action, today, policy)
    if not today < marking.retention_until <= latest:
        yield "/marking/retention_until", f"must lie after today and not after {latest} (PR-30)"
    if marking.verified_on and marking.verified_on > today:
        yield "/marking/verified_on", "lies in the future"
    if marking.owner in marking.origin:
        yield (
            "/marking/origin",
            "names the owner: what comes back to its origin is no origin (PR-11)",
        )


def _alert(entity: Record, alert: Alert, today: date) -> Iterator[Fault]:
    if alert.valid_until and alert.valid_until < today:
        yield "/alert/valid_until", "is over"
    if is_a(entity.schema, "Person"):
        yield from _person_alert(entity, alert, today)
    elif alert.person_status is not None:
        yield "/alert/person_status", "is for persons only"
    elif alert.action_requested is Action.ARREST:
        yield "/alert/action_requested", "only a person can be arrested"
    if alert.document_status and is_a(entity.schema, "LegalEntity"):
        yield "/alert/document_status", "is for documents and other objects only"


def _person_alert(entity: Record, alert: Alert, today: date) -> Iterator[Fault]:
    """Yield what PR-15, PR-17 and PR-18 refuse."""
    if alert.person_status is None:
        yield "/alert/person_status", "is needed: what the person is to the case (PR-15)"
    elif alert.action_requested not in ACTIONS_FOR[alert.person_status]:
        allowed = ", ".join(sorted(ACTIONS_FOR[alert.person_status]))
        yield "/alert/action_requested", f"of this status may only be asked: {allowed} (PR-18)"
    if not may_be_minor(entity, today):
        return
    if alert.notice_type in _NO_CHILD_NOTICES or alert.action_requested is Action.ARREST:
        yield "/alert", f"no such alert on a person who may be under {AGE_OF_MAJORITY} (PR-17)"
    if alert.notice_type is NoticeType.YELLOW and not alert.guardian_consent.strip():
        yield "/alert/guardian_consent", "is needed for a minor (PR-17)"
