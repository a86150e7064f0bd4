"""What we share: classes and their feeds, what we said last of each record, who confirmed its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.exchange.feeds import FeedState
from didban.model.exchange.sharing import GoneReason, ShareClass, Sort
from didban.store.arrays import is_one_of
from didban.store.exchange import backfills
from didban.store.record_rows import present, record_of
from didban.store.tables.exchange_feeds import feed
from didban.store.tables.exchange_records import copy, share_class, shared_record, withdrawal
from didban.store.tables.records import change, record, visibility
from didban.store.visibility import visibility_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from didban.model.bank import BankRecord
    from didban.model.marking import Visibility
    from didban.store.database import Transaction


_UNSAID: Final = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptClass:
    """A class as it is kept. `feed`: None while it never had a reader."""

    id: int
    about: ShareClass
    seen_by: Visibility
    feed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What we said last of a record. `class_id`: None where it was withdrawn."""

    record: str
    number: int
    class_id: int | None
    rev: int
    digest: bytes
    valid_until: datetime


def touched(tx: Transaction) -> list[int]:
    """Return the numbers of the records that this transaction announced, rising."""
    ours = change.c.xid == func.pg_current_xact_id()
    return list(
        tx.scalars(select(change.c.record).where(ours).distinct().order_by(change.c.record))
    )


def present_of(
    tx: Transaction, numbers: Sequence[int], owners: Collection[str]
) -> dict[int, BankRecord]:
    """Return those of these records that these authorities own, by number."""
    query = present().where(is_one_of(record.c.number, numbers), record.c.owner.in_(owners))
    return {row.number: record_of(row) for row in tx.execute(query)}


def are_copies(tx: Transaction, numbers: Sequence[int]) -> bool:
    """Return whether each of these records that is there is a copy of another node's."""
    is_copy = select(copy.c.record).where(copy.c.record == record.c.id).exists()
    other = select(record.c.number).where(is_one_of(record.c.number, numbers), ~is_copy)
    return tx.scalar(other.limit(1)) is None


def unsaid(tx: Transaction, owners: Collection[str], limit: int) -> list[int]:
    """Return numbers of records of which something is to be said that never was.

    Those that can be found and were never said; and what a feed could not say while it was stopped.
    """
    waiting = (
        select(shared_record.c.number)
        .join(share_class, share_class.c.id == shared_record.c["class"])
        .join(feed, feed.c.id == share_class.c.feed)
        .where(shared_record.c.digest == _UNSAID, feed.c.state == FeedState.OPEN)
    )
    found = list(tx.scalars(waiting.order_by(shared_record.c.number).limit(limit)))
    if found:
        return found
    is_said = select(shared_record.c.number).where(shared_record.c.number == record.c.number)
    query = select(record.c.number).where(
        record.c.owner.in_(owners), record.c.is_searchable, ~is_said.exists()
    )
    return list(tx.scalars(query.order_by(record.c.number).limit(limit)))


def said_of(tx: Transaction, numbers: Sequence[int]) -> dict[int, Said]:
    """Return what we said last of these records, by number."""
    query = select(shared_record).where(is_one_of(shared_record.c.number, numbers))
    return {row.number: _said(row) for row in tx.execute(query)}


def of_class(tx: Transaction, class_id: int, after: int, limit: int) -> list[Said]:
    """Return what we said last of the next records of a class, by rising number."""
    query = select(shared_record).where(
        shared_record.c["class"] == class_id, shared_record.c.number > after
    )
    return [_said(row) for row in tx.execute(query.order_by(shared_record.c.number).limit(limit))]


def of_records(tx: Transaction, class_id: int, record_ids: Collection[str]) -> list[Said]:
    """Return what we said last of these records, as far as they are of a class."""
    query = select(shared_record).where(
        shared_record.c["class"] == class_id, is_one_of(shared_record.c.record, record_ids)
    )
    return [_said(row) for row in tx.execute(query.order_by(shared_record.c.number))]


def assured(tx: Transaction) -> list[int]:
    """Return the numbers of the records that leave because of assurances."""
    query = select(shared_record.c.number).join(
        share_class, share_class.c.id == shared_record.c["class"]
    )
    return list(tx.scalars(query.where(func.cardinality(share_class.c.assured) > 0)))


def renew(tx: Transaction, class_id: int, before: datetime, until: datetime) -> int:
    """Extend the leases of a class that end before a moment; return how many there were."""
    is_due = (shared_record.c["class"] == class_id) & (shared_record.c.valid_until < before)
    renewed = update(shared_record).where(is_due).values(valid_until=until)
    return tx.execute(renewed).rowcount


def class_of_feed(tx: Transaction, feed: str) -> KeptClass | None:
    """Return the class that is published in a feed; nobody else publishes in it meanwhile."""
    number = tx.scalar(select(share_class.c.id).where(share_class.c.feed == feed))
    return None if number is None else classes(tx, [number], to_change=True)[number]


def unsay(tx: Transaction, feed_id: str) -> None:
    """Have all of a feed said again: its readers may hold what a restored bank does not know of."""
    of_it = select(share_class.c.id).where(share_class.c.feed == feed_id)
    tx.execute(
        update(shared_record).where(shared_record.c["class"].in_(of_it)).values(digest=_UNSAID)
    )
    backfills.begin_unsaid(tx)


def said(tx: Transaction, record_id: str) -> Said | None:
    """Return what we said last of a record, or None where nothing was ever said of it."""
    row = tx.execute(select(shared_record).where(shared_record.c.record == record_id)).one_or_none()
    return _said(row) if row else None


def counts(tx: Transaction) -> dict[int, int]:
    """Return how many records each class has."""
    of_class = shared_record.c["class"]
    query = select(of_class.label("id"), func.count().label("size")).group_by(of_class)
    return {row.id: row.size for row in tx.execute(query.where(of_class.is_not(None)))}


def say(tx: Transaction, all_said: Sequence[Said], now: datetime) -> None:
    """Keep what we say of records from now on."""
    rows = [
        {
            "record": one.record,
            "number": one.number,
            "class": one.class_id,
            "rev": one.rev,
            "digest": one.digest,
            "valid_until": one.valid_until,
            "published_at": now,
        }
        for one in all_said
    ]
    if rows:
        add = upsert(shared_record)
        again = {name: add.excluded[name] for name in rows[0] if name != "record"}
        tx.execute(add.on_conflict_do_update(index_elements=["record"], set_=again), rows)


def number_of_class(tx: Transaction, wanted: ShareClass) -> int:
    """Return the number of a class, which is given one if it has none yet."""
    values: dict[str, Any] = {
        "visibility": wanted.visibility,
        "sort": wanted.sort,
        "protected_from": list(wanted.protected_from),
        "assured": list(wanted.assured),
    }
    known = select(share_class.c.id).where(*(share_class.c[n] == v for n, v in values.items()))
    if (number := tx.scalar(known)) is None:
        tx.execute(upsert(share_class).values(values).on_conflict_do_nothing())
        number = tx.execute(known).scalar_one()
    return int(number)


def classes(
    tx: Transaction, ids: Collection[int] | None = None, *, to_change: bool = False
) -> dict[int, KeptClass]:
    """Return these classes, or all of them, by number; with `to_change`, nobody else gives one a feed."""
    query = select(share_class, *(visibility.c[name] for name in _SEEN_BY)).join(
        visibility, visibility.c.number == share_class.c.visibility
    )
    if ids is not None:
        query = query.where(share_class.c.id.in_(ids))
    if to_change:
        query = query.with_for_update(of=share_class)
    return {row.id: _class(row) for row in tx.execute(query.order_by(share_class.c.id))}


_SEEN_BY = ("owner", "audience", "excluded", "confidentiality")


def set_feed(tx: Transaction, class_id: int, feed: str) -> None:
    """Say in which feed a class is published."""
    tx.execute(update(share_class).where(share_class.c.id == class_id).values(feed=feed))


def ask_back(  # noqa: PLR0913 - which entry told whom to let go of what, why and when
    tx: Transaction,
    feed: str,
    seq: int,
    nodes: Iterable[str],
    *,
    record_id: str | None,
    reason: GoneReason,
    now: datetime,
) -> None:
    """Note who was told to let go of a record, or of all of a feed."""
    rows = [
        {
            "feed": feed,
            "seq": seq,
            "node": node,
            "record": record_id,
            "reason": reason,
            "asked_at": now,
        }
        for node in nodes
    ]
    if rows:
        tx.execute(insert(withdrawal), rows)


def erase_older(tx: Transaction, revs: Sequence[tuple[str, int]]) -> None:
    """Erase what the feeds said of records before these revisions; the headers stay."""
    if revs:
        tx.execute(_ERASE, {"records": [r for r, _ in revs], "revs": [rev for _, rev in revs]})


_ERASE = text("""
    update entry set body = null
    from unnest(cast(:records as text[]), cast(:revs as bigint[])) as newer (record, rev)
    where entry.record = newer.record and entry.rev < newer.rev and entry.body is not null
        and entry.kind in ('put', 'withdraw')
""")


def _class(row: Any) -> KeptClass:
    about = ShareClass(
        visibility=row.visibility,
        sort=Sort(row.sort),
        protected_from=tuple(row.protected_from),
        assured=tuple(row.assured),
    )
    return KeptClass(id=row.id, about=about, seen_by=visibility_of(row), feed=row.feed)


def _said(row: Any) -> Said:
    return Said(
        record=row.record,
        number=row.number,
        class_id=row._mapping["class"],  # noqa: SLF001 - the documented name for columns by name
        rev=row.rev,
        digest=bytes(row.digest),
        valid_until=row.valid_until,
    )
