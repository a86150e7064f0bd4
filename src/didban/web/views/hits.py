"""Hits: the inbox of the second line, and the decision about one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.casework import decisions, hits, questions
from didban.model.casework import Disclosure, Gate, HitsWanted
from didban.model.hits import RefuteReason, ReleaseGround, Urgency
from didban.model.permissions import Permission
from didban.serving.desks import desk_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged, place
from didban.web.presenters import evidence, triage
from didban.web.presenters import hits as shaped
from didban.web.presenters import shelf as shelves

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("hits")

_BESIDE: Final = 12  # rows of the queue beside a hit


@room.page("/hits", Permission.CASEWORK_HIT_WORK)
def queue(desk: Desk) -> Page:
    """Show the inbox: open hits, oldest first, or those that a filter leaves."""
    chosen = shaped.filter_of(desk.request.query_params)
    found = hits.waiting(
        desk.tx, desk.who, shaped.wanted(desk, chosen), limit=ROWS + 1, after=place(desk) or 0
    )
    rows, following = paged(desk, [(row.number, row) for row in found])
    return Page(
        "pages/hits/queue.html",
        handling=tuple(row.confidentiality for row in rows if row.confidentiality is not None),
        rows=rows,
        chosen=chosen,
        shaped=shaped,
        chips=shaped.chips(desk, chosen),
        in_short=lambda hit: evidence.in_short(desk.speech, hit.evidence),
        undo=desk.asked("undo"),
        next=following,
        sorting=triage.of(desk, rows),
        views=shelves.views_of(desk, "hits.queue"),
    )


@room.page("/hits/{hit_id}", Permission.CASEWORK_HIT_WORK)
def hit(desk: Desk, hit_id: str) -> Page:
    """Show a hit: value against value, what its owner asks, and what can be decided."""
    view = hits.view(desk.tx, desk.who, hit_id)
    beside = hits.waiting(desk.tx, desk.who, HitsWanted(is_aside=False), limit=_BESIDE)
    return Page(
        "pages/hits/hit.html",
        handling=() if view.confidentiality is None else (view.confidentiality,),
        view=view,
        beside=beside,
        shaped=shaped,
        doing=shaped.doing_of(desk, view),
        rows=shaped.rows_of(desk, view),
        more_rows=shaped.more_rows(view.shown),
        score_words=evidence.score_words(view.hit.score),
        streak=decisions.streak(desk.tx, desk.who),
        dwell=desk.services.settings.casework.dwell_seconds,
        RefuteReason=RefuteReason,
        ReleaseGround=ReleaseGround,
        Urgency=Urgency,
        Disclosure=Disclosure,
    )


@room.deed("/hits/{hit_id}/compare", Permission.CASEWORK_HIT_WORK, again=hit)
def compare(desk: Desk, hit_id: str) -> Go:
    """Acknowledge which values were compared (PR-26)."""
    seen = desk.form.all("seen")
    if not seen:
        desk.form.blame("seen", N_("Tick each row that you compared."))
    desk.form.require()
    hits.compare(desk.tx, desk.who, hit_id, seen)
    came_from = desk.next or desk.url("hits.hit", hit_id=hit_id)
    return Go(came_from, said=N_("What you compared is noted."), anchor="decide")


@room.deed("/hits/{hit_id}/refute", Permission.CASEWORK_HIT_WORK, again=hit)
def refute(desk: Desk, hit_id: str) -> Go:
    """Find that a hit is somebody else: it is closed, and this pair stays silent."""
    form = desk.form
    reason = form.one_of("reason", RefuteReason)
    words = form.text("words", needed=True, most=4_000)
    if hits.unseen(desk.tx, desk.who, hit_id):
        form.blame("seen", N_("Compare every row first, and tick it."))
    form.require()
    hits.refute(desk.tx, desk.who, hit_id, desk_of(desk.services), reason=str(reason), words=words)
    return Go("hits.queue", said=N_("The hit is closed as somebody else."), query={"undo": hit_id})


@room.deed("/hits/{hit_id}/release", Permission.CASEWORK_HIT_WORK, again=hit)
def release(desk: Desk, hit_id: str) -> Go:
    """Let a hit go without confirmation; nothing adverse stays based on it."""
    ground = desk.form.one_of("ground", ReleaseGround)
    desk.form.require()
    assert ground is not None  # noqa: S101 - `require` has seen to it
    hits.release(desk.tx, desk.who, hit_id, ground)
    return _back(hit_id, said=N_("The hit is let go without confirmation."))


@room.deed("/hits/{hit_id}/reopen", Permission.CASEWORK_HIT_WORK, again=hit)
def reopen(desk: Desk, hit_id: str) -> Go:
    """Take up a closed hit again: everything is looked at anew."""
    words = desk.form.text("fact", needed=True, most=4_000)
    desk.form.require()
    hits.reopen(desk.tx, desk.who, hit_id, words)
    return _back(hit_id, said=N_("The hit is open again."))


@room.deed("/hits/{hit_id}/again", Permission.CASEWORK_HIT_TAKE_UP, again=hit)
def refer_again(desk: Desk, hit_id: str) -> Go:
    """Give a reopened hit back to the second line."""
    is_held = desk.form.yes_or_no("held")
    desk.form.require()
    hits.refer(desk.tx, desk.who, hit_id, desk_of(desk.services), is_held=bool(is_held))
    return _back(hit_id, said=N_("The hit is with the second line."))


@room.deed("/hits/{hit_id}/question", Permission.CASEWORK_HIT_WORK, again=hit)
def ask(desk: Desk, hit_id: str) -> Go:
    """Ask the owner, behind the gate: openly, withheld, or not at all (PR-53)."""
    form = desk.form
    urgency = form.one_of("urgency", Urgency)
    gate = _gate(desk, form.one_of("disclosure", Disclosure))
    assert urgency is not None  # noqa: S101 - `_gate` has seen to it
    questions.ask(desk.tx, desk.who, hit_id, desk_of(desk.services), urgency=urgency, gate=gate)
    said = {
        Disclosure.FULL: N_("The owner is asked, and its clock runs."),
        Disclosure.WITHHELD: N_("The question waits for a second person."),
        Disclosure.NONE: N_("No question leaves. The hit is let go without confirmation."),
    }[gate.disclosure]
    return _back(hit_id, said=said)


@room.deed("/hits/{hit_id}/question/withdraw", Permission.CASEWORK_HIT_WORK, again=hit)
def withdraw(desk: Desk, hit_id: str) -> Go:
    """Take back a question that waits for a second person."""
    questions.withdraw_draft(desk.tx, desk.who, hit_id)
    return _back(hit_id, said=N_("The question is taken back."))


@room.deed("/hits/{hit_id}/supplement", Permission.CASEWORK_HIT_WORK, again=hit)
def ask_more(desk: Desk, hit_id: str) -> Go:
    """Ask an owner that was openly asked for more than the record says."""
    words = desk.form.text("needed", needed=True, most=4_000)
    gate = _gate(desk, Disclosure.FULL)
    questions.ask_more(desk.tx, desk.who, hit_id, desk_of(desk.services), words=words, gate=gate)
    return _back(hit_id, said=N_("The owner is asked for more."))


def _gate(desk: Desk, disclosure: Disclosure | None) -> Gate:
    """Return the gate's answers; none is taken for granted. Raises InvalidFields."""
    form = desk.form
    claim, papers, flagged = (
        form.yes_or_no(name) for name in ("claim_for_protection", "refugee_papers", "flagged")
    )
    form.require()
    assert disclosure is not None  # noqa: S101 - `require` has seen to it
    return Gate(
        claim_for_protection=bool(claim),
        refugee_papers=bool(papers),
        flagged=bool(flagged),
        disclosure=disclosure,
    )


def _back(hit_id: str, *, said: str = "", anchor: str = "") -> Go:
    return Go("hits.hit", path={"hit_id": hit_id}, said=said, anchor=anchor)
