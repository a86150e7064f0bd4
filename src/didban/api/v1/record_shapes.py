"""What is sent about a record, and what is answered about its life."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from didban.api.v1.pages import Given, Told
from didban.api.v1.shapes import RecordShown
from didban.ids import new_record_id
from didban.intake.drafts import Draft
from didban.model.alerts import Action, Alert, DocumentStatus, NoticeType, PersonStatus
from didban.model.attachments import Attachment, AttachmentRole
from didban.model.bank import RecordState
from didban.model.disputes import CounterEvidence, Decision, Dispute, DisputedBy, Ground
from didban.model.documents import Document
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

Word = Annotated[str, Field(min_length=1, max_length=100)]
Text = Annotated[str, Field(max_length=10_000)]
Reason = Annotated[str, Field(min_length=1, max_length=2_000)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that was read.")]
Token = Annotated[
    str, Field(max_length=60, examples=["*", "node:xbo", "group:arvand", "kind:military"])
]
Tokens = Annotated[tuple[Token, ...], Field(max_length=100)]


class DocumentGiven(Given):
    """A document, or with `number_to` a range of them."""

    number: Word
    issuer: Word | None = None
    type: Word | None = None
    number_to: Word | None = None
    status: DocumentStatus | None = None
    issued_on: Word | None = None
    expires_on: Word | None = None
    note: Text | None = None

    def to_document(self) -> Document:
        """Return the document of the model."""
        return Document(**self.model_dump())


class EntityGiven(Given):
    """A thing in the words of the vocabulary (FollowTheMoney's, with our additions)."""

    schema_: Word = Field(alias="schema", examples=["Person"])
    caption: Annotated[str, Field(max_length=500)] = ""
    properties: Annotated[
        dict[Word, Annotated[tuple[Text, ...], Field(max_length=500)]], Field(max_length=100)
    ] = Field(default={}, examples=[{"name": ["Zahra Karimzadeh"], "birthDate": ["1971-05-02"]}])
    documents: Annotated[tuple[DocumentGiven, ...], Field(max_length=500)] = ()

    def to_record(self, record_id: str) -> Record:
        """Return the entity of the model, under a new identifier."""
        return Record(
            id=record_id,
            schema=self.schema_,
            caption=self.caption,
            properties=self.properties,
            documents=tuple(document.to_document() for document in self.documents),
        )


class MarkingGiven(Given):
    """Who may see the record, what may be done with it, and until when."""

    purpose: Purpose
    legal_basis: Reason
    retention_until: date
    audience: Tokens = ("*",)
    excluded: Tokens = ()
    confidentiality: Annotated[int, Field(ge=0, le=2)] = 0
    handling: Handling = Handling.H0
    handling_conditions: Text = ""
    source_evaluation: SourceEvaluation = SourceEvaluation.X
    information_evaluation: InformationEvaluation = InformationEvaluation.UNKNOWN
    origin: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    protected_from: Tokens = ()
    is_tainted: bool = False

    def to_marking(self, owner: str) -> Marking:
        """Return the marking of the model, of a record of this owner."""
        values = self.model_dump(exclude={"audience", "excluded", "confidentiality"})
        seen_by = Visibility(
            owner=owner,
            audience=tuple(sorted(set(self.audience))),
            excluded=tuple(sorted(set(self.excluded))),
            confidentiality=Confidentiality(self.confidentiality),
        )
        return Marking(visibility=seen_by, **values)


class AlertGiven(Given):
    """What the owner asks others to do, and why they may be asked."""

    action_requested: Action
    person_status: PersonStatus | None = None
    document_status: DocumentStatus | None = None
    notice_type: NoticeType | None = None
    warnings: Annotated[tuple[Reason, ...], Field(max_length=50)] = ()
    facts: Text = ""
    legal_references: Annotated[tuple[Reason, ...], Field(max_length=50)] = ()
    valid_until: date | None = None
    guardian_consent: Text = ""

    def to_alert(self) -> Alert:
        """Return the alert of the model."""
        return Alert(**self.model_dump())


class SensitiveGiven(Given):
    """A fact that the law protects most, with the reason why it is needed (PR-12)."""

    kind: SensitiveKind
    value: Reason
    necessity: Reason


class DraftGiven(Given):
    """The owner's word about one thing."""

    entity: EntityGiven
    marking: MarkingGiven
    alert: AlertGiven | None = None
    sensitive: Annotated[tuple[SensitiveGiven, ...], Field(max_length=50)] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def to_draft(self, owner: str) -> Draft:
        """Return the draft of a record of this owner."""
        return Draft(
            entity=self.entity.to_record(new_record_id(owner)),
            marking=self.marking.to_marking(owner),
            alert=self.alert.to_alert() if self.alert else None,
            sensitive=tuple(SensitiveFact(**fact.model_dump()) for fact in self.sensitive),
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )


class CorrectionGiven(Given):
    """The new word in the place of the old, and why.

    `consent` names the consent for another purpose; `corroborated_by`, the records of other sources
    that make the information more certain.
    """

    record: DraftGiven
    expected_version: Version
    reason: Reason
    consent: Word | None = None
    corroborated_by: Annotated[tuple[Word, ...], Field(max_length=20)] = ()


class VersionGiven(Given):
    """Which version is meant; another one is refused with 409."""

    expected_version: Version


class WithdrawalGiven(VersionGiven):
    """Why a record is taken back."""

    ground: Ground
    reason: Reason


class RecoveryGiven(VersionGiven):
    """Since when a document is back."""

    on: date | None = None


class RejectionGiven(Given):
    """Why a report is refused."""

    reason: Reason


class DisputeGiven(Given):
    """A doubt about a record, for its holder or for the asker's authority."""

    by: DisputedBy
    ground: Annotated[str, Field(min_length=1, max_length=10_000)]


class DecisionGiven(VersionGiven):
    """The owner's answer to every open dispute of a record."""

    decision: Decision
    answer: Reason
    record: DraftGiven | None = None


class CounterEvidenceGiven(Given):
    """What speaks against a record; `attachment` names a file that was attached before."""

    text: Annotated[str, Field(min_length=1, max_length=10_000)]
    attachment: Word | None = None


class PapersGiven(Given):
    """A report about documents under one marking."""

    documents: Annotated[tuple[DocumentGiven, ...], Field(min_length=1, max_length=1_000)]
    marking: MarkingGiven
    reported_on: date | None = None


class ValidationGiven(Given):
    """Which reports a second person has looked at."""

    records: Annotated[tuple[Word, ...], Field(min_length=1, max_length=1_000)]


class EarlierRefusalTold(Told):
    """That a record of the same person was refused or withdrawn before (PR-57)."""

    refused_at: datetime
    ground: Ground


class ReportTold(Told):
    """A record as it was entered, and what was refused before."""

    record: RecordShown
    state: RecordState
    earlier_refusals: list[EarlierRefusalTold]


class EnteredTold(Told):
    """A record that was entered, by its identifier."""

    id: str
    version: int
    state: RecordState


class VersionTold(Told):
    """One version: what it said, when it was known, of which days it speaks, and why it was made."""

    record: RecordShown
    version: int
    state: RecordState
    recorded_at: datetime
    valid_from: date | None
    valid_to: date | None
    reason: str


class DisputeTold(Told):
    """A dispute and its answer."""

    id: str
    record: str
    raised_by: str
    by: DisputedBy
    ground: str
    raised_at: datetime
    due_on: date
    decision: Decision | None
    decided_at: datetime | None
    answer: str

    @classmethod
    def of(cls, dispute: Dispute) -> DisputeTold:
        """Return the shape of a dispute."""
        return cls(**_fields_of(dispute))


class CounterEvidenceTold(Told):
    """What speaks against a record."""

    id: str
    given_by: str
    text: str
    given_at: datetime
    attachment: str | None

    @classmethod
    def of(cls, given: CounterEvidence) -> CounterEvidenceTold:
        """Return the shape of counter-evidence."""
        return cls(**_fields_of(given))


class AttachmentTold(Told):
    """A file of a record; its content has a path of its own."""

    id: str
    record: str
    role: AttachmentRole
    media_type: str
    title: str
    sha256: str
    size: int
    handling: Handling
    attached_at: datetime
    is_here: bool = Field(description="False while its owner's node has not sent it yet.")

    @classmethod
    def of(cls, attachment: Attachment) -> AttachmentTold:
        """Return the shape of an attachment."""
        values = _fields_of(attachment)
        return cls(**{name: values[name] for name in cls.model_fields})


class SightingTold(Told):
    """Where and when a document turned up."""

    authority: str
    place: str
    seen_at: datetime


def _fields_of(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
