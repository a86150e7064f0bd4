"""Questions to owners in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, insert, select, tuple_, update

from didban.model.casework import AnswerKind, Disclosure, Question, QuestionKind, QuestionState
from didban.model.hits import Outcome, Urgency
from didban.model.records import Record
from didban.store.tables.hits import owner_question
from didban.store.tables.records import record

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


def insert_question(tx: Transaction, new: Question) -> None:
    """Add a question."""
    tx.execute(insert(owner_question).values(_columns(new)))


def save(tx: Transaction, now: Question) -> None:
    """Write a question back. The caller has locked its hit."""
    tx.execute(update(owner_question).where(owner_question.c.id == now.id).values(_columns(now)))


def standing(
    tx: Transaction, hit_id: str, kind: QuestionKind, *states: QuestionState
) -> Question | None:
    """Return the last question of a hit that stands in one of these states."""
    query = (
        select(owner_question)
        .where(
            owner_question.c.hit == hit_id,
            owner_question.c.kind == kind,
            owner_question.c.state.in_(states),
        )
        .order_by(owner_question.c.number.desc())
        .limit(1)
    )
    return _one(tx, query)


def withdraw(tx: Transaction, hit_id: str, now: datetime) -> list[str]:
    """Take back the unanswered questions of a hit; return those that had not left yet.

    A withheld question that has left stays open for its owner: when it vanished would tell when
    the person was let go (PR-53).
    """
    q = owner_question.c
    unanswered = (q.hit == hit_id) & q.state.in_((QuestionState.DRAFT, QuestionState.OPEN))
    had_left = q.visible_from.is_not(None) & (q.visible_from <= now)
    kept_back = (
        update(owner_question)
        .where(unanswered, ~had_left)
        .values(state=QuestionState.WITHDRAWN, visible_from=None)
        .returning(q.id)
    )
    never_left = list(tx.scalars(kept_back))
    tx.execute(
        update(owner_question)
        .where(unanswered, had_left, q.disclosure == Disclosure.FULL)
        .values(state=QuestionState.WITHDRAWN)
    )
    return never_left


def put_to(
    tx: Transaction, owner: str, open_to: frozenset[int], question_id: str, now: datetime
) -> Question | None:
    """Return a question that was put to an owner, or None where there is none for who asks."""
    return _one(tx, _put_to(owner, open_to, now).where(owner_question.c.id == question_id))


def listed(  # noqa: PLR0913 - whose, as who sees it, which page
    tx: Transaction,
    owner: str,
    open_to: frozenset[int],
    now: datetime,
    *,
    states: frozenset[QuestionState],
    limit: int,
    after: tuple[datetime, str] | None = None,
) -> list[Question]:
    """Return the questions put to an owner in the order in which they left, from after a place.

    Not in the order in which they were asked: that would tell when a withheld one was (PR-53).
    """
    place = tuple_(owner_question.c.visible_from, owner_question.c.id)
    query = _put_to(owner, open_to, now).where(owner_question.c.state.in_(states))
    if after is not None:
        query = query.where(place > after)
    query = query.order_by(owner_question.c.visible_from, owner_question.c.id).limit(limit)
    return [question_of(row) for row in tx.execute(query)]


def count(tx: Transaction, owner: str, open_to: frozenset[int], now: datetime) -> int:
    """Return how many questions that left for an owner wait for its answer."""
    waiting = _put_to(owner, open_to, now).where(owner_question.c.state == QuestionState.OPEN)
    return tx.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def _put_to(owner: str, open_to: frozenset[int], now: datetime) -> Any:
    """Select what has left for an owner: no draft, and nothing before its time.

    Nor what is about a record that is not open to who asks, who may not be cleared for all.
    """
    hidden = exists().where(
        record.c.id == owner_question.c.record, record.c.visibility.not_in(open_to)
    )
    return select(owner_question).where(
        owner_question.c.owner == owner,
        ~hidden,
        owner_question.c.state != QuestionState.DRAFT,
        owner_question.c.visible_from <= now,
    )


def _one(tx: Transaction, query: Any) -> Question | None:
    row = tx.execute(query).one_or_none()
    return question_of(row) if row else None


def _columns(value: Question) -> dict[str, Any]:
    columns = {name: getattr(value, name) for name in Question.__dataclass_fields__}
    columns["identity"] = value.identity.to_json() if value.identity else None
    return columns


def question_of(row: Any) -> Question:
    """Return the value of a row of `owner_question`."""
    columns = {name: getattr(row, name) for name in Question.__dataclass_fields__}
    return Question(
        **{
            **columns,
            "kind": QuestionKind(row.kind),
            "state": QuestionState(row.state),
            "urgency": Urgency(row.urgency),
            "disclosure": Disclosure(row.disclosure),
            "identity": Record.from_json(row.identity) if row.identity else None,
            "answer": AnswerKind(row.answer) if row.answer else None,
            "feedback": Outcome(row.feedback) if row.feedback else None,
        }
    )
