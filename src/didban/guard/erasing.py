"""What happens to records when their time ends, without anybody doing anything (PR-31 to PR-33)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import ids
from didban.guard import access, audit, signals
from didban.model.bank import FOUND, SuspensionCause
from didban.model.deeds import Deed
from didban.model.notifications import Notification, Post
from didban.model.retention import ErasureReason, is_object
from didban.model.signals import SignalKind
from didban.store import erasure, notifications, records, retention, suspensions
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from didban.model.retention import RetentionPolicy
    from didban.store.database import Database, Transaction
    from didban.store.retention import Ended

_DUTY: Final = "retention"
_BATCH: Final = 100


def run_due(database: Database, now: datetime, policy: RetentionPolicy, path: Path) -> int:
    """Warn of what ends, erase what has ended, suspend what nobody justified; return how many.

    - `path`: the list of erasures beside the node's data, which every restore obeys.
    """
    done = 0
    for step in (_warn, _erase, _suspend):
        while True:
            with database.begin() as tx:
                count = step(tx, now, policy)
            done += count
            if count < _BATCH:
                break
    erasure.write_list(database, path, now)
    return done


def _warn(tx: Transaction, now: datetime, policy: RetentionPolicy) -> int:
    """Open the reviews of what ends soon, and tell its owners how many there are."""
    until = now.date() + timedelta(days=policy.warning_days)
    told = retention.warn(tx, until, now, most=_BATCH)
    for owner, count in told.items():
        for contact in notifications.contacts(tx, owner):
            if contact.post is Post.SUPERVISOR:
                notifications.put(
                    tx,
                    contact,
                    Notification.RETENTION_ENDS,
                    "reviews",
                    at=now,
                    not_before=now,
                    due_at=None,
                )
        actor = access.system_actor(owner, _DUTY)
        audit.enter(tx, actor, Deed.RETENTION_WARNED, facts={"count": count})
    return sum(told.values())


def _erase(tx: Transaction, now: datetime, _policy: RetentionPolicy) -> int:
    """Erase what nobody keeps."""
    over = retention.ended(tx, now.date(), most=_BATCH)
    for one in over:
        if one.due_on is not None:
            _count_lapse(tx, one, one.due_on, now)
        erasure.erase(tx, one.record, ErasureReason.RETENTION_ENDED, now)
        actor = access.system_actor(one.owner, _DUTY)
        reason = {"reason": ErasureReason.RETENTION_ENDED}
        audit.enter(tx, actor, Deed.RECORD_ERASED, subject=one.record, facts=reason)
    return len(over)


def _count_lapse(tx: Transaction, one: Ended, due_on: date, now: datetime) -> None:
    """Count a review that nobody answered, for the statistics of extensions (PR-32)."""
    retention.note_lapsed(
        tx,
        {
            "id": ids.new_id("asm"),
            "owner": one.owner,
            "is_object": is_object(one.schema),
            "decision": "lapse",
            "assessment": "",
            "assessed_by": f"duty:{_DUTY}",
            "assessed_at": now,
            "due_on": due_on,
        },
    )


def _suspend(tx: Transaction, now: datetime, _policy: RetentionPolicy) -> int:
    """Suspend what was neither deleted nor justified in time, and tell the officer (PR-33)."""
    late = retention.unanswered(tx, now.date(), most=_BATCH)
    for record_id, owner in late:
        actor = access.system_actor(owner, _DUTY)
        kept = records.get(tx, record_id, open_to(tx, actor), to_change=True)
        retention.note_suspended(tx, record_id, now)
        if kept is None or kept.state not in FOUND:
            continue
        cause = SuspensionCause.PURPOSE_ACHIEVED
        why = "the purpose is achieved, and nobody said why it is still needed"
        suspensions.suspend(tx, kept, cause, actor, at=now, reason=why)
        signals.raise_about(tx, SignalKind.PURPOSE_ACHIEVED, actor)
        facts = {"cause": cause}
        audit.enter(tx, actor, Deed.RECORD_SUSPENDED, subject=record_id, facts=facts)
    return len(late)
