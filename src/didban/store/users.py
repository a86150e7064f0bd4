"""Users and device tokens in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from didban.model.marking import Confidentiality
from didban.model.permissions import HOLDERS, Permission, Role
from didban.model.purposes import Purpose
from didban.model.users import DeviceToken, User
from didban.store.tables.access import device_token, session, user_account
from didban.store.tables.records import authority

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from didban.store.database import Transaction

_LOCK_OF_ADMINISTRATORS = 0x41444D4E  # an advisory lock: counting them and taking one away


def add(tx: Transaction, new: User, *, created_by: str, now: datetime) -> None:
    """Add a user who is not enrolled yet."""
    values = {
        "id": new.id,
        "login": new.login,
        "authority": new.authority,
        "roles": sorted(new.roles),
        "clearance": int(new.clearance),
        "language": new.language,
        "is_active": new.is_active,
        "access_until": new.access_until,
        "created_at": now,
        "created_by": created_by,
    }
    tx.execute(insert(user_account).values(values))


def are_of(tx: Transaction, authority: str) -> bool:
    """Return whether an authority has users here who may sign in."""
    is_one = (user_account.c.authority == authority) & user_account.c.is_active
    query = select(user_account.c.id).where(is_one).limit(1)
    return tx.scalar(query) is not None


def is_login_taken(tx: Transaction, login: str) -> bool:
    """Return whether a login name is in use, anywhere in the bank."""
    return tx.scalar(select(user_account.c.id).where(user_account.c.login == login)) is not None


def change(tx: Transaction, user: str, **values: Any) -> None:
    """Set columns of a user."""
    tx.execute(update(user_account).where(user_account.c.id == user).values(values))


def get(tx: Transaction, user: str, authorities: Iterable[str] | None = None) -> User | None:
    """Return a user, or None where there is none in these authorities (None: in any).

    For changing: nobody else changes the user before this transaction ends.
    """
    query = select(user_account).where(user_account.c.id == user)
    if authorities is not None:
        query = query.where(user_account.c.authority.in_(list(authorities)))
    row = tx.execute(query.with_for_update()).one_or_none()
    return _user_of(row) if row else None


def by_login(tx: Transaction, login: str) -> User | None:
    """Return the user of a folded login name."""
    row = tx.execute(select(user_account).where(user_account.c.login == login)).one_or_none()
    return _user_of(row) if row else None


def names(tx: Transaction, user: str) -> tuple[str, str] | None:
    """Return the login of a user and the name of their authority; None where there is no such user."""
    of_theirs = authority.c.code == user_account.c.authority
    query = select(user_account.c.login, authority.c.name).join(authority, of_theirs)
    row = tx.execute(query.where(user_account.c.id == user)).one_or_none()
    return (row.login, row.name) if row else None


def logins(tx: Transaction, ids: Iterable[str], authority: str | None) -> dict[str, str]:
    """Return the login name of each of these users of an authority (None: of any)."""
    query = select(user_account.c.id, user_account.c.login).where(user_account.c.id.in_(list(ids)))
    if authority is not None:
        query = query.where(user_account.c.authority == authority)
    return {row.id: row.login for row in tx.execute(query)}


def listed(tx: Transaction, authority: str | None, *, after: str, limit: int) -> list[User]:
    """Return the users of an authority (None: of all) in the order of their login names."""
    query = select(user_account).where(user_account.c.login > after)
    if authority is not None:
        query = query.where(user_account.c.authority == authority)
    rows = tx.execute(query.order_by(user_account.c.login).limit(limit))
    return [_user_of(row) for row in rows]


def holding(tx: Transaction, authority: str, roles: Iterable[Role]) -> list[User]:
    """Return the active users of an authority who hold one of these roles, by login name."""
    query = select(user_account).where(
        user_account.c.authority == authority,
        user_account.c.is_active,
        user_account.c.roles.overlap(sorted(roles)),
    )
    return [_user_of(row) for row in tx.execute(query.order_by(user_account.c.login))]


def count_administrators(tx: Transaction, authority: str, *, besides: str) -> int:
    """Return how many active administrators an authority has besides one; their access has no end.

    Until the end of the transaction nobody else can take one away.
    """
    tx.execute(select(func.pg_advisory_xact_lock(_LOCK_OF_ADMINISTRATORS)))
    query = select(func.count()).where(
        user_account.c.authority == authority,
        user_account.c.is_active,
        user_account.c.access_until.is_(None),
        user_account.c.id != besides,
        user_account.c.roles.contains([Role.ADMINISTRATOR]),
    )
    return int(tx.scalar(query) or 0)


def count_who_may_confirm(tx: Transaction, *, besides: str) -> int:
    """Return how many enrolled users but this one can be the second person of a recovery."""
    confirming = sorted(HOLDERS[Permission.ACCESS_RECOVERY_CONFIRM])
    query = select(func.count()).where(
        user_account.c.id != besides,
        user_account.c.is_active,
        user_account.c.password_hash.is_not(None),
        user_account.c.roles.overlap(confirming),
    )
    return int(tx.scalar(query) or 0)


def end_sessions(tx: Transaction, user: str, *, now: datetime) -> int:
    """End every session of a user; return how many there were."""
    query = (
        update(session)
        .where(session.c.user == user, session.c.ended_at.is_(None), session.c.ends_at > now)
        .values(ended_at=now)
    )
    return tx.execute(query).rowcount


def delete_sessions(tx: Transaction, *, before: datetime, limit: int) -> int:
    """Forget sessions that were over before this moment; return how many."""
    old = select(session.c.id).where(session.c.ends_at < before).limit(limit)
    return tx.execute(delete(session).where(session.c.id.in_(old))).rowcount


def shorten_sessions(tx: Transaction, user: str, until: datetime) -> None:
    """Let no session of a user last beyond a moment."""
    query = update(session).where(session.c.user == user, session.c.ends_at > until)
    tx.execute(query.values(ends_at=until))


def add_token(tx: Transaction, new: DeviceToken, *, digest: bytes, now: datetime) -> None:
    """Add a device token."""
    values = {
        "id": new.id,
        "digest": digest,
        "authority": new.authority,
        "label": new.label,
        "roles": sorted(new.roles),
        "clearance": int(new.clearance),
        "purpose": new.purpose,
        "place": new.place,
        "created_at": now,
        "created_by": new.created_by,
        "expires_at": new.expires_at,
    }
    tx.execute(insert(device_token).values(values))


def token(tx: Transaction, token_id: str, authority: str | None) -> DeviceToken | None:
    """Return a device token, or None where there is none of that authority (None: of any)."""
    query = select(device_token).where(device_token.c.id == token_id)
    if authority is not None:
        query = query.where(device_token.c.authority == authority)
    row = tx.execute(query).one_or_none()
    return _token_of(row) if row else None


def tokens(tx: Transaction, authority: str | None, *, after: str, limit: int) -> list[DeviceToken]:
    """Return the device tokens of an authority (None: of all) in the order of their identifiers."""
    query = select(device_token).where(device_token.c.id > after)
    if authority is not None:
        query = query.where(device_token.c.authority == authority)
    rows = tx.execute(query.order_by(device_token.c.id).limit(limit))
    return [_token_of(row) for row in rows]


def revoke_token(tx: Transaction, token_id: str, *, by: str, now: datetime) -> None:
    """Revoke a device token, from this moment on."""
    query = update(device_token).where(
        device_token.c.id == token_id, device_token.c.revoked_at.is_(None)
    )
    tx.execute(query.values(revoked_at=now, revoked_by=by))


def _user_of(row: Any) -> User:
    return User(
        id=row.id,
        login=row.login,
        authority=row.authority,
        roles=frozenset(map(Role, row.roles)),
        clearance=Confidentiality(row.clearance),
        language=row.language,
        is_active=row.is_active,
        is_enrolled=row.password_hash is not None,
        last_sign_in_at=row.last_sign_in_at,
        access_until=row.access_until,
    )


def _token_of(row: Any) -> DeviceToken:
    return DeviceToken(
        id=row.id,
        label=row.label,
        authority=row.authority,
        roles=frozenset(map(Role, row.roles)),
        purpose=Purpose(row.purpose),
        place=row.place,
        expires_at=row.expires_at,
        clearance=Confidentiality(row.clearance),
        created_by=row.created_by,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
