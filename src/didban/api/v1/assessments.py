"""The register of partner assessments, and assurances."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from didban import clock
from didban.api.v1.frame import Router, Tx, Who, needs
from didban.api.v1.pages import Given, Told
from didban.guard import assessments
from didban.guard.assessments import MAX_TEXT, Draft
from didban.model.assessments import Assessment, AssessmentVerdict, Assurance, Harm
from didban.model.permissions import Permission

router = Router("assessments")

_Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{1,31}$", examples=["xbo"])]
_Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
_Offences = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[a-z0-9_.-]{1,60}$")], ...], Field(max_length=100)
]


class AssessmentGiven(Given):
    """What is held of a partner on one subject."""

    partner: _Code
    harm: Harm
    verdict: AssessmentVerdict
    reason: _Text
    review_due: date
    offences: _Offences = ()
    sources: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=500)], ...], Field(max_length=50)
    ] = ()


class AssessmentTold(Told):
    """One version of an assessment."""

    id: str
    partner: str
    harm: Harm
    verdict: AssessmentVerdict
    offences: list[str]
    reason: str
    sources: list[str]
    version: int
    assessed_at: datetime
    review_due: date

    @classmethod
    def of(cls, one: Assessment) -> AssessmentTold:
        """Return the shape of an assessment."""
        return cls(
            id=one.id,
            partner=one.partner,
            harm=one.harm,
            verdict=one.verdict,
            offences=list(one.offences),
            reason=one.reason,
            sources=list(one.sources),
            version=one.version,
            assessed_at=one.assessed_at,
            review_due=one.review_due,
        )


class AssuranceGiven(Given):
    """What a partner promised about one record."""

    partner: _Code
    harm: Harm
    record: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,119}$")]
    words: _Text
    valid_until: date


class AssuranceTold(Told):
    """An assurance; it counts once a second person accepted it."""

    id: str
    partner: str
    harm: Harm
    record: str
    words: str
    valid_until: date
    recorded_at: datetime
    accepted_at: datetime | None

    @classmethod
    def of(cls, one: Assurance) -> AssuranceTold:
        """Return the shape of an assurance."""
        return cls(
            id=one.id,
            partner=one.partner,
            harm=one.harm,
            record=one.record,
            words=one.words,
            valid_until=one.valid_until,
            recorded_at=one.recorded_at,
            accepted_at=one.accepted_at,
        )


@router.post("/assessments", status_code=201)
@needs(Permission.RIGHTS_ASSESSMENT_WRITE)
def record_assessment(tx: Tx, who: Who, given: AssessmentGiven) -> AssessmentTold:
    """Enter what is held of a partner on one subject; earlier versions stay."""
    return AssessmentTold.of(assessments.record(tx, who, Draft(**given.model_dump())))


@router.get("/assessments")
@needs(Permission.RIGHTS_ASSESSMENT_READ)
def list_assessments(
    tx: Tx, who: Who, partner: Annotated[str | None, Query(max_length=32)] = None
) -> list[AssessmentTold]:
    """List what is held of all partners now, or every version of what was held of one."""
    return [AssessmentTold.of(one) for one in assessments.listed(tx, who, partner)]


@router.post("/assurances", status_code=201)
@needs(Permission.RIGHTS_ASSESSMENT_READ)
def record_assurance(tx: Tx, who: Who, given: AssuranceGiven) -> AssuranceTold:
    """Enter what a partner promised about one record."""
    draft = Assurance(id="", recorded_at=clock.now(), recorded_by=who.user, **given.model_dump())
    return AssuranceTold.of(assessments.record_assurance(tx, who, draft))


@router.post("/assurances/{assurance}/acceptance")
@needs(Permission.RIGHTS_ASSURANCE_ACCEPT)
def accept_assurance(
    tx: Tx, who: Who, assurance: Annotated[str, Path(max_length=40)]
) -> AssuranceTold:
    """Accept an assurance, as another person than who entered it."""
    return AssuranceTold.of(assessments.accept_assurance(tx, who, assurance))
