"""Records that time has caught up with: not confirmed, or about a document long expired."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, func, or_, select

from didban.model.bank import (
    DOCUMENT_VERIFIED_FOR_DAYS,
    FOUND,
    PERSON_VERIFIED_FOR_DAYS,
    BankRecord,
    RecordState,
    SuspensionCause,
)
from didban.model.schemata import is_a, schemata
from didban.store.record_rows import present, record_of
from didban.store.tables.attached import suspension
from didban.store.tables.records import record

if TYPE_CHECKING:
    from datetime import date

    from didban.store.database import Transaction

_PAPERS: Final = tuple(name for name in schemata() if is_a(name, "Identification"))


def unconfirmed(tx: Transaction, today: date, grace: timedelta, limit: int) -> list[BankRecord]:
    """Return records that their owner did not confirm in time, locked for this transaction (PR-22).

    - `grace`: how long after the day on which they became unverified (PR-21).
    - Not those of an official list: each publication confirms them.
    """
    persons_before = today - timedelta(days=PERSON_VERIFIED_FOR_DAYS) - grace
    papers_before = today - timedelta(days=DOCUMENT_VERIFIED_FOR_DAYS) - grace
    is_paper = record.c.schema.in_(_PAPERS)
    suspended_for_it = (
        select(suspension.c.id)
        .where(
            suspension.c.record == record.c.id,
            suspension.c.cause == SuspensionCause.UNCONFIRMED,
            suspension.c.lifted_at.is_(None),
        )
        .exists()
    )
    return _locked(
        tx,
        record.c.state.in_(sorted(FOUND)),
        or_(
            ~is_paper & (record.c.verified_on < persons_before),
            is_paper & (record.c.verified_on < papers_before),
        ),
        ~suspended_for_it,
        limit=limit,
    )


def naturally_ended(tx: Transaction, expired_before: date, limit: int) -> list[BankRecord]:
    """Return records of documents that expired before that day, locked for this transaction (4.1).

    A date of expiry without a day or month counts as the last day that it may be.
    """
    expiry = record.c.entity["documents"][0]["expires_on"].astext
    last = func.left(func.concat(expiry, "-99-99"), len("2026-01-01"))
    return _locked(
        tx,
        record.c.state.in_(sorted(FOUND | {RecordState.RECOVERED})),
        record.c.schema.in_(_PAPERS),
        expiry.regexp_match("^[0-9]{4}(-[0-9]{2}){0,2}$"),
        last < expired_before.isoformat(),
        limit=limit,
    )


def _locked(tx: Transaction, *conditions: ColumnElement[bool], limit: int) -> list[BankRecord]:
    own = record.c.dataset.is_(None)
    query = present().where(own, *conditions).order_by(record.c.number).limit(limit)
    rows = tx.execute(query.with_for_update(of=record, skip_locked=True))
    return [record_of(row) for row in rows]
