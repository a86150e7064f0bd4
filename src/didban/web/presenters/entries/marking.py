"""The marking and the alert of a record, as forms of entry ask for them and send them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.guard import authorities
from didban.model.alerts import ACTIONS_FOR, Action, Alert, DocumentStatus, PersonStatus
from didban.model.marking import (
    EVERYONE,
    Confidentiality,
    Handling,
    InformationEvaluation,
    Marking,
    SourceEvaluation,
    Visibility,
)
from didban.model.purposes import CHECK_PURPOSES, Purpose
from didban.model.sensitive import SensitiveFact, SensitiveKind
from didban.web.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from didban.web.desk import Desk
    from didban.web.forms import Form
    from didban.web.presenters.entries.kinds import Kind

_SENSITIVE_ROWS: Final = 2  # at least
_SENSITIVE: Final = re.compile(r"sensitive([0-9]{1,2})-")
MOST_AUTHORITIES: Final = 200  # to choose an audience from
PURPOSES: Final = tuple(one for one in CHECK_PURPOSES if one is not Purpose.SUPERVISION)
"""For which a record may be kept."""


def sensitive_rows(said: Iterable[str]) -> range:
    """Return the rows for protected facts: one for each that a record has, and two at least.

    - `said`: names of fields, of a form that was sent or of values that stand in one.
    """
    known = [int(row[1]) + 1 for name in said if (row := _SENSITIVE.match(name))]
    return range(max((_SENSITIVE_ROWS, *known)))


def choices(desk: Desk, values: dict[str, Any]) -> dict[str, Any]:
    """Return what the fields of marking and alert offer, as pairs of value and words."""
    term = desk.speech.term
    tokens = [_everyone(desk), *_tokens(desk)]
    named = {token for token, _ in tokens}
    kept = {one for name in ("audience", "excluded", "protected_from") for one in values[name]}
    tokens += [(one, one) for one in sorted(kept - named)]
    return {
        "purposes": [(one.value, term(one)) for one in PURPOSES],
        "levels": [(int(one), term(one)) for one in Confidentiality if one <= desk.who.clearance],
        "handling_codes": [(one.value, term(one)) for one in Handling],
        "source_evaluations": [(one.value, term(one)) for one in SourceEvaluation],
        "information_evaluations": [(one.value, term(one)) for one in InformationEvaluation],
        "tokens": tokens,
        "some": tokens[1:],
        "actions": [(one.value, term(one)) for one in Action],
        "person_statuses": [(one.value, term(one)) for one in PersonStatus],
        "document_statuses": [(one.value, term(one)) for one in REPORTED],
        "sensitive_kinds": [(one.value, term(one)) for one in SensitiveKind],
        "sensitive_rows": sensitive_rows((*values, *desk.form.sent)),
    }


def token_words(desk: Desk, tokens: Iterable[str]) -> list[str]:
    """Return audience tokens in words; one that no authority here bears stays as it is."""
    words = dict([_everyone(desk), *_tokens(desk)])
    return [words.get(token, token) for token in tokens]


def _everyone(desk: Desk) -> tuple[str, str]:
    return EVERYONE, desk.gettext(N_("Everybody in the network"))


REPORTED: Final = tuple(one for one in DocumentStatus if one is not DocumentStatus.RECOVERED)
"""What may be reported of a document."""


def _tokens(desk: Desk) -> Iterable[tuple[str, str]]:
    """Yield the audience tokens of this bank, with their words."""
    there = authorities.listed(desk.tx, desk.who, limit=MOST_AUTHORITIES)
    for one in there:
        yield f"node:{one.code}", one.name
    for group in sorted({group for one in there for group in one.groups}):
        yield f"group:{group}", desk.gettext(N_("Group %(group)s"), group=group)
    for kind in sorted({one.kind for one in there}):
        yield (
            f"kind:{kind}",
            desk.gettext(N_("Every authority of the kind: %(kind)s"), kind=desk.speech.term(kind)),
        )


def marking_of(form: Form, owner: str) -> Marking:
    """Return the marking that was sent, once all of the form could be read. Raises InvalidFields."""
    purpose = form.one_of("purpose", Purpose)
    basis = form.text("legal_basis", needed=True, most=2_000)
    until = form.day("retention_until", needed=True)
    level = form.whole("confidentiality", tuple(map(int, Confidentiality)))
    handling = form.one_of("handling", Handling)
    source = form.one_of("source_evaluation", SourceEvaluation)
    information = form.one_of("information_evaluation", InformationEvaluation)
    form.require()
    assert purpose and until and handling and source and information  # noqa: PT018, S101 - required
    return Marking(
        visibility=_visibility(form, owner, level),
        purpose=purpose,
        legal_basis=basis,
        retention_until=until,
        handling=handling,
        handling_conditions=form.text("handling_conditions"),
        source_evaluation=source,
        information_evaluation=information,
        origin=form.lines("origin"),
        protected_from=tuple(sorted(set(form.all("protected_from")))),
        is_tainted=form.is_ticked("is_tainted"),
    )


def _visibility(form: Form, owner: str, level: int | None) -> Visibility:
    return Visibility(
        owner=owner,
        audience=tuple(sorted(set(form.all("audience")))),
        excluded=tuple(sorted(set(form.all("excluded")))),
        confidentiality=Confidentiality(level or 0),
    )


def marking_values(marking: Marking) -> dict[str, Any]:
    """Return what stands in the fields of a marking."""
    return {
        "purpose": marking.purpose.value,
        "legal_basis": marking.legal_basis,
        "retention_until": marking.retention_until.isoformat(),
        "confidentiality": int(marking.visibility.confidentiality),
        "handling": marking.handling.value,
        "handling_conditions": marking.handling_conditions,
        "source_evaluation": marking.source_evaluation.value,
        "information_evaluation": marking.information_evaluation.value,
        "audience": marking.visibility.audience,
        "excluded": marking.visibility.excluded,
        "protected_from": marking.protected_from,
        "origin": "\n".join(marking.origin),
        "is_tainted": marking.is_tainted,
    }


def unmarked(until: date | None) -> dict[str, Any]:
    """Return what stands in the fields of the marking of a new record."""
    return {
        "purpose": "",
        "legal_basis": "",
        "retention_until": until.isoformat() if until else "",
        "confidentiality": 0,
        "handling": Handling.H0.value,
        "handling_conditions": "",
        "source_evaluation": SourceEvaluation.X.value,
        "information_evaluation": InformationEvaluation.UNKNOWN.value,
        "audience": (EVERYONE,),
        "excluded": (),
        "protected_from": (),
        "origin": "",
        "is_tainted": False,
    }


def alert_of(form: Form, kind: Kind) -> Alert | None:
    """Return what is asked of others; None where nothing is."""
    if not form.text("action"):
        if kind.is_person and form.text("person_status"):
            form.blame("action", N_("Say what is asked, or leave the status out."))
        return None
    action = form.one_of("action", Action)
    status = form.one_of("person_status", PersonStatus) if kind.is_person else None
    became = form.text("document_status")
    until = form.day("valid_until")
    if action is None or (kind.is_person and status is None):
        return None
    if status is not None and action not in ACTIONS_FOR[status]:
        form.blame("action", N_("This may not be asked about a person of this status (PR-18)."))
    return Alert(
        action_requested=action,
        person_status=status,
        document_status=form.one_of("document_status", DocumentStatus) if became else None,
        warnings=form.lines("warnings"),
        facts=form.text("facts"),
        legal_references=form.lines("legal_references"),
        valid_until=until,
        guardian_consent=form.text("guardian_consent"),
    )


def alert_values(alert: Alert | None) -> dict[str, Any]:
    """Return what stands in the fields of an alert."""
    return {
        "action": alert.action_requested.value if alert else "",
        "person_status": (alert.person_status or "") if alert else "",
        "document_status": (alert.document_status or "") if alert else "",
        "warnings": "\n".join(alert.warnings) if alert else "",
        "facts": alert.facts if alert else "",
        "legal_references": "\n".join(alert.legal_references) if alert else "",
        "valid_until": alert.valid_until.isoformat() if alert and alert.valid_until else "",
        "guardian_consent": alert.guardian_consent if alert else "",
    }


def sensitive_of(form: Form) -> tuple[SensitiveFact, ...]:
    """Return the protected facts of the rows that were filled (PR-12)."""
    found = []
    for row in sensitive_rows(form.sent):
        value = form.text(f"sensitive{row}-value", most=2_000)
        necessity = form.text(f"sensitive{row}-necessity", most=2_000)
        if not value and not necessity and not form.text(f"sensitive{row}-kind"):
            continue
        kind = form.one_of(f"sensitive{row}-kind", SensitiveKind)
        for part, text in (("value", value), ("necessity", necessity)):
            if not text:
                form.blame(f"sensitive{row}-{part}", N_("Fill this in."))
        if kind is not None:
            found.append(SensitiveFact(kind=kind, value=value, necessity=necessity))
    return tuple(found)


def sensitive_values(facts: Iterable[SensitiveFact]) -> dict[str, Any]:
    """Return what stands in the rows of protected facts."""
    values: dict[str, Any] = {}
    for row, fact in enumerate(facts):
        values[f"sensitive{row}-kind"] = fact.kind.value
        values[f"sensitive{row}-value"] = fact.value
        values[f"sensitive{row}-necessity"] = fact.necessity
    return values


def list_marking_of(form: Form, owner: str) -> Marking:
    """Return how every record of a list is marked, once all of the form could be read.

    Until when they are kept, the policy decides (PR-30). Raises InvalidFields.
    """
    purpose = form.one_of("purpose", Purpose)
    basis = form.text("legal_basis", needed=True, most=2_000)
    level = form.whole("confidentiality", tuple(map(int, Confidentiality)))
    handling = form.one_of("handling", Handling)
    form.require()
    assert purpose and handling  # noqa: PT018, S101 - `require` has seen to it
    return Marking(
        visibility=_visibility(form, owner, level),
        purpose=purpose,
        legal_basis=basis,
        handling=handling,
        retention_until=clock.today(),
    )
