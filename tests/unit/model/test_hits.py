"""The life of a hit as data: what no path can do, whatever code runs on it."""

from __future__ import annotations

import pytest

from didban.casework.guards import GUARDS
from didban.model.alerts import Action
from didban.model.hits import (
    ACTED,
    CLOCKS,
    CONFIRMING,
    HIT,
    LESSER,
    OPEN,
    REASONS,
    UNCONFIRMED,
    Clock,
    Guard,
    HitEvent,
    HitState,
    is_within,
)

S, E, G = HitState, HitEvent, Guard


def arrows(*, into=None, out_of=None):
    """Return the arrows into, or out of, a state."""
    return [
        arrow
        for arrow in HIT.transitions
        if into in {None, arrow.target} and out_of in {None, arrow.source}
    ]


def test_every_state_can_be_reached_and_every_event_happens_somewhere():
    """No word is idle."""
    assert HIT.reachable() == set(S)
    assert {arrow.event for arrow in HIT.transitions} == set(E)
    assert {guard for arrow in HIT.transitions for guard in arrow.guards} == set(G)


def test_no_path_leads_from_match_to_action_without_confirmation():
    """Take the three confirming events away, and nothing is confirmed, decided or done."""
    reachable = HIT.reachable(without=CONFIRMING)

    assert not reachable & {S.CONFIRMED, *ACTED}


def test_no_path_leads_to_action_without_a_human_decision():
    """The one way in is the decision: by a second person, with the evidence seen, and time."""
    assert S.ACTION_TAKEN not in HIT.reachable(without=frozenset({E.TAKE_ACTION}))
    (decision,) = arrows(into=S.ACTION_TAKEN)
    assert (decision.source, decision.event) == (S.CONFIRMED, E.TAKE_ACTION)
    assert {
        G.SECOND_PERSON, G.EVIDENCE_SEEN, G.DWELL, G.LEGAL_BASIS, G.WITHIN_REQUEST,
    } == set(decision.guards)  # fmt: skip


def test_every_path_to_action_passes_confirmed():
    """Cut the machine at `confirmed`, and no action is left."""
    seen, waiting = {HIT.initial}, [HIT.initial]
    while waiting:
        for arrow in arrows(out_of=waiting.pop()):
            if arrow.target not in {*seen, S.CONFIRMED}:
                seen.add(arrow.target)
                waiting.append(arrow.target)

    assert not seen & ACTED


def test_confirmed_is_reached_in_three_ways_only():
    """By the owner; by a public list's current text; by the procedure for who is unreachable."""
    needed = {
        E.OWNER_CONFIRMS: {G.FROM_OWNER, G.SECOND_PERSON},
        E.CONFIRM_PUBLIC: {G.PUBLIC_SOURCE, G.SECOND_PERSON, G.CURRENT_TEXT},
        E.CONFIRM_UNREACHABLE: {G.PROCEDURE_RECORDED, G.SECOND_PERSON, G.WORDS},
    }

    assert {arrow.event for arrow in arrows(into=S.CONFIRMED)} == CONFIRMING == set(needed)
    for arrow in arrows(into=S.CONFIRMED):
        assert set(arrow.guards) == needed[arrow.event]


def test_the_owner_is_asked_behind_the_gate_only():
    """One arrow begins to ask, and it has the gate (PR-53)."""
    (asking,) = [arrow for arrow in HIT.transitions if arrow.event is E.ASK_OWNER]

    assert G.GATE_PASSED in asking.guards
    assert S.CONFIRMATION_REQUESTED not in HIT.reachable(without=frozenset({E.ASK_OWNER}))


def test_nothing_hangs():
    """From every state a hit can be closed, or was dismissed, which can be reopened."""
    for state in S:
        assert S.CLOSED in HIT.reachable(state)
    assert set(S) - {S.CLOSED, S.DISMISSED} == OPEN


def test_every_guard_has_its_function_and_every_reason_its_codes():
    """A name without a function would hold always."""
    assert set(GUARDS) == set(G)
    for arrow in HIT.transitions:
        if {G.REASON, G.GROUND} & set(arrow.guards):
            assert arrow.event in REASONS


def test_clocks_move_only_what_their_states_allow():
    """A clock runs where each of its events has an arrow, and none of them decides anything."""
    assert set(CLOCKS) == set(Clock)
    moved = {event for rule in CLOCKS.values() for event in rule.moves}
    assert moved == {E.ASK_AGAIN, E.ESCALATE, E.RELEASE}
    for rule in CLOCKS.values():
        for state in rule.runs_in:
            assert set(rule.moves) <= HIT.events(state)
    assert CLOCKS[Clock.HOLD_LIMIT].runs_in == UNCONFIRMED


@pytest.mark.parametrize("requested", list(Action))
def test_lesser_actions_never_lead_to_more(requested):
    """What is lesser than a lesser action is lesser too, and nothing is lesser than itself."""
    assert requested not in LESSER[requested]
    assert is_within(requested, requested)
    for lesser in LESSER[requested]:
        assert LESSER[lesser] <= LESSER[requested]
        assert not is_within(requested, lesser)
