"""What makes a hit confirmed without its owner's answer, what a human decides, and what became of it.

Each is a record of what people did. Nothing here acts on anybody (PR-26).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.hit_shapes import HitId, HitTold, Said, SaidGiven, Words
from didban.api.v1.pages import Given
from didban.api.v1.shapes import RecordShown
from didban.casework import confirmations, decisions
from didban.model.alerts import Action
from didban.model.hits import NotActedReason, Outcome
from didban.model.permissions import Permission
from didban.serving.desks import desk_of

router = Router("decisions")


class DecisionGiven(Given):
    """What was decided, and the provision that allows it here."""

    action: Action
    legal_basis: Annotated[str, Field(min_length=1, max_length=500)]


class NoActionGiven(Given):
    """Why what the owner asks is not done here."""

    reason: NotActedReason
    words: Said


class OutcomeGiven(Given):
    """What became of it."""

    outcome: Outcome
    words: Words = ""


@router.post("/hits/{hit_id}/current-text")
@needs(Permission.CASEWORK_HIT_WORK)
def show_current_text(tx: Tx, who: Who, hit_id: HitId) -> RecordShown:
    """Show what a public list says now, and record that it was shown."""
    return RecordShown.of(confirmations.show_current_text(tx, who, hit_id))


@router.post("/hits/{hit_id}/confirm-public")
@needs(Permission.CASEWORK_HIT_WORK)
def confirm_public(tx: Tx, who: Who, hit_id: HitId) -> HitTold:
    """Confirm a hit on a public list, as the second person who compared its current text."""
    return HitTold.of(confirmations.confirm_public(tx, who, hit_id))


@router.post("/hits/{hit_id}/unreachable")
@needs(Permission.CASEWORK_HIT_WORK)
def record_unreachable(tx: Tx, who: Who, hit_id: HitId, given: SaidGiven) -> HitTold:
    """Record how an owner was tried that did not answer."""
    return HitTold.of(confirmations.record_unreachable(tx, who, hit_id, given.words))


@router.post("/hits/{hit_id}/confirm-unreachable")
@needs(Permission.CASEWORK_HIT_SUPERVISE)
def confirm_unreachable(tx: Tx, who: Who, hit_id: HitId, given: SaidGiven) -> HitTold:
    """Confirm a hit without its owner, as a supervisor who took no part before."""
    return HitTold.of(confirmations.confirm_unreachable(tx, who, hit_id, given.words))


@router.post("/hits/{hit_id}/decision")
@needs(Permission.CASEWORK_HIT_DECIDE)
def record_decision(tx: Tx, who: Who, node: Node, hit_id: HitId, given: DecisionGiven) -> HitTold:
    """Record what a second person decided to do about a confirmed hit."""
    desk = desk_of(node)
    return HitTold.of(
        decisions.take_action(
            tx, who, hit_id, desk, action=given.action, legal_basis=given.legal_basis
        )
    )


@router.post("/hits/{hit_id}/no-action")
@needs(Permission.CASEWORK_HIT_DECIDE)
def record_no_action(tx: Tx, who: Who, node: Node, hit_id: HitId, given: NoActionGiven) -> HitTold:
    """Record that a second person decided not to do what is asked, and why."""
    desk = desk_of(node)
    return HitTold.of(
        decisions.cannot_act(tx, who, hit_id, desk, reason=given.reason, words=given.words)
    )


@router.post("/hits/{hit_id}/outcome")
@needs(Permission.CASEWORK_HIT_WORK)
def record_outcome(tx: Tx, who: Who, node: Node, hit_id: HitId, given: OutcomeGiven) -> HitTold:
    """Record what became of a hit."""
    desk = desk_of(node)
    return HitTold.of(
        decisions.record_outcome(tx, who, hit_id, desk, outcome=given.outcome, words=given.words)
    )


@router.post("/hits/{hit_id}/feedback")
@needs(Permission.CASEWORK_HIT_WORK)
def send_feedback(tx: Tx, who: Who, node: Node, hit_id: HitId) -> HitTold:
    """Tell the owner the outcome, and close the hit."""
    return HitTold.of(decisions.send_feedback(tx, who, hit_id, desk_of(node)))


@router.post("/hits/{hit_id}/close")
@needs(Permission.CASEWORK_HIT_WORK)
def close_without_feedback(tx: Tx, who: Who, node: Node, hit_id: HitId) -> HitTold:
    """Close a hit of which its owner may not hear."""
    return HitTold.of(decisions.close_without_feedback(tx, who, hit_id, desk_of(node)))
