"""Requests of persons about their data, what owners say to them, and corrections that are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Path, Query
from pydantic import Field

from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.guard import corrections, subject_sources
from didban.guard import subject_requests as requests
from didban.guard.subject_requests import MAX_ASKS
from didban.guard.subject_sources import MAX_GROUND, MAX_RECORDS
from didban.model.permissions import Permission
from didban.model.subject_requests import (
    LANGUAGES,
    OPEN,
    Answer,
    Consultation,
    DataSubject,
    Finding,
    Proof,
    RequestKind,
    RequestState,
    SubjectRequest,
    deadlines,
)
from didban.store.corrections import CorrectionNotice

router = Router("subject requests")

Identifier = Annotated[str, Path(max_length=40, examples=["req_4kq2"])]
_Line = Annotated[str, Field(min_length=1, max_length=200)]
_Lines = Annotated[tuple[_Line, ...], Field(max_length=20)]
_RecordIds = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(max_length=MAX_RECORDS)
]

_Steps = Callable[[Any, Any, str, Any], SubjectRequest]
_STEPS: Final[dict[str, _Steps]] = {
    "scope": requests.scope,
    "consult": requests.consult,
    "lapse": requests.lapse,
    "appeal": requests.appeal,
    "consult_again": requests.consult_again,
    "close": requests.close,
}


class SubjectGiven(Given):
    """Who asks, as far as it is needed to find what is held and to answer."""

    names: Annotated[tuple[_Line, ...], Field(min_length=1, max_length=20)]
    contact: Annotated[str, Field(min_length=1, max_length=500)]
    birth_date: Annotated[str, Field(max_length=40)] = ""
    nationalities: _Lines = ()
    documents: _Lines = ()


class RequestGiven(Given):
    """A request that came."""

    kind: RequestKind
    subject: SubjectGiven
    asks: Annotated[str, Field(max_length=MAX_ASKS)] = ""
    language: Annotated[str, Field(pattern=f"^({'|'.join(LANGUAGES)})$")] = "en"


class ProofGiven(Given):
    """How the person proved who they are."""

    proof: Proof


class StepGiven(Given):
    """The next step, where it needs nothing more to be said."""

    step: Annotated[str, Field(pattern=f"^({'|'.join(_STEPS)})$", examples=["scope"])]


class DecisionGiven(Given):
    """What was decided; it has to fit what the owners found."""

    answer: Answer


class SourceAnswerGiven(Given):
    """What an owner says of its own records."""

    finding: Finding
    records: _RecordIds = ()
    ground: Annotated[str, Field(max_length=MAX_GROUND)] = ""


class RequestTold(Told):
    """One request; `subject` is null once its time is over."""

    id: str
    kind: RequestKind
    state: RequestState
    language: str
    subject: dict[str, Any] | None
    asks: str
    received_at: datetime
    round: int
    proof: Proof | None
    acknowledged_at: datetime | None
    answer: Answer | None
    decided_at: datetime | None
    notified_at: datetime | None
    closed_at: datetime | None
    deadlines: dict[str, datetime]

    @classmethod
    def of(cls, request: SubjectRequest) -> RequestTold:
        """Return the shape of a request."""
        return cls(
            id=request.id,
            kind=request.kind,
            state=request.state,
            language=request.language,
            subject=_subject(request.subject),
            asks=request.asks,
            received_at=request.received_at,
            round=request.round,
            proof=request.proof,
            acknowledged_at=request.acknowledged_at,
            answer=request.answer,
            decided_at=request.decided_at,
            notified_at=request.notified_at,
            closed_at=request.closed_at,
            deadlines={str(name): end for name, end in deadlines(request).items()},
        )


class ConsultationTold(Told):
    """What one owner was asked, and said."""

    owner: str
    round: int
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    finding: Finding | None
    records: list[str]
    ground: str

    @classmethod
    def of(cls, asked: Consultation) -> ConsultationTold:
        """Return the shape of a consultation."""
        return cls(
            owner=asked.owner,
            round=asked.round,
            asked_at=asked.asked_at,
            due_at=asked.due_at,
            answered_at=asked.answered_at,
            finding=asked.finding,
            records=list(asked.records),
            ground=asked.ground,
        )


class RequestInFullTold(Told):
    """A request, and what the owners said."""

    request: RequestTold
    consultations: list[ConsultationTold]


class LetterTold(Told):
    """The words that go to the person, and what is enclosed."""

    request: RequestTold
    letter: str


class EnclosureTold(Told):
    """What the owners disclose to the person: entities as they are recorded."""

    records: list[dict[str, Any]]


class QuestionTold(Told):
    """What an owner is asked about a person."""

    request: str
    kind: RequestKind
    subject: dict[str, Any] | None
    asks: str
    asked_at: datetime
    due_at: datetime


class CorrectionTold(Told):
    """A record that one had received was changed by its owner: read it again, or take it out."""

    id: str
    record: str
    owner: str
    change: str
    changed_at: datetime
    told_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None

    @classmethod
    def of(cls, notice: CorrectionNotice) -> CorrectionTold:
        """Return the shape of a notice."""
        return cls(
            id=notice.id,
            record=notice.record,
            owner=notice.owner,
            change=notice.change,
            changed_at=notice.changed_at,
            told_at=notice.told_at,
            acknowledged_at=notice.acknowledged_at,
            acknowledged_by=notice.acknowledged_by,
        )


def _subject(subject: DataSubject | None) -> dict[str, Any] | None:
    if subject is None:
        return None
    return {
        "names": list(subject.names),
        "contact": subject.contact,
        "birth_date": subject.birth_date,
        "nationalities": list(subject.nationalities),
        "documents": list(subject.documents),
    }


@router.post("/subject-requests", status_code=201)
@needs(Permission.RIGHTS_REQUEST_HANDLE)
def receive_subject_request(tx: Tx, who: Who, given: RequestGiven) -> RequestTold:
    """Enter a request that came; its clocks run from now."""
    subject = DataSubject(**given.subject.model_dump())
    new = requests.receive(
        tx, who, subject, kind=given.kind, asks=given.asks, language=given.language
    )
    return RequestTold.of(new)


@router.get("/subject-requests")
@needs(Permission.RIGHTS_REQUEST_HANDLE)
def list_subject_requests(
    tx: Tx, who: Who, paging: Paging, state: RequestState | None = None
) -> Page[RequestTold]:
    """List requests, the oldest first: the open ones, or those of one state."""
    after = (datetime.fromisoformat(paging.after[0]), paging.after[1]) if paging.after else None
    states = OPEN if state is None else (state,)
    rows = requests.listed(tx, who, states=states, after=after, limit=paging.fetch)
    return paging.page(
        rows, keys=lambda row: (row.received_at.isoformat(), row.id), told=RequestTold.of
    )


@router.get("/subject-requests/{request}")
@needs(Permission.RIGHTS_REQUEST_HANDLE)
def get_subject_request(tx: Tx, who: Who, request: Identifier) -> RequestInFullTold:
    """Return a request, and what the owners said."""
    return _in_full(tx, who, request)


@router.get("/subject-requests/{request}/case")
@needs(Permission.RIGHTS_REQUEST_DECIDE)
def get_subject_case(tx: Tx, who: Who, request: Identifier) -> RequestInFullTold:
    """Return the same, for who decides."""
    return _in_full(tx, who, request)


def _in_full(tx: Tx, who: Who, request: str) -> RequestInFullTold:
    found, asked = requests.view(tx, who, request)
    return RequestInFullTold(
        request=RequestTold.of(found), consultations=[ConsultationTold.of(one) for one in asked]
    )


@router.post("/subject-requests/{request}/acknowledgement")
@needs(Permission.RIGHTS_REQUEST_HANDLE)
def acknowledge_subject_request(tx: Tx, who: Who, request: Identifier) -> RequestTold:
    """Note that the person was told that the request came."""
    return RequestTold.of(requests.acknowledge(tx, who, request))


@router.post("/subject-requests/{request}/proof")
@needs(Permission.RIGHTS_REQUEST_HANDLE)
def prove_subject_identity(
    tx: Tx, who: Who, node: Node, request: Identifier, given: ProofGiven
) -> RequestTold:
    """Note how the person proved who they are."""
    terms = node.settings.rights
    return RequestTold.of(requests.prove_identity(tx, who, request, given.proof, terms))


@router.post("/subject-requests/{request}/steps")
@needs(Permission.RIGHTS_REQUEST_HANDLE)
def move_subject_request(
    tx: Tx, who: Who, node: Node, request: Identifier, given: StepGiven
) -> RequestTold:
    """Ask all owners, go on when they answered, note an appeal, or close."""
    return RequestTold.of(_STEPS[given.step](tx, who, request, node.settings.rights))


@router.post("/subject-requests/{request}/decision")
@needs(Permission.RIGHTS_REQUEST_DECIDE)
def decide_subject_request(
    tx: Tx, who: Who, node: Node, request: Identifier, given: DecisionGiven
) -> RequestTold:
    """Decide, as another person than who asked the owners."""
    terms = node.settings.rights
    return RequestTold.of(requests.decide(tx, who, request, given.answer, terms))


@router.post("/subject-requests/{request}/notification")
@needs(Permission.RIGHTS_REQUEST_HANDLE)
def notify_subject(tx: Tx, who: Who, node: Node, request: Identifier) -> LetterTold:
    """Note that the answer leaves, and return its words."""
    told, words = requests.notify(tx, who, request, node.settings.rights)
    return LetterTold(request=RequestTold.of(told), letter=words)


@router.get("/subject-requests/{request}/enclosure")
@needs(Permission.RIGHTS_REQUEST_HANDLE)
def get_subject_enclosure(tx: Tx, who: Who, request: Identifier) -> EnclosureTold:
    """Return the records that are disclosed to the person. Each is entered as exported."""
    found = requests.enclosure(tx, who, request)
    return EnclosureTold(records=[record.entity.to_json() for record in found])


@router.get("/subject-questions")
@needs(Permission.RIGHTS_SOURCE_ANSWER)
def list_subject_questions(
    tx: Tx, who: Who, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[QuestionTold]:
    """List what one's own authority was asked about persons and has not answered."""
    return [
        QuestionTold(
            request=asked.request,
            kind=request.kind,
            subject=_subject(request.subject),
            asks=request.asks,
            asked_at=asked.asked_at,
            due_at=asked.due_at,
        )
        for asked, request in subject_sources.waiting(tx, who, limit=limit)
    ]


@router.post("/subject-questions/{request}/answer")
@needs(Permission.RIGHTS_SOURCE_ANSWER)
def answer_subject_question(
    tx: Tx, who: Who, request: Identifier, given: SourceAnswerGiven
) -> ConsultationTold:
    """Say what one's own authority holds on the person."""
    said = subject_sources.answer(
        tx, who, request, given.finding, records_meant=given.records, ground=given.ground
    )
    return ConsultationTold.of(said)


@router.get("/corrections")
@needs(Permission.RIGHTS_CORRECTION_RECEIVE)
def list_corrections(tx: Tx, who: Who, paging: Paging) -> Page[CorrectionTold]:
    """List the changes of records that one's own authority had received, the oldest first."""
    after = (datetime.fromisoformat(paging.after[0]), paging.after[1]) if paging.after else None
    rows = corrections.waiting(tx, who, after=after, limit=paging.fetch)
    return paging.page(
        rows, keys=lambda row: (row.told_at.isoformat(), row.id), told=CorrectionTold.of
    )


@router.post("/corrections/{notice}/acknowledgement")
@needs(Permission.RIGHTS_CORRECTION_RECEIVE)
def acknowledge_correction(tx: Tx, who: Who, notice: Identifier) -> CorrectionTold:
    """Say that a correction was read and followed."""
    return CorrectionTold.of(corrections.acknowledge(tx, who, notice))
