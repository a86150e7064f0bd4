"""What a correction changes, value by value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.web.i18n import N_
from didban.web.presenters.entries import forms
from didban.web.presenters.entries import marking as marks
from didban.web.presenters.records import look_of

if TYPE_CHECKING:
    from didban.model.bank import BankRecord
    from didban.web.desk import Desk
    from didban.web.presenters.entries.kinds import Kind

_LABELS: Final = {
    "purpose": N_("Kept for the purpose"),
    "legal_basis": N_("Legal basis"),
    "retention_until": N_("Keep until"),
    "confidentiality": N_("Confidentiality"),
    "handling": N_("Handling code"),
    "handling_conditions": N_("Conditions of use, for H3"),
    "source_evaluation": N_("How reliable the source is"),
    "information_evaluation": N_("How sure the information is"),
    "audience": N_("Who may know of it"),
    "excluded": N_("Who must not know of it"),
    "protected_from": N_("From whom the person is protected"),
    "origin": N_("Through whom the information came"),
    "is_tainted": N_("Obtained by ill-treatment: it is never shared, matched or used."),
    "action": N_("What others are asked to do"),
    "person_status": N_("What the person is to the case"),
    "document_status": N_("What became of the thing"),
    "warnings": N_("Warnings"),
    "facts": N_("Facts of the case"),
    "legal_references": N_("Warrants and judgments"),
    "valid_until": N_("Asked until"),
    "guardian_consent": N_("Consent of the guardian"),
    "other": N_("Other values"),
    "valid_from": N_("True from"),
    "valid_to": N_("True until"),
}
_KINDS: Final = {
    "purpose": "Purpose",
    "handling": "Handling",
    "source_evaluation": "SourceEvaluation",
    "information_evaluation": "InformationEvaluation",
    "action": "Action",
    "person_status": "PersonStatus",
    "document_status": "DocumentStatus",
    "p-gender": "Sex",
    "-status": "DocumentStatus",
    "-type": "DocumentType",
    "-kind": "SensitiveKind",
}
_ROW: Final = re.compile(r"^(?:doc|sensitive)[0-9]+")
_CONFIDENTIALITY: Final = ("for_official_use", "restricted", "confidential")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that a correction changes; empty where it says nothing."""

    label: str
    before: str
    after: str


def changes(desk: Desk, kind: Kind, kept: BankRecord, made: BankRecord) -> list[Change]:
    """Return every field that differs, in the order of the form."""
    before, after = forms.values_of(kept, kind), forms.values_of(made, kind)
    names = dict.fromkeys((*after, *before))
    return [
        Change(
            label=_label(desk, name),
            before=_said(desk, kind.schema, name, before.get(name)),
            after=_said(desk, kind.schema, name, after.get(name)),
        )
        for name in names
        if (before.get(name) or "") != (after.get(name) or "")
    ]


def _label(desk: Desk, name: str) -> str:
    if name.startswith("p-"):
        return desk.speech.term(name.removeprefix("p-"), "property")
    if name.startswith("doc"):
        row, _, part = name.removeprefix("doc").partition("-")
        said = desk.speech.term(part, "property")
        number = desk.speech.number(int(row) + 1)
        return desk.gettext(N_("Document %(number)s: %(part)s"), number=number, part=said)
    if name.startswith("sensitive"):
        return desk.gettext(N_("Protected facts"))
    return desk.gettext(_LABELS[name])


def _said(desk: Desk, schema: str, name: str, value: Any) -> str:
    if value in (None, "", (), False):
        return ""
    if name == "confidentiality":
        return desk.speech.term(_CONFIDENTIALITY[value], "Confidentiality")
    if kind := _KINDS.get(_ROW.sub("", name)):
        return desk.speech.term(str(value), kind)
    if name.endswith("-issuer") or look_of(schema, name.removeprefix("p-")) == "country":
        return ", ".join(map(desk.speech.country, str(value).split("\n")))
    if isinstance(value, tuple):
        return ", ".join(marks.token_words(desk, value))
    return desk.gettext(N_("Yes")) if value is True else str(value)
