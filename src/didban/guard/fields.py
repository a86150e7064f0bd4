"""What of a record is shown to whom: role x purpose x field (PR-02).

Everything that shows a record shows what `shown` returns. The first line sees what is asked and what
it needs to tell whether this is the person; the rest is for the second line and the desk, and there
only for a purpose that needs it.

- What speaks against acting comes first (PR-29), then warnings, then the owner's conditions, which
  are acknowledged before anything else is shown (H3, PR-08).
- From whom a person is protected, it is hidden where the person is (PR-16).
- For a purpose that the record does not serve, only what the first line needs is shown, unless the
  owner consented (PR-06).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from didban.model.identity import identity_of
from didban.model.marking import Handling
from didban.model.permissions import ROLE_PURPOSES, Role
from didban.model.purposes import Purpose, serves
from didban.model.schemata import Kind, is_a, property_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord, Standing
    from didban.model.marking import Marking
    from didban.model.records import Record


class Field(StrEnum):
    """A part of a record that is shown or not, in the order of showing."""

    NOTES = "notes"  # disputed, misused identity, unverified ... (PR-29)
    WARNINGS = "warnings"
    HANDLING = "handling"
    ACTION = "action"
    IDENTITY = "identity"
    APPEARANCE = "appearance"
    PHOTOS = "photos"
    STATUS = "status"
    LOCATION = "location"
    FACTS = "facts"
    COUNTER_EVIDENCE = "counter_evidence"
    SENSITIVE = "sensitive"  # PR-12
    MARKING = "marking"
    CONTENT = "content"  # every other property


_F = Field
EVERYTHING: Final = frozenset(Field)
BEFORE_CONDITIONS: Final = frozenset({_F.NOTES, _F.WARNINGS, _F.HANDLING})
"""What is shown before the owner's conditions are acknowledged."""

FIRST_STEP: Final = BEFORE_CONDITIONS | {_F.ACTION, _F.IDENTITY, _F.APPEARANCE, _F.PHOTOS}
"""What the first line sees, and everybody before the second, reasoned step."""

_TELLS_WHERE: Final = frozenset({_F.LOCATION, _F.FACTS, _F.COUNTER_EVIDENCE, _F.CONTENT})

ROLE_FIELDS: Final[Mapping[Role, frozenset[Field]]] = {
    Role.FIRST_LINE: FIRST_STEP,
    Role.PASSENGER_UNIT: FIRST_STEP,
    Role.SECOND_LINE: EVERYTHING,
    Role.SUPERVISOR: EVERYTHING,
    Role.LIAISON_OFFICER: EVERYTHING,
    Role.ANALYST: EVERYTHING - {_F.SENSITIVE},
    Role.RECORDER: EVERYTHING,
    Role.REVIEWER: EVERYTHING,
    Role.DATA_PROTECTION_OFFICER: EVERYTHING,
    Role.INSPECTOR: EVERYTHING,
    Role.ADMINISTRATOR: frozenset(),
    Role.CARRIER: frozenset(),  # PR-45
    Role.SYSTEM: EVERYTHING,
    Role.PEER: frozenset(),  # what leaves for another node, the exchange decides
}
"""What each role can be shown at most."""

PURPOSE_FIELDS: Final[Mapping[Purpose, frozenset[Field]]] = {
    Purpose.BORDER_CONTROL: EVERYTHING - {_F.SENSITIVE},
    Purpose.WANTED_OR_MISSING_PERSON: EVERYTHING,
    Purpose.CRIMINAL_INVESTIGATION: EVERYTHING,
    Purpose.DOCUMENT_FRAUD: EVERYTHING - {_F.SENSITIVE, _F.LOCATION},
    Purpose.SANCTIONS_SCREENING: EVERYTHING - {_F.SENSITIVE},
    Purpose.IDENTIFICATION_OF_REMAINS: EVERYTHING - {_F.FACTS, _F.LOCATION},
    Purpose.QUALITY_TEST: BEFORE_CONDITIONS | {_F.IDENTITY, _F.MARKING},
    Purpose.SUPERVISION: EVERYTHING,
    Purpose.DATA_PROTECTION: EVERYTHING,
    Purpose.ADMINISTRATION: frozenset(),
    Purpose.NODE_DUTY: EVERYTHING,
}
"""What each purpose needs at most."""


def fields_for(roles: Iterable[Role], purpose: Purpose | None) -> frozenset[Field]:
    """Return what of a record may be shown to these roles for this purpose (PR-02).

    A role counts only for a purpose for which it may act.
    """
    if purpose is None:
        return frozenset()
    acting = (role for role in roles if purpose in ROLE_PURPOSES[role])
    return frozenset().union(*(ROLE_FIELDS[role] for role in acting)) & PURPOSE_FIELDS[purpose]


class Bar(StrEnum):
    """Why a part of a record is not shown to somebody: the rules, in the order in which they decide."""

    ROLE = "role"  # no role that acts for the purpose is shown it
    PURPOSE = "purpose"  # the purpose does not need it
    OTHER_PURPOSE = "other_purpose"  # the record does not serve the purpose (PR-06)
    CONDITIONS = "conditions"  # the owner's are not acknowledged (H3, PR-08)
    PROTECTED = "protected"  # the person is protected from who asks (PR-16)


def fields_of(
    marking: Marking, actor: Actor, *, has_acknowledged: bool = False, has_consent: bool = False
) -> frozenset[Field]:
    """Return what of a record with this marking may be shown to an actor.

    - `has_acknowledged`: whether the actor acknowledged the owner's conditions (`guard.conditions`).
    - `has_consent`: whether the owner consented to the actor's purpose (`guard.consents`).

    Does not decide whether the actor may know of the record at all: that is its visibility.
    """
    hidden = bars_of(marking, actor, has_acknowledged=has_acknowledged, has_consent=has_consent)
    return EVERYTHING - hidden.keys()


def bars_of(
    marking: Marking, actor: Actor, *, has_acknowledged: bool = False, has_consent: bool = False
) -> dict[Field, Bar]:
    """Return the parts that are not shown, each with the first rule that hides it; as `fields_of`."""
    hidden: dict[Field, Bar] = {}
    for bar, left in _limits(
        marking, actor, has_acknowledged=has_acknowledged, has_consent=has_consent
    ):
        hidden |= dict.fromkeys(EVERYTHING - left - hidden.keys(), bar)
    return hidden


def _limits(
    marking: Marking, actor: Actor, *, has_acknowledged: bool, has_consent: bool
) -> Iterator[tuple[Bar, frozenset[Field]]]:
    """Yield the rules that bear on an actor, each with the parts that it leaves."""
    allowed = fields_for(actor.roles, actor.purpose)
    needed = PURPOSE_FIELDS[actor.purpose] if actor.purpose else frozenset()
    yield Bar.ROLE, allowed | (EVERYTHING - needed)
    yield Bar.PURPOSE, needed
    if Role.SYSTEM in actor.roles or actor.authority == marking.owner:
        return
    if actor.purpose is None or not (serves(marking.purpose, actor.purpose) or has_consent):
        yield Bar.OTHER_PURPOSE, FIRST_STEP
    if marking.handling is Handling.H3 and not has_acknowledged:
        yield Bar.CONDITIONS, BEFORE_CONDITIONS
    if hides_location(marking, actor):
        yield Bar.PROTECTED, EVERYTHING - _TELLS_WHERE


def hides_location(marking: Marking, actor: Actor) -> bool:
    """Return whether it is hidden from the actor where the person is or was met (PR-16).

    For sightings and hits too: whoever tells of an encounter asks here.
    """
    return not actor.tokens.isdisjoint(marking.protected_from)


def shown(  # noqa: PLR0913 - what is known of the record, of who looks, and of both
    record: BankRecord,
    standing: Standing,
    actor: Actor,
    *,
    among: frozenset[Field] = EVERYTHING,
    photos: Iterable[str] = (),
    has_acknowledged: bool = False,
    has_consent: bool = False,
) -> dict[str, Any]:
    """Return a record as the actor may see it, as plain data, in the order of showing.

    - `standing`: what it asks today (`model.bank.standing`), never what was once asked.
    - `among`: of what is allowed, only this: `FIRST_STEP` in the answer to a check.
    - `photos`: identifiers of its photos.
    - `has_acknowledged`, `has_consent`: as `fields_of`.

    What may not be shown is not there: no key, no empty value. For who may see nothing, the result
    is the identifier alone.
    """
    allowed = among & fields_of(
        record.marking, actor, has_acknowledged=has_acknowledged, has_consent=has_consent
    )
    entity = record.entity
    told: dict[str, Any] = {"id": entity.id}
    if allowed:
        told |= {"schema": entity.schema, "owner": record.owner, "version": record.version}
    parts = _parts(record, standing, photos)
    told |= {field.value: parts[field] for field in Field if field in allowed and parts[field]}
    if Field.HANDLING in allowed and Field.ACTION not in allowed and _asks(record.marking, actor):
        told["must_acknowledge"] = True
    return told


def _asks(marking: Marking, actor: Actor) -> bool:
    return marking.handling is Handling.H3 and actor.authority != marking.owner


def _parts(record: BankRecord, standing: Standing, photos: Iterable[str]) -> dict[Field, Any]:
    """Return every part of a record, whoever looks; empty where there is nothing to show."""
    alert = record.alert
    sorted_out = _sorted_out(record.entity)
    return {
        Field.NOTES: list(standing.notes),
        Field.WARNINGS: list(alert.warnings) if alert else [],
        Field.HANDLING: _said(
            code=record.marking.handling, conditions=record.marking.handling_conditions
        ),
        Field.ACTION: {
            "requested": standing.action,
            "asks_first_line": standing.asks_first_line,
            **_said(document_status=record.document_status),
        },
        Field.IDENTITY: _identity(record.entity),
        Field.APPEARANCE: sorted_out[Field.APPEARANCE],
        Field.PHOTOS: list(photos),
        Field.STATUS: _said(
            state=record.state,
            person_status=alert.person_status if alert else None,
            notice_type=alert.notice_type if alert else None,
            topics=list(record.entity.values("topics")),
        ),
        Field.LOCATION: sorted_out[Field.LOCATION],
        Field.FACTS: _said(
            facts=alert.facts if alert else "",
            legal_references=list(alert.legal_references) if alert else [],
            valid_until=_day(alert.valid_until) if alert else None,
        ),
        Field.COUNTER_EVIDENCE: [
            _said(id=c.id, given_by=c.given_by, text=c.text, attachment=c.attachment)
            for c in record.counter_evidence
        ],
        Field.SENSITIVE: [
            {"kind": fact.kind, "value": fact.value, "necessity": fact.necessity}
            for fact in record.sensitive
        ],
        Field.MARKING: _marking(record),
        Field.CONTENT: sorted_out[Field.CONTENT],
    }


_APPEARANCE: Final = frozenset(
    {"appearance", "eyeColor", "hairColor", "height", "weight", "gender"}
)
_WHERE: Final = frozenset({"addressEntity", "mainCountry", "location", "latitude", "longitude"})
_WHERE_KINDS: Final = frozenset({Kind.ADDRESS, Kind.PHONE, Kind.EMAIL})


def field_of(schema: str, name: str) -> Field:
    """Return the part of a record in which a property is shown, if not in its identity."""
    kind = property_kind(schema, name)
    if name in _APPEARANCE:
        return Field.APPEARANCE
    if name in _WHERE or kind in _WHERE_KINDS:
        return Field.LOCATION
    if name == "country" and is_a(schema, "LegalEntity"):
        return Field.LOCATION  # where they live; of a document it says who issued it
    return Field.STATUS if kind is Kind.TOPIC else Field.CONTENT


def _sorted_out(entity: Record) -> dict[Field, dict[str, list[str]]]:
    """Return the properties that are not identity by the part in which they are shown."""
    known = identity_of(entity).properties
    found: dict[Field, dict[str, list[str]]] = {field: {} for field in Field}
    if notes := [document.note for document in entity.documents if document.note]:
        found[Field.CONTENT]["documentNotes"] = notes
    for name, values in entity.properties.items():
        if name not in known:
            found[field_of(entity.schema, name)][name] = list(values)
    return found


def _identity(entity: Record) -> dict[str, Any]:
    known = identity_of(entity)
    documents = [
        _said(
            number=d.number,
            number_to=d.number_to,
            issuer=d.issuer,
            type=d.type,
            status=d.status,
            expires_on=d.expires_on,
        )
        for d in entity.documents
    ]
    properties = {name: list(values) for name, values in known.properties.items()}
    return _said(caption=entity.caption, properties=properties, documents=documents)


def _marking(record: BankRecord) -> dict[str, Any]:
    marking = record.marking
    return _said(
        purpose=marking.purpose,
        legal_basis=marking.legal_basis,
        source_evaluation=marking.source_evaluation,
        information_evaluation=marking.information_evaluation,
        confidentiality=marking.visibility.confidentiality.name.lower(),
        origin=list(marking.origin),
        verified_on=_day(marking.verified_on),
        review_due=_day(marking.review_due),
        retention_until=_day(marking.retention_until),
        recorded_at=record.recorded_at.isoformat(),
        datasets=list(record.entity.datasets),
    )


def _said(**parts: Any) -> dict[str, Any]:
    """Return what there is to say: no empty texts, lists or dates."""
    return {name: value for name, value in parts.items() if value not in (None, "", [], {})}


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
