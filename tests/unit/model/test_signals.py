"""A signal is triaged before it is closed, and nothing leaves its end."""

from __future__ import annotations

import pytest

from didban.errors import Conflict
from didban.model.signals import SIGNAL, SignalEvent, SignalState

ARROWS = {
    (SignalState.RAISED, SignalEvent.TRIAGE): SignalState.TRIAGED,
    (SignalState.TRIAGED, SignalEvent.CLOSE): SignalState.CLOSED,
}


@pytest.mark.parametrize("event", list(SignalEvent))
@pytest.mark.parametrize("state", list(SignalState))
def test_every_event_in_every_state_does_what_the_picture_says_or_is_refused(state, event):
    """Walked over all of them."""
    expected = ARROWS.get((state, event))
    if expected is None:
        with pytest.raises(Conflict):
            SIGNAL.transition(state, event)
    else:
        assert SIGNAL.transition(state, event).target == expected


def test_every_state_is_reached_and_the_last_one_is_the_end():
    """No dead ends on the way."""
    assert SIGNAL.reachable() == set(SignalState) == SIGNAL.states()
    assert not any(SIGNAL.events(state) for state in SIGNAL.final)
