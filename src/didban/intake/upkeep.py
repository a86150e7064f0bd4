"""The duty that keeps records honest: silence suspends them, and time ends them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban.guard import access, audit
from didban.model.bank import SuspensionCause
from didban.model.deeds import Deed
from didban.model.document_life import RECORD_LIFE, LifeEvent, ended_by
from didban.store import records, refusals, suspensions, upkeep

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Database

GRACE: Final = timedelta(days=30)
"""A record that its owner did not confirm is shown as unverified first, and suspended after this."""

DUTY: Final = "records.upkeep"
_BATCH: Final = 200  # records of one transaction


def run_due(database: Database, now: datetime) -> int:
    """Do what is due, and return to how many records.

    - Suspend what the owner did not confirm: persons yearly, documents every five years (PR-22).
    - End what is about a document that expired ten years ago (4.1).
    - Forget refusals whose time is over (PR-57).
    """
    done = 0
    for step in (_suspend_unconfirmed, _end_expired):
        while count := step(database, now):
            done += count
    with database.begin() as tx:
        refusals.forget_older(tx, now.date())
    return done


def _suspend_unconfirmed(database: Database, now: datetime) -> int:
    with database.begin() as tx:
        found = upkeep.unconfirmed(tx, now.date(), GRACE, _BATCH)
        for kept in found:
            actor = access.system_actor(kept.owner, DUTY)
            cause = SuspensionCause.UNCONFIRMED
            suspensions.suspend(
                tx, kept, cause, actor, at=now, reason="not confirmed by its owner in time"
            )
            audit.enter(
                tx, actor, Deed.RECORD_SUSPENDED, subject=kept.id, facts={"cause": cause.value}
            )
    return len(found)


def _end_expired(database: Database, now: datetime) -> int:
    with database.begin() as tx:
        found = upkeep.naturally_ended(tx, ended_by(now.date()), _BATCH)
        for kept in found:
            actor = access.system_actor(kept.owner, DUTY)
            target = RECORD_LIFE.transition(kept.state, LifeEvent.EXPIRE).target
            made = records.set_state(
                tx, kept, target, at=now, by=actor.user, reason="the document expired long ago"
            )
            facts = {"version": made.version}
            audit.enter(tx, actor, Deed.RECORD_EXPIRED, subject=kept.id, facts=facts)
    return len(found)
