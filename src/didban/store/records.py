"""Records in the database: their present version, their history, and who is told of a change.

Every reading function takes the visibility numbers that are open to who asks
(`store.visibility.open_to`): what is not open is not there. A superseded version is open to whom
both it and the present version are open, so that who lost sight of a record lost its past too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from didban.errors import Conflict
from didban.model.bank import RecordState
from didban.store.arrays import is_one_of
from didban.store.database import Topic, touch
from didban.store.record_rows import (
    KEPT_AS_CONTENT,
    present,
    record_of,
    superseded,
    values_of,
    version_of,
)
from didban.store.tables.records import change, record, record_version
from didban.store.visibility import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select

    from didban.model.bank import BankRecord
    from didban.store.database import Transaction

MOMENT: Final = timedelta(microseconds=1)


def insert_record(tx: Transaction, new: BankRecord) -> int:
    """Add a record that is not there yet; return its number.

    Raises Conflict when its identifier is taken.
    """
    add = pg_insert(record).values(values_of(tx, new)).on_conflict_do_nothing()
    number = tx.scalar(add.returning(record.c.number))
    if number is None:
        raise Conflict("a record with this identifier is there already; correct that one instead")
    announce(tx, number)
    return int(number)


def insert_records(tx: Transaction, new: Sequence[BankRecord]) -> list[BankRecord]:
    """Add records with identifiers that nobody else gives, in one step; return them as they stand."""
    if not new:
        return []
    seen_by = {each.marking.visibility for each in new}
    numbers = {each: number_of(tx, each) for each in seen_by}
    rows = [values_of(tx, each, numbers[each.marking.visibility]) for each in new]
    tx.execute(insert(record), rows)
    announce_all(
        tx, select(record.c.number).where(is_one_of(record.c.id, [each.id for each in new]))
    )
    return [
        replace(each, visibility_number=row["visibility"])
        for each, row in zip(new, rows, strict=True)
    ]


def replace_record(tx: Transaction, new: BankRecord, *, expected: int) -> BankRecord:
    """Put a new version in the place of version `expected`, which moves to the history.

    Returns it with its version number, and a time of recording after the one before. Raises
    Conflict when the present version is another one: somebody was faster.
    """
    changed = (record.c.id == new.id) & (record.c.version == expected)
    before = tx.scalar(select(record.c.recorded_at).where(changed).with_for_update())
    if before is None:
        raise Conflict(
            "the record was changed meanwhile; read it again and repeat what still holds"
        )
    made = replace(new, version=expected + 1, recorded_at=max(new.recorded_at, before + MOMENT))
    archive(tx, changed, made.recorded_at)
    values = values_of(tx, made)
    number = tx.scalar(update(record).where(changed).values(values).returning(record.c.number))
    announce(tx, int(number or 0))
    return replace(made, visibility_number=values["visibility"])


def set_state(
    tx: Transaction,
    kept: BankRecord,
    state: RecordState,
    *,
    at: datetime,
    by: str,
    reason: str = "",
) -> BankRecord:
    """Return a record's next version, in another state. Raises Conflict as `replace_record`.

    Does not ask the machine whether the state may follow: that is the service's.
    """
    new = replace(kept, state=state, recorded_at=at, recorded_by=by, reason=reason)
    return replace_record(tx, new, expected=kept.version)


def archive(tx: Transaction, which: ColumnElement[bool], at: datetime) -> None:
    """Copy the present version of these records to the history, as superseded at that moment.

    The caller then writes the new version, with the next number.
    """
    parts: list[Any] = []
    for name in KEPT_AS_CONTENT:
        parts += [literal_column(f"'{name}'"), record.c[name]]
    content = func.jsonb_build_object(*parts)
    kept = ("version", "visibility", "state", "valid_from", "valid_to", "recorded_at",
            "recorded_by", "reason", "digest")  # fmt: skip
    rows = select(
        record.c.id,
        *(record.c[name] for name in kept),
        content,
        literal(at, record_version.c.superseded_at.type),
    )
    columns = ["record", *kept, "content", "superseded_at"]
    tx.execute(insert(record_version).from_select(columns, rows.where(which)))


def announce(tx: Transaction, number: int) -> None:
    """Tell who follows the bank that a record changed, when the transaction is committed."""
    touch(tx, Topic.RECORDS)
    tx.execute(insert(change).values(record=number))


def announce_by_id(tx: Transaction, record_id: str) -> None:
    """Tell that something which travels with a record changed (PR-48), if it is there."""
    announce_all(tx, select(record.c.number).where(record.c.id == record_id))


def announce_all(tx: Transaction, numbers: Select[Any]) -> int:
    """Announce all records whose numbers a query gives; return how many."""
    touch(tx, Topic.RECORDS)
    announced = insert(change).from_select(["record"], numbers)
    return tx.execute(announced.execution_options(preserve_rowcount=True)).rowcount


def get(
    tx: Transaction, record_id: str, open_to: frozenset[int], *, to_change: bool = False
) -> BankRecord | None:
    """Return the present version of a record, or None where it is not there for who asks.

    - Whatever its state: who shows it to others than its owner looks at `FOUND`.
    - `to_change`: nobody else changes it before this transaction ends.
    """
    query = present().where(record.c.id == record_id, record.c.visibility.in_(open_to))
    row = tx.execute(query.with_for_update(of=record) if to_change else query).one_or_none()
    return record_of(row) if row else None


def many(
    tx: Transaction, record_ids: Iterable[str], open_to: frozenset[int]
) -> dict[str, BankRecord]:
    """Return the present versions of these records by identifier; what is not open is left out."""
    query = present().where(
        is_one_of(record.c.id, set(record_ids)), record.c.visibility.in_(open_to)
    )
    return {row.id: record_of(row) for row in tx.execute(query)}


def waiting(
    tx: Transaction, owner: str, open_to: frozenset[int], *, after: str = "", limit: int
) -> list[BankRecord]:
    """Return an owner's records that wait for a second person, from behind one identifier on."""
    query = present().where(
        record.c.owner == owner,
        record.c.state == RecordState.REPORTED,
        record.c.visibility.in_(open_to),
        record.c.id > after,
    )
    rows = tx.execute(query.order_by(record.c.id).limit(limit))
    return [record_of(row) for row in rows]


def versions(tx: Transaction, record_id: str, open_to: frozenset[int]) -> list[BankRecord]:
    """Return every version that is open to who asks, oldest first; empty when there is none."""
    now = get(tx, record_id, open_to)
    if now is None:
        return []
    old = superseded().where(
        record_version.c.record == record_id, record_version.c.visibility.in_(open_to)
    )
    rows = tx.execute(old.order_by(record_version.c.version))
    return [*map(version_of, rows), now]


def as_of(
    tx: Transaction,
    record_id: str,
    open_to: frozenset[int],
    *,
    recorded_at: datetime | None = None,
    valid_on: date | None = None,
) -> BankRecord | None:
    """Return what the bank held at one moment about one day, or None if it held nothing.

    - `recorded_at`: what was known then; None for now.
    - `valid_on`: the newest version that speaks of that day: a version covers the days from its
      `valid_from` to its `valid_to`, and what an older one says of other days still stands. None
      for the newest version whatever it speaks of.

    To replay what somebody saw (PR-39), pass every number and compare `visibility_number` with what
    was open to them.
    """
    now = tx.execute(present(recorded_at).where(record.c.id == record_id)).one_or_none()
    if now is None or now.visibility not in open_to:
        return None
    if _speaks_of(now, recorded_at, valid_on):
        return record_of(now)
    old = superseded(recorded_at).where(record_version.c.record == record_id)
    for row in tx.execute(old.order_by(record_version.c.version.desc())):
        if _speaks_of(row, recorded_at, valid_on):
            return version_of(row) if row.visibility in open_to else None
    return None


def _speaks_of(row: Any, recorded_at: datetime | None, valid_on: date | None) -> bool:
    if recorded_at is not None and row.recorded_at > recorded_at:
        return False
    if valid_on is None:
        return True
    begun = row.valid_from is None or row.valid_from <= valid_on
    return begun and (row.valid_to is None or row.valid_to >= valid_on)
