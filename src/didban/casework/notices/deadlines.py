"""What time does to notices: a review that is late, an end that is due, a receipt that is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from didban.casework.notices import arriving, secretariat
from didban.casework.notices.publishing import end
from didban.casework.notices.steps import Board, Step, notify
from didban.casework.rounds import repeat
from didban.guard import access
from didban.model.notices import STANDING, NoticeEvent, NoticeState
from didban.model.notifications import Notification, Post
from didban.model.permissions import Permission
from didban.store import notices

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.store.database import Database, Transaction
    from didban.store.notices import NoticeReader

_MOST_AT_ONCE: Final = 200


def run_due(database: Database, now: datetime, board: Board) -> int:
    """Do what is due, and return how much that was.

    - A review that is late is told to the supervisor, once.
    - What is fulfilled is cancelled, what is over expires, what lost its record is cancelled.
    - Ended notices of others are confirmed once their record is gone here.
    - As a secretariat: a late review is told, and what a node that left handed in is erased.

    A duty: safe to be done twice, and in several processes at once.
    """
    done = 0
    for verb in (_one, _confirmed, _of_others):
        one = partial(verb, database, now, board)
        done += repeat(one, most=_MOST_AT_ONCE, of=f"notices.{verb.__name__.strip('_')}")
    return done


def overdue_receipts(
    tx: Transaction, actor: Actor, board: Board, now: datetime
) -> list[NoticeReader]:
    """Return who was told of an end for too long and has not confirmed it (PR-34)."""
    access.require(actor, Permission.CASEWORK_NOTICE_READ)
    before = now - timedelta(hours=board.terms.receipt_hours)
    return notices.unconfirmed(tx, actor.authority, before)


def _one(database: Database, now: datetime, board: Board) -> bool:
    with database.begin() as tx:
        notice = notices.next_due(tx, now)
        if notice is None:
            return False
        if notice.state is NoticeState.COMPLIANCE_REVIEW:
            notices.save(tx, replace(notice, review_due_at=None))
            notify(tx, notice, Notification.NOTICE_OVERDUE, now, post=Post.SUPERVISOR)
            return True
        is_over = notice.ends_on is not None and notice.ends_on < now.date()
        is_expiry = notice.state in STANDING and is_over
        event = NoticeEvent.EXPIRE if is_expiry else NoticeEvent.CANCEL
        actor = access.system_actor(notice.authority, "notices")
        words = "" if notice.state is NoticeState.FULFILLED else "its time or its record is over"
        end(Step(tx=tx, actor=actor, notice=notice, event=event, at=now, words=words), board)
        return True


def _confirmed(database: Database, now: datetime, board: Board) -> bool:
    with database.begin() as tx:
        return arriving.confirm_one(tx, board, now)


def _of_others(database: Database, now: datetime, _board: Board) -> bool:
    with database.begin() as tx:
        return secretariat.tell_late(tx, now) or secretariat.forget_one(tx, now)
