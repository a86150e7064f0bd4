"""What the oversight role asked of owners, and the use of its power, in the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.store.tables.assessments import oversight_advice, oversight_question

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from didban.store.database import Transaction

_COLUMNS: Final = tuple(oversight_question.columns.keys())


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a panel of the network says to a question, in words; it decides nothing here."""

    node: str
    words: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One suspended record, and what its owner was asked and said.

    - `outcome`: `lifted` or `upheld`, once the oversight role has closed it.
    - `advice`: what panels say, for who closes it; kept by `advise` alone.
    """

    id: str
    record: str
    owner: str
    words: str
    asked_at: datetime
    asked_by: str
    due_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    outcome: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    advice: tuple[Advice, ...] = ()


def add(tx: Transaction, new: Question) -> None:
    """Add a question; a record has one open at a time."""
    tx.execute(insert(oversight_question).values(_columns(new)))


def save(tx: Transaction, changed: Question) -> None:
    """Put a question in the place of what was known of it; its row must be locked."""
    table = oversight_question
    tx.execute(update(table).where(table.c.id == changed.id).values(_columns(changed)))


def lock(tx: Transaction, question_id: str) -> Question | None:
    """Return a question, held until the transaction ends, or None."""
    query = select(oversight_question).where(oversight_question.c.id == question_id)
    row = tx.execute(query.with_for_update()).one_or_none()
    if row is None:
        return None
    return replace(_question(row), advice=tuple(_advice(tx, [question_id])[question_id]))


def listed(
    tx: Transaction, *, owner: str | None = None, asked_by: str | None = None, limit: int
) -> list[Question]:
    """Return the questions to an owner, those that a user asked, or all; the newest first."""
    query = select(oversight_question)
    if owner is not None:
        query = query.where(oversight_question.c.owner == owner)
    if asked_by is not None:
        query = query.where(oversight_question.c.asked_by == asked_by)
    order = (oversight_question.c.asked_at.desc(), oversight_question.c.id)
    rows = tx.execute(query.order_by(*order).limit(limit)).all()
    advice = _advice(tx, [row.id for row in rows])
    return [replace(_question(row), advice=tuple(advice[row.id])) for row in rows]


def advise(tx: Transaction, question_id: str, said: Advice) -> None:
    """Keep what a panel says; its last word counts."""
    add = upsert(oversight_advice).values(question=question_id, **asdict(said))
    again = {"words": said.words, "said_at": said.said_at}
    tx.execute(add.on_conflict_do_update(index_elements=["question", "node"], set_=again))


def forget(tx: Transaction, record_id: str) -> None:
    """Forget the questions about a record that is erased."""
    tx.execute(delete(oversight_question).where(oversight_question.c.record == record_id))


def _advice(tx: Transaction, question_ids: Collection[str]) -> dict[str, list[Advice]]:
    table = oversight_advice
    query = select(table).where(table.c.question.in_(question_ids)).order_by(table.c.said_at)
    found: dict[str, list[Advice]] = {each: [] for each in question_ids}
    for row in tx.execute(query):
        found[row.question].append(Advice(node=row.node, words=row.words, said_at=row.said_at))
    return found


def _columns(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in _COLUMNS}


def _question(row: Any) -> Question:
    return Question(**{name: getattr(row, name) for name in _COLUMNS})
