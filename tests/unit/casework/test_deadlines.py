"""Deadlines run on their own: they move what they may, tell whom they must, and do it once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from bank_help import actor
from casework_help import CLEAR, CLERK, HEAD, NOON, OFFICER, OWNER, scene
from didban.casework import answers, deadlines, decisions, hits, notifications, questions
from didban.errors import Conflict
from didban.model.casework import AnswerKind, QuestionKind
from didban.model.hits import HitState, Outcome, Urgency
from didban.model.notifications import Channel, Notification, Post
from didban.store.notifications import Contact
from didban.store.tables.notify import notification

S = HitState
DUTY, SUPERVISOR, BUREAU = Post.DUTY_OFFICER, Post.SUPERVISOR, Post.BUREAU_HEAD


@pytest.fixture
def made(database, monkeypatch):
    """Return a bank whose posts are all reached by webhook."""
    bank_ = scene(database, monkeypatch)
    for head, code in ((HEAD, "xar"), (actor("xbo", "supervisor"), "xbo")):
        for post in Post:
            contact = Contact(
                authority=code, post=post, channel=Channel.WEBHOOK, address="http://127.0.0.1:9/"
            )
            bank_.do(notifications.set_contact, head, contact)
    return bank_


def run(made, **passed) -> int:
    """Let time go by, and the duty look."""
    return deadlines.run_due(made.database, made.clock.pass_(**passed), made.desk)


def told(made):
    """Return what was put into the outbox: who, which post, what, about what."""
    with made.database.begin() as tx:
        rows = tx.execute(notification.select().order_by(notification.c.number)).all()
    return [(row.authority, row.post, row.kind, row.subject) for row in rows]


def hit_of(made, hit_id):
    """Return a hit as the second line sees it."""
    return made.do(hits.view, CLERK, hit_id)


@pytest.mark.parametrize(("urgency", "minutes"), [(Urgency.URGENT, 10), (Urgency.ROUTINE, 60)])
def test_an_owner_is_asked_three_times_and_then_its_superiors_are(made, urgency, minutes):
    """U 10 minutes, R 60 minutes, n = 1..3, then the supervisor and the owner's bureau head."""
    hit_id = made.asked(urgency)
    question = made.question_of(hit_id)

    assert run(made, minutes=minutes - 1) == 0
    assert run(made, minutes=1) == 1
    assert (made.state(hit_id), hit_of(made, hit_id).hit.round) == (S.CONFIRMATION_REQUESTED, 2)
    assert run(made, minutes=minutes) == 1
    assert hit_of(made, hit_id).hit.round == 3
    assert run(made, minutes=minutes) == 1
    assert made.state(hit_id) is S.ESCALATED
    assert told(made)[-2:] == [
        ("xar", SUPERVISOR, Notification.ESCALATED, hit_id),
        ("xbo", BUREAU, Notification.ESCALATED, question),
    ]
    assert run(made, minutes=minutes) == 0, "it escalates once"


def test_a_named_time_that_passes_is_a_round_that_passed(made):
    """waiting(T) goes back to asking, and the owner hears it."""
    hit_id = made.asked()
    made.answered(hit_id, AnswerKind.WILL_BE_CONFIRMED, until=NOON + timedelta(hours=3))

    assert run(made, hours=2) == 0
    assert run(made, hours=1) == 1
    assert (made.state(hit_id), hit_of(made, hit_id).hit.round) == (S.CONFIRMATION_REQUESTED, 2)
    assert told(made)[-1][:3] == ("xbo", DUTY, Notification.QUESTION_REPEATED)


def test_who_is_held_is_let_go_at_the_limit(made):
    """A warning after two hours; at the longest hold the hit is released, whatever it waits for."""
    hit_id = made.asked(is_held=True)
    made.answered(hit_id, AnswerKind.WILL_BE_CONFIRMED, until=NOON + timedelta(hours=12))

    run(made, hours=2)
    assert ("xar", DUTY, Notification.HOLD_WARNING, hit_id) in told(made)
    run(made, hours=10)
    assert made.state(hit_id) is S.CONFIRMATION_REQUESTED
    run(made, hours=12)
    assert made.state(hit_id) is S.RELEASED_UNCONFIRMED
    assert ("xar", DUTY, Notification.HOLD_LIMIT, hit_id) in told(made)
    assert hit_of(made, hit_id).clocks == ()


def test_an_owner_that_never_answers_does_not_keep_a_hit_for_ever(made):
    """Where nobody is held, the limit begins with the escalation."""
    hit_id = made.asked()
    for _ in range(3):
        run(made, hours=1)
    run(made, hours=24)

    assert made.state(hit_id) is S.RELEASED_UNCONFIRMED


def test_feedback_and_outcome_are_asked_for_until_they_come(made):
    """72 hours, 30 days, then every month; and no more once the hit is closed."""
    hit_id = made.acted()

    run(made, hours=72)
    assert told(made)[-1] == ("xar", DUTY, Notification.FEEDBACK_DUE, hit_id)
    run(made, days=27)
    for _ in range(2):
        run(made, days=30)
    assert [kind for *_, kind, _ in told(made)].count(Notification.OUTCOME_DUE) == 3
    made.do(decisions.record_outcome, CLERK, hit_id, made.desk, outcome=Outcome.EXTRADITED)
    made.do(decisions.send_feedback, CLERK, hit_id, made.desk)
    assert run(made, days=60) == 0


def test_supplementary_information_is_due_in_twelve_hours(made):
    """The desk is told when it does not come; when it comes, the clock stops."""
    hit_id = made.asked()
    made.answered(hit_id, AnswerKind.CONFIRMED)
    made.do(questions.ask_more, CLERK, hit_id, made.desk, words="a recent photo", gate=CLEAR)
    (asked,) = made.do(answers.put_to_us, OWNER)
    assert asked.kind is QuestionKind.SUPPLEMENT
    run(made, hours=12)
    assert told(made)[-1] == ("xar", DUTY, Notification.SUPPLEMENT_DUE, hit_id)

    made.do(answers.supply, OWNER, asked.id, "photo of 2030 in the attachments", made.desk)
    entry = hit_of(made, hit_id).history[-2]
    assert (entry.event, entry.words) == ("supplement_given", "photo of 2030 in the attachments")


def test_a_long_stop_is_made_up_for_once(made):
    """A node that was down for days asks again once, and counts from now."""
    hit_id = made.asked()

    assert run(made, days=5) == 1
    assert hit_of(made, hit_id).hit.round == 2
    assert run(made, minutes=59) == 0


def test_two_processes_do_not_do_it_twice(made):
    """Each deadline is done by one of them."""
    hit_ids = [made.asked() for _ in range(6)]
    now = made.clock.pass_(hours=1)
    done: list[int] = []

    def duty():
        done.append(deadlines.run_due(made.database, now, made.desk))

    threads = [threading.Thread(target=duty) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(done) == 6
    assert [hit_of(made, hit_id).hit.round for hit_id in hit_ids] == [2] * 6


def test_a_hit_is_told_that_its_record_changed(made):
    """Once, to the duty officer; and what was compared has to be compared again."""
    hit_id = made.confirmed()
    made.compared(hit_id, CLERK)
    made.change_record(gender="female")

    assert run(made, seconds=1) == 1
    assert run(made, seconds=1) == 0
    assert told(made)[-1] == ("xar", DUTY, Notification.RECORD_CHANGED, hit_id)
    view = hit_of(made, hit_id)
    assert view.unseen == ("record:2",)


def test_a_hit_is_told_that_its_record_is_gone(made):
    """Then nothing is asked any more, and the hit can be let go."""
    hit_id = made.asked()
    made.withdraw_record()

    run(made, seconds=1)
    assert told(made)[-1] == ("xar", DUTY, Notification.RECORD_GONE, hit_id)
    view = hit_of(made, hit_id)
    assert (view.standing, view.shown) == (None, None)
    made.do(hits.release, CLERK, hit_id, "record_gone")
    assert made.state(hit_id) is S.RELEASED_UNCONFIRMED


@pytest.mark.parametrize(("way", "days"), [("dismissed", 90), ("closed", 1826)])
def test_a_hit_that_rests_loses_its_content_in_time(made, way, days):
    """A dismissed match soon, a closed hit later; what happened and when stays."""
    hit_id = made.closed() if way == "closed" else made.taken_up()
    if way == "dismissed":
        made.do(hits.dismiss, OFFICER, hit_id, made.desk, reason="misread", words="a smudge")
    kept = len(hit_of(made, hit_id).history)

    run(made, days=days - 1)
    assert hit_of(made, hit_id).hit.asked is not None
    run(made, days=1)
    view = hit_of(made, hit_id)
    assert (view.hit.asked, view.evidence) == (None, ())
    assert {entry.words for entry in view.history} == {""}
    assert len(view.history) > kept
    with pytest.raises(Conflict, match="erased"):
        made.do(hits.reopen, CLERK, hit_id, "a new fact")


def test_a_reopened_hit_keeps_its_content(made):
    """Its retention begins anew when it rests again."""
    hit_id = made.closed()
    run(made, days=1000)
    made.do(hits.reopen, CLERK, hit_id, "fingerprints came in")
    run(made, days=1000)

    assert hit_of(made, hit_id).hit.asked is not None
