"""What duties look for every few seconds is found by an index, however much is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from didban import clock
from didban.store import asked, messages, notices
from plans_help import plans

NOW = clock.now()


@pytest.mark.parametrize(
    ("asking", "indexes"),
    [
        (lambda tx: asked.next_due(tx, NOW), {"question_sent_due_at_idx"}),
        (lambda tx: asked.next_taken_back(tx, NOW), {"owner_question_taken_back_idx"}),
        (lambda tx: messages.next_due(tx, NOW), {"message_next_at_idx"}),
        (lambda tx: messages.next_undelivered(tx, NOW), {"message_undeliverable_at_idx"}),
        (messages.next_taken_in, {"message_under_way_idx"}),
        (messages.next_refused, {"message_under_way_idx"}),
        (lambda tx: messages.next_to_erase(tx, NOW), {"message_changed_at_idx"}),
        (
            lambda tx: notices.next_due(tx, NOW),
            {"notice_review_due_at_idx", "notice_cancel_due_at_idx", "notice_ends_idx"},
        ),
        (notices.next_gone, {"received_notice_state_idx"}),
    ],
    ids=[
        *("question", "taken back", "message", "undelivered", "taken in", "refused", "old"),
        *("notice", "ended notice"),
    ],
)
def test_what_is_due_is_found_by_an_index(database, asking, indexes):
    """Else the database would read all of them anew each time."""
    with database.begin() as tx:
        tx.execute(text("set local enable_seqscan = off"))  # as if the tables were large

        plan = "\n".join(plans(tx, lambda: asking(tx)))

    assert {name for name in indexes if name in plan} == indexes
