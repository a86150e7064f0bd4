"""The receiver's review as data, and what a record asks while it waits (PR-52)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bank_help import alert, marking, passport, person
from didban.model.alerts import Action, Alert
from didban.model.bank import BankRecord, Note, RecordState, needs_review, standing
from didban.model.reviews import (
    OPEN,
    REVIEW,
    ReviewEvent,
    ReviewGuard,
    ReviewState,
    as_it_holds,
    judged,
)

NOW = datetime(2031, 3, 1, tzinfo=UTC)


def record(entity=None, ask=None, review=ReviewState.WAITING, **more) -> BankRecord:
    """Return a record of another node."""
    return BankRecord(
        entity=entity or person(birthDate="1971-05-02"),
        marking=marking("xbo", verified_on=NOW.date(), **more),
        alert=ask,
        state=RecordState.ACTIVE,
        version=1,
        recorded_at=NOW,
        recorded_by="node:xbo",
        review=review,
    )


def test_pr_52_no_way_leads_to_accepted_but_a_persons_word():
    """Walked: without accept and agree nothing is ever accepted."""
    deciding = frozenset({ReviewEvent.ACCEPT, ReviewEvent.AGREE})

    assert ReviewState.ACCEPTED not in REVIEW.reachable(without=deciding)
    assert ReviewState.ACCEPTED in REVIEW.reachable()


def test_pr_52_a_doubt_can_only_be_answered_by_two():
    """Each arrow into accepted needs that nothing speaks against it, or another person."""
    into = [arrow for arrow in REVIEW.transitions if arrow.target is ReviewState.ACCEPTED]

    assert len(into) == 2
    for arrow in into:
        assert {ReviewGuard.UNFLAGGED, ReviewGuard.SECOND_PERSON} & set(arrow.guards)
        assert {ReviewGuard.COMPLETE, ReviewGuard.NOT_BARRED} <= set(arrow.guards)


def test_what_changed_waits_again_from_every_state():
    """Whatever was decided, even by two."""
    for state in ReviewState:
        assert REVIEW.transition(state, ReviewEvent.CHANGE).target is ReviewState.WAITING


def test_one_person_may_refuse_whatever_is_not_refused():
    """Also what was accepted."""
    for state in (*OPEN, ReviewState.ACCEPTED):
        assert REVIEW.transition(state, ReviewEvent.REFUSE).target is ReviewState.REFUSED


@pytest.mark.parametrize("state", set(ReviewState) - {ReviewState.ACCEPTED})
@pytest.mark.parametrize("action", list(Action))
def test_pr_52_an_alert_on_a_person_asks_nothing_before_it_is_accepted(state, action):
    """Whatever is asked, and wherever the review stands but there."""
    stands = standing(record(ask=alert(action), review=state), NOW.date())

    assert (stands.action, stands.asks_first_line) == (None, False)
    assert Note.INFORMATION_ONLY in stands.notes
    is_refused = state is ReviewState.REFUSED
    assert (Note.FLAGGED if is_refused else Note.AWAITS_REVIEW) in stands.notes


def test_pr_52_an_accepted_alert_asks_what_its_owner_asks():
    """And our own never waited."""
    for review in (ReviewState.ACCEPTED, None):
        stands = standing(record(ask=alert("arrest"), review=review), NOW.date())
        assert (stands.action, stands.notes) == (Action.ARREST, ())


@pytest.mark.parametrize("status", ["stolen", "lost", "stolen_blank"])
def test_pr_52_a_paper_that_was_lost_or_stolen_acts_at_once(status):
    """Nobody's freedom hangs on it."""
    stands = standing(record(passport(status=status)), NOW.date())

    assert (stands.action, stands.notes) == (Action.SEIZE, ())


@pytest.mark.parametrize("status", ["revoked", "invalid"])
def test_pr_52_a_states_word_about_its_own_paper_never_acts(status):
    """Not even when it was accepted, nor does it look like a stolen one."""
    for review in (*ReviewState, None):
        for ask in (None, Alert(action_requested=Action.SEIZE)):
            stands = standing(record(passport(status=status), ask, review), NOW.date())
            assert stands.action is None
            assert Note(status) in stands.notes


def test_pr_52_a_stolen_paper_is_no_way_round_the_review():
    """What is asked about its holder waits; what is asked about the paper does not."""
    holder = record(passport(), Alert(action_requested=Action.ARREST))
    paper = record(passport(), Alert(action_requested=Action.IDENTIFY))

    assert (needs_review(holder), needs_review(paper)) == (True, False)
    assert standing(holder, NOW.date()).action is None
    assert standing(paper, NOW.date()).action is Action.IDENTIFY


def test_a_decision_holds_for_what_was_judged_and_nothing_else():
    """Another person, action, warrant or basis waits again; a confirmation by the owner does not."""
    kept = record(ask=alert("arrest", legal_references=("warrant 12/2031",)))
    then = judged(kept.entity, kept.alert, kept.marking)

    def now(made: BankRecord) -> ReviewState:
        digest = judged(made.entity, made.alert, made.marking)
        return as_it_holds(ReviewState.ACCEPTED, then, digest)

    assert now(replace(kept, version=2, marking=replace(kept.marking, verified_on=None))) == (
        ReviewState.ACCEPTED
    )
    said = {**kept.entity.properties, "address": ("Boreport",)}
    assert now(replace(kept, entity=replace(kept.entity, properties=said))) == ReviewState.ACCEPTED
    other = {**kept.entity.properties, "name": ("Somebody Else",)}
    assert now(replace(kept, entity=replace(kept.entity, properties=other))) == ReviewState.WAITING
    assert now(replace(kept, alert=alert("arrest"))) == ReviewState.WAITING
    basis = replace(kept.marking, legal_basis="another")
    assert now(replace(kept, marking=basis)) == ReviewState.WAITING
