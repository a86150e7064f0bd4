"""Sign-in: a password, a code of the second factor, and why: purpose, and case or post (PR-01).

- Whether a login name exists cannot be told: not from the answer, nor from the work done for it.
- Failures are counted by account and by source in the database, so that no restart and no second
  process forgets them; each further one doubles the wait.
- A session ends when it is idle, when the shift is over, at sign-out, and at once when the user's
  roles change or the user is deactivated.
- Another purpose is another session, begun by another code (PR-01, PR-06).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.errors import LimitReached, NotAuthenticated, NotPermitted, PurposeMissing
from didban.guard import audit, credentials, signals
from didban.guard.passwords import Passwords
from didban.guard.secrets import SecretName
from didban.guard.totp import SecondFactor
from didban.model.actors import Actor, AuthorityKind
from didban.model.deeds import Deed
from didban.model.permissions import purposes_of
from didban.model.signals import SignalKind
from didban.model.users import folded_login, is_login
from didban.store import sign_in, users
from didban.store.sign_in import NewSession

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from didban.guard.secrets import Secrets
    from didban.model.purposes import Purpose
    from didban.settings import Access
    from didban.store.database import Database, Transaction
    from didban.store.sign_in import Account

_REFUSED: Final = "these credentials are not right, or the account is closed"
_MAX_TEXT: Final = 200  # characters of a reference or place
_SESSIONS_KEPT: Final = timedelta(days=30)
_BATCH: Final = 1_000
_SOURCES: Final = 10  # as many failures more are allowed to one source, where many users sit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why somebody signs in: chosen once, for the whole session."""

    purpose: Purpose
    reference: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A session that has begun. `secret` is shown once; `language` is the user's own.

    - `last_sign_in_at`: when the user signed in before this; None where it is the first time.
    """

    secret: str
    session: str
    user: str
    authority: str
    ends_at: datetime
    language: str
    last_sign_in_at: datetime | None = None


class Doorkeeper:
    """Lets users in. One for each process; safe for several threads."""

    def __init__(self, database: Database, settings: Access, secrets: Secrets) -> None:
        self.passwords = Passwords(settings)
        self.factor = SecondFactor(secrets)
        self._database = database
        self._settings = settings
        self._key = secrets.get(SecretName.ACCESS)
        # What is checked where there is no second factor, so that the work is the same.
        self._dummy = self.factor.new("")

    def sign_in(
        self, login: str, password: str, code: str, reason: Reason, *, source: str
    ) -> Admission:
        """Begin a session by password and code.

        - `source`: the address that it comes from; only counted, by a keyed hash.

        Raises NotAuthenticated, which never says what was wrong; LimitReached while one must wait;
        PurposeMissing without a case or post; NotPermitted, once known, for a purpose that none of
        the user's roles may use.
        """
        now = clock.now()
        _require_reason(reason)
        name = folded_login(login)
        keys = [self._key_of("account", name), self._key_of("source", source)]
        with self._database.begin() as tx:
            self._require_no_wait(tx, keys, now)
            account = sign_in.by_login(tx, name if is_login(name) else "")
        is_known = self.passwords.verify(account.password_hash if account else None, password)
        step = self._step_of(account, code, now)
        with self._database.begin() as tx:
            is_open = account is not None and account.is_open(now) and is_known
            # The step is used by one statement: of two sign-ins with one code, one gets in.
            if account and is_open and step and sign_in.use_step(tx, account, step):
                self._renew_hash(tx, account, password)
                sign_in.forget_failures(tx, keys[0])
                return self._begin(tx, account, reason, now)
        self._fail(account, keys, now)
        raise NotAuthenticated(_REFUSED)

    def admit(
        self, reason: Reason, *, source: str, verify: Callable[[Transaction], Account | None]
    ) -> Admission:
        """Begin a session for whom another way of proof names (`guard.oidc`).

        Raises what `sign_in` raises.
        """
        now = clock.now()
        _require_reason(reason)
        keys = [self._key_of("source", source)]
        with self._database.begin() as tx:
            self._require_no_wait(tx, keys, now)
            account = verify(tx)
            if account is not None and account.is_open(now):
                return self._begin(tx, account, reason, now)
        self._fail(account, keys, now)
        raise NotAuthenticated(_REFUSED)

    def change_purpose(
        self, tx: Transaction, actor: Actor, secret: str, code: str, reason: Reason, *, source: str
    ) -> Admission:
        """End a session and begin another one of the same user, for another purpose or case.

        It takes a fresh code of the second factor. Raises what `sign_in` raises.
        """
        now = clock.now()
        _require_reason(reason)
        account = None if actor.device else sign_in.by_id(tx, actor.user)
        name = account.login if account else ""
        keys = [self._key_of("account", name), self._key_of("source", source)]
        self._require_no_wait(tx, keys, now)
        step = self._step_of(account, code, now)
        is_open = account is not None and account.is_open(now)
        if account and is_open and step is not None and sign_in.use_step(tx, account, step):
            self._end(tx, secret, actor, now)
            return self._begin(tx, account, reason, now)
        self._fail(account, keys, now)
        raise NotAuthenticated(_REFUSED)

    def sign_out(self, tx: Transaction, actor: Actor, secret: str) -> None:
        """End the session of this secret."""
        self._end(tx, secret, actor, clock.now())

    def _begin(self, tx: Transaction, account: Account, reason: Reason, now: datetime) -> Admission:
        if reason.purpose not in purposes_of(account.roles):
            message = f"none of your roles acts for the purpose '{reason.purpose}'"
            raise NotPermitted(message, f"purpose:{reason.purpose}")
        secret = credentials.new_secret(credentials.SESSION)
        new = NewSession(
            id=ids.new_id("ses"),
            digest=credentials.digest_of(secret),
            user=account.id,
            purpose=reason.purpose,
            reference=reason.reference,
            place=reason.place,
            began_at=now,
            idle=timedelta(minutes=self._settings.idle_minutes),
            ends_at=self._end_of(account, now),
        )
        sign_in.begin_session(tx, new)
        audit.enter(tx, _actor_of(account, reason), Deed.SESSION_BEGAN, subject=new.id)
        return Admission(
            secret=secret,
            session=new.id,
            user=account.id,
            authority=account.authority,
            ends_at=new.ends_at,
            language=account.language,
            last_sign_in_at=account.last_sign_in_at,
        )

    def _end_of(self, account: Account, now: datetime) -> datetime:
        """Return when a session that begins now ends: with the shift, or with the access."""
        shift = now + timedelta(hours=self._settings.session_hours)
        return min(shift, account.access_until or shift)

    def _end(self, tx: Transaction, secret: str, actor: Actor, now: datetime) -> None:
        ended = sign_in.end_session(tx, credentials.digest_of(secret), now)
        if ended is not None:
            audit.enter(tx, actor, Deed.SESSION_ENDED, subject=ended)

    def _step_of(self, account: Account | None, code: str, now: datetime) -> int | None:
        sealed = account.totp_secret if account else None
        if account is None or sealed is None:
            self.factor.step_of(self._dummy, code, user="", now=now)
            return None
        return self.factor.step_of(sealed, code, user=account.id, now=now)

    def _renew_hash(self, tx: Transaction, account: Account, password: str) -> None:
        if account.password_hash and self.passwords.is_outdated(account.password_hash):
            sign_in.replace_hash(tx, account.id, self.passwords.rehash(password))

    def _require_no_wait(self, tx: Transaction, keys: list[bytes], now: datetime) -> None:
        until = sign_in.blocked_until(tx, keys)
        if until is not None and until > now:
            message = "too many sign-ins failed: wait before you try again"
            raise LimitReached(message, (until - now).total_seconds())

    def _fail(self, account: Account | None, keys: list[bytes], now: datetime) -> None:
        """Count a failure in a transaction of its own: the answer is an error, which undoes others.

        Does the same whether or not there is such an account.
        """
        longest = timedelta(minutes=self._settings.longest_wait_minutes)
        allowed = self._settings.failures_allowed
        who = _actor_of(account, None)
        with self._database.begin() as tx:
            counts = [
                sign_in.count_failure(
                    tx, key, allowed=allowed * (_SOURCES if place else 1), longest=longest, now=now
                )
                for place, key in enumerate(keys)
            ]
            audit.enter(tx, who, Deed.SIGN_IN_FAILED, facts={"count": counts[0]})
            if counts[0] % allowed == 0:
                signals.raise_about(tx, SignalKind.FAILED_SIGN_INS, who)

    def _key_of(self, kind: str, text: str) -> bytes:
        return hmac.digest(
            self._key, f"failed sign-in|{kind}|{text}".encode(errors="replace"), "sha256"
        )


def run_due(database: Database, now: datetime) -> int:
    """Forget sessions a month after their end, and failures after a day; return how many."""
    with database.begin() as tx:
        ended = users.delete_sessions(tx, before=now - _SESSIONS_KEPT, limit=_BATCH)
        return ended + sign_in.delete_failures(tx, now, limit=_BATCH)


def _require_reason(reason: Reason) -> None:
    if not (reason.reference.strip() or reason.place.strip()):
        raise PurposeMissing("name the case or the post for which you sign in")
    if max(len(reason.reference), len(reason.place)) > _MAX_TEXT:
        raise PurposeMissing(f"a reference or place has at most {_MAX_TEXT} characters")


def _actor_of(account: Account | None, reason: Reason | None) -> Actor:
    """Return who signs in, for the audit; somebody not known where there is no such account."""
    return Actor(
        user=account.id if account else "unknown",
        authority=account.authority if account else "",
        kind=account.kind if account else AuthorityKind.OTHER,
        roles=account.roles if account else frozenset(),
        purpose=reason.purpose if reason else None,
        reference=reason.reference if reason else "",
        place=reason.place if reason else "",
    )
