"""The owner's desk: questions that were put to the own authority, and its answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import AwareDatetime

from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.hit_shapes import QuestionId, QuestionTold, SaidGiven, Words
from didban.api.v1.pages import Given, Page, Paging
from didban.casework import answers
from didban.model.casework import AnswerKind, QuestionState
from didban.model.permissions import Permission
from didban.serving.desks import desk_of

router = Router("questions")

_Answer = Literal[AnswerKind.CONFIRMED, AnswerKind.REFUTED, AnswerKind.WILL_BE_CONFIRMED]
_Shown = Literal[QuestionState.OPEN, QuestionState.ANSWERED, QuestionState.WITHDRAWN]


class AnswerGiven(Given):
    """The owner's answer. `words` say why it is refuted, `until` when it will be confirmed.

    - `is_shared`: whether other nodes that hold the record are told, by a keyed hash and later,
      that who was met is not the person of it (PR-25).
    """

    answer: _Answer
    words: Words = ""
    until: AwareDatetime | None = None
    is_shared: bool = False


@router.get("/questions")
@needs(Permission.CASEWORK_QUESTION_ANSWER)
def list_questions(
    tx: Tx,
    who: Who,
    paging: Paging,
    state: Annotated[_Shown, Query()] = QuestionState.OPEN,
) -> Page[QuestionTold]:
    """List the questions put to the own authority, in the order in which they left."""
    place = (datetime.fromisoformat(paging.after[0]), paging.after[1]) if paging.after else None
    rows = answers.put_to_us(tx, who, states=frozenset({state}), limit=paging.fetch, after=place)
    return paging.page(
        rows,
        keys=lambda row: (row.arrived_at.isoformat() if row.arrived_at else "", row.id),
        told=QuestionTold.of,
    )


@router.post("/questions/{question_id}/answer")
@needs(Permission.CASEWORK_QUESTION_ANSWER)
def answer_question(
    tx: Tx, who: Who, node: Node, question_id: QuestionId, given: AnswerGiven
) -> QuestionTold:
    """Answer for the owner: confirmed, refuted, or confirmed at a time."""
    return QuestionTold.of(
        answers.answer(
            tx,
            who,
            question_id,
            desk_of(node),
            kind=given.answer,
            words=given.words,
            until=given.until,
            is_shared=given.is_shared,
        )
    )


@router.post("/questions/{question_id}/supplement")
@needs(Permission.CASEWORK_QUESTION_ANSWER)
def supply_supplement(
    tx: Tx, who: Who, node: Node, question_id: QuestionId, given: SaidGiven
) -> QuestionTold:
    """Supply the supplementary information that was asked for."""
    return QuestionTold.of(answers.supply(tx, who, question_id, given.words, desk_of(node)))
