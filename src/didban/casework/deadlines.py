"""Deadlines run on their own: what the clocks of hits move when they run out.

Each hit is taken in a transaction of its own, held while it is worked on, so that two processes
never do one thing twice; a clock that ran out while the node was down is found at the next pass.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban.casework import notifications, questions, triage
from didban.casework.guards import Step
from didban.casework.steps import advance, lasts, note, start, told_of_record
from didban.errors import Conflict
from didban.guard import access
from didban.model.hits import CLOCKS, Clock, HitEvent, HitNote, ReleaseGround
from didban.model.notifications import Notification, Post
from didban.store import hits

if TYPE_CHECKING:
    from datetime import datetime

    from didban.casework.ports import Desk
    from didban.model.casework import Hit
    from didban.store.database import Database, Transaction

_NOTICES: Final = {
    Clock.REPLY: Notification.QUESTION_REPEATED,
    Clock.NAMED_TIME: Notification.QUESTION_REPEATED,
    Clock.SUPPLEMENT: Notification.SUPPLEMENT_DUE,
    Clock.HOLD_WARNING: Notification.HOLD_WARNING,
    Clock.HOLD_LIMIT: Notification.HOLD_LIMIT,
    Clock.FEEDBACK: Notification.FEEDBACK_DUE,
    Clock.FINAL_OUTCOME: Notification.OUTCOME_DUE,
    Clock.REMINDER: Notification.OUTCOME_DUE,
}


def run_due(database: Database, now: datetime, desk: Desk) -> int:
    """Do what is due: clocks that ran out, and records that changed under a hit; return how many.

    A duty: idempotent, safe in several processes at once.
    """
    done = 0
    while _one(database, now, desk):
        done += 1
    while _one_outdated(database, now):
        done += 1
    return done


def _one(database: Database, now: datetime, desk: Desk) -> bool:
    with database.begin() as tx:
        hit = hits.next_due(tx, now)
        if hit is None:
            return False
        due = [running.clock for running in hits.clocks(tx, hit.id) if running.due_at <= now]
        if due:  # none, where another process did it between our look and our hold
            _run_out(tx, hit, due[0], now, desk)
        return True


def _one_outdated(database: Database, now: datetime) -> bool:
    with database.begin() as tx:
        hit = hits.next_outdated(tx)
        if hit is None:
            return False
        told = told_of_record(tx, access.system_actor(hit.authority, "deadlines"), hit, now)
        if told != hit:  # the same, where another process told it between our look and our hold
            kind = Notification.RECORD_GONE if told.is_record_gone else Notification.RECORD_CHANGED
            notifications.tell(tx, hit.authority, Post.DUTY_OFFICER, kind, hit.id, at=now)
        return True


def _run_out(tx: Transaction, hit: Hit, clock: Clock, now: datetime, desk: Desk) -> None:
    """Do what follows from one clock, once."""
    actor = access.system_actor(hit.authority, "deadlines")
    rule = CLOCKS[clock]
    if clock is Clock.RETENTION:
        hits.empty(tx, hit.id)
        note(tx, actor, hit, HitNote.CONTENT_ERASED, now)
    else:
        hit = triage.taken_up(tx, hit)
        note(tx, actor, hit, HitNote.DEADLINE_PASSED, now, facts={"clock": clock})
    if rule.is_told:
        notifications.tell(tx, hit.authority, Post.DUTY_OFFICER, _NOTICES[clock], hit.id, at=now)
    for event in rule.moves:
        step = Step(tx=tx, actor=actor, hit=hit, event=event, at=now, terms=desk.terms)
        try:
            _MOVES[event](step, desk)
        except Conflict:  # a guard says that it is another event's turn; nothing was written
            continue
        break
    if any(c.clock is clock and c.due_at <= now for c in hits.clocks(tx, hit.id)):
        _set_next(tx, hit, clock, now, desk)


def _set_next(tx: Transaction, hit: Hit, clock: Clock, now: datetime, desk: Desk) -> None:
    """Stop a clock that ran out and was not set anew; let the reminders go on."""
    hits.stop_clocks(tx, hit.id, (clock,))
    if clock is Clock.FINAL_OUTCOME:
        start(tx, hit, now, desk.terms, Clock.REMINDER)
    elif CLOCKS[clock].repeats:
        hits.start_clock(tx, hit.id, clock, now + lasts(desk.terms, clock))


def _release(step: Step, _: Desk) -> Hit:
    released = advance(replace(step, reason=ReleaseGround.HOLD_LIMIT))
    questions.take_back(step.tx, step.hit, step.at)
    return released


_MOVES: Final = {
    HitEvent.ASK_AGAIN: questions.ask_again,
    HitEvent.ESCALATE: questions.escalate,
    HitEvent.RELEASE: _release,
}
