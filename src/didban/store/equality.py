"""Counts of records on persons and of hits on them, by issuer, nationality and script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from didban.model.bank import RecordState, SuspensionCause
from didban.model.equality import Dimension, Measure, Tally
from didban.model.hits import HitEvent
from didban.store.tables.attached import suspension
from didban.store.tables.hits import hit, hit_event
from didban.store.tables.records import record

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from didban.store.database import Transaction

_REFUTING: Final = (HitEvent.REFUTE, HitEvent.OWNER_REFUTES)
_CONFIRMING: Final = (
    HitEvent.OWNER_CONFIRMS,
    HitEvent.CONFIRM_PUBLIC,
    HitEvent.CONFIRM_UNREACHABLE,
)
_DOUBTED: Final = (SuspensionCause.OVERSIGHT, SuspensionCause.REFUSED_BEFORE)

_GROUPS: Final[dict[Dimension, ColumnElement[Any]]] = {
    Dimension.ISSUER: record.c.owner,
    Dimension.NATIONALITY: func.jsonb_array_elements_text(
        record.c.entity["properties"]["nationality"]
    ),
    Dimension.SCRIPT: case(
        (record.c.caption.regexp_match("[\u0600-\u06ff\ufb50-\ufeff]"), "arabic"),
        (record.c.caption.regexp_match("[\u0400-\u052f]"), "cyrillic"),
        (record.c.caption.regexp_match("[a-zA-Z]"), "latin"),
        else_="other",
    ),
}


def tallies(tx: Transaction, hits_until: datetime) -> list[Tally]:
    """Return every group's count, of refused records and of hits that were judged before a moment."""
    found = []
    for measure, counted in (
        (Measure.REFUSAL, _records()),
        (Measure.REFUTATION, _hits(hits_until)),
    ):
        for dimension, group in _GROUPS.items():
            grouped = counted.add_columns(group.label("group")).subquery()
            query = select(
                grouped.c.group,
                func.count().filter(grouped.c.is_case).label("cases"),
                func.count().label("total"),
            ).group_by(grouped.c.group)
            found += [
                Tally(
                    dimension=dimension,
                    measure=measure,
                    group=row.group,
                    cases=row.cases,
                    total=row.total,
                )
                for row in tx.execute(query.order_by(grouped.c.group))
            ]
    return found


def _records() -> Select[Any]:
    """Return the query of records on persons, each a case where it was refused or is doubted."""
    doubted = exists().where(
        suspension.c.record == record.c.id,
        suspension.c.cause.in_(_DOUBTED),
        suspension.c.lifted_at.is_(None),
    )
    is_refused = (record.c.state == RecordState.REJECTED) | doubted
    return select(is_refused.label("is_case")).where(record.c.schema == "Person")


def _hits(until: datetime) -> Select[Any]:
    """Return the query of judged hits on persons, each a case where the last judgement refuted it."""
    judged = (
        select(hit_event.c.hit, hit_event.c.event)
        .where(hit_event.c.event.in_([*_REFUTING, *_CONFIRMING]), hit_event.c.at < until)
        .ext(distinct_on(hit_event.c.hit))
        .order_by(hit_event.c.hit, hit_event.c.number.desc())
        .subquery()
    )
    return (
        select(judged.c.event.in_(_REFUTING).label("is_case"))
        .select_from(judged)
        .join(hit, hit.c.id == judged.c.hit)
        .join(record, record.c.id == hit.c.record)
        .where(record.c.schema == "Person")
    )
