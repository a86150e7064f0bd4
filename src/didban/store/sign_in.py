"""What sign-in and enrolment read and write: the only place that hands out password hashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql

from didban.model.actors import AuthorityKind
from didban.model.permissions import Role
from didban.store.tables.access import session, sign_in_failure, used_nonce, user_account
from didban.store.tables.records import authority
from didban.store.users import end_sessions

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from didban.model.purposes import Purpose
    from didban.store.database import Transaction

_FORGOTTEN_AFTER: Final = timedelta(days=1)  # without a failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user as sign-in needs them. Never leaves `guard`."""

    id: str
    login: str
    authority: str
    kind: AuthorityKind
    roles: frozenset[Role]
    is_active: bool
    password_hash: str | None
    totp_secret: bytes | None
    language: str
    last_sign_in_at: datetime | None = None
    access_until: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Return whether the user may sign in, as far as their access goes."""
        return self.is_active and (self.access_until is None or now < self.access_until)

    def __repr__(self) -> str:
        """Say who, never what is kept of their secrets."""
        return f"Account({self.id!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session that begins. `digest` is that of its secret."""

    id: str
    digest: bytes
    user: str
    purpose: Purpose
    reference: str
    place: str
    began_at: datetime
    idle: timedelta
    ends_at: datetime


def by_login(tx: Transaction, login: str) -> Account | None:
    """Return the account of a folded login name."""
    return _account(tx, user_account.c.login == login)


def by_subject(tx: Transaction, subject: str) -> Account | None:
    """Return the account that an OpenID provider knows by this name."""
    return _account(tx, user_account.c.subject == subject)


def by_id(tx: Transaction, user: str) -> Account | None:
    """Return the account of a user."""
    return _account(tx, user_account.c.id == user)


def by_enrolment(tx: Transaction, digest: bytes, now: datetime) -> Account | None:
    """Return the active account that an enrolment secret is for, unless it is spent or too old."""
    return _account(
        tx,
        user_account.c.enrolment_digest == digest,
        user_account.c.enrolment_until > now,
        user_account.c.is_active,
    )


def prepare(tx: Transaction, user: str, *, totp_secret: bytes) -> None:
    """Keep the second factor of an enrolment that has begun; the account stays closed."""
    values = {"totp_secret": totp_secret, "totp_step": 0, "password_hash": None}
    tx.execute(update(user_account).where(user_account.c.id == user).values(values))


def enrol(tx: Transaction, user: str, *, password_hash: str, totp_step: int, now: datetime) -> None:
    """Open an account: its enrolment secret is spent, sessions of before end."""
    values = {
        "password_hash": password_hash,
        "totp_step": totp_step,
        "enrolment_digest": None,
        "enrolment_until": None,
    }
    tx.execute(update(user_account).where(user_account.c.id == user).values(values))
    end_sessions(tx, user, now=now)


def use_step(tx: Transaction, account: Account, step: int) -> bool:
    """Use a step of the second factor; return whether it was still unused (RFC 6238, 5.2).

    Nor is it used where the account was closed, or is recovered, since it was read; from here on
    until the transaction ends it is not.
    """
    query = update(user_account).where(
        user_account.c.id == account.id,
        user_account.c.totp_step < step,
        user_account.c.is_active,
        user_account.c.password_hash == account.password_hash,
    )
    return tx.execute(query.values(totp_step=step)).rowcount == 1


def use_nonce(tx: Transaction, digest: bytes, *, until: datetime, now: datetime) -> bool:
    """Use a nonce of an identity token; return whether it was still unused."""
    tx.execute(delete(used_nonce).where(used_nonce.c.until < now))
    query = postgresql.insert(used_nonce).values(digest=digest, until=until)
    query = query.on_conflict_do_nothing()
    return tx.scalar(query.returning(used_nonce.c.digest)) is not None


def replace_hash(tx: Transaction, user: str, password_hash: str) -> None:
    """Keep the same password by a hash of another cost."""
    query = update(user_account).where(user_account.c.id == user)
    tx.execute(query.values(password_hash=password_hash))


def begin_session(tx: Transaction, new: NewSession) -> None:
    """Add a session, and note when the user signed in."""
    values = {
        "id": new.id,
        "digest": new.digest,
        "user": new.user,
        "purpose": new.purpose,
        "reference": new.reference,
        "place": new.place,
        "began_at": new.began_at,
        "seen_at": new.began_at,
        "idle_seconds": int(new.idle.total_seconds()),
        "ends_at": new.ends_at,
    }
    tx.execute(insert(session).values(values))
    query = update(user_account).where(user_account.c.id == new.user)
    tx.execute(query.values(last_sign_in_at=new.began_at))


def end_session(tx: Transaction, digest: bytes, now: datetime) -> str | None:
    """End the session of a secret; return its identifier, or None if none was open."""
    query = update(session).where(session.c.digest == digest, session.c.ended_at.is_(None))
    found: str | None = tx.scalar(query.values(ended_at=now).returning(session.c.id))
    return found


def blocked_until(tx: Transaction, keys: list[bytes]) -> datetime | None:
    """Return until when a sign-in with one of these keys must wait, if it must."""
    query = select(func.max(sign_in_failure.c.blocked_until))
    found: datetime | None = tx.scalar(query.where(sign_in_failure.c.key.in_(keys)))
    return found


def count_failure(
    tx: Transaction, key: bytes, *, allowed: int, longest: timedelta, now: datetime
) -> int:
    """Count a failed sign-in and return how many there were; beyond `allowed` each wait doubles.

    A day without a failure forgets the earlier ones.
    """
    failed = sign_in_failure.c
    count = case((failed.last_at < now - _FORGOTTEN_AFTER, 1), else_=failed.count + 1)
    doubled = func.power(2.0, func.least(count - allowed, 30))
    seconds = func.least(doubled, longest.total_seconds())
    wait = case(
        (count >= allowed, literal(now) + func.make_interval(0, 0, 0, 0, 0, 0, seconds)),
        else_=literal(now),
    )
    first = now if allowed > 1 else now + min(timedelta(seconds=1), longest)
    query = postgresql.insert(sign_in_failure).values(
        key=key, count=1, last_at=now, blocked_until=first
    )
    query = query.on_conflict_do_update(
        index_elements=["key"], set_={"count": count, "last_at": now, "blocked_until": wait}
    )
    return int(tx.scalar(query.returning(failed.count)) or 0)


def forget_failures(tx: Transaction, key: bytes) -> None:
    """Forget the failures of an account that has signed in."""
    tx.execute(delete(sign_in_failure).where(sign_in_failure.c.key == key))


def delete_failures(tx: Transaction, now: datetime, *, limit: int) -> int:
    """Erase counters that nothing was added to for a day; return how many."""
    old = (
        select(sign_in_failure.c.key)
        .where(sign_in_failure.c.last_at < now - _FORGOTTEN_AFTER)
        .limit(limit)
    )
    return tx.execute(delete(sign_in_failure).where(sign_in_failure.c.key.in_(old))).rowcount


def _account(tx: Transaction, *where: ColumnElement[bool]) -> Account | None:
    query = (
        select(user_account, authority.c.kind)
        .join(authority, authority.c.code == user_account.c.authority)
        .where(*where)
    )
    row: Any = tx.execute(query).one_or_none()
    if row is None:
        return None
    return Account(
        id=row.id,
        login=row.login,
        authority=row.authority,
        kind=AuthorityKind(row.kind),
        roles=frozenset(map(Role, row.roles)),
        is_active=row.is_active,
        password_hash=row.password_hash,
        totp_secret=row.totp_secret,
        language=row.language,
        last_sign_in_at=row.last_sign_in_at,
        access_until=row.access_until,
    )
