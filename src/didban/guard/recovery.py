"""Who lost password or second factor gets them anew by two other persons, never alone (PR-28).

    requested --confirm [another person]--> confirmed: the user enrols anew
    requested --refuse--> refused            requested --a day passes--> lapsed

Both are entered, and the data-protection officer gets a signal.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.errors import Conflict, NotFound
from didban.guard import access, audit, signals, users
from didban.guard.reach import reach_of
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.signals import SignalKind
from didban.model.users import Recovery, RecoveryState, folded_login
from didban.store import recovery as store
from didban.store import users as accounts

if TYPE_CHECKING:
    from datetime import datetime

    from didban.guard.users import Invitation
    from didban.model.actors import Actor
    from didban.model.users import User
    from didban.settings import Access
    from didban.store.database import Database, Transaction

OPEN_FOR: Final = timedelta(days=1)


def request(tx: Transaction, actor: Actor, user_id: str) -> Recovery:
    """Ask that a user may enrol anew. The sessions of the user end at once.

    - `user_id`: their identifier, or the name they sign in with: who lost access knows no other.

    Raises NotPermitted, also for oneself; NotFound; Conflict where it was asked for already, or the
    account is closed.
    """
    named = accounts.by_login(tx, folded_login(user_id))
    user = _found(tx, actor, named.id if named else user_id)
    access.require_other_person(actor, user.id, "the recovery of an access")
    if not user.is_active:
        raise Conflict("this account is closed: nobody signs in with it")
    new = Recovery(
        id=ids.new_id("rcv"),
        user=user.id,
        state=RecoveryState.REQUESTED,
        requested_by=actor.user,
        requested_at=clock.now(),
    )
    if not store.add(tx, new):
        raise Conflict("it was asked for already: another person confirms it")
    accounts.end_sessions(tx, user.id, now=new.requested_at)
    audit.enter(tx, actor, Deed.RECOVERY_REQUESTED, subject=user.id)
    return new


def confirm(tx: Transaction, actor: Actor, user_id: str, settings: Access) -> Invitation:
    """Confirm it as another person than who asked and who it is for; return the user's secret.

    From now on the old password and second factor are worth nothing.
    Raises NotPermitted; NotFound where nothing was asked for (any more).
    """
    user = _found(tx, actor, user_id)
    open_request = _open(tx, user_id)
    access.require_other_person(actor, user_id, "the recovery of an access")
    access.require_other_person(actor, open_request.requested_by, "the confirmation")
    return _enrol_anew(tx, actor, user, open_request, settings, SignalKind.RECOVERY)


def confirm_alone(tx: Transaction, actor: Actor, user_id: str, settings: Access) -> Invitation:
    """Do both steps at once, on the machine itself, where no second person is left to confirm.

    For the operator's command line. Raises Conflict while there is anybody who could confirm.
    """
    user = _found(tx, actor, user_id)
    if accounts.count_who_may_confirm(tx, besides=user_id):
        raise Conflict("another person can confirm this recovery: ask them")
    open_request = store.open_of(tx, user_id, since=clock.now() - OPEN_FOR)
    if open_request is None:
        open_request = request(tx, actor, user_id)
    return _enrol_anew(tx, actor, user, open_request, settings, SignalKind.RECOVERY_ALONE)


def refuse(tx: Transaction, actor: Actor, user_id: str) -> None:
    """Refuse it; the old password and second factor stay good. Raises NotPermitted, NotFound."""
    _found(tx, actor, user_id)
    open_request = _open(tx, user_id)
    access.require_other_person(actor, open_request.requested_by, "the refusal")
    store.decide(tx, open_request.id, RecoveryState.REFUSED, by=actor.user, now=clock.now())
    audit.enter(tx, actor, Deed.RECOVERY_REFUSED, subject=user_id)


def listed(tx: Transaction, actor: Actor) -> list[Recovery]:
    """Return what waits for a second person, in the actor's reach."""
    access.require(actor, Permission.ACCESS_RECOVERY_CONFIRM)
    return store.listed(tx, reach_of(tx, actor), since=clock.now() - OPEN_FOR)


def run_due(database: Database, now: datetime) -> int:
    """Let requests lapse that nobody confirmed within a day; return how many."""
    with database.begin() as tx:
        return store.lapse(tx, before=now - OPEN_FOR)


def _enrol_anew(
    tx: Transaction,
    actor: Actor,
    user: User,
    open_request: Recovery,
    settings: Access,
    kind: SignalKind,
) -> Invitation:
    now = clock.now()
    store.decide(tx, open_request.id, RecoveryState.CONFIRMED, by=actor.user, now=now)
    accounts.change(tx, user.id, password_hash=None, totp_secret=None, subject=None)
    accounts.end_sessions(tx, user.id, now=now)
    secret = users.invite(tx, user.id, settings)
    audit.enter(tx, actor, Deed.RECOVERY_CONFIRMED, subject=user.id)
    signals.raise_about(tx, kind, actor, about=user.id)
    return users.Invitation(user=user, secret=secret)


def _found(tx: Transaction, actor: Actor, user_id: str) -> User:
    access.require(actor, Permission.ACCESS_RECOVERY_CONFIRM)
    reach = reach_of(tx, actor)
    user = accounts.get(tx, user_id, None if reach is None else [reach])
    if user is None:
        raise NotFound("there is no user of this identifier")
    return user


def _open(tx: Transaction, user_id: str) -> Recovery:
    found = store.open_of(tx, user_id, since=clock.now() - OPEN_FOR)
    if found is None:
        raise NotFound("nothing was asked for, or it has lapsed")
    return found
