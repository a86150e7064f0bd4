"""Requests to let a user enrol anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from didban.model.users import Recovery, RecoveryState
from didban.store.tables.access import recovery, user_account

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction

_IS_OPEN = recovery.c.state == RecoveryState.REQUESTED


def add(tx: Transaction, new: Recovery) -> bool:
    """Add a request; return False where one is open for the same user."""
    values = {
        "id": new.id,
        "user": new.user,
        "state": new.state,
        "requested_by": new.requested_by,
        "requested_at": new.requested_at,
    }
    query = insert(recovery).values(values)
    query = query.on_conflict_do_nothing(
        index_elements=["user"], index_where=text("state = 'requested'")
    )
    return tx.scalar(query.returning(recovery.c.id)) is not None


def open_of(tx: Transaction, user: str, *, since: datetime) -> Recovery | None:
    """Return the open request for a user that was made since then, for deciding."""
    query = select(recovery).where(
        recovery.c.user == user, _IS_OPEN, recovery.c.requested_at > since
    )
    row = tx.execute(query.with_for_update()).one_or_none()
    return _recovery_of(row) if row else None


def listed(tx: Transaction, authority: str | None, *, since: datetime) -> list[Recovery]:
    """Return the open requests for users of an authority (None: of all), the oldest first."""
    query = (
        select(recovery)
        .join(user_account, user_account.c.id == recovery.c.user)
        .where(_IS_OPEN, recovery.c.requested_at > since)
    )
    if authority is not None:
        query = query.where(user_account.c.authority == authority)
    return [_recovery_of(row) for row in tx.execute(query.order_by(recovery.c.requested_at))]


def decide(tx: Transaction, request: str, state: RecoveryState, *, by: str, now: datetime) -> None:
    """Write down how a request ended."""
    query = update(recovery).where(recovery.c.id == request)
    tx.execute(query.values(state=state, decided_by=by, decided_at=now))


def lapse(tx: Transaction, *, before: datetime) -> int:
    """Let open requests lapse that were made before then; return how many."""
    query = update(recovery).where(_IS_OPEN, recovery.c.requested_at <= before)
    return tx.execute(query.values(state=RecoveryState.LAPSED)).rowcount


def _recovery_of(row: Any) -> Recovery:
    return Recovery(
        id=row.id,
        user=row.user,
        state=RecoveryState(row.state),
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        decided_by=row.decided_by,
    )
