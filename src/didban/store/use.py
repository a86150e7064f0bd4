"""How records were used by others than their owner: answers to checks, and the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, cast, func, select, union_all

from didban.store.tables.audit import audit_entry
from didban.store.tables.checks import check_made, match_made
from didban.store.tables.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy import Subquery

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
    """Uses of one owner's records, by these deeds or by a check, from `since` to before `until`."""

    owner: str
    deeds: tuple[str, ...]
    since: datetime
    until: datetime


def used(tx: Transaction, span: Span, schemata: Iterable[str]) -> list[str]:
    """Return the owner's records of these schemata that were used."""
    uses = _uses(span)
    query = select(uses.c.record).where(uses.c.schema.in_(list(schemata))).distinct()
    return list(tx.scalars(query))


def of_records(tx: Transaction, span: Span, told: Iterable[str], limit: int) -> list[Use]:
    """Return each use of the owner's records among `told`, day by day."""
    uses = _uses(span)
    query = (
        select(uses.c.record, uses.c.authority, uses.c.purpose, cast(uses.c.at, Date).label("on"))
        .where(uses.c.record.in_(list(told)))
        .order_by("on", uses.c.record, uses.c.authority, uses.c.purpose)
        .limit(limit)
    )
    return [
        Use(record=row.record, authority=row.authority, purpose=row.purpose or "", on=row.on)
        for row in tx.execute(query)
    ]


def counts(tx: Transaction, span: Span, untold: Iterable[str]) -> list[UseCount]:
    """Return counts of the uses of all records of the owner but those in `untold`."""
    uses = _uses(span)
    by = (uses.c.authority, uses.c.purpose)
    number = func.count().label("uses")
    query = (
        select(*by, number, func.count(uses.c.record.distinct()).label("records"))
        .where(uses.c.record.not_in(list(untold)))
        .group_by(*by)
        .order_by(*by)
    )
    return [
        UseCount(
            authority=row.authority, purpose=row.purpose or "", uses=row.uses, records=row.records
        )
        for row in tx.execute(query)
    ]


def _uses(span: Span) -> Subquery:
    """Return the query of every use of the owner's records by others."""
    entry: Any = audit_entry.c
    named = func.coalesce(entry.facts["record"].astext, entry.subject)
    entered = (
        select(
            record.c.id.label("record"), record.c.schema, entry.authority, entry.purpose, entry.at
        )
        .join(audit_entry, record.c.id == named)
        .where(
            record.c.owner == span.owner,
            entry.authority != span.owner,
            entry.deed.in_(span.deeds),
            entry.at >= span.since,
            entry.at < span.until,
        )
    )
    check: Any = check_made.c
    checked = (
        select(
            record.c.id.label("record"), record.c.schema, check.authority, check.purpose, check.at
        )
        .join(match_made, match_made.c.record == record.c.id)
        .join(check_made, check.id == match_made.c.check)
        .where(
            record.c.owner == span.owner,
            check.authority != span.owner,
            match_made.c.is_silenced.is_(False),
            check.at >= span.since,
            check.at < span.until,
        )
    )
    return union_all(entered, checked).subquery()
