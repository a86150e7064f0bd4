"""How records were used by others than their owner, from the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Date, cast, func, select

from didban.store.tables.audit import audit_entry
from didban.store.tables.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of one record: by whom, what for, on which day. Never by which user, nor where."""

    record: str
    authority: str
    purpose: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCount:
    """How often records were used by one authority for one purpose, and how many of them."""

    authority: str
    purpose: str
    uses: int
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Uses of one owner's records, by these deeds, from `since` to before `until`."""

    owner: str
    deeds: tuple[str, ...]
    since: datetime
    until: datetime


def used(tx: Transaction, span: Span, schemata: Iterable[str]) -> list[str]:
    """Return the owner's records of these schemata that were used."""
    query = (
        select(record.c.id)
        .distinct()
        .join(audit_entry, _is_about())
        .where(*_conditions(span), record.c.schema.in_(list(schemata)))
    )
    return list(tx.scalars(query))


def of_records(tx: Transaction, span: Span, told: Iterable[str], limit: int) -> list[Use]:
    """Return each use of the owner's records among `told`, in the order of the log."""
    query = (
        select(
            record.c.id,
            audit_entry.c.authority,
            audit_entry.c.purpose,
            cast(audit_entry.c.at, Date).label("on"),
        )
        .join(audit_entry, _is_about())
        .where(*_conditions(span), record.c.id.in_(list(told)))
        .order_by(audit_entry.c.number)
        .limit(limit)
    )
    return [
        Use(record=row.id, authority=row.authority, purpose=row.purpose or "", on=row.on)
        for row in tx.execute(query)
    ]


def counts(tx: Transaction, span: Span, untold: Iterable[str]) -> list[UseCount]:
    """Return counts of the uses of all records of the owner but those in `untold`."""
    query = (
        select(
            audit_entry.c.authority,
            audit_entry.c.purpose,
            func.count().label("uses"),
            func.count(record.c.id.distinct()).label("records"),
        )
        .join(audit_entry, _is_about())
        .where(*_conditions(span), record.c.id.not_in(list(untold)))
        .group_by(audit_entry.c.authority, audit_entry.c.purpose)
        .order_by(audit_entry.c.authority, audit_entry.c.purpose)
    )
    return [
        UseCount(
            authority=row.authority, purpose=row.purpose or "", uses=row.uses, records=row.records
        )
        for row in tx.execute(query)
    ]


def _is_about() -> ColumnElement[bool]:
    named = func.coalesce(audit_entry.c.facts["record"].astext, audit_entry.c.subject)
    return record.c.id == named


def _conditions(span: Span) -> list[ColumnElement[bool]]:
    entry = audit_entry.c
    return [
        record.c.owner == span.owner,
        entry.authority != span.owner,
        entry.deed.in_(span.deeds),
        entry.at >= span.since,
        entry.at < span.until,
    ]
