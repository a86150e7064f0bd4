"""Notices as forms of the desk write them, and the deeds of their life as pages ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from didban.casework.notices.drafting import NoticeDraft
from didban.model.alerts import Action, Alert, PersonStatus
from didban.model.marking import EVERYONE
from didban.model.notices import (
    RULES,
    Basis,
    Dossier,
    Flag,
    JudicialDocument,
    Matter,
    NoticeForm,
    NoticeState,
    RefugeeCheck,
    RefusedGround,
)
from didban.web.i18n import N_
from didban.web.presenters.steps import Ask, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from didban.model.alerts import NoticeType
    from didban.store.notices import Notice
    from didban.web.desk import Desk
    from didban.web.forms import Form

RAISED: Final = (Flag.POLITICAL, Flag.ASYLUM)
"""Flags that a person raises; a repeat the node finds itself."""

_MONTHS: Final = range(1_201)
_ANSWER: Final[Mapping[bool | None, str]] = {True: "yes", False: "no", None: ""}
_S = NoticeState

TONES: Final[Mapping[NoticeState, str]] = {
    _S.DRAFT: "open",
    _S.COMPLIANCE_REVIEW: "open",
    _S.REFUSED: "stop",
    _S.APPROVED: "warn",
    _S.PUBLISHED: "good",
    _S.SUSPENDED: "warn",
    _S.FULFILLED: "warn",
}


def choices(desk: Desk, colour: NoticeType) -> dict[str, Any]:
    """Return what the fields of a draft of a colour offer, as pairs of value and words."""
    rule = RULES[colour]

    def pairs(among: Iterable[Any]) -> list[tuple[str, str]]:
        return [(str(one.value), desk.speech.term(one)) for one in among]

    return {
        "rule": rule,
        "actions": pairs(one for one in Action if one in rule.actions),
        "statuses": pairs(one for one in PersonStatus if one in rule.statuses),
        "bases": pairs(Basis),
        "refugee_checks": pairs(RefugeeCheck),
        "matters": pairs(Matter),
        "flags": pairs(RAISED),
    }


def draft_of(form: Form, colour: NoticeType) -> NoticeDraft:
    """Return a draft that was sent, once all of it could be read. Raises InvalidFields."""
    kind = form.one_of("form", NoticeForm)
    record = form.text("record", needed=True, most=200)
    action = form.one_of("action", Action)
    status = form.one_of("person_status", PersonStatus) if form.text("person_status") else None
    until, dossier = form.day("valid_until"), _dossier(form)
    form.require()
    assert kind is not None  # noqa: S101 - `require` has seen to it
    assert action is not None  # noqa: S101 - as above
    alert = Alert(
        action_requested=action,
        person_status=status,
        facts=form.text("facts"),
        warnings=form.lines("warnings"),
        legal_references=form.lines("legal_references"),
        valid_until=until,
        guardian_consent=form.text("guardian_consent"),
    )
    return NoticeDraft(
        form=kind,
        colour=colour,
        record=record,
        alert=alert,
        dossier=dossier,
        recipients=form.all("recipient") if kind is NoticeForm.DIFFUSION else (),
        flags=frozenset(form.some_of("flags", Flag)),
        is_urgent=form.is_ticked("is_urgent"),
    )


def _dossier(form: Form) -> Dossier:
    assured = form.text("extradition_assured")
    checked = form.one_of("refugee_check", RefugeeCheck) if form.text("refugee_check") else None
    return Dossier(
        offence=form.text("offence", most=200),
        basis=form.one_of("basis", Basis) if form.text("basis") else None,
        max_penalty_months=_months(form, "max_penalty_months"),
        remaining_months=_months(form, "remaining_months"),
        document=JudicialDocument(
            id=form.text("document_id", most=200),
            on=form.day("document_on"),
            authority=form.text("document_authority", most=200),
        ),
        extradition_assured=assured == "yes" if assured in {"yes", "no"} else None,
        refugee_check=checked or RefugeeCheck.NOT_DONE,
        matters=frozenset(form.some_of("matters", Matter)),
    )


def _months(form: Form, field: str) -> int | None:
    return form.whole(field, _MONTHS) if form.text(field) else None


def values_of(notice: Notice | None) -> dict[str, Any]:
    """Return what stands in the fields of a draft; nothing in those of a new one."""
    alert = notice.alert if notice else None
    dossier = (notice.dossier if notice else None) or Dossier()
    audience = notice.audience if notice else ()
    return {
        "record": notice.record if notice else "",
        "form": notice.form.value if notice else "",
        "recipient": [one.removeprefix("node:") for one in audience if one != EVERYONE],
        "action": alert.action_requested.value if alert else "",
        "person_status": alert.person_status or "" if alert else "",
        "facts": alert.facts if alert else "",
        "warnings": "\n".join(alert.warnings) if alert else "",
        "legal_references": "\n".join(alert.legal_references) if alert else "",
        "valid_until": alert.valid_until or "" if alert else "",
        "guardian_consent": alert.guardian_consent if alert else "",
        "offence": dossier.offence,
        "basis": dossier.basis or "",
        "max_penalty_months": _text(dossier.max_penalty_months),
        "remaining_months": _text(dossier.remaining_months),
        "document_id": dossier.document.id,
        "document_on": dossier.document.on or "",
        "document_authority": dossier.document.authority,
        "extradition_assured": _ANSWER[dossier.extradition_assured],
        "refugee_check": dossier.refugee_check.value if notice else "",
        "matters": [one.value for one in dossier.matters],
        "flags": [one.value for one in notice.flags] if notice else [],
        "is_urgent": notice.is_urgent if notice else False,
    }


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


_WHY: Final = Ask(field="words", label=N_("Why"), hint=N_("It stays in the history of the notice."))

SUBMIT: Final = Step(
    deed="notices.submit",
    heading=N_("Give it to its review"),
    consequences=(
        N_("Another person, or the secretariat of the network, reviews it; its clock starts."),
        N_("You cannot change it meanwhile. Nothing leaves before it is approved and published."),
    ),
    button=N_("Give it to its review"),
)
PUBLISH: Final = Step(
    deed="notices.publish",
    heading=N_("Publish the notice"),
    consequences=(
        N_("The record bears its colour, and everybody it is for finds it within seconds."),
        N_("Every node that is told of it is told of its end too, and confirms that."),
    ),
    button=N_("Publish it"),
    is_grave=True,
)
ADD: Final = Step(
    deed="notices.add",
    heading=N_("Add to the notice"),
    consequences=(
        N_(
            "Every reader gets the new version. What is asked, of whom and by whom stays as it was."
        ),
    ),
    asks=(
        Ask(field="facts", label=N_("Facts"), is_needed=False),
        Ask(field="warnings", label=N_("Warnings"), hint=N_("One on each line."), is_needed=False),
        Ask(
            field="legal_references",
            label=N_("Legal references"),
            hint=N_("One on each line."),
            is_needed=False,
        ),
        _WHY,
    ),
    button=N_("Add it"),
)
EXTEND: Final = Step(
    deed="notices.extend",
    heading=N_("Extend the notice"),
    consequences=(N_("It stands until the new day, no longer than its record is kept."),),
    asks=(Ask(field="until", label=N_("Until"), how="day"), _WHY),
    button=N_("Extend it"),
)
APPEAL: Final = Step(
    deed="notices.appeal",
    heading=N_("Appeal against the refusal"),
    consequences=(N_("Another reviewer looks at it. A refusal is appealed once."),),
    asks=(_WHY,),
    button=N_("Appeal"),
)
SUSPEND: Final = Step(
    deed="notices.suspend",
    heading=N_("Suspend the notice"),
    consequences=(N_("Its record is found, and asks nothing while the complaint is pending."),),
    asks=(_WHY,),
    button=N_("Suspend it"),
)
LIFT: Final = Step(
    deed="notices.lift",
    heading=N_("Lift the suspension"),
    consequences=(N_("What it asks is asked again."),),
    asks=(_WHY,),
    button=N_("Lift the suspension"),
)
ACHIEVE: Final = Step(
    deed="notices.achieve",
    heading=N_("The purpose is achieved"),
    consequences=(N_("It is cancelled within a day, and every reader lets it go."),),
    asks=(_WHY,),
    button=N_("Enter that it is achieved"),
)
CANCEL: Final = Step(
    deed="notices.cancel",
    heading=N_("Cancel the notice"),
    consequences=(
        N_("A draft is given up. What is out is withdrawn from every reader, with its record."),
        N_("It cannot be undone."),
    ),
    asks=(_WHY,),
    button=N_("Cancel it"),
    is_grave=True,
)
REVIEWING: Final[Mapping[str, Step]] = {
    "send_back": Step(
        deed="notice_reviews.send_back",
        heading=N_("Return it with questions"),
        consequences=(N_("It is a draft again. The clock of the review stops."),),
        asks=(Ask(field="words", label=N_("Questions"), hint=N_("Its drafter reads them.")),),
        button=N_("Return it"),
    ),
    "refuse": Step(
        deed="notice_reviews.refuse",
        heading=N_("Refuse the notice"),
        consequences=(N_("It does not leave. Its drafter may appeal once."),),
        asks=(
            Ask(field="ground", label=N_("Ground"), how="radios", among=tuple(RefusedGround)),
            _WHY,
        ),
        button=N_("Refuse it"),
        is_grave=True,
    ),
    "approve": Step(
        deed="notice_reviews.approve",
        heading=N_("Approve the notice"),
        consequences=(
            N_("Its drafter may publish it."),
            N_("Where it is flagged, a second reviewer has to approve it too."),
        ),
        asks=(
            Ask(
                field="flags",
                label=N_("Does it touch on one of these?"),
                hint=N_("Each calls for a second reviewer."),
                how="boxes",
                among=RAISED,
                is_needed=False,
            ),
            Ask(field="words", label=N_("Remarks"), is_needed=False),
        ),
        button=N_("Approve it"),
    ),
}
"""The decisions of a review of the own authority's notices."""
