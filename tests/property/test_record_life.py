"""Whatever is done to a record, in any order: its state, its past and what it asks agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank_help import actor, alert, draft_of, marking, person
from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound
from didban.intake import bank, disputes, status
from didban.intake.status import StatusEvent
from didban.model.bank import FOUND, RecordState, SuspensionCause, standing
from didban.model.disputes import Decision, DisputedBy, Ground
from didban.model.document_life import RECORD_LIFE
from didban.store import records, suspensions
from didban.store.visibility import open_to

RECORDER, REVIEWER = actor("xar"), actor("xar", "reviewer", user="usr_second")
DESK = actor("xbo", "second_line")
EVENT = StatusEvent.ACQUITTED


def steps(tx, kept, number):
    """Return everything that may be tried on a record, by name."""
    cause = SuspensionCause.STATUS_CHANGED
    asked = {"expected": kept.version}
    entity = replace(kept.entity, caption=str(number))
    return {
        "correct": lambda: bank.correct(
            tx, RECORDER, kept.id, draft_of(kept, entity=entity), **asked, reason="x"
        ),
        "confirm": lambda: bank.confirm(tx, RECORDER, kept.id, **asked),
        "dispute": lambda: disputes.dispute(
            tx, DESK, kept.id, by=DisputedBy.HOLDER, ground="not me"
        ),
        "uphold": lambda: disputes.decide(
            tx, RECORDER, kept.id, Decision.UPHOLD, **asked, answer="it is"
        ),
        "status": lambda: status.change(tx, RECORDER, kept.id, EVENT, **asked, reason="court"),
        "review": lambda: status.lift(tx, REVIEWER, kept.id, cause, **asked, reason="seen"),
        "silence": lambda: suspensions.suspend(
            tx, kept, SuspensionCause.UNCONFIRMED, RECORDER, at=clock.now(), reason="silent"
        ),
        "withdraw": lambda: bank.withdraw(
            tx, RECORDER, kept.id, **asked, ground=Ground.ERROR, reason="over"
        ),
    }


NAMES = ("correct", "confirm", "dispute", "uphold", "status", "review", "silence", "withdraw")


@pytest.mark.usefixtures("hand_clock")
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(NAMES), max_size=8))
def test_state_past_and_standing_agree(tx, hand_clock, names):
    """After every step; a refused step changes nothing."""
    kept = bank.report(tx, RECORDER, person(birthDate="1971-05-02"), marking("xar"), alert())
    seen = {kept.recorded_at: kept}
    classes = open_to(tx, RECORDER)
    for number, name in enumerate(names):
        hand_clock.now += timedelta(minutes=1)
        try:
            with tx.begin_nested():
                steps(tx, kept, number)[name]()
        except (Conflict, InvalidInput, NotFound):
            assert bank.found(tx, RECORDER, kept.id) == kept
            continue
        before, kept = kept, bank.found(tx, RECORDER, kept.id)
        assert kept.state in RECORD_LIFE.reachable(before.state)
        assert kept.version - before.version in {0, 1}
        seen[hand_clock.now] = kept

        is_found = kept.state in FOUND
        assert (kept.state is RecordState.SUSPENDED) == (is_found and bool(kept.suspensions))
        if kept.state is RecordState.UNDER_REVIEW:
            assert kept.is_disputed
        if kept.state is RecordState.ACTIVE:
            assert not kept.is_disputed
        acts = standing(kept, clock.today()).asks_first_line
        assert acts == (is_found and not kept.suspensions)

    for moment, then in seen.items():
        assert records.as_of(tx, kept.id, classes, recorded_at=moment) == then
    chain = records.versions(tx, kept.id, classes)
    assert [each.version for each in chain] == list(range(1, len(chain) + 1))
    assert len({each.recorded_at for each in chain}) == len(chain)
