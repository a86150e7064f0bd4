"""Reading all records in turn, and counting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from didban.model.bank import FOUND
from didban.model.quality import Contribution, QualityReport
from didban.model.records import Record
from didban.store.tables.publications import quality_report
from didban.store.tables.records import authority, record, record_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from didban.store.database import Transaction

_REPEATED = text("""
    select owner, coalesce(dataset, '') as dataset, sum(times) as found
    from (
        select r.owner, r.dataset, count(distinct r.number) as times
        from record r, jsonb_array_elements(r.entity -> 'documents') as paper
        where r.state = any(:states)
        group by r.owner, r.dataset, paper ->> 'number', paper ->> 'issuer', paper ->> 'type'
        having count(distinct r.number) > 1
    ) as repeated
    group by owner, dataset
""")


def after(tx: Transaction, last: int, *, most: int) -> list[tuple[int, str, str, Record]]:
    """Return (number, owner, dataset, content) of the next records that are found."""
    query = (
        select(record.c.number, record.c.owner, record.c.dataset, record.c.entity)
        .where(record.c.number > last, record.c.state.in_(sorted(FOUND)))
        .order_by(record.c.number)
        .limit(most)
    )
    return [
        (row.number, row.owner, row.dataset or "", Record.from_json(row.entity))
        for row in tx.execute(query)
    ]


def repeated(tx: Transaction) -> dict[tuple[str, str], int]:
    """Return by (owner, dataset) how many records share a document's number with another one."""
    rows = tx.execute(_REPEATED, {"states": sorted(FOUND)})
    return {(row.owner, row.dataset): int(row.found) for row in rows}


def keep(tx: Transaction, report: QualityReport) -> None:
    """Keep a report; one of the same month gives way."""
    values = {
        "owner": report.owner,
        "dataset": report.dataset,
        "month": report.month,
        "records": report.records,
        "persons": report.persons,
        "faults": dict(report.faults),
        "made_at": report.made_at,
    }
    added = insert(quality_report).values(values)
    keys = ["owner", "dataset", "month"]
    tx.execute(added.on_conflict_do_update(index_elements=keys, set_=values))


def has_reports(tx: Transaction, month: date) -> bool:
    """Return whether the reports of a month were made."""
    query = select(quality_report.c.owner).where(quality_report.c.month == month)
    return tx.scalar(query.limit(1)) is not None


def reports(
    tx: Transaction, owner: str, open_to: frozenset[int], since: date
) -> list[QualityReport]:
    """Return the reports about an owner's records and about open publishers' lists, newest first.

    All records of a list have one visibility, so that one that is open speaks for the others.
    """
    kept = quality_report.c
    is_open = (
        select(record.c.number)
        .where(record.c.owner == kept.owner, record.c.dataset == kept.dataset)
        .where(record.c.visibility.in_(open_to))
        .exists()
    )
    is_published = (authority.c.kind == "publisher") & is_open
    query = (
        select(quality_report)
        .join(authority, authority.c.code == kept.owner)
        .where(kept.month >= since, or_(kept.owner == owner, is_published))
    )
    rows = tx.execute(query.order_by(kept.month.desc(), kept.owner, kept.dataset))
    return [QualityReport(**row._asdict()) for row in rows]


def contributions(
    tx: Transaction, open_to: frozenset[int], *, since: date, owner: str | None
) -> Sequence[Contribution]:
    """Return how many records were entered, by owner, kind and month, of those that are open."""
    old = record_version.c
    entered = func.coalesce(
        select(old.recorded_at)
        .where(old.record == record.c.id, old.version == 1)
        .scalar_subquery(),
        record.c.recorded_at,
    )
    month = func.date_trunc("month", entered).label("month")
    keys: tuple[Any, ...] = (record.c.owner, record.c.schema, month)
    query = (
        select(*keys, func.count().label("found"))
        .where(record.c.visibility.in_(open_to), record.c.state.in_(sorted(FOUND)))
        .where(entered >= since)
    )
    if owner is not None:
        query = query.where(record.c.owner == owner)
    return [
        Contribution(owner=row.owner, schema=row.schema, month=row.month.date(), count=row.found)
        for row in tx.execute(query.group_by(*keys).order_by(*keys))
    ]
