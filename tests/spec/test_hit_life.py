"""The machine of a hit (state-machines 4.2), walked: every state with every event."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casework_help import CLAIMED, CLEAR, CLERK, HEAD, OFFICER, OTHER, OWNER, Scene, scene
from didban.casework import answers, confirmations, deadlines, decisions, hits, questions
from didban.casework.guards import Step
from didban.casework.steps import advance
from didban.errors import Conflict, DidbanError
from didban.guard.access import system_actor
from didban.model.alerts import Action
from didban.model.casework import AnswerKind, Disclosure
from didban.model.hits import HIT, Clock, HitEvent, HitState, NotActedReason, Outcome, Urgency
from didban.store import hits as store

S, E = HitState, HitEvent
NODE = system_actor("xar", "deadlines")


def waiting(made):
    """Return a hit whose owner named a time."""
    until = made.clock.now() + timedelta(hours=8)
    return made.answered(made.asked(), AnswerKind.WILL_BE_CONFIRMED, until=until)


def escalated(made):
    """Return a hit whose owner never answered."""
    hit_id = made.asked()
    for _ in range(3):
        pass_deadline(made, hit_id)
    return hit_id


def released(made):
    """Return a hit about which no question may leave."""
    hit_id = made.referred()
    bar_question(made, hit_id)
    return hit_id


def not_acted(made):
    """Return a hit on which another person decided not to act."""
    hit_id = made.confirmed()
    decline(made, hit_id)
    return hit_id


def outcome(made):
    """Return a hit with an outcome."""
    hit_id = made.acted()
    record_outcome(made, hit_id)
    return hit_id


def outcome_of_released(made):
    """Return a hit with an outcome, about which the owner was never asked."""
    hit_id = released(made)
    record_outcome(made, hit_id)
    return hit_id


def dismissed(made):
    """Return a dismissed match."""
    hit_id = made.taken_up()
    dismiss(made, hit_id)
    return hit_id


def reopened(made):
    """Return a hit on which a new fact came up."""
    hit_id = made.closed()
    reopen(made, hit_id)
    return hit_id


def standing_at(state):
    """Return a way to a hit in a state through which it only passes."""

    def way(made):
        hit_id = made.closed()
        with made.database.begin() as tx:
            store.save(tx, replace(made.hit(hit_id), state=state))
        return hit_id

    return way


WAYS = {
    S.MATCH: Scene.taken_up,
    S.DISMISSED: dismissed,
    S.SECOND_LINE: Scene.referred,
    S.REFUTED: standing_at(S.REFUTED),
    S.CONFIRMATION_REQUESTED: Scene.asked,
    S.WAITING: waiting,
    S.ESCALATED: escalated,
    S.RELEASED_UNCONFIRMED: released,
    S.CONFIRMED: Scene.confirmed,
    S.ACTION_TAKEN: Scene.acted,
    S.ACTION_NOT_TAKEN: not_acted,
    S.OUTCOME_RECORDED: outcome,
    S.FEEDBACK_SENT: standing_at(S.FEEDBACK_SENT),
    S.CLOSED: Scene.closed,
    S.REOPENED: reopened,
}


def dismiss(made, hit_id):
    """See at the first line that it is another person."""
    made.do(hits.dismiss, OFFICER, hit_id, made.desk, reason="other_sex")


def refer(made, hit_id):
    """Let the second line look."""
    made.do(hits.refer, OFFICER, hit_id, made.desk)


def refute(made, hit_id):
    """Compare at the second line, and find another person."""
    made.compared(hit_id, CLERK)
    made.do(hits.refute, CLERK, hit_id, made.desk, reason="namesake", words="taller by a head")


def ask_owner(made, hit_id):
    """Ask with a clear gate."""
    made.do(questions.ask, CLERK, hit_id, made.desk, urgency=Urgency.URGENT, gate=CLEAR)


def bar_question(made, hit_id):
    """Ask nothing, because the person claims protection."""
    gate = replace(CLAIMED, disclosure=Disclosure.NONE)
    made.do(questions.ask, CLERK, hit_id, made.desk, urgency=Urgency.ROUTINE, gate=gate)


def confirm(made, hit_id):
    """Confirm, for the owner."""
    made.answered(hit_id, AnswerKind.CONFIRMED)


def owner_refutes(made, hit_id):
    """Say for the owner that it is another person."""
    made.answered(hit_id, AnswerKind.REFUTED, words="the person is in our prison")


def name_time(made, hit_id):
    """Name a time, for the owner."""
    until = made.clock.now() + timedelta(hours=8)
    made.answered(hit_id, AnswerKind.WILL_BE_CONFIRMED, until=until)


def pass_deadline(made, hit_id):
    """Let the next deadline run out."""
    with made.database.begin() as tx:
        made.clock.at = store.clocks(tx, hit_id)[0].due_at
    assert deadlines.run_due(made.database, made.clock.now(), made.desk) >= 1


def pass_last_deadline(made, hit_id):
    """Let the last deadline run out."""
    with made.database.begin() as tx:
        store.save(tx, replace(made.hit(hit_id), round=3))
    pass_deadline(made, hit_id)


def let_go(made, hit_id):
    """Let go, because the longest hold is reached."""
    with made.database.begin() as tx:
        store.start_clock(tx, hit_id, Clock.HOLD_LIMIT, made.clock.now())
    made.do(hits.release, CLERK, hit_id, "hold_limit")


def confirm_unreachable(made, hit_id):
    """Write how the owner was tried; confirm as a supervisor."""
    made.do(confirmations.record_unreachable, OTHER, hit_id, "telephone 12:10, 12:40; no answer")
    made.do(confirmations.confirm_unreachable, HEAD, hit_id, "fingerprints agree")


def confirm_public(made, hit_id):
    """Compare the current text of the list as a second person."""
    made.do(confirmations.show_current_text, OTHER, hit_id)
    made.do(confirmations.confirm_public, OTHER, hit_id)


def act(made, hit_id):
    """Decide as a second person."""
    made.compared(hit_id, OTHER)
    made.do(
        decisions.take_action, OTHER, hit_id, made.desk,
        action=Action.LOCATE, legal_basis="Police Act of Arvand, s. 9",
    )  # fmt: skip


def decline(made, hit_id):
    """Find as a second person that the law does not allow it."""
    made.compared(hit_id, OTHER)
    made.do(
        decisions.cannot_act, OTHER, hit_id, made.desk,
        reason=NotActedReason.LAW, words="a national of Arvand is not extradited",
    )  # fmt: skip


def record_outcome(made, hit_id):
    """Record how it ended."""
    made.do(decisions.record_outcome, CLERK, hit_id, made.desk, outcome=Outcome.RELEASED)


def feed_back(made, hit_id):
    """Tell the owner."""
    made.do(decisions.send_feedback, CLERK, hit_id, made.desk)


def close_silently(made, hit_id):
    """Tell the owner nothing."""
    made.do(decisions.close_without_feedback, CLERK, hit_id, made.desk)


def reopen(made, hit_id):
    """Reopen on a new fact."""
    made.do(hits.reopen, CLERK, hit_id, "fingerprints came in")


def by_itself(event):
    """Return what the node does as the last part of another deed."""

    def deed(made, hit_id):
        hit = made.hit(hit_id)
        with made.database.begin() as tx:
            advance(Step(tx=tx, actor=NODE, hit=hit, event=event, at=made.clock.now()))

    return deed


DEEDS = {
    E.DISMISS: dismiss,
    E.REFER: refer,
    E.REFUTE: refute,
    E.ISSUE_TOKEN: by_itself(E.ISSUE_TOKEN),
    E.ASK_OWNER: ask_owner,
    E.OWNER_CONFIRMS: confirm,
    E.OWNER_REFUTES: owner_refutes,
    E.OWNER_NAMES_TIME: name_time,
    E.ASK_AGAIN: pass_deadline,
    E.ESCALATE: pass_last_deadline,
    E.RELEASE: let_go,
    E.CONFIRM_PUBLIC: confirm_public,
    E.CONFIRM_UNREACHABLE: confirm_unreachable,
    E.TAKE_ACTION: act,
    E.CANNOT_ACT: decline,
    E.RECORD_OUTCOME: record_outcome,
    E.SEND_FEEDBACK: feed_back,
    E.WITHHOLD_FEEDBACK: close_silently,
    E.CLOSE: by_itself(E.CLOSE),
    E.REOPEN: reopen,
}


def all_of(made, hit_id):
    """Return everything that is kept of a hit."""
    with made.database.begin() as tx:
        return store.lock(tx, hit_id), store.history(tx, hit_id), store.clocks(tx, hit_id)


DIRECT = {
    dismiss, refer, ask_owner, bar_question, record_outcome, feed_back, close_silently, reopen,
}  # fmt: skip
"""Deeds that are one call: nothing else is entered on the way to them."""


def walk(made, arrow):
    """Bring a hit to where an arrow begins, cause its event, and look what history tells."""
    way = outcome_of_released if arrow.event is E.WITHHOLD_FEEDBACK else WAYS[arrow.source]
    hit_id = way(made)
    before = len(all_of(made, hit_id)[1])
    assert made.state(hit_id) is arrow.source

    DEEDS[arrow.event](made, hit_id)

    since = all_of(made, hit_id)[1][before:]
    assert (arrow.event, arrow.target) in {(entry.event, entry.state) for entry in since}


@pytest.mark.parametrize("state", list(S))
def test_what_the_machine_allows_happens(state, database, monkeypatch):
    """Each arrow is walked by the people and deeds that it is meant for."""
    made = scene(database, monkeypatch)

    for arrow in HIT.transitions:
        if arrow.source is state and arrow.event is not E.CONFIRM_PUBLIC:
            walk(made, arrow)


def test_a_public_list_is_compared_with_its_current_text(database, monkeypatch):
    """The arrow that only a publisher's record can go."""
    made = scene(database, monkeypatch, publisher=True)

    walk(made, HIT.transition(S.SECOND_LINE, E.CONFIRM_PUBLIC))


@pytest.mark.parametrize("state", list(S))
def test_what_the_machine_does_not_allow_changes_nothing(state, database, monkeypatch):
    """Every other event is refused, by the engine and by the deed that stands for it."""
    made = scene(database, monkeypatch)
    hit_id = WAYS[state](made)
    before = all_of(made, hit_id)

    for event in sorted(set(E) - HIT.events(state)):
        with database.begin() as tx, pytest.raises(Conflict, match="cannot follow"):
            advance(Step(tx=tx, actor=CLERK, hit=before[0], event=event, at=made.clock.now()))
        if (deed := DEEDS[event]) in DIRECT:
            with pytest.raises(DidbanError):
                deed(made, hit_id)

    assert all_of(made, hit_id) == before


def test_an_owner_that_is_asked_about_a_public_list_is_no_owner_to_ask(database, monkeypatch):
    """A published list has no desk: its current text is compared."""
    made = scene(database, monkeypatch, publisher=True)

    with pytest.raises(Conflict, match="current text"):
        made.asked()


def test_an_escalated_hit_may_still_be_answered(database, monkeypatch):
    """A late answer is better than none."""
    made = scene(database, monkeypatch)
    hit_id = escalated(made)

    made.do(answers.answer, OWNER, made.question_of(hit_id), made.desk, kind=AnswerKind.CONFIRMED)

    assert made.state(hit_id) is S.CONFIRMED
