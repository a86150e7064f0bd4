"""Confirmed without the owner's answer: a public list, or an owner that cannot be reached.

Both need two persons. A public list is compared with its current text, which is shown and the
showing recorded; an unreachable owner was asked in every round, both sides' superiors were told,
and what else was tried stands in the hit's history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban import clock
from didban.casework.guards import Step, text_item
from didban.casework.questions import take_back
from didban.casework.steps import advance, locked, note
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access
from didban.guard.disclosure import shown_to
from didban.model.actors import AuthorityKind
from didban.model.hits import HitEvent, HitNote, HitState
from didban.model.permissions import Permission
from didban.store import hits, records
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.model.actors import Actor
    from didban.model.casework import Hit
    from didban.store.database import Transaction


def show_current_text(tx: Transaction, actor: Actor, hit_id: str) -> Mapping[str, Any]:
    """Return what a public list says now of the hit's record, and record that it was shown.

    Raises Conflict where the owner publishes no list or its list does not hold the record any more.
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    if hits.kind_of_owner(tx, hit.owner) != AuthorityKind.PUBLISHER:
        raise Conflict("the owner of this record is no publisher of a list: ask it")
    if hit.is_record_gone:
        raise Conflict("the list does not hold this record any more")
    record = records.get(tx, hit.record, open_to(tx, actor))
    if record is None:
        raise NotFound("the record is not open to you")
    hits.see(tx, hit.id, actor.user, (text_item(hit),), at)
    note(tx, actor, hit, HitNote.CURRENT_TEXT_SHOWN, at, facts={"version": hit.record_version})
    return shown_to(tx, actor, record)


def confirm_public(tx: Transaction, actor: Actor, hit_id: str) -> Hit:
    """Confirm a hit on a public list: a second person compared it with the current text."""
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(tx=tx, actor=actor, hit=hit, event=HitEvent.CONFIRM_PUBLIC, at=at)
    return advance(step, facts={"version": hit.record_version})


def record_unreachable(tx: Transaction, actor: Actor, hit_id: str, words: str) -> Hit:
    """Record how the owner was tried, after every round and the escalation brought nothing."""
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    if hit.state is not HitState.ESCALATED:
        raise Conflict("the owner counts as unreachable only after the escalation")
    if not words.strip():
        raise InvalidInput("words: say whom you tried to reach, when and how")
    note(tx, actor, hit, HitNote.UNREACHABLE_RECORDED, at, words=words)
    return hit


def confirm_unreachable(tx: Transaction, actor: Actor, hit_id: str, words: str) -> Hit:
    """Confirm without the owner: a supervisor who neither asked nor recorded how it was tried."""
    access.require(actor, Permission.CASEWORK_HIT_SUPERVISE)
    at = clock.now()
    hit = locked(tx, actor, hit_id, at)
    step = Step(tx=tx, actor=actor, hit=hit, event=HitEvent.CONFIRM_UNREACHABLE, at=at, words=words)
    confirmed = advance(step)
    take_back(tx, hit, at)
    return confirmed
