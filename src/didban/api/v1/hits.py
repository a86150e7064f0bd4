"""Hits: a match that a human took up, compared, asked about, and let go or closed.

No route takes an action: what a human decided is recorded (`decisions`), by another human.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field

from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.hit_shapes import (
    GateGiven,
    HitBrief,
    HitId,
    HitTold,
    HitViewTold,
    Said,
    SaidGiven,
    TakenBackGiven,
    Words,
)
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.casework import hits, non_match, questions
from didban.model.casework import HitsWanted
from didban.model.hits import OPEN, DismissReason, HitState, RefuteReason, ReleaseGround, Urgency
from didban.model.permissions import Permission
from didban.serving.desks import desk_of

router = Router("hits")


class MatchGiven(Given):
    """The match that is taken up."""

    match: Annotated[str, Field(min_length=1, max_length=64)]


class DismissGiven(Given):
    """Why the first line dismisses a match."""

    reason: DismissReason
    words: Words = ""


class ReferGiven(Given):
    """Whether a person is kept waiting while the second line looks."""

    is_held: bool = False


class SeenGiven(Given):
    """The pieces of evidence that were compared, of those in `unseen`."""

    seen: Annotated[
        tuple[Annotated[str, Field(max_length=64)], ...], Field(min_length=1, max_length=50)
    ]


class RefuteGiven(Given):
    """Why a hit does not concern who was checked."""

    reason: RefuteReason
    words: Said


class ReleaseGiven(Given):
    """On what ground a hit is let go without confirmation."""

    ground: ReleaseGround


class AskGiven(Given):
    """How soon an answer is needed, and the gate's answers."""

    urgency: Urgency
    gate: GateGiven


class AgreeGiven(Given):
    """The gate's answers, as the second person gives them."""

    gate: GateGiven


class MoreGiven(Given):
    """What the owner is asked for."""

    words: Said
    gate: GateGiven


class TokensCounted(Told):
    """Non-match tokens of an authority's hits."""

    authority: str
    living: int
    revoked: int


@router.post("/hits", status_code=201)
@needs(Permission.CASEWORK_HIT_TAKE_UP)
def take_up_match(tx: Tx, who: Who, given: MatchGiven) -> HitBrief:
    """Take a match up: from now on it is a hit."""
    return HitBrief.of(hits.take_up(tx, who, given.match))


@router.get("/hits")
@needs(Permission.CASEWORK_HIT_WORK)
def list_hits(
    tx: Tx,
    who: Who,
    paging: Paging,
    state: Annotated[list[HitState] | None, Query(max_length=20)] = None,
) -> Page[HitTold]:
    """List hits of the own authority, oldest first: the open ones, or those in some states."""
    after = int(paging.after[0]) if paging.after else 0
    wanted = HitsWanted(states=frozenset(state) if state else OPEN)
    rows = hits.listed(tx, who, wanted, limit=paging.fetch, after=after)
    return paging.page(rows, keys=lambda row: (row[0],), told=lambda row: HitTold.of(row[1]))


@router.get("/hits/{hit_id}")
@needs(Permission.CASEWORK_HIT_WORK)
def view_hit(tx: Tx, who: Who, hit_id: HitId) -> HitViewTold:
    """Open a hit: evidence, record, history, and what may happen next."""
    return HitViewTold.of(hits.view(tx, who, hit_id))


@router.post("/hits/{hit_id}/dismiss")
@needs(Permission.CASEWORK_HIT_TAKE_UP)
def dismiss_hit(tx: Tx, who: Who, node: Node, hit_id: HitId, given: DismissGiven) -> HitBrief:
    """Dismiss a match at the first line."""
    desk = desk_of(node)
    return HitBrief.of(hits.dismiss(tx, who, hit_id, desk, reason=given.reason, words=given.words))


@router.post("/hits/{hit_id}/refer")
@needs(Permission.CASEWORK_HIT_TAKE_UP)
def refer_hit(tx: Tx, who: Who, node: Node, hit_id: HitId, given: ReferGiven) -> HitBrief:
    """Give a hit to the second line."""
    return HitBrief.of(hits.refer(tx, who, hit_id, desk_of(node), is_held=given.is_held))


@router.post("/hits/{hit_id}/compare")
@needs(Permission.CASEWORK_HIT_WORK)
def compare_hit(tx: Tx, who: Who, hit_id: HitId, given: SeenGiven) -> HitViewTold:
    """Acknowledge the evidence that was compared, value by value."""
    return HitViewTold.of(hits.compare(tx, who, hit_id, given.seen))


@router.post("/hits/{hit_id}/refute")
@needs(Permission.CASEWORK_HIT_WORK)
def refute_hit(tx: Tx, who: Who, node: Node, hit_id: HitId, given: RefuteGiven) -> HitTold:
    """Find that a hit does not concern who was checked: the same pair stays silent from now on."""
    desk = desk_of(node)
    return HitTold.of(hits.refute(tx, who, hit_id, desk, reason=given.reason, words=given.words))


@router.post("/hits/{hit_id}/release")
@needs(Permission.CASEWORK_HIT_WORK)
def release_hit(tx: Tx, who: Who, hit_id: HitId, given: ReleaseGiven) -> HitTold:
    """Let a hit go without confirmation; nothing adverse stays based on it."""
    return HitTold.of(hits.release(tx, who, hit_id, given.ground))


@router.post("/hits/{hit_id}/reopen")
@needs(Permission.CASEWORK_HIT_WORK)
def reopen_hit(tx: Tx, who: Who, hit_id: HitId, given: SaidGiven) -> HitTold:
    """Take up a closed or dismissed hit again, on a new fact."""
    return HitTold.of(hits.reopen(tx, who, hit_id, given.words))


@router.post("/hits/{hit_id}/question")
@needs(Permission.CASEWORK_HIT_WORK)
def ask_owner(tx: Tx, who: Who, node: Node, hit_id: HitId, given: AskGiven) -> HitTold:
    """Ask the owner of the record, behind the gate: openly, withheld, or not at all."""
    gate = given.gate.gate()
    return HitTold.of(
        questions.ask(tx, who, hit_id, desk_of(node), urgency=given.urgency, gate=gate)
    )


@router.post("/hits/{hit_id}/question/agree")
@needs(Permission.CASEWORK_HIT_WORK)
def agree_to_question(tx: Tx, who: Who, node: Node, hit_id: HitId, given: AgreeGiven) -> HitTold:
    """Let a withheld question leave, as the second person."""
    gate = given.gate.gate()
    return HitTold.of(questions.agree(tx, who, hit_id, desk_of(node), gate=gate))


@router.post("/hits/{hit_id}/question/withdraw")
@needs(Permission.CASEWORK_HIT_WORK)
def withdraw_question(
    tx: Tx, who: Who, hit_id: HitId, given: TakenBackGiven | None = None
) -> HitTold:
    """Take back a question that waits for a second person, or send it back with a reason."""
    words = given.words if given else ""
    return HitTold.of(questions.withdraw_draft(tx, who, hit_id, words))


@router.post("/hits/{hit_id}/supplement")
@needs(Permission.CASEWORK_HIT_WORK)
def ask_for_more(tx: Tx, who: Who, node: Node, hit_id: HitId, given: MoreGiven) -> HitTold:
    """Ask the owner for supplementary information."""
    gate = given.gate.gate()
    return HitTold.of(
        questions.ask_more(tx, who, hit_id, desk_of(node), words=given.words, gate=gate)
    )


@router.get("/non-match-tokens")
@needs(Permission.CASEWORK_TOKEN_READ)
def count_tokens(tx: Tx, who: Who) -> list[TokensCounted]:
    """Count the pairs that stay silent, by whose hits."""
    return [
        TokensCounted(authority=code, living=living, revoked=revoked)
        for code, living, revoked in non_match.counted(tx, who)
    ]
