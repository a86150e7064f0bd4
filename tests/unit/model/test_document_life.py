"""The life of a record, walked whole (state-machines 4.1)."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from didban.errors import Conflict
from didban.model.alerts import DocumentStatus
from didban.model.bank import FOUND, RecordState
from didban.model.document_life import (
    RECORD_LIFE,
    Guard,
    LifeEvent,
    ended_by,
    needs_second_person,
)

_S, _E = RecordState, LifeEvent
ENDED = {_S.WITHDRAWN, _S.EXPIRED, _S.REJECTED, _S.RECOVERED, _S.ERASED}


def test_every_state_is_reached_and_every_event_used():
    """Nothing in the data is dead."""
    assert RECORD_LIFE.reachable() == set(RecordState)
    assert {arrow.event for arrow in RECORD_LIFE.transitions} == set(LifeEvent)


def test_from_every_state_a_record_can_end():
    """Nothing is kept for ever."""
    for state in RecordState:
        assert _S.ERASED in RECORD_LIFE.reachable(state)


@pytest.mark.parametrize(("state", "event"), list(product(RecordState, LifeEvent)))
def test_each_event_has_one_target_or_is_refused(state, event):
    """Exhaustively: an arrow, or a Conflict that names what is possible."""
    arrows = [a for a in RECORD_LIFE.transitions if (a.source, a.event) == (state, event)]
    assert len(arrows) <= 1
    if arrows:
        assert RECORD_LIFE.transition(state, event) is arrows[0]
    else:
        with pytest.raises(Conflict):
            RECORD_LIFE.transition(state, event)


def test_nothing_is_found_before_a_second_person_validated_it():
    """A report of blanks or in bulk waits."""
    assert _S.REPORTED not in FOUND
    assert not RECORD_LIFE.reachable(without=frozenset({_E.VALIDATE})) & FOUND
    assert Guard.SECOND_PERSON in RECORD_LIFE.transition(_S.REPORTED, _E.VALIDATE).guards


def test_what_ended_is_not_found_and_does_not_come_back():
    """But a recovered document may be declared invalid, which never acts."""
    assert not ENDED & FOUND
    for state in ENDED - {_S.RECOVERED}:
        assert not RECORD_LIFE.reachable(state) & FOUND
    without = frozenset({_E.INVALIDATE})
    assert not RECORD_LIFE.reachable(_S.RECOVERED, without=without) & FOUND


def test_only_its_owner_changes_what_a_record_says():
    """PR-07. Others may dispute and suspend it; time may end it."""
    by_others = {_E.HIT, _E.DISPUTE, _E.SUSPEND, _E.EXPIRE, _E.PURGE}
    by_others |= {_E.LIFT, _E.LIFT_INTO_REVIEW, _E.LIFT_PARTLY}  # by who suspended it
    for arrow in RECORD_LIFE.transitions:
        assert (Guard.OWNER in arrow.guards) is (arrow.event not in by_others)


def test_a_disputed_record_still_matches():
    """And stays found until it is decided."""
    assert RECORD_LIFE.transition(_S.ACTIVE, _E.DISPUTE).target in FOUND


def test_a_suspension_ends_only_by_being_lifted_or_by_the_end():
    """Neither a correction nor an answer to a dispute makes a suspended record act again."""
    lifts = frozenset({_E.LIFT, _E.LIFT_INTO_REVIEW, _E.INVALIDATE})
    assert RECORD_LIFE.reachable(_S.SUSPENDED, without=lifts) & FOUND == {_S.SUSPENDED}


@pytest.mark.parametrize(
    ("statuses", "documents", "expected"),
    [
        ({DocumentStatus.STOLEN}, 100, False),
        ({DocumentStatus.STOLEN}, 101, True),
        ({DocumentStatus.STOLEN_BLANK}, 1, True),
    ],
)
def test_blanks_and_bulk_need_a_second_person(statuses, documents, expected):
    """4.1: bulk > 100 or status = stolen_blank."""
    assert needs_second_person(frozenset(statuses), documents) is expected


def test_a_record_ends_ten_years_after_its_document():
    """Leap days included."""
    assert ended_by(date(2030, 3, 1)) == date(2020, 2, 29)
