"""Shapes of notices and diffusions: drafts, reviews, what is out, what others published."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Path
from pydantic import Field

from didban.api.v1.exports import Code
from didban.api.v1.hit_shapes import shaped
from didban.api.v1.pages import Given, Told
from didban.api.v1.record_shapes import Reason, Text
from didban.casework.notices.drafting import MAX_RECIPIENTS, NoticeDraft
from didban.model.alerts import Action, Alert, NoticeType, PersonStatus
from didban.model.notices import (
    Basis,
    Block,
    Dossier,
    Flag,
    JudicialDocument,
    Matter,
    NoticeEvent,
    NoticeForm,
    NoticeState,
    RefugeeCheck,
    RefusedGround,
)

if TYPE_CHECKING:
    from didban.casework.notices.drafting import NoticeView
    from didban.store.notices import Notice, NoticeReader, Received

NoticeId = Annotated[str, Path(max_length=64)]
_Months = Annotated[int, Field(ge=0, le=1_200)]
_Words = Annotated[str, Field(max_length=4_000)]
_Said = Annotated[str, Field(min_length=1, max_length=4_000)]


class JudicialDocumentGiven(Given):
    """The warrant or judgment."""

    id: Annotated[str, Field(max_length=200)] = ""
    on: date | None = None
    authority: Annotated[str, Field(max_length=200)] = ""


class DossierGiven(Given):
    """What a notice rests on. What is left out is not answered yet."""

    offence: Annotated[str, Field(max_length=200)] = ""
    basis: Basis | None = None
    max_penalty_months: _Months | None = None
    remaining_months: _Months | None = None
    document: JudicialDocumentGiven = JudicialDocumentGiven()
    extradition_assured: bool | None = None
    refugee_check: RefugeeCheck = RefugeeCheck.NOT_DONE
    matters: frozenset[Matter] = frozenset()

    def dossier(self) -> Dossier:
        """Return the dossier of the model."""
        paper = JudicialDocument(**self.document.model_dump())
        return Dossier(**{**self.model_dump(exclude={"document"}), "document": paper})


class AskedGiven(Given):
    """What is asked about the record; it gets the notice's colour by being published."""

    action_requested: Action
    person_status: PersonStatus | None = None
    facts: Text = ""
    warnings: Annotated[tuple[Reason, ...], Field(max_length=50)] = ()
    legal_references: Annotated[tuple[Reason, ...], Field(max_length=50)] = ()
    valid_until: date | None = None
    guardian_consent: Text = ""


class NoticeGiven(Given):
    """A draft. A notice goes to all; a diffusion names its recipients."""

    form: NoticeForm = NoticeForm.NOTICE
    colour: NoticeType
    record: Annotated[str, Field(min_length=1, max_length=200)]
    alert: AskedGiven
    dossier: DossierGiven = DossierGiven()
    recipients: Annotated[tuple[Code, ...], Field(max_length=MAX_RECIPIENTS)] = ()
    flags: frozenset[Flag] = frozenset()
    is_urgent: bool = False

    def draft(self) -> NoticeDraft:
        """Return the draft of the casework."""
        return NoticeDraft(
            form=self.form,
            colour=self.colour,
            record=self.record,
            alert=Alert(**self.alert.model_dump()),
            dossier=self.dossier.dossier(),
            recipients=self.recipients,
            flags=self.flags,
            is_urgent=self.is_urgent,
        )


class NoticeWordsGiven(Given):
    """Why, in words; they stay in the notice's history."""

    words: _Said


class RefusalGiven(Given):
    """On what ground a notice is refused, and why."""

    ground: RefusedGround
    words: _Said


class ApprovalGiven(Given):
    """Flags that the reviewer raises: each calls for a second reviewer."""

    flags: frozenset[Flag] = frozenset()
    words: _Words = ""


class AddendumGiven(Given):
    """What is added to what is out. Action, status and audience stay as they were reviewed."""

    facts: Text = ""
    warnings: Annotated[tuple[Reason, ...], Field(max_length=50)] = ()
    legal_references: Annotated[tuple[Reason, ...], Field(max_length=50)] = ()
    words: _Said


class ExtensionGiven(Given):
    """Until when a notice stands, and why it is still needed."""

    until: date
    words: _Said


class NoticeTold(Told):
    """Where a notice stands."""

    id: str
    authority: str
    form: NoticeForm
    colour: NoticeType
    record: str
    state: NoticeState
    version: int
    audience: list[str]
    flags: list[Flag]
    is_urgent: bool
    is_appealed: bool
    review_due_at: datetime | None
    review_node: str | None = Field(description="The secretariat that it was handed to last.")
    ends_on: date | None
    changed_at: datetime

    @classmethod
    def of(cls, notice: Notice) -> NoticeTold:
        """Return the shape of a notice."""
        values = {name: getattr(notice, name) for name in cls.model_fields}
        listed = {"audience": list(notice.audience), "flags": sorted(notice.flags)}
        return cls(**{**values, **listed})


class NoticeReaderTold(Told):
    """A node that was told of a notice, and whether it let go of an ended one."""

    notice: str
    node: str
    told_at: datetime
    end_told_at: datetime | None
    let_go_at: datetime | None

    @classmethod
    def of(cls, reader: NoticeReader) -> NoticeReaderTold:
        """Return the shape of a reader."""
        return shaped(cls, reader)


class NoticeEntryTold(Told):
    """One line of a notice's history."""

    at: datetime
    actor: str
    event: str
    state: NoticeState
    facts: dict[str, str | int | bool]
    words: str


class NoticeViewTold(Told):
    """A notice with its self check, its readers, its history and what may happen next."""

    notice: NoticeTold
    completeness: int = Field(description="How much of what its colour needs is there, percent.")
    blocked: list[Block] = Field(description="What keeps it from leaving; all of it.")
    possible: list[NoticeEvent]
    readers: list[NoticeReaderTold]
    history: list[NoticeEntryTold]

    @classmethod
    def of(cls, view: NoticeView) -> NoticeViewTold:
        """Return the shape of a notice as it is seen."""
        return cls(
            notice=NoticeTold.of(view.notice),
            completeness=view.completeness,
            blocked=list(view.blocked),
            possible=list(view.possible),
            readers=[NoticeReaderTold.of(one) for one in view.readers],
            history=[shaped(NoticeEntryTold, entry) for entry in view.history],
        )


class ReceivedNoticeTold(Told):
    """A notice of another authority. Whether anything is asked here, the record's review decides."""

    id: str
    owner: str
    form: NoticeForm
    colour: NoticeType
    record: str
    state: NoticeState
    version: int
    ends_on: date | None
    changed_at: datetime

    @classmethod
    def of(cls, received: Received) -> ReceivedNoticeTold:
        """Return the shape of a notice that was received."""
        said = received.said
        same = set(cls.model_fields) - {"changed_at"}
        values = {name: getattr(said, name) for name in same}
        return cls(**values, changed_at=received.changed_at)
