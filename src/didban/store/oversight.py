"""What the oversight role asked of owners, and the use of its power, in the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from didban.store.tables.assessments import oversight_question

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One suspended record, and what its owner was asked and said.

    - `outcome`: `lifted` or `upheld`, once the oversight role has closed it.
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


def add(tx: Transaction, new: Question) -> None:
    """Add a question; a record has one open at a time."""
    tx.execute(insert(oversight_question).values(asdict(new)))


def save(tx: Transaction, changed: Question) -> None:
    """Put a question in the place of what was known of it; its row must be locked."""
    table = oversight_question
    tx.execute(update(table).where(table.c.id == changed.id).values(asdict(changed)))


def lock(tx: Transaction, question_id: str) -> Question | None:
    """Return a question, held until the transaction ends, or None."""
    query = select(oversight_question).where(oversight_question.c.id == question_id)
    row = tx.execute(query.with_for_update()).one_or_none()
    return _question(row) if row else None


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
    return [_question(row) for row in tx.execute(query.order_by(*order).limit(limit))]


def forget(tx: Transaction, record_id: str) -> None:
    """Forget the questions about a record that is erased."""
    tx.execute(delete(oversight_question).where(oversight_question.c.record == record_id))


def _question(row: Any) -> Question:
    return Question(**{f.name: getattr(row, f.name) for f in fields(Question)})
