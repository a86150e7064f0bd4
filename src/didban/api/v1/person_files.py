"""Person files: records of many owners that humans judged to be about one person or thing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from didban.analysis import person_files
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.hit_shapes import EvidenceTold, shaped
from didban.api.v1.pages import Given, Told
from didban.api.v1.shapes import RecordShown
from didban.errors import Unavailable
from didban.model.permissions import Permission
from didban.model.person_files import JudgedPair, Judgement, PersonFile, Suggestion

router = Router("person_files")

RecordId = Annotated[str, Path(max_length=200)]
JudgementId = Annotated[str, Path(max_length=64)]
Reason = Annotated[str, Field(min_length=1, max_length=2_000)]
RecordName = Annotated[str, Field(min_length=1, max_length=200)]


class JudgementGiven(Given):
    """What a human says of two records, and by what."""

    one: RecordName
    other: RecordName
    judgement: Judgement
    reason: Reason


class ReasonGiven(Given):
    """Why a judgement does not hold."""

    reason: Reason


class JudgementTold(Told):
    """One judgement about two records; one that was taken back says by whom and why."""

    id: str
    left: str
    right: str
    judgement: Judgement
    reason: str
    made_at: datetime
    made_by: str
    authority: str
    undone_at: datetime | None
    undone_by: str | None
    undone_reason: str

    @classmethod
    def of(cls, pair: JudgedPair) -> JudgementTold:
        """Return the shape of a judgement."""
        return shaped(cls, pair)


class ValueTold(Told):
    """One value as one owner says it, with how far it can be relied on."""

    name: str
    value: str
    record: str
    owner: str
    source_evaluation: str
    information_evaluation: str
    verified_on: date | None


class FileTold(Told):
    """A file as far as it is open to who asks.

    - `disagreements`: properties of which no value is common to all records that state them.
    - `contradictions`: judgements "different" about two records that others join.
    """

    id: str
    members: list[RecordShown]
    values: list[ValueTold]
    disagreements: list[str]
    judgements: list[JudgementTold]
    contradictions: list[JudgementTold]

    @classmethod
    def of(cls, file: PersonFile) -> FileTold:
        """Return the shape of a file."""
        return cls(
            id=file.id,
            members=[RecordShown.of(member.shown) for member in file.members],
            values=[shaped(ValueTold, value) for value in file.values],
            disagreements=list(file.disagreements),
            judgements=[JudgementTold.of(pair) for pair in file.judgements],
            contradictions=[JudgementTold.of(pair) for pair in file.contradictions],
        )


class SuggestionTold(Told):
    """A record that may be about the same, for a human to judge."""

    record: str
    owner: str
    score: float
    evidence: list[EvidenceTold]

    @classmethod
    def of(cls, suggestion: Suggestion) -> SuggestionTold:
        """Return the shape of a suggestion."""
        return cls(
            record=suggestion.record,
            owner=suggestion.owner,
            score=suggestion.score,
            evidence=[shaped(EvidenceTold, piece) for piece in suggestion.evidence],
        )


@router.get("/records/{record_id}/file")
@needs(Permission.ANALYSIS_FILE_READ)
def get_person_file(tx: Tx, who: Who, record_id: RecordId) -> FileTold:
    """Return the file that a record is in: its members side by side, nothing merged."""
    return FileTold.of(person_files.file_of(tx, who, record_id))


@router.get("/records/{record_id}/suggestions")
@needs(Permission.ANALYSIS_FILE_JUDGE)
def suggest_members(
    tx: Tx,
    who: Who,
    node: Node,
    record_id: RecordId,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    threshold: Annotated[float, Query(ge=0, le=1)] = 0.5,
) -> list[SuggestionTold]:
    """Suggest records that may be about the same, most likely first."""
    if node.index is None:
        raise Unavailable("the screening index is not open yet: try again")
    found = person_files.suggest(
        tx,
        who,
        node.index,
        record_id,
        limit=limit,
        threshold=threshold,
        settings=node.settings.access,
    )
    return [SuggestionTold.of(suggestion) for suggestion in found]


@router.post("/judgements", status_code=201)
@needs(Permission.ANALYSIS_FILE_JUDGE)
def judge_records(tx: Tx, who: Who, given: JudgementGiven) -> JudgementTold:
    """Judge whether two records are about one person or thing."""
    return JudgementTold.of(
        person_files.judge(tx, who, given.one, given.other, given.judgement, given.reason)
    )


@router.post("/judgements/{judgement_id}/undo")
@needs(Permission.ANALYSIS_FILE_JUDGE)
def undo_judgement(
    tx: Tx, who: Who, judgement_id: JudgementId, given: ReasonGiven
) -> JudgementTold:
    """Take a judgement back: the files are what they were before it."""
    return JudgementTold.of(person_files.undo(tx, who, judgement_id, given.reason))
