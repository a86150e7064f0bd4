"""Sessions and device tokens as they are presented: found by the digest of their secret."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from didban.model.actors import Actor, AuthorityKind
from didban.model.marking import Confidentiality
from didban.model.permissions import Role
from didban.model.purposes import Purpose
from didban.store.tables.access import device_token, session, user_account
from didban.store.tables.records import authority

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement

    from didban.store.database import Transaction

_SEEN_EVERY: Final = timedelta(minutes=1)  # so that not every request writes


def actor_by_session(tx: Transaction, digest: bytes, now: datetime) -> Actor | None:
    """Return who holds the session of this digest, or None if none is in force.

    In force: not ended, neither idle nor open for too long, and its user is active.
    """
    query = (
        select(
            session,
            *(user_account.c[name] for name in ("authority", "roles", "clearance", "is_active")),
            authority.c.kind,
            authority.c.groups,
        )
        .join(user_account, user_account.c.id == session.c.user)
        .join(authority, authority.c.code == user_account.c.authority)
        .where(session.c.digest == digest)
    )
    row = tx.execute(query).one_or_none()
    if row is None or row.ended_at is not None or not row.is_active:
        return None
    if now >= min(row.ends_at, row.seen_at + timedelta(seconds=row.idle_seconds)):
        return None
    if now - row.seen_at >= _SEEN_EVERY:
        _note_use(tx, session.c.seen_at, session.c.id == row.id, now)
    return _actor_of(row, user=row.user, reference=row.reference, device=None)


def actor_by_token(tx: Transaction, digest: bytes, now: datetime) -> Actor | None:
    """Return which device holds the token of this digest, or None if none is in force."""
    query = (
        select(device_token, authority.c.kind, authority.c.groups)
        .join(authority, authority.c.code == device_token.c.authority)
        .where(device_token.c.digest == digest)
    )
    row = tx.execute(query).one_or_none()
    if row is None or row.revoked_at is not None or now >= row.expires_at:
        return None
    if row.last_used_at is None or now - row.last_used_at >= _SEEN_EVERY:
        _note_use(tx, device_token.c.last_used_at, device_token.c.id == row.id, now)
    return _actor_of(row, user=row.id, reference="", device=row.id)


def _actor_of(row: Any, *, user: str, reference: str, device: str | None) -> Actor:
    return Actor(
        user=user,
        authority=row.authority,
        kind=AuthorityKind(row.kind),
        roles=frozenset(map(Role, row.roles)),
        purpose=Purpose(row.purpose),
        reference=reference,
        place=row.place,
        groups=frozenset(row.groups),
        clearance=Confidentiality(row.clearance),
        device=device,
    )


def _note_use(
    tx: Transaction, column: ColumnElement[Any], is_it: ColumnElement[bool], now: datetime
) -> None:
    """Note when it was used, unless another request is just doing so: nobody waits for that."""
    table = column.table
    free = select(table.c.id).where(is_it).with_for_update(skip_locked=True)
    tx.execute(update(table).where(table.c.id.in_(free)).values({column.name: now}))
