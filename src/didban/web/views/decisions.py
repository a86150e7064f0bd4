"""What a second person decides about a hit, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.casework import confirmations, decisions, hits, questions
from didban.model.alerts import Action
from didban.model.casework import Disclosure, Gate
from didban.model.hits import LESSER, HitEvent, NotActedReason, Outcome
from didban.model.permissions import Permission
from didban.serving.desks import desk_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.presenters import hits as shaped

if TYPE_CHECKING:
    from didban.casework.hits import HitView
    from didban.web.desk import Desk

room = Room("decisions")


@room.page("/hits/{hit_id}/second", Permission.CASEWORK_HIT_WORK)
def second(desk: Desk, hit_id: str) -> Page:
    """Show what waits for a second person: the decision of the first, and what agreeing changes."""
    return _page(desk, hit_id, "pages/decisions/second.html")


@room.page("/hits/{hit_id}/outcome", Permission.CASEWORK_HIT_WORK)
def after(desk: Desk, hit_id: str) -> Page:
    """Show what is still owed after the decision: the outcome, and the word to the owner."""
    return _page(desk, hit_id, "pages/decisions/outcome.html")


@room.deed("/hits/{hit_id}/question/agree", Permission.CASEWORK_HIT_WORK, again=second)
def agree(desk: Desk, hit_id: str) -> Go:
    """Let a withheld question leave, as the second person (PR-53)."""
    form = desk.form
    claim, papers, flagged = (
        form.yes_or_no(name) for name in ("claim_for_protection", "refugee_papers", "flagged")
    )
    form.require()
    gate = Gate(
        claim_for_protection=bool(claim),
        refugee_papers=bool(papers),
        flagged=bool(flagged),
        disclosure=Disclosure.WITHHELD,
    )
    questions.agree(desk.tx, desk.who, hit_id, desk_of(desk.services), gate=gate)
    return _on(hit_id, N_("The question leaves at a moment that is drawn by lot."))


@room.deed("/hits/{hit_id}/question/back", Permission.CASEWORK_HIT_WORK, again=second)
def send_back(desk: Desk, hit_id: str) -> Go:
    """Send a drafted question back to the second line, which decides anew, and say why."""
    words = desk.form.text("back", needed=True, most=4_000)
    desk.form.require()
    questions.withdraw_draft(desk.tx, desk.who, hit_id, words)
    return _on(hit_id, N_("The question is sent back. The hit is with the second line."))


@room.deed("/hits/{hit_id}/current-text", Permission.CASEWORK_HIT_WORK, again=second)
def read_text(desk: Desk, hit_id: str) -> Go:
    """Show what a public list says now; the showing is recorded."""
    confirmations.show_current_text(desk.tx, desk.who, hit_id)
    return Go("decisions.second", path={"hit_id": hit_id}, anchor="record")


@room.deed("/hits/{hit_id}/confirm-public", Permission.CASEWORK_HIT_WORK, again=second)
def confirm_public(desk: Desk, hit_id: str) -> Go:
    """Confirm a hit on a public list, as the second person who compared its current text."""
    if not desk.form.is_ticked("compared"):
        desk.form.blame("compared", N_("Tick it once you have compared."))
    desk.form.require()
    confirmations.confirm_public(desk.tx, desk.who, hit_id)
    return _on(hit_id, N_("The hit is confirmed by the list's current text."))


@room.deed("/hits/{hit_id}/unreachable", Permission.CASEWORK_HIT_WORK, again=second)
def record_unreachable(desk: Desk, hit_id: str) -> Go:
    """Record how an owner was tried that did not answer."""
    words = desk.form.text("tried", needed=True, most=4_000)
    desk.form.require()
    confirmations.record_unreachable(desk.tx, desk.who, hit_id, words)
    return _on(hit_id, N_("It is recorded how the owner was tried."))


@room.deed("/hits/{hit_id}/confirm-unreachable", Permission.CASEWORK_HIT_SUPERVISE, again=second)
def confirm_unreachable(desk: Desk, hit_id: str) -> Go:
    """Confirm a hit without its owner, as a supervisor who took no part before."""
    words = desk.form.text("why", needed=True, most=4_000)
    desk.form.require()
    confirmations.confirm_unreachable(desk.tx, desk.who, hit_id, words)
    return _on(hit_id, N_("The hit is confirmed without its owner."))


@room.deed("/hits/{hit_id}/decision", Permission.CASEWORK_HIT_DECIDE, again=second)
def take_action(desk: Desk, hit_id: str) -> Go:
    """Record what a second person decided to do about a confirmed hit."""
    action = desk.form.one_of("action", Action)
    basis = desk.form.text("basis", needed=True, most=500)
    _require_compared(desk, hit_id)
    desk.form.require()
    assert action is not None  # noqa: S101 - `require` has seen to it
    decisions.take_action(
        desk.tx, desk.who, hit_id, desk_of(desk.services), action=action, legal_basis=basis
    )
    return _next(hit_id, N_("The decision is recorded."))


@room.deed("/hits/{hit_id}/no-action", Permission.CASEWORK_HIT_DECIDE, again=second)
def decline(desk: Desk, hit_id: str) -> Go:
    """Record that a second person decided not to do what is asked, and why."""
    reason = desk.form.one_of("reason", NotActedReason)
    words = desk.form.text("words", needed=True, most=4_000)
    _require_compared(desk, hit_id)
    desk.form.require()
    assert reason is not None  # noqa: S101 - `require` has seen to it
    decisions.cannot_act(
        desk.tx, desk.who, hit_id, desk_of(desk.services), reason=reason, words=words
    )
    return _next(hit_id, N_("It is recorded that what is asked is not done."))


@room.deed("/hits/{hit_id}/outcome", Permission.CASEWORK_HIT_WORK, again=after)
def record_outcome(desk: Desk, hit_id: str) -> Go:
    """Record what became of a hit."""
    outcome = desk.form.one_of("outcome", Outcome)
    words = desk.form.text("words", most=4_000)
    desk.form.require()
    assert outcome is not None  # noqa: S101 - `require` has seen to it
    decisions.record_outcome(
        desk.tx, desk.who, hit_id, desk_of(desk.services), outcome=outcome, words=words
    )
    return _next(hit_id, N_("The outcome is recorded."))


@room.deed("/hits/{hit_id}/feedback", Permission.CASEWORK_HIT_WORK, again=after)
def tell_owner(desk: Desk, hit_id: str) -> Go:
    """Tell the owner the outcome, and close the hit."""
    decisions.send_feedback(desk.tx, desk.who, hit_id, desk_of(desk.services))
    return Go("hits.queue", said=N_("The owner is told the outcome. The hit is closed."))


@room.deed("/hits/{hit_id}/close", Permission.CASEWORK_HIT_WORK, again=after)
def close(desk: Desk, hit_id: str) -> Go:
    """Close a hit of which its owner may not hear (PR-53)."""
    decisions.close_without_feedback(desk.tx, desk.who, hit_id, desk_of(desk.services))
    return Go("hits.queue", said=N_("The hit is closed. Its owner hears nothing of it."))


def _page(desk: Desk, hit_id: str, template: str) -> Page:
    view = hits.view(desk.tx, desk.who, hit_id)
    return Page(
        template,
        handling=() if view.confidentiality is None else (view.confidentiality,),
        view=view,
        shaped=shaped,
        rows=shaped.rows_of(desk, view),
        more_rows=shaped.more_rows(view.shown),
        doing=shaped.doing_of(desk, view),
        actions=_actions(view),
        streak=decisions.streak(desk.tx, desk.who),
        dwell=desk.services.settings.casework.dwell_seconds,
        HitEvent=HitEvent,
        NotActedReason=NotActedReason,
        Outcome=Outcome,
    )


def _actions(view: HitView) -> list[Action]:
    """Return what may be decided: what the record asks now, and anything lesser."""
    asked = view.standing.action if view.standing else None
    if asked is None:
        return []
    return [asked, *(each for each in Action if each in LESSER[asked])]


def _require_compared(desk: Desk, hit_id: str) -> None:
    if hits.unseen(desk.tx, desk.who, hit_id):
        desk.form.blame("seen", N_("Compare every row first, and tick it."))


def _on(hit_id: str, said: str) -> Go:
    return Go("hits.hit", path={"hit_id": hit_id}, said=said)


def _next(hit_id: str, said: str) -> Go:
    return Go("decisions.after", path={"hit_id": hit_id}, said=said)
