"""The lists that are read on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from didban.model.marking import Confidentiality, Visibility
from didban.model.sources import ListSource, SourceStatus
from didban.store.record_rows import marking_json, marking_of
from didban.store.tables.publications import source

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.marking import Marking
    from didban.store.database import Transaction


def add(tx: Transaction, new: ListSource, *, now: datetime) -> None:
    """Add a list, to be read as soon as possible."""
    tx.execute(
        insert(source).values(
            id=new.id,
            dataset=new.dataset,
            kind=new.kind,
            location=new.location,
            mapping=new.mapping,
            owner=new.owner,
            terms=_terms_json(new.marking),
            every=new.every,
            stale_after=new.stale_after,
            is_active=new.is_active,
            added_at=now,
            due_at=now,
        )
    )


def get(tx: Transaction, source_id: str) -> SourceStatus | None:
    """Return a list by its identifier or its dataset, or None."""
    is_it = (source.c.id == source_id) | (source.c.dataset == source_id)
    row = tx.execute(select(source).where(is_it)).one_or_none()
    return _status_of(row) if row else None


def listed(tx: Transaction, owner: str | None) -> list[SourceStatus]:
    """Return the lists of an owner (None: of all), in the order of their names."""
    query = select(source).order_by(source.c.dataset)
    if owner is not None:
        query = query.where(source.c.owner == owner)
    return [_status_of(row) for row in tx.execute(query)]


def set_active(tx: Transaction, source_id: str, *, is_active: bool, now: datetime) -> None:
    """Go on reading a list, at once, or leave it alone from now on."""
    values = {"is_active": is_active, "due_at": now}
    tx.execute(update(source).where(source.c.id == source_id).values(values))


def remove(tx: Transaction, source_id: str) -> None:
    """Forget where a list comes from; its records stay."""
    tx.execute(delete(source).where(source.c.id == source_id))


def claim(tx: Transaction, now: datetime, until: datetime) -> SourceStatus | None:
    """Return a list that is due, and leave it to us alone until then."""
    due = select(source.c.id).where(source.c.is_active, source.c.due_at <= now)
    one = due.order_by(source.c.due_at).limit(1).with_for_update(skip_locked=True)
    claimed = update(source).where(source.c.id == one.scalar_subquery()).values(due_at=until)
    row = tx.execute(claimed.returning(source)).one_or_none()
    return _status_of(row) if row else None


def succeeded(
    tx: Transaction,
    source_id: str,
    *,
    fresh_at: datetime,
    due_at: datetime,
    etag: str | None,
    last_modified: str | None,
) -> None:
    """Note that the present text of a list was seen."""
    values = {
        "fresh_at": fresh_at,
        "due_at": due_at,
        "etag": etag,
        "last_modified": last_modified,
        "failures": 0,
        "last_error": None,
    }
    tx.execute(update(source).where(source.c.id == source_id).values(values))


def failed(tx: Transaction, source_id: str, error: str, *, due_at: datetime) -> None:
    """Note that a list could not be read, and when to try again."""
    values = {"failures": source.c.failures + 1, "last_error": error, "due_at": due_at}
    tx.execute(update(source).where(source.c.id == source_id).values(values))


def newly_stale(tx: Transaction, now: datetime) -> list[SourceStatus]:
    """Return the lists that became stale since somebody was told, and note that they are told."""
    query = select(source).where(source.c.is_active).with_for_update(skip_locked=True)
    found = []
    for row in tx.execute(query):
        status = _status_of(row)
        is_stale = status.is_stale(now)
        if is_stale != (row.alarmed_at is not None):
            told = update(source).where(source.c.id == row.id)
            tx.execute(told.values(alarmed_at=now if is_stale else None))
            found += [status] if is_stale else []
    return found


def count_stale(tx: Transaction, now: datetime) -> int:
    """Return how many lists have not been seen fresh for too long."""
    seen = func.coalesce(source.c.fresh_at, source.c.added_at) + source.c.stale_after
    query = select(func.count()).select_from(source).where(source.c.is_active, seen < now)
    return tx.scalar(query) or 0


def _terms_json(marking: Marking) -> dict[str, Any]:
    seen_by = marking.visibility
    return {
        "audience": list(seen_by.audience),
        "excluded": list(seen_by.excluded),
        "confidentiality": int(seen_by.confidentiality),
        "marking": marking_json(marking),
    }


def _status_of(row: Any) -> SourceStatus:
    terms = row.terms
    seen_by = Visibility(
        owner=row.owner,
        audience=tuple(terms["audience"]),
        excluded=tuple(terms["excluded"]),
        confidentiality=Confidentiality(terms["confidentiality"]),
    )
    dates = {"verified_on": None, "review_due": None, "retention_until": row.added_at.date()}
    return SourceStatus(
        source=ListSource(
            id=row.id,
            dataset=row.dataset,
            kind=row.kind,
            location=row.location,
            mapping=row.mapping,
            marking=marking_of({"marking": terms["marking"], **dates}, seen_by),
            every=row.every,
            stale_after=row.stale_after,
            is_active=row.is_active,
        ),
        added_at=row.added_at,
        due_at=row.due_at,
        fresh_at=row.fresh_at,
        failures=row.failures,
        last_error=row.last_error,
        etag=row.etag,
        last_modified=row.last_modified,
    )
