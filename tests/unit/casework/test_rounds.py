"""Duties that take one thing at a time."""

from __future__ import annotations

from structlog.testing import capture_logs

from didban.casework.rounds import repeat


def test_a_duty_that_does_not_keep_up_is_logged():
    """What is left waits for the next run, and an operator can see that there is something left."""
    due = [1, 2, 3, 4]
    with capture_logs() as logged:
        assert repeat(lambda: bool(due and due.pop()), most=3, of="messages.clock") == 3
        assert repeat(lambda: bool(due and due.pop()), most=3, of="messages.clock") == 1
    assert logged == [
        {"event": "duty.behind", "log_level": "warning", "duty": "messages.clock", "count": 3}
    ]
