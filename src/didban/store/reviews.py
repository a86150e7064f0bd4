"""The receiver's reviews in the database. Nothing here decides; `intake.reviews` does."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.reviews import Doubt, Review, ReviewEvent, ReviewGround, ReviewState, ReviewStep
from didban.store.records import announce_all
from didban.store.tables.records import record
from didban.store.tables.reviews import panel_verdict, receiver_review, receiver_review_step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelVerdict:
    """What a panel decided of a record. `ground`: why it refused; None where it accepted."""

    record: str
    node: str
    digest: bytes
    ground: ReviewGround | None
    came_at: datetime


def put(tx: Transaction, new: Sequence[Review]) -> None:
    """Open reviews, or open those of the same records again."""
    rows = [_columns(each) for each in new]
    adding = upsert(receiver_review)
    again = {c.name: adding.excluded[c.name] for c in receiver_review.columns if c.name != "record"}
    tx.execute(adding.on_conflict_do_update(index_elements=["record"], set_=again), rows)


def save(tx: Transaction, now: Review) -> None:
    """Write a review back, and let who follows the bank read its record again.

    The caller has locked it.
    """
    of_it = receiver_review.c.record == now.record
    tx.execute(update(receiver_review).where(of_it).values(_columns(now)))
    announce_all(tx, select(record.c.number).where(record.c.id == now.record))


def of_records(tx: Transaction, records: Iterable[str]) -> dict[str, Review]:
    """Return the reviews of these records, by record, held until the transaction ends."""
    query = select(receiver_review).where(receiver_review.c.record.in_(set(records)))
    rows = tx.execute(query.order_by(receiver_review.c.record).with_for_update())
    return {row.record: _review(row) for row in rows}


def lock(tx: Transaction, review_id: str, open_to: frozenset[int]) -> Review | None:
    """Return a review and hold it, or None where it is not there for who asks."""
    query = _seen(open_to).where(receiver_review.c.id == review_id)
    row = tx.execute(query.with_for_update(of=receiver_review)).one_or_none()
    return _review(row) if row else None


def listed(
    tx: Transaction,
    open_to: frozenset[int],
    *,
    states: frozenset[ReviewState],
    limit: int,
    after: tuple[datetime, str] | None = None,
) -> list[Review]:
    """Return reviews in these states, oldest first, from after a place on."""
    place = (receiver_review.c.opened_at, receiver_review.c.id)
    query = _seen(open_to).where(receiver_review.c.state.in_(states))
    if after is not None:
        query = query.where(tuple_(*place) > after)
    return [_review(row) for row in tx.execute(query.order_by(*place).limit(limit))]


def append(tx: Transaction, new: Sequence[tuple[str, ReviewStep]]) -> None:
    """Add lines to the histories of these records' reviews."""
    rows = [{"record": record_id, **asdict(step)} for record_id, step in new]
    tx.execute(insert(receiver_review_step), rows)


def steps(tx: Transaction, record_id: str) -> list[ReviewStep]:
    """Return what happened in a review, in order."""
    table = receiver_review_step
    query = select(table).where(table.c.record == record_id).order_by(table.c.number)
    return [
        ReviewStep(
            at=row.at,
            actor=row.actor,
            event=ReviewEvent(row.event),
            state=ReviewState(row.state),
            digest=bytes(row.digest),
            words=row.words,
        )
        for row in tx.execute(query)
    ]


def keep_verdict(tx: Transaction, new: PanelVerdict, *, since: datetime, most: int) -> None:
    """Keep what a panel decided until its record comes; its last word of a record counts.

    Those from before `since`, and the oldest of more than `most` of one panel, are forgotten.
    """
    table = panel_verdict
    add = upsert(table).values(asdict(new))
    again = {name: add.excluded[name] for name in ("digest", "ground", "came_at")}
    tx.execute(add.on_conflict_do_update(index_elements=["record", "node"], set_=again))
    tx.execute(delete(table).where(table.c.came_at < since))
    newest = select(table.c.record).where(table.c.node == new.node)
    beyond = newest.order_by(table.c.came_at.desc(), table.c.record).offset(most)
    tx.execute(delete(table).where(table.c.node == new.node, table.c.record.in_(beyond)))


def take_verdicts(
    tx: Transaction, records: Iterable[str], *, since: datetime
) -> list[PanelVerdict]:
    """Return what panels decided of these records since then, oldest first, and keep it no more."""
    taken = delete(panel_verdict).where(panel_verdict.c.record.in_(set(records)))
    found = [
        PanelVerdict(
            record=row.record,
            node=row.node,
            digest=bytes(row.digest),
            ground=ReviewGround(row.ground) if row.ground else None,
            came_at=row.came_at,
        )
        for row in tx.execute(taken.returning(panel_verdict))
    ]
    return sorted((one for one in found if one.came_at >= since), key=lambda one: one.came_at)


def forget(tx: Transaction, record_id: str) -> None:
    """Forget the review of a record that is erased."""
    for table in (receiver_review, receiver_review_step, panel_verdict):
        tx.execute(delete(table).where(table.c.record == record_id))


def _seen(open_to: frozenset[int]) -> Any:
    """Select reviews of records that are open to who asks."""
    return (
        select(receiver_review)
        .join(record, record.c.id == receiver_review.c.record)
        .where(record.c.visibility.in_(open_to))
    )


def _columns(value: Review) -> dict[str, Any]:
    return {**asdict(value), "doubts": list(value.doubts)}


def _review(row: Any) -> Review:
    columns = {name: getattr(row, name) for name in Review.__dataclass_fields__}
    return Review(
        **{
            **columns,
            "state": ReviewState(row.state),
            "digest": bytes(row.digest),
            "doubts": tuple(map(Doubt, row.doubts)),
            "ground": ReviewGround(row.ground) if row.ground else None,
        }
    )
