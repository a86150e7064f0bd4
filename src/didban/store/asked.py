"""Questions about hits between nodes in the database: ours on their way, and those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.casework import (
    AnswerKind,
    AskedQuestion,
    Disclosure,
    Question,
    QuestionKind,
    QuestionState,
)
from didban.model.exchange.kinds import HITS
from didban.model.hits import Outcome, Urgency
from didban.model.records import Record
from didban.store.exchange import feeds
from didban.store.questions import question_of
from didban.store.tables.asked import asked_question, question_sent
from didban.store.tables.hits import owner_question
from didban.store.tables.records import record

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction

# ------------------------------------------------------------------ ours, on their way


def post(
    tx: Transaction, question: str, node: str, due_at: datetime, *, sent_at: datetime | None
) -> None:
    """Note that a question goes to a node, now or when it is due."""
    values = {"question": question, "node": node, "due_at": due_at, "sent_at": sent_at}
    tx.execute(upsert(question_sent).values(values).on_conflict_do_nothing())


def next_due(tx: Transaction, now: datetime) -> tuple[str, Question | None] | None:
    """Return the node and the question of the next one that is due to leave, held, or None.

    The question is None where it does not leave: it was taken back before.
    """
    sent = question_sent.c
    due = select(question_sent).where(sent.sent_at.is_(None), sent.ended_at.is_(None))
    query = due.where(sent.due_at <= now).order_by(sent.due_at).limit(1)
    row = tx.execute(query.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    found = _put(tx, row.question)
    is_gone = found is None or found.state is not QuestionState.OPEN
    values = {"ended_at": now} if is_gone else {"sent_at": now}
    tx.execute(update(question_sent).where(sent.question == row.question).values(values))
    return row.node, None if is_gone else found


def next_taken_back(tx: Transaction, now: datetime) -> tuple[str, Question] | None:
    """Return the node and an open question that left for it and is not needed any more, once.

    Never a withheld one: when it vanished would tell when the person was let go (PR-53).
    """
    sent, asked = question_sent.c, owner_question.c
    query = (
        select(question_sent)
        .join(owner_question, asked.id == sent.question)
        .where(
            sent.sent_at.is_not(None),
            sent.ended_at.is_(None),
            asked.state == QuestionState.WITHDRAWN,
            asked.disclosure == Disclosure.FULL,
        )
        .limit(1)
    )
    row = tx.execute(query.with_for_update(of=question_sent, skip_locked=True)).one_or_none()
    if row is None:
        return None
    tx.execute(update(question_sent).where(sent.question == row.question).values(ended_at=now))
    found = _put(tx, row.question)
    return (row.node, found) if found else None


def put_to_node(tx: Transaction, question_id: str, node: str) -> Question | None:
    """Return a question of ours that left for a node, or None where none did."""
    left = (question_sent.c.question == question_id) & (question_sent.c.node == node)
    query = select(question_sent.c.sent_at).where(left, question_sent.c.sent_at.is_not(None))
    return _put(tx, question_id) if tx.scalar(query) else None


def _put(tx: Transaction, question_id: str) -> Question | None:
    query = select(owner_question).where(owner_question.c.id == question_id)
    row = tx.execute(query).one_or_none()
    return question_of(row) if row else None


# ------------------------------------------------------------------ of others, at our desk


def add(tx: Transaction, new: AskedQuestion) -> None:
    """Keep a question of another node."""
    tx.execute(insert(asked_question).values(_columns(new)))


def save(tx: Transaction, now: AskedQuestion) -> None:
    """Write a question back. The caller has locked it."""
    of_it = asked_question.c.id == now.id
    tx.execute(update(asked_question).where(of_it).values(_columns(now)))


def is_taken(tx: Transaction, question_id: str, node: str) -> bool:
    """Return whether somebody else's question has this identifier."""
    ours = select(owner_question.c.id).where(owner_question.c.id == question_id)
    others = select(asked_question.c.id).where(
        asked_question.c.id == question_id, asked_question.c.node != node
    )
    return tx.scalar(ours) is not None or tx.scalar(others) is not None


def lock(tx: Transaction, question_id: str) -> AskedQuestion | None:
    """Return a question of another node and hold it, or None where there is none."""
    query = select(asked_question).where(asked_question.c.id == question_id)
    return _one(tx, query.with_for_update())


def put_to(
    tx: Transaction, owner: str, open_to: frozenset[int], question_id: str
) -> AskedQuestion | None:
    """Return a question to an owner, held, or None where there is none for who asks."""
    query = _put_to(owner, open_to).where(asked_question.c.id == question_id)
    return _one(tx, query.with_for_update(of=asked_question))


def listed(
    tx: Transaction,
    owner: str,
    open_to: frozenset[int],
    *,
    states: frozenset[QuestionState],
    limit: int,
    after: tuple[datetime, str] | None = None,
) -> list[AskedQuestion]:
    """Return the questions of other nodes to an owner, in the order in which they arrived."""
    place = (asked_question.c.arrived_at, asked_question.c.id)
    query = _put_to(owner, open_to).where(asked_question.c.state.in_(states))
    if after is not None:
        query = query.where(tuple_(*place) > after)
    return [_asked(row) for row in tx.execute(query.order_by(*place).limit(limit))]


def count(tx: Transaction, owner: str, open_to: frozenset[int]) -> int:
    """Return how many questions of other nodes wait for an owner's answer."""
    waiting = _put_to(owner, open_to).where(asked_question.c.state == QuestionState.OPEN)
    return tx.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def next_overdue(tx: Transaction, now: datetime) -> AskedQuestion | None:
    """Return and hold an open question whose reply is overdue, of which nobody was told yet."""
    asked = asked_question.c
    query = select(asked_question).where(
        asked.state == QuestionState.OPEN, asked.reply_by <= now, asked.overdue_at.is_(None)
    )
    order = query.order_by(asked.reply_by).limit(1)
    return _one(tx, order.with_for_update(skip_locked=True))


def next_without_record(tx: Transaction) -> AskedQuestion | None:
    """Return and hold an open question about a record that is found no more."""
    found = exists().where(record.c.id == asked_question.c.record, record.c.is_searchable)
    query = select(asked_question).where(asked_question.c.state == QuestionState.OPEN, ~found)
    return _one(tx, query.limit(1).with_for_update(skip_locked=True))


def empty_older(tx: Transaction, before: datetime) -> int:
    """Take the content out of what was settled long ago; return of how many questions."""
    old = asked_question.c.settled_at < before
    return _empty(tx, old & asked_question.c.identity.is_not(None))


def forget(tx: Transaction, record_id: str) -> None:
    """Take the content out of the questions of others about a record that is erased."""
    _empty(tx, asked_question.c.record == record_id)


def _empty(tx: Transaction, which: Any) -> int:
    """Empty questions, and the entries of the feeds that brought them or answered."""
    gone = update(asked_question).where(which).values(identity=None, words="", place=None)
    ids = tx.scalars(gone.returning(asked_question.c.id)).all()
    feeds.erase_bodies(tx, ids, HITS)
    return len(ids)


def _put_to(owner: str, open_to: frozenset[int]) -> Any:
    """Select the questions to an owner, but for those about a record that is not open to who asks."""
    hidden = exists().where(
        record.c.id == asked_question.c.record, record.c.visibility.not_in(open_to)
    )
    return select(asked_question).where(asked_question.c.owner == owner, ~hidden)


def _one(tx: Transaction, query: Any) -> AskedQuestion | None:
    row = tx.execute(query).one_or_none()
    return _asked(row) if row else None


def _columns(value: AskedQuestion) -> dict[str, Any]:
    columns = {name: getattr(value, name) for name in AskedQuestion.__dataclass_fields__}
    columns["identity"] = value.identity.to_json() if value.identity else None
    return columns


def _asked(row: Any) -> AskedQuestion:
    columns = {name: getattr(row, name) for name in AskedQuestion.__dataclass_fields__}
    return AskedQuestion(
        **{
            **columns,
            "kind": QuestionKind(row.kind),
            "state": QuestionState(row.state),
            "identity": Record.from_json(row.identity) if row.identity else None,
            "urgency": Urgency(row.urgency) if row.urgency else None,
            "answer": AnswerKind(row.answer) if row.answer else None,
            "feedback": Outcome(row.feedback) if row.feedback else None,
        }
    )
