"""Enrolment: a user alone sets password and second factor, by a secret that works once.

begin   secret -> the address for the authenticator
finish  secret, password, a code that it shows -> enrolled; the secret is spent
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban import clock
from didban.errors import InvalidInput, NotAuthenticated
from didban.guard import audit
from didban.guard.credentials import digest_of
from didban.model.actors import Actor
from didban.model.deeds import Deed
from didban.store import sign_in, users

if TYPE_CHECKING:
    from didban.guard.passwords import Passwords
    from didban.guard.totp import SecondFactor
    from didban.store.database import Transaction
    from didban.store.sign_in import Account


def begin(tx: Transaction, factor: SecondFactor, secret: str) -> str:
    """Give a user a fresh second factor, and return its `otpauth:` address.

    Raises NotAuthenticated for a secret that is unknown, spent or too old.
    """
    account = _account_of(tx, secret)
    sealed = factor.new(account.id)
    sign_in.prepare(tx, account.id, totp_secret=sealed)
    return factor.address(sealed, user=account.id, login=account.login)


def finish(  # noqa: PLR0913 - the tools, the secret, and what the user sets
    tx: Transaction,
    passwords: Passwords,
    factor: SecondFactor,
    secret: str,
    *,
    password: str,
    code: str,
    own_person: bytes | None = None,
) -> str:
    """Set the password once a code shows that the authenticator works; return the login name.

    - `own_person`: the keyed hash of who the user is (`guard.lookups.key_of`), if they gave it.

    Every session that the user may still have is ended.
    Raises NotAuthenticated; InvalidInput for a password that is none, or a code that is not right.
    """
    account = _account_of(tx, secret)
    if account.totp_secret is None:
        raise InvalidInput("begin the enrolment first: it gives the second factor")
    now = clock.now()
    step = factor.step_of(account.totp_secret, code, user=account.id, now=now)
    if step is None:
        raise InvalidInput("this is not the code that the authenticator shows now")
    kept = passwords.new_hash(password, login=account.login)
    sign_in.enrol(tx, account.id, password_hash=kept, totp_step=step, now=now)
    if own_person is not None:
        users.change(tx, account.id, own_person=own_person)
    audit.enter(tx, _self(account), Deed.USER_ENROLLED, subject=account.id)
    return account.login


def _account_of(tx: Transaction, secret: str) -> Account:
    account = sign_in.by_enrolment(tx, digest_of(secret), clock.now())
    if account is None:
        raise NotAuthenticated("this enrolment is not known, was used or is too old: ask for one")
    return account


def _self(account: Account) -> Actor:
    return Actor(
        user=account.id,
        authority=account.authority,
        kind=account.kind,
        roles=account.roles,
        purpose=None,
        place="enrolment",
    )
