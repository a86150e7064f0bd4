"""A notice on its way to the secretariat that reviews it, and the verdict on its way back (4.3).

A case holds what a reviewer needs and no more: what PR-12 calls sensitive stays, and photos too. A
verdict is of the persons of the secretariat, who are numbers to everybody else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.model.alerts import NoticeType
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.letters import ALLOWED, entity_of
from didban.model.exchange.records import alert_json, alert_of, texts_of, words_of
from didban.model.marking import Confidentiality
from didban.model.notices import (
    Basis,
    Dossier,
    Flag,
    JudicialDocument,
    Matter,
    NoticeEvent,
    NoticeForm,
    RefugeeCheck,
    RefusedGround,
)
from didban.model.records import Record

if TYPE_CHECKING:
    from didban.model.alerts import Alert

REVIEWED: Final = frozenset(
    {NoticeEvent.RETURN, NoticeEvent.REFUSE, NoticeEvent.ENDORSE, NoticeEvent.APPROVE}
)
"""What a verdict says."""

MAX_REVIEWERS: Final = 1_000
_MAX_WORDS: Final = 4_000
_MAX_TEXT: Final = 2_000
_TRAVELS: Final = frozenset().union(*ALLOWED.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A notice as a secretariat reviews it (`Kind.NOTICE_CASE`).

    - `notice`, `rev`: which, and its submission: the highest counts, and a verdict names it.
    - `entity`: whom or what it is about; `legal_basis`, `purpose`: of the record.
    - `audience`: tokens of those who are to get it; `is_appeal`: another reviewer refused it.
    """

    notice: str
    rev: int
    owner: str
    form: NoticeForm
    colour: NoticeType
    entity: Record
    legal_basis: str
    purpose: str
    alert: Alert
    dossier: Dossier
    audience: tuple[str, ...]
    flags: frozenset[Flag]
    is_urgent: bool
    is_appeal: bool
    confidentiality: Confidentiality

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data. Inverse of `from_json`."""
        return {
            "notice": self.notice,
            "rev": self.rev,
            "owner": self.owner,
            "form": self.form.value,
            "colour": self.colour.value,
            "entity": self.entity.to_json(),
            "legal_basis": self.legal_basis,
            "purpose": self.purpose,
            "alert": alert_json(self.alert),
            "dossier": _dossier_json(self.dossier),
            "audience": list(self.audience),
            "flags": sorted(self.flags),
            "is_urgent": self.is_urgent,
            "is_appeal": self.is_appeal,
            "confidentiality": int(self.confidentiality),
        }

    @classmethod
    def from_json(cls, data: object) -> Case:
        """Read what `to_json` wrote, here or at another node. Raises Malformed."""
        fields = Fields(data)
        found = cls(
            notice=fields.identifier("notice"),
            rev=fields.number("rev"),
            owner=fields.identifier("owner", 40),
            form=fields.member("form", NoticeForm),
            colour=fields.member("colour", NoticeType),
            entity=entity_of(Fields(fields.raw("entity"))),
            legal_basis=fields.text("legal_basis", _MAX_TEXT),
            purpose=fields.text("purpose", 80),
            alert=alert_of(Fields(fields.raw("alert"))),
            dossier=_dossier_of(Fields(fields.raw("dossier"))),
            audience=texts_of(fields.raw("audience")),
            flags=frozenset(words_of(fields, "flags", Flag)),
            is_urgent=fields.truth("is_urgent"),
            is_appeal=fields.truth("is_appeal"),
            confidentiality=Confidentiality(fields.number("confidentiality", max(Confidentiality))),
        )
        fields.require_all_read()
        if set(found.entity.properties) - _TRAVELS:
            raise Malformed("a case tells more of a person than its review needs")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a reviewer of the secretariat decided (`Kind.NOTICE_VERDICT`).

    - `event`: of `REVIEWED`; an endorsement is the word of the first of two reviewers.
    - `reviewer`: which of those who ever reviewed this notice, counted from 1; names stay there.
    - `flags`: raised by then; none is taken away.
    """

    notice: str
    rev: int
    event: NoticeEvent
    reviewer: int
    ground: RefusedGround | None = None
    flags: frozenset[Flag] = frozenset()
    words: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data. Inverse of `from_json`."""
        said: dict[str, Any] = {
            "notice": self.notice,
            "rev": self.rev,
            "event": self.event.value,
            "reviewer": self.reviewer,
            "flags": sorted(self.flags),
        }
        if self.ground is not None:
            said["ground"] = self.ground.value
        return said | ({"words": self.words} if self.words else {})

    @classmethod
    def from_json(cls, data: object) -> Verdict:
        """Read what `to_json` wrote. Raises Malformed."""
        fields = Fields(data)
        found = cls(
            notice=fields.identifier("notice"),
            rev=fields.number("rev"),
            event=fields.member("event", NoticeEvent),
            reviewer=fields.number("reviewer", MAX_REVIEWERS),
            ground=fields.member("ground", RefusedGround) if fields.has("ground") else None,
            flags=frozenset(words_of(fields, "flags", Flag)),
            words=fields.text("words", _MAX_WORDS) if fields.has("words") else "",
        )
        fields.require_all_read()
        if found.event not in REVIEWED or not found.reviewer:
            raise Malformed(
                "a verdict is of a reviewer, and returns, refuses, endorses or approves"
            )
        return found


def reduced(entity: Record) -> Record:
    """Return what a reviewer is told of whom or what a notice is about."""
    told = {name: values for name, values in entity.properties.items() if name in _TRAVELS}
    papers = tuple(replace(paper, note=None) for paper in entity.documents)
    return Record(
        id=entity.id,
        schema=entity.schema,
        caption=entity.caption,
        properties=told,
        documents=papers,
    )


def _dossier_json(dossier: Dossier) -> dict[str, Any]:
    paper = dossier.document
    said: dict[str, Any] = {
        "offence": dossier.offence,
        "basis": dossier.basis.value if dossier.basis else None,
        "max_penalty_months": dossier.max_penalty_months,
        "remaining_months": dossier.remaining_months,
        "document_id": paper.id,
        "document_on": paper.on.isoformat() if paper.on else None,
        "document_authority": paper.authority,
        "extradition_assured": dossier.extradition_assured,
        "refugee_check": dossier.refugee_check.value,
        "matters": sorted(dossier.matters),
    }
    return {name: value for name, value in said.items() if value not in (None, "")}


def _dossier_of(fields: Fields) -> Dossier:
    def text(name: str) -> str:
        return fields.text(name, _MAX_TEXT) if fields.has(name) else ""

    def number(name: str) -> int | None:
        return fields.number(name) if fields.has(name) else None

    paper = JudicialDocument(
        id=text("document_id"),
        on=_day(text("document_on")),
        authority=text("document_authority"),
    )
    found = Dossier(
        offence=text("offence"),
        basis=fields.member("basis", Basis) if fields.has("basis") else None,
        max_penalty_months=number("max_penalty_months"),
        remaining_months=number("remaining_months"),
        document=paper,
        extradition_assured=(
            fields.truth("extradition_assured") if fields.has("extradition_assured") else None
        ),
        refugee_check=fields.member("refugee_check", RefugeeCheck),
        matters=frozenset(words_of(fields, "matters", Matter)),
    )
    fields.require_all_read()
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise Malformed("'document_on' is no day") from wrong
