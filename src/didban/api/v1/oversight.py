"""Oversight: records suspended and their owners asked, the equal-criteria report, the control desk."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Field

import didban
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Told
from didban.guard import checkpoints, control_desk, equality, oversight
from didban.guard.oversight import MAX_WORDS, Outcome
from didban.guard.retention import policy_of
from didban.model.equality import Dimension, Measure, Tally
from didban.model.permissions import Permission
from didban.serving.desks import verdicts_of
from didban.store.oversight import Question

router = Router("oversight")

Identifier = Annotated[str, Path(max_length=40, examples=["ovs_4kq2"])]
_Words = Annotated[str, Field(min_length=1, max_length=MAX_WORDS)]
_Limit = Annotated[int, Query(ge=1, le=100)]


class SuspensionGiven(Given):
    """Which record is doubted, and why, as its owner reads it."""

    record: Annotated[str, Field(min_length=1, max_length=200)]
    words: _Words


class AnswerGiven(Given):
    """Why the owner thinks that its record should stand."""

    words: _Words


class OutcomeGiven(Given):
    """How the oversight role closes it."""

    outcome: Outcome


class AdviceTold(Told):
    """What a panel of the network says to a question."""

    node: str
    words: str
    said_at: datetime


class QuestionTold(Told):
    """A suspended record, what its owner was asked and said, and what panels advise."""

    id: str
    record: str
    owner: str
    words: str
    asked_at: datetime
    due_at: datetime
    answer: str | None
    answered_at: datetime | None
    outcome: str | None
    closed_at: datetime | None
    advice: list[AdviceTold]

    @classmethod
    def of(cls, question: Question) -> QuestionTold:
        """Return the shape of a question."""
        return cls(
            id=question.id,
            record=question.record,
            owner=question.owner,
            words=question.words,
            asked_at=question.asked_at,
            due_at=question.due_at,
            answer=question.answer,
            answered_at=question.answered_at,
            outcome=question.outcome,
            closed_at=question.closed_at,
            advice=[
                AdviceTold(node=one.node, words=one.words, said_at=one.said_at)
                for one in question.advice
            ],
        )


class TallyTold(Told):
    """One group: cases among a total, in whole steps."""

    dimension: Dimension
    measure: Measure
    group: str
    cases: int
    total: int

    @classmethod
    def of(cls, tally: Tally) -> TallyTold:
        """Return the shape of a tally."""
        return cls(
            dimension=tally.dimension,
            measure=tally.measure,
            group=tally.group,
            cases=tally.cases,
            total=tally.total,
        )


class DivergenceTold(Told):
    """A group that fares unlike all others."""

    tally: TallyTold
    others_rate: float


class EqualityTold(Told):
    """The equal-criteria report."""

    tallies: list[TallyTold]
    divergences: list[DivergenceTold]


class ControlTold(Told):
    """The report of a run of the control desk; `note` is the same, signed."""

    is_whole: bool
    report: dict[str, Any]


@router.post("/oversight/suspensions", status_code=201)
@needs(Permission.OVERSIGHT_RECORD_SUSPEND)
def suspend_record(tx: Tx, who: Who, node: Node, given: SuspensionGiven) -> QuestionTold:
    """Suspend a record on this node and ask its owner, wherever its desk is, and the panel."""
    told = verdicts.doubted if (verdicts := verdicts_of(node)) else None
    return QuestionTold.of(oversight.suspend(tx, who, given.record, given.words, told=told))


@router.get("/oversight/suspensions")
@needs(Permission.OVERSIGHT_RECORD_SUSPEND)
def list_suspended_records(tx: Tx, who: Who, limit: _Limit = 20) -> list[QuestionTold]:
    """List the records that the oversight role doubted, the newest first."""
    return [QuestionTold.of(one) for one in oversight.listed(tx, who, limit=limit)]


@router.post("/oversight/suspensions/{question}/outcome")
@needs(Permission.OVERSIGHT_RECORD_SUSPEND)
def close_suspension(tx: Tx, who: Who, question: Identifier, given: OutcomeGiven) -> QuestionTold:
    """Lift the suspension, or let it stand."""
    return QuestionTold.of(oversight.close(tx, who, question, given.outcome))


@router.get("/oversight/questions")
@needs(Permission.RIGHTS_SOURCE_ANSWER)
def list_oversight_questions(tx: Tx, who: Who, limit: _Limit = 20) -> list[QuestionTold]:
    """List what one's own authority was asked by the oversight role, the newest first."""
    return [QuestionTold.of(one) for one in oversight.listed(tx, who, limit=limit)]


@router.post("/oversight/questions/{question}/answer")
@needs(Permission.RIGHTS_SOURCE_ANSWER)
def answer_oversight(
    tx: Tx, who: Who, node: Node, question: Identifier, given: AnswerGiven
) -> QuestionTold:
    """Say why the record should stand, to the oversight role here or of another node."""
    told = verdicts.answered if (verdicts := verdicts_of(node)) else None
    return QuestionTold.of(oversight.answer(tx, who, question, given.words, told=told))


@router.get("/oversight/equality")
@needs(Permission.OVERSIGHT_EQUALITY_READ)
def get_equality_report(tx: Tx, who: Who, node: Node) -> EqualityTold:
    """Return the rates of refusal and refutation by issuer, nationality and script."""
    found = equality.report(tx, who, node.settings.rights)
    return EqualityTold(
        tallies=[TallyTold.of(tally) for tally in found.tallies],
        divergences=[
            DivergenceTold(tally=TallyTold.of(one.tally), others_rate=one.others_rate)
            for one in found.divergences
        ],
    )


@router.post("/oversight/control-runs", status_code=201)
@needs(Permission.OVERSIGHT_CONTROL_RUN)
def run_control_desk(tx: Tx, who: Who, node: Node) -> ControlTold:
    """Try the protection rules on this node, and return the signed report."""
    signer = checkpoints.signer_of(tx, node.secrets)
    found = control_desk.run(
        tx, who, signer, policy_of(node.settings.retention), software=didban.__version__
    )
    return ControlTold(is_whole=found.is_whole, report=found.to_json())
