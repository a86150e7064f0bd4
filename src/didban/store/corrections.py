"""To whom records were disclosed, and who was told of their changes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select, union_all, update
from sqlalchemy.dialects.postgresql import insert

from didban.store.tables.audit import audit_entry, audit_leaf
from didban.store.tables.checks import check_made, match_made
from didban.store.tables.records import authority, record
from didban.store.tables.rights import correction_notice, correction_position

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from didban.store.database import Transaction

_ONLY: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionNotice:
    """One authority is told that a record which it had received was changed. No content.

    - `change`: the deed; `entry`: the audit entry of it, which the recipient can have proven.
    """

    id: str
    record: str
    owner: str
    recipient: str
    change: str
    entry: int
    changed_at: datetime
    told_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A deed on a record, as the sealed log has it. `by`: the authority that did it."""

    leaf: int
    entry: int
    record: str
    owner: str
    by: str
    deed: str
    at: datetime


def position(tx: Transaction) -> int:
    """Return the leaf up to which changes were told; its row is held until the transaction ends."""
    start = insert(correction_position).values(number=_ONLY, leaf=0)
    tx.execute(start.on_conflict_do_nothing())
    return int(tx.execute(select(correction_position.c.leaf).with_for_update()).scalar_one())


def move_to(tx: Transaction, leaf: int) -> None:
    """Keep how far the log was followed."""
    tx.execute(update(correction_position).values(leaf=leaf))


def changes(tx: Transaction, first: int, end: int, deeds: Iterable[str]) -> list[Change]:
    """Return the deeds of these kinds among the leaves from `first` to before `end`, in order."""
    query = (
        select(audit_leaf.c.leaf, audit_entry, record.c.owner)
        .join(audit_entry, audit_entry.c.number == audit_leaf.c.entry)
        .outerjoin(record, record.c.id == audit_entry.c.subject)
        .where(
            audit_leaf.c.leaf >= first,
            audit_leaf.c.leaf < end,
            audit_entry.c.deed.in_(list(deeds)),
        )
        .order_by(audit_leaf.c.leaf)
    )
    return [
        Change(
            leaf=row.leaf,
            entry=row.number,
            record=row.subject,
            owner=row.owner or row.authority,  # an erased record was erased as its owner's
            by=row.authority,
            deed=row.deed,
            at=row.at,
        )
        for row in tx.execute(query)
    ]


def recipients(tx: Transaction, record_id: str, deeds: Iterable[str]) -> dict[str, int]:
    """Return the authorities to whom a record was disclosed, and how often.

    By these deeds, on the record itself or on another thing that names it among its facts, or in the
    answer to a check. This is the disclosure log: it is no table of its own, so that it cannot
    differ from what happened.
    """
    entry = audit_entry.c
    is_about = (entry.subject == record_id) | (entry.facts["record"].astext == record_id)
    told = (
        select(check_made.c.authority)
        .join(match_made, match_made.c.check == check_made.c.id)
        .where(match_made.c.record == record_id, match_made.c.is_silenced.is_(False))
    )
    seen = select(entry.authority).where(is_about, entry.deed.in_(list(deeds)))
    both = union_all(seen, told).subquery()
    query = (
        select(both.c.authority, func.count().label("times"))
        .join(authority, authority.c.code == both.c.authority)
        .group_by(both.c.authority)
    )
    return {row.authority: row.times for row in tx.execute(query)}


def disclosed(tx: Transaction, record_ids: Sequence[str], deeds: Iterable[str]) -> list[str]:
    """Return those of these records that anybody has received, by these deeds or by a check."""
    entry, wanted = audit_entry.c, list(record_ids)
    seen = select(entry.subject).where(entry.subject.in_(wanted), entry.deed.in_(list(deeds)))
    matched = select(match_made.c.record).where(match_made.c.record.in_(wanted))
    return sorted(tx.scalars(seen.union(matched)))


def add(tx: Transaction, new: CorrectionNotice) -> bool:
    """Add a notice; return whether it was not there before."""
    made = insert(correction_notice).values(asdict(new)).on_conflict_do_nothing()
    return tx.execute(made.returning(correction_notice.c.id)).one_or_none() is not None


def listed(
    tx: Transaction, recipient: str, *, after: tuple[datetime, str] | None, limit: int
) -> list[CorrectionNotice]:
    """Return the notices to an authority, the oldest first."""
    notice = correction_notice.c
    query = select(correction_notice).where(notice.recipient == recipient)
    if after is not None:
        at, last = after
        query = query.where((notice.told_at > at) | ((notice.told_at == at) & (notice.id > last)))
    rows = tx.execute(query.order_by(notice.told_at, notice.id).limit(limit))
    return [_notice(row) for row in rows]


def acknowledge(
    tx: Transaction, notice_id: str, recipient: str, *, by: str, at: datetime
) -> CorrectionNotice | None:
    """Note who read a notice, and return it; None when there is none to this authority."""
    notice = correction_notice.c
    tx.execute(
        update(correction_notice)
        .where(
            notice.id == notice_id,
            notice.recipient == recipient,
            notice.acknowledged_at.is_(None),
        )
        .values(acknowledged_at=at, acknowledged_by=by)
    )
    query = select(correction_notice).where(notice.id == notice_id, notice.recipient == recipient)
    row = tx.execute(query).one_or_none()
    return _notice(row) if row else None


def _notice(row: Any) -> CorrectionNotice:
    return CorrectionNotice(**{f.name: getattr(row, f.name) for f in fields(CorrectionNotice)})
