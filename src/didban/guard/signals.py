"""Signals: what the data-protection officer should look at (PR-04, PR-05). Kept for six months."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.errors import NotFound
from didban.guard import access, audit
from didban.guard.reach import reach_of
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.signals import SIGNAL, Signal, SignalEvent, SignalState, Verdict
from didban.store import signals

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.signals import SignalKind
    from didban.store.database import Database, Transaction

KEPT_FOR: Final = timedelta(days=183)  # PR-30: six months
_BATCH: Final = 1_000


def raise_about(tx: Transaction, kind: SignalKind, actor: Actor, *, about: str = "") -> None:
    """Raise a signal, or count it to the one of its kind and user that nobody has looked at yet.

    - `actor`: in whose doing it was noticed; `about`: the user it is about, if that is another.
    """
    now = clock.now()
    new = Signal(
        id=ids.new_id("sgn"),
        kind=kind,
        state=SIGNAL.initial,
        user=about or actor.user,
        authority=actor.authority,
        count=1,
        raised_at=now,
        last_at=now,
    )
    signals.add(tx, new)
    audit.enter(tx, actor, Deed.SIGNAL_RAISED, subject=new.user, facts={"kind": kind})


def listed(
    tx: Transaction,
    actor: Actor,
    *,
    state: SignalState | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int,
) -> list[Signal]:
    """Return the signals about users of the actor's authority, or of all for the host's officer."""
    access.require(actor, Permission.ACCESS_SIGNAL_TRIAGE)
    found = signals.listed(tx, reach_of(tx, actor), state=state, after=after, limit=limit)
    audit.enter(tx, actor, Deed.SIGNAL_LISTED, facts={"count": len(found)})
    return found


def triage(tx: Transaction, actor: Actor, signal_id: str, verdict: Verdict) -> Signal:
    """Write down what a signal turned out to be. Raises NotFound, Conflict."""
    return _move(tx, actor, signal_id, SignalEvent.TRIAGE, verdict)


def close(tx: Transaction, actor: Actor, signal_id: str) -> Signal:
    """Close a signal that was triaged. Raises NotFound, Conflict."""
    return _move(tx, actor, signal_id, SignalEvent.CLOSE, None)


def run_due(database: Database, now: datetime, kept_for: timedelta = KEPT_FOR) -> int:
    """Erase signals when their time is over (PR-30); return how many."""
    with database.begin() as tx:
        return signals.delete_older(tx, now - kept_for, limit=_BATCH)


def _move(
    tx: Transaction, actor: Actor, signal_id: str, event: SignalEvent, verdict: Verdict | None
) -> Signal:
    access.require(actor, Permission.ACCESS_SIGNAL_TRIAGE)
    reach = reach_of(tx, actor)
    found = signals.get(tx, signal_id, reach)
    if found is None:
        raise NotFound("there is no signal of this identifier")
    target = SIGNAL.transition(found.state, event).target
    kept = verdict or found.verdict
    signals.move(tx, signal_id, target, verdict=kept, by=actor.user)
    deed = Deed.SIGNAL_TRIAGED if event is SignalEvent.TRIAGE else Deed.SIGNAL_CLOSED
    audit.enter(tx, actor, deed, subject=signal_id, facts={"verdict": kept or "none"})
    moved = signals.get(tx, signal_id, reach)
    assert moved is not None  # noqa: S101 - it was read in this transaction
    return moved
