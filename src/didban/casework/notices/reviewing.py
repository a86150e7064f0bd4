"""The compliance review: another person than the drafter returns, refuses or approves (PR-13)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from didban import clock
from didban.casework.notices.steps import Step, advance, locked, notify
from didban.errors import InvalidInput
from didban.guard import access
from didban.model.notices import Flag, NoticeEvent, RefusedGround, needs_two
from didban.model.notifications import Notification
from didban.model.permissions import Permission

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.store.database import Transaction
    from didban.store.notices import Notice

_E = NoticeEvent


def send_back(tx: Transaction, actor: Actor, notice_id: str, *, words: str) -> Notice:
    """Return a notice to its drafter with questions; the clock stops. Raises NotFound, Conflict."""
    step = _step(tx, actor, notice_id, _E.RETURN, words=words)
    return _told(step, advance(step, endorsed_by=None))


def refuse(
    tx: Transaction, actor: Actor, notice_id: str, *, ground: RefusedGround, words: str
) -> Notice:
    """Refuse a notice on a ground; it may be appealed once, to another reviewer."""
    step = _step(tx, actor, notice_id, _E.REFUSE, words=words, ground=ground)
    return _told(step, advance(step, refused_by=actor.user))


def approve(
    tx: Transaction,
    actor: Actor,
    notice_id: str,
    *,
    flags: frozenset[Flag] = frozenset(),
    words: str = "",
) -> Notice:
    """Approve a notice; where it is flagged, the first reviewer endorses, and the second approves.

    - `flags`: that the reviewer raises; none can be taken away.

    Raises NotFound, Conflict; NotPermitted for the drafter, for who refused it before, for the same
    person twice, or where something keeps it from leaving.
    """
    if Flag.REPEAT in flags:
        raise InvalidInput("flags: that it is a repeat, the node finds itself")
    step = _step(tx, actor, notice_id, _E.APPROVE, words=words)
    flagged = replace(step.notice, flags=step.notice.flags | flags)
    step = replace(step, notice=flagged)
    if needs_two(flagged.flags) and flagged.endorsed_by is None:
        return advance(replace(step, event=_E.ENDORSE), endorsed_by=actor.user)
    return _told(step, advance(step))


def _step(
    tx: Transaction,
    actor: Actor,
    notice_id: str,
    event: NoticeEvent,
    *,
    words: str,
    ground: RefusedGround | None = None,
) -> Step:
    access.require(actor, Permission.CASEWORK_NOTICE_REVIEW)
    kept = locked(tx, actor, notice_id)
    return Step(
        tx=tx, actor=actor, notice=kept, event=event, at=clock.now(), words=words, ground=ground
    )


def _told(step: Step, reviewed: Notice) -> Notice:
    notify(step.tx, reviewed, Notification.NOTICE_REVIEWED, step.at)
    return reviewed
