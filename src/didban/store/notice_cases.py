"""Notices that a secretariat reviews, in its database. `casework.notices.secretariat` decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.exchange.notice_reviews import Case
from didban.model.exchange.peers import PeerState
from didban.model.notices import Flag, NoticeState
from didban.store.tables.exchange_trust import peer
from didban.store.tables.notices import notice_case

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCase:
    """A notice of another authority and where its review stands.

    - `case`: None once it was reviewed; `state`: as `model.notices.NOTICE` has it.
    - `reviewers`: users of this node, in the order in which they first reviewed it.
    - `due_at`: None once it was reviewed, or told to be late.
    """

    notice: str
    node: str
    owner: str
    rev: int
    state: NoticeState
    case: Case | None
    confidentiality: int
    is_urgent: bool
    flags: frozenset[Flag]
    received_at: datetime
    due_at: datetime | None
    changed_at: datetime
    reviewers: tuple[str, ...] = ()
    endorsed_by: str | None = None
    refused_by: str | None = None
    number: int = field(default=0, compare=False)


def save(tx: Transaction, now: KeptCase) -> None:
    """Write a case, whether it was there or not. The caller has locked one that was."""
    values = _columns(now)
    again = {name: value for name, value in values.items() if name != "notice"}
    added = upsert(notice_case).values(values)
    tx.execute(added.on_conflict_do_update(index_elements=["notice"], set_=again))


def get(tx: Transaction, notice_id: str) -> KeptCase | None:
    """Return a case, held, whoever asks; or None."""
    query = select(notice_case).where(notice_case.c.notice == notice_id).with_for_update()
    row = tx.execute(query).one_or_none()
    return _kept(row) if row else None


def listed(
    tx: Transaction, clearance: int, *, states: Iterable[NoticeState], limit: int, after: int = 0
) -> list[KeptCase]:
    """Return the cases in these states that somebody so cleared may see, oldest first."""
    c = notice_case.c
    seen = (c.confidentiality <= clearance) & c.state.in_(list(states)) & (c.number > after)
    query = select(notice_case).where(seen).order_by(c.number).limit(limit)
    return [_kept(row) for row in tx.execute(query)]


def next_late(tx: Transaction, now: datetime) -> KeptCase | None:
    """Return one case, held, whose review is late; it is late once."""
    c = notice_case.c
    query = select(notice_case).where(c.due_at <= now).limit(1)
    row = tx.execute(query.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    tx.execute(update(notice_case).where(c.notice == row.notice).values(due_at=None))
    return _kept(row)


def next_left(tx: Transaction) -> KeptCase | None:
    """Return one case, held, whose node was removed while it waited."""
    left = select(peer.c.node).where(peer.c.state == PeerState.REMOVED)
    query = select(notice_case).where(
        notice_case.c.content.is_not(None), notice_case.c.node.in_(left)
    )
    row = tx.execute(query.limit(1).with_for_update(skip_locked=True)).one_or_none()
    return _kept(row) if row else None


def _columns(kept: KeptCase) -> dict[str, Any]:
    names = set(KeptCase.__dataclass_fields__) - {"number", "case"}
    return {name: getattr(kept, name) for name in names} | {
        "content": kept.case.to_json() if kept.case else None,
        "flags": sorted(kept.flags),
        "reviewers": list(kept.reviewers),
    }


def _kept(row: Any) -> KeptCase:
    names = set(KeptCase.__dataclass_fields__) - {"case"}
    return KeptCase(
        **{
            **{name: getattr(row, name) for name in names},
            "case": Case.from_json(row.content) if row.content is not None else None,
            "state": NoticeState(row.state),
            "flags": frozenset(map(Flag, row.flags)),
            "reviewers": tuple(row.reviewers),
        }
    )
