"""Requests of persons about their data, and what owners answered, in the database."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, null, select, update

from didban.model.actors import AuthorityKind
from didban.model.subject_requests import (
    Answer,
    Consultation,
    DataSubject,
    Finding,
    Proof,
    RequestClock,
    RequestKind,
    RequestState,
    SubjectRequest,
)
from didban.store.tables.records import authority
from didban.store.tables.rights import consultation, subject_request

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from didban.store.database import Transaction


def add(tx: Transaction, new: SubjectRequest) -> None:
    """Add a request."""
    tx.execute(insert(subject_request).values(_row(new)))


def save(tx: Transaction, changed: SubjectRequest) -> None:
    """Put a request in the place of what was known of it; its row must be locked."""
    tx.execute(
        update(subject_request).where(subject_request.c.id == changed.id).values(_row(changed))
    )


def lock(tx: Transaction, request_id: str, of_authority: str) -> SubjectRequest | None:
    """Return a request that this authority answers, held until the transaction ends, or None."""
    query = select(subject_request).where(
        subject_request.c.id == request_id, subject_request.c.authority == of_authority
    )
    row = tx.execute(query.with_for_update()).one_or_none()
    return _request(row) if row else None


def listed(
    tx: Transaction,
    of_authority: str,
    *,
    states: Iterable[RequestState],
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[SubjectRequest]:
    """Return the requests that this authority answers, the oldest first."""
    request = subject_request.c
    query = select(subject_request).where(
        request.authority == of_authority, request.state.in_(list(states))
    )
    if after is not None:
        at, last = after
        query = query.where(
            (request.received_at > at) | ((request.received_at == at) & (request.id > last))
        )
    rows = tx.execute(query.order_by(request.received_at, request.id).limit(limit))
    return [_request(row) for row in rows]


def open_locked(
    tx: Transaction, states: Iterable[RequestState], limit: int, after: str
) -> list[SubjectRequest]:
    """Return open requests in the order of their identifiers, those that nobody holds, held."""
    query = (
        select(subject_request)
        .where(subject_request.c.state.in_(list(states)), subject_request.c.id > after)
        .order_by(subject_request.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_request(row) for row in tx.execute(query)]


def owners(tx: Transaction) -> list[str]:
    """Return every authority that can own records on persons and answers for them: all of them.

    Publishers of lists have no desk; what they say is public.
    """
    query = select(authority.c.code).where(authority.c.kind != AuthorityKind.PUBLISHER)
    return list(tx.scalars(query.order_by(authority.c.code)))


def ask(tx: Transaction, new: Consultation) -> None:
    """Add a consultation that is not answered yet."""
    values = {**asdict(new), "records": list(new.records)}
    tx.execute(insert(consultation).values(values))


def answer(tx: Transaction, given: Consultation) -> None:
    """Put in what an owner answered."""
    tx.execute(
        update(consultation)
        .where(
            consultation.c.request == given.request,
            consultation.c.owner == given.owner,
            consultation.c.round == given.round,
        )
        .values(
            answered_at=given.answered_at,
            answered_by=given.answered_by,
            finding=given.finding,
            records=list(given.records),
            ground=given.ground,
        )
    )


def consultations(tx: Transaction, request_id: str) -> list[Consultation]:
    """Return everyone who was asked about a request, and what they answered."""
    query = (
        select(consultation)
        .where(consultation.c.request == request_id)
        .order_by(consultation.c.round, consultation.c.owner)
    )
    return [_consultation(row) for row in tx.execute(query)]


def put_to(tx: Transaction, owner: str, *, limit: int) -> list[tuple[Consultation, SubjectRequest]]:
    """Return what this owner was asked and has not answered, with the request, the oldest first."""
    waits = (
        select(consultation)
        .join(subject_request, subject_request.c.id == consultation.c.request)
        .where(
            consultation.c.owner == owner,
            consultation.c.finding.is_(None),
            consultation.c.round == subject_request.c.round,
            subject_request.c.state == RequestState.SCOPED,
        )
        .order_by(consultation.c.asked_at, consultation.c.request)
        .limit(limit)
    )
    asked = [_consultation(row) for row in tx.execute(waits)]
    about = select(subject_request).where(
        subject_request.c.id.in_([found.request for found in asked])
    )
    requests = {row.id: _request(row) for row in tx.execute(about)}
    return [(found, requests[found.request]) for found in asked]


def forget(tx: Transaction, closed_before: datetime) -> list[tuple[str, str]]:
    """Take away who asked and what was asked, from requests closed before this moment.

    Returns the identifier and the authority of each.
    """
    request = subject_request.c
    done = tx.execute(
        update(subject_request)
        .where(
            request.state == RequestState.CLOSED,
            request.closed_at < closed_before,
            request.subject.is_not(None),
        )
        .values(subject=null(), asks="")
        .returning(request.id, request.authority)
    )
    return [(row.id, row.authority) for row in done]


def _row(request: SubjectRequest) -> dict[str, Any]:
    changed = {
        "deciders": list(request.deciders),
        "overdue": list(request.overdue),
        "subject": asdict(request.subject) if request.subject else null(),
    }
    return {**asdict(request), **changed}


def _request(row: Any) -> SubjectRequest:
    kept = {f.name: getattr(row, f.name) for f in fields(SubjectRequest)}
    changed = {
        "kind": RequestKind(row.kind),
        "state": RequestState(row.state),
        "subject": _subject(row.subject) if row.subject else None,
        "proof": Proof(row.proof) if row.proof else None,
        "deciders": tuple(row.deciders),
        "answer": Answer(row.answer) if row.answer else None,
        "overdue": tuple(RequestClock(name) for name in row.overdue),
    }
    return SubjectRequest(**{**kept, **changed})


def _subject(kept: dict[str, Any]) -> DataSubject:
    lists = {name: tuple(kept[name]) for name in ("names", "nationalities", "documents")}
    return DataSubject(**{**kept, **lists})


def _consultation(row: Any) -> Consultation:
    kept = {f.name: getattr(row, f.name) for f in fields(Consultation)}
    finding = Finding(row.finding) if row.finding else None
    return Consultation(**{**kept, "finding": finding, "records": tuple(row.records)})
