"""Signals in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from didban.model.signals import Signal, SignalKind, SignalState, Verdict
from didban.store.tables.signals import signal

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


def add(tx: Transaction, new: Signal) -> None:
    """Add a signal, or count it to the one of its kind and user that nobody has looked at yet."""
    values = {
        "id": new.id,
        "kind": new.kind,
        "state": new.state,
        "user": new.user,
        "authority": new.authority,
        "count": new.count,
        "raised_at": new.raised_at,
        "last_at": new.last_at,
    }
    query = insert(signal).values(values)
    tx.execute(
        query.on_conflict_do_update(
            index_elements=["kind", "user"],
            index_where=text("state = 'raised'"),
            set_={"count": signal.c.count + new.count, "last_at": new.last_at},
        )
    )


def listed(
    tx: Transaction,
    authority: str | None,
    *,
    state: SignalState | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Signal]:
    """Return signals about users of an authority (None: of all), the newest first."""
    query = select(signal)
    if authority is not None:
        query = query.where(signal.c.authority == authority)
    if state is not None:
        query = query.where(signal.c.state == state)
    if after is not None:
        at, last = after
        is_older = (signal.c.raised_at < at) | ((signal.c.raised_at == at) & (signal.c.id > last))
        query = query.where(is_older)
    rows = tx.execute(query.order_by(signal.c.raised_at.desc(), signal.c.id).limit(limit))
    return [_signal_of(row) for row in rows]


def get(tx: Transaction, signal_id: str, authority: str | None) -> Signal | None:
    """Return a signal for changing, or None where there is none about this authority's users."""
    query = select(signal).where(signal.c.id == signal_id).with_for_update()
    if authority is not None:
        query = query.where(signal.c.authority == authority)
    row = tx.execute(query).one_or_none()
    return _signal_of(row) if row else None


def move(
    tx: Transaction, signal_id: str, state: SignalState, *, verdict: Verdict | None, by: str
) -> None:
    """Put a signal into a state."""
    query = update(signal).where(signal.c.id == signal_id)
    tx.execute(query.values(state=state, verdict=verdict, handled_by=by))


def delete_older(tx: Transaction, than: datetime, *, limit: int) -> int:
    """Erase signals that were raised before this moment; return how many."""
    old = select(signal.c.id).where(signal.c.raised_at < than).limit(limit)
    return tx.execute(delete(signal).where(signal.c.id.in_(old))).rowcount


def _signal_of(row: Any) -> Signal:
    return Signal(
        id=row.id,
        kind=SignalKind(row.kind),
        state=SignalState(row.state),
        user=row.user,
        authority=row.authority,
        count=row.count,
        raised_at=row.raised_at,
        last_at=row.last_at,
        verdict=Verdict(row.verdict) if row.verdict else None,
        handled_by=row.handled_by,
    )
