"""Checks: whether a person, document, vehicle or vessel is one that somebody asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.model.alerts import Action
from didban.model.bank import Note
from didban.model.checks import ChipEvidence, KeptCheck, KeptMatch
from didban.model.permissions import Permission
from didban.screening import bank_check, kept_checks
from didban.screening.bank_check import BankAnswer, Sight
from didban.screening.check import Verdict
from didban.screening.question import Question
from didban.serving.desks import booth_of

router = Router("checks")

Name = Annotated[str, Field(max_length=300)]
Word = Annotated[str, Field(max_length=64)]
Zone = Annotated[str, Field(max_length=200)]
CheckId = Annotated[str, Path(max_length=64)]
MatchId = Annotated[str, Path(max_length=64)]


class DocumentGiven(Given):
    """A document: its number and, where known, the state that issued it and its ICAO type."""

    number: Annotated[Word, Field(min_length=1, examples=["L898902C3"])]
    issuer: Annotated[Word, Field(examples=["UTO"])] = ""
    type: Annotated[Word, Field(examples=["P"])] = ""


class NumberGiven(Given):
    """A plate, hull, call sign or serial number and, where known, the state of registration."""

    number: Annotated[Word, Field(min_length=1)]
    country: Word = ""


class CheckGiven(Given):
    """What to look for: a person, papers, a zone, or one thing by its number.

    - `mrz`: machine-readable zones, each whole; what is typed beside one zone joins it.
    - `vehicle`, `vessel`, `aircraft`, `firearm`: looked up by number, apart from persons.
    """

    names: Annotated[tuple[Name, ...], Field(max_length=10)] = ()
    birth_date: Annotated[Word | None, Field(examples=["1971-05-02", "1971", "circa 1970"])] = None
    nationalities: Annotated[tuple[Word, ...], Field(max_length=10)] = ()
    sex: Word | None = None
    documents: Annotated[tuple[DocumentGiven, ...], Field(max_length=10)] = ()
    mrz: Annotated[tuple[Zone, ...], Field(max_length=4)] = ()
    vehicle: NumberGiven | None = None
    vessel: NumberGiven | None = None
    aircraft: NumberGiven | None = None
    firearm: NumberGiven | None = None
    chip: ChipEvidence | None = None

    def question(self) -> Question:
        """Return the question, as `screening.question` reads it."""
        schema, thing = self._thing()
        papers = [f"{d.issuer}:{d.type}:{d.number}" for d in self.documents]
        if thing:
            papers.append(f"{thing.country}::{thing.number}")
        return Question(
            names=self.names,
            birth_date=self.birth_date,
            nationalities=self.nationalities,
            sex=self.sex,
            documents=tuple(papers),
            mrzs=self.mrz,
            schema=schema,
        )

    def _thing(self) -> tuple[str | None, NumberGiven | None]:
        things = {
            "Vehicle": self.vehicle,
            "Vessel": self.vessel,
            "Airplane": self.aircraft,
            "Firearm": self.firearm,
        }
        return next(((schema, one) for schema, one in things.items() if one), (None, None))


class SightTold(Told):
    """A match as it is told. `notes` are read before `action`; `shown` is what may be seen first."""

    match: str
    notes: list[Note]
    action: Action | None
    shown: dict[str, Any]

    @classmethod
    def of(cls, sight: Sight) -> SightTold:
        """Return the shape of a match."""
        return cls(
            match=sight.match,
            notes=list(sight.notes),
            action=sight.action,
            shown=dict(sight.shown),
        )


class AnswerTold(Told):
    """The answer to a check. It is a similarity, not a decision.

    - `lag_seconds`: how far the index may have been behind the bank; `is_degraded`: too far.
    - `remarks`: what is odd about what was asked, such as a wrong check digit.
    """

    check: str
    verdict: Verdict
    matches: list[SightTold]
    lag_seconds: float
    is_degraded: bool
    remarks: list[str]

    @classmethod
    def of(cls, answer: BankAnswer) -> AnswerTold:
        """Return the shape of an answer."""
        return cls(
            check=answer.check,
            verdict=answer.verdict,
            matches=[SightTold.of(sight) for sight in answer.matches],
            lag_seconds=round(answer.lag.total_seconds(), 3),
            is_degraded=answer.is_degraded,
            remarks=list(answer.remarks),
        )


class CheckRow(Told):
    """A check as one line of a list: without what was asked."""

    id: str
    at: datetime
    user: str
    place: str
    reference: str
    purpose: str
    verdict: Verdict
    is_degraded: bool

    @classmethod
    def of(cls, check: KeptCheck) -> CheckRow:
        """Return the shape of a check."""
        return cls(
            id=check.id,
            at=check.at,
            user=check.user,
            place=check.place,
            reference=check.reference,
            purpose=check.purpose,
            verdict=Verdict(check.verdict),
            is_degraded=check.is_degraded,
        )


class MatchRow(Told):
    """A match of a check that is read again: by which features, without the record."""

    id: str
    score: float
    features: dict[str, float]
    is_rescreened: bool
    made_at: datetime

    @classmethod
    def of(cls, match: KeptMatch) -> MatchRow:
        """Return the shape of a match."""
        return cls(
            id=match.id,
            score=match.score,
            features={one.feature: round(one.weight, 6) for one in match.evidence},
            is_rescreened=match.is_rescreened,
            made_at=match.made_at,
        )


class CheckTold(CheckRow):
    """A check with what was looked for, until that is erased, and its matches."""

    asked: list[dict[str, Any]]
    chip: ChipEvidence | None
    matches: list[MatchRow]


class ReasonGiven(Given):
    """Why the record behind a match is to be read."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class OpenedTold(Told):
    """The record behind a match, and why it was found. `prior` and weights add up to the score."""

    match: str
    score: float
    prior: float
    evidence: list[dict[str, Any]]
    record: dict[str, Any]
    compared_version: int
    notes: list[Note]
    action: Action | None


class SilencedRow(Told):
    """A match that a non-match token kept silent."""

    id: str
    check: str
    record: str
    made_at: datetime


@router.post("/checks", status_code=201)
@needs(Permission.SCREENING_CHECK_MAKE)
def make_check(tx: Tx, who: Who, node: Node, asked: CheckGiven) -> AnswerTold:
    """Check a person, documents, a zone or a thing, and keep the check."""
    answer = bank_check.make(tx, booth_of(node), who, asked.question(), asked.chip)
    return AnswerTold.of(answer)


@router.get("/checks")
@needs(Permission.SCREENING_CHECK_READ)
def list_checks(tx: Tx, who: Who, paging: Paging) -> Page[CheckRow]:
    """List checks, the latest first: one's own, or at the second line the authority's."""
    before = int(paging.after[0]) if paging.after else None
    rows = kept_checks.listed(tx, who, before=before, limit=paging.fetch)
    return paging.page(rows, keys=lambda row: (row[0],), told=lambda row: CheckRow.of(row[1]))


@router.get("/checks/{check_id}")
@needs(Permission.SCREENING_CHECK_READ)
def get_check(tx: Tx, who: Who, check_id: CheckId) -> CheckTold:
    """Return a check with its matches, among what may be seen now."""
    check, matches = kept_checks.viewed(tx, who, check_id)
    return CheckTold(
        **CheckRow.of(check).model_dump(),
        asked=[{"origin": one.origin, **one.record.to_json()} for one in check.asked],
        chip=check.chip,
        matches=[MatchRow.of(match) for match in matches],
    )


@router.post("/matches/{match_id}/open")
@needs(Permission.BANK_RECORD_READ_FULL)
def open_match(tx: Tx, who: Who, match_id: MatchId, given: ReasonGiven) -> OpenedTold:
    """Open the record behind a match: the second step, for a reason that is kept."""
    opened = bank_check.open_match(tx, who, match_id, given.reason)
    match = opened.match
    return OpenedTold(
        match=match.id,
        score=match.score,
        prior=match.prior,
        evidence=[
            {
                "feature": one.feature,
                "asked": one.asked,
                "listed": one.listed,
                "similarity": one.similarity,
                "weight": one.weight,
                "detail": one.detail,
            }
            for one in match.evidence
        ],
        record=dict(opened.shown),
        compared_version=match.version,
        notes=list(opened.standing.notes),
        action=opened.standing.action,
    )


@router.get("/silenced-matches")
@needs(Permission.CASEWORK_TOKEN_READ)
def list_silenced_matches(tx: Tx, who: Who) -> list[SilencedRow]:
    """List the latest matches that non-match tokens kept silent."""
    return [
        SilencedRow(id=match.id, check=match.check, record=match.record, made_at=match.made_at)
        for match in kept_checks.silenced(tx, who, limit=100)
    ]
