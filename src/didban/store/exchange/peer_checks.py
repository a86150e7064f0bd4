"""Questions to other nodes with their answers, and what we answered to theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, insert, literal, select, update

from didban.model.exchange.peer_checks import (
    Answered,
    AnswerState,
    PeerAnswer,
    PeerCheck,
    Sought,
    Way,
)
from didban.model.purposes import Purpose
from didban.model.records import Record
from didban.store.tables.exchange_questions import answered_peer, peer_check, peer_check_answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.store.database import Transaction

_check, _answer = peer_check.c, peer_check_answer.c


def add(tx: Transaction, new: PeerCheck, answers: Sequence[PeerAnswer]) -> None:
    """Keep a question, with how it stands at each node."""
    values = {name: getattr(new, name) for name in PeerCheck.__dataclass_fields__}
    tx.execute(insert(peer_check).values({**values, "asked": [r.to_json() for r in new.asked]}))
    tx.execute(insert(peer_check_answer), [_values(one) for one in answers])


def get(tx: Transaction, check_id: str, authority: str) -> PeerCheck | None:
    """Return a question of an authority, or None."""
    query = select(peer_check).where(_check.id == check_id, _check.authority == authority)
    row = tx.execute(query).one_or_none()
    return _check_of(row) if row else None


def listed(
    tx: Transaction, authority: str, *, before: int | None, limit: int
) -> list[tuple[int, PeerCheck]]:
    """Return the questions of an authority with their numbers, the latest first."""
    query = select(peer_check).where(_check.authority == authority)
    if before is not None:
        query = query.where(_check.number < before)
    rows = tx.execute(query.order_by(_check.number.desc()).limit(limit))
    return [(row.number, _check_of(row)) for row in rows]


def answers(tx: Transaction, check_id: str) -> list[PeerAnswer]:
    """Return how a question stands at each node, by its code."""
    query = select(peer_check_answer).where(_answer.check == check_id).order_by(_answer.node)
    return [_answer_of(row) for row in tx.execute(query)]


def take_waiting(tx: Transaction, now: datetime, most: int) -> list[tuple[PeerCheck, str]]:
    """Return questions that nobody has sent yet, each with its node; they are the caller's now."""
    due = (
        select(_answer.check, _answer.node)
        .join(peer_check, _check.id == _answer.check)
        .where(_answer.state == AnswerState.WAITING, _answer.sent_at.is_(None))
        .where(_check.deadline_at > now)
        .limit(most)
        .with_for_update(of=peer_check_answer, skip_locked=True)
    )
    found = tx.execute(due).all()
    if not found:
        return []
    for row in found:
        tx.execute(update(peer_check_answer).where(*_is(row.check, row.node)).values(sent_at=now))
    rows = tx.execute(select(peer_check).where(_check.id.in_({row.check for row in found})))
    checks = {row.id: _check_of(row) for row in rows}
    return [(checks[row.check], row.node) for row in found]


def settle(tx: Transaction, answer: PeerAnswer, *, asked: int = 0) -> bool:
    """Keep what a node answered; return False where it was too late, and is not kept."""
    waiting = (*_is(answer.check, answer.node), _answer.state == AnswerState.WAITING)
    values = {**_values(answer), "asked": asked}
    done = tx.execute(update(peer_check_answer).where(*waiting).values(values))
    return done.rowcount == 1


def close_due(tx: Transaction, now: datetime) -> int:
    """Close questions that everybody answered or whose time is over; return how many.

    Who has not answered then has not, and what was looked for is erased.
    """
    waits = exists().where(_answer.check == _check.id, _answer.state == AnswerState.WAITING)
    is_open = _check.closed_at.is_(None)
    due = select(_check.id).where(is_open, (_check.deadline_at <= now) | ~waits)
    ids = list(tx.scalars(due.with_for_update(skip_locked=True)))
    if not ids:
        return 0
    late = _answer.check.in_(ids) & (_answer.state == AnswerState.WAITING)
    none = {"state": AnswerState.NO_ANSWER, "fault": "no_answer"}
    tx.execute(update(peer_check_answer).where(late).values(none))
    tx.execute(update(peer_check).where(_check.id.in_(ids)).values(closed_at=now, asked=[]))
    return len(ids)


def blind_use(tx: Transaction, node: str, since: datetime) -> tuple[int, int]:
    """Return how many were asked about blind at a node since then, and how many hits that gave."""
    found = func.coalesce(func.array_length(_answer.found, 1), 0)
    query = select(func.coalesce(func.sum(_answer.asked), 0), func.coalesce(func.sum(found), 0))
    row = tx.execute(query.where(_answer.node == node, _answer.answered_at > since)).one()
    return int(row[0]), int(row[1])


def add_answered(tx: Transaction, new: Answered) -> None:
    """Keep what we answered to another node."""
    values = {name: getattr(new, name) for name in Answered.__dataclass_fields__}
    tx.execute(insert(answered_peer).values({**values, "records": list(new.records)}))


def answered(tx: Transaction, reference: str, node: str) -> Answered | None:
    """Return what we answered to a node under a reference, or None."""
    is_it = (answered_peer.c.id == reference) & (answered_peer.c.node == node)
    row = tx.execute(select(answered_peer).where(is_it)).one_or_none()
    if row is None:
        return None
    return Answered(
        id=row.id,
        node=row.node,
        authority=row.authority,
        purpose=Purpose(row.purpose),
        reference=row.reference,
        sought=Sought(row.sought),
        records=tuple(row.records),
        at=row.at,
    )


def delete_older(tx: Transaction, than: datetime, *, most: int) -> int:
    """Forget questions of ours and of others that are older; return how many."""
    total = 0
    for table in (peer_check, answered_peer):
        old = select(table.c.id).where(table.c.at < than).limit(most)
        total += tx.execute(delete(table).where(table.c.id.in_(old))).rowcount
    return total


def forget(tx: Transaction, record_id: str) -> None:
    """Forget that a record was behind an answer of ours."""
    held = literal(record_id) == func.any(answered_peer.c.records)
    rest = func.array_remove(answered_peer.c.records, record_id)
    tx.execute(update(answered_peer).where(held).values(records=rest))


def _is(check: str, node: str) -> tuple[Any, Any]:
    return _answer.check == check, _answer.node == node


def _values(one: PeerAnswer) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in PeerAnswer.__dataclass_fields__}
    return {**values, "found": list(one.found)}


def _check_of(row: Any) -> PeerCheck:
    return PeerCheck(
        id=row.id,
        at=row.at,
        user=row.user,
        authority=row.authority,
        purpose=Purpose(row.purpose),
        case=row.case,
        way=Way(row.way),
        sought=Sought(row.sought),
        asked=tuple(map(Record.from_json, row.asked)),
        deadline_at=row.deadline_at,
        closed_at=row.closed_at,
    )


def _answer_of(row: Any) -> PeerAnswer:
    return PeerAnswer(
        check=row.check,
        node=row.node,
        state=AnswerState(row.state),
        exists=row.exists,
        owner=row.owner,
        contact=row.contact,
        reference=row.reference,
        fault=row.fault,
        found=tuple(row.found),
        answered_at=row.answered_at,
    )
