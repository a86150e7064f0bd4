"""A hit goes its whole way in one bank, and each desk does its own part."""

from __future__ import annotations

import pytest

from bank_help import actor
from casework_help import CLERK, HEAD, OFFICER, OTHER, OWNER, STRANGER, scene
from didban.casework import answers, decisions, hits
from didban.errors import Conflict, NotFound, NotPermitted
from didban.intake import attachments
from didban.intake.attachments import File
from didban.model.alerts import Action
from didban.model.attachments import AttachmentRole
from didban.model.casework import AnswerKind, QuestionState
from didban.model.hits import Clock, HitState, Outcome


@pytest.fixture
def made(database, monkeypatch):
    """Return a bank with one record."""
    return scene(database, monkeypatch)


def test_a_hit_goes_from_match_to_closed(made):
    """Take up, refer, ask, confirm, decide, outcome, feedback: each by who may do it."""
    hit_id = made.closed()

    seen = made.do(hits.view, CLERK, hit_id)
    told = made.do(answers.put_to_us, OWNER, states=frozenset({QuestionState.ANSWERED}))
    assert seen.hit.state is HitState.CLOSED
    assert (seen.hit.action, seen.hit.outcome) == (Action.ARREST, Outcome.ARRESTED)
    assert [entry.event for entry in seen.history if entry.event not in {"viewed", "compared"}] == [
        "taken_up", "refer", "ask_owner", "owner_confirms", "take_action", "record_outcome",
        "send_feedback", "close",
    ]  # fmt: skip
    assert [question.feedback for question in told] == [Outcome.ARRESTED]
    assert [running.clock for running in seen.clocks] == [Clock.RETENTION]


def test_who_views_a_hit_sees_which_photos_its_record_has(made):
    """A face tells more than a name does; who compares must know that there is one."""
    recorder = actor("xbo", "recorder")
    portrait = File(content=b"\xff\xd8\xff\xe0" + b"\x00" * 60, role=AttachmentRole.PORTRAIT)
    photo = made.do(attachments.attach, recorder, made.record.id, portrait)

    seen = made.do(hits.view, CLERK, made.referred())
    assert seen.shown["photos"] == [photo.id]


def test_a_match_is_taken_up_once(made):
    """Two officers do not make two hits of one match."""
    match = made.match()
    made.do(hits.take_up, OFFICER, match)

    with pytest.raises(Conflict, match="already"):
        made.do(hits.take_up, CLERK, match)


def test_a_hit_is_not_there_for_another_authority(made):
    """Not even for a supervisor, and with the same words as for a hit that never was (PR-09)."""
    hit_id = made.closed()

    with pytest.raises(NotFound) as one:
        made.do(hits.view, STRANGER, hit_id)
    with pytest.raises(NotFound) as other:
        made.do(hits.view, STRANGER, "hit_never")
    assert str(one.value) == str(other.value)
    assert made.do(hits.listed, STRANGER) == []


def test_a_match_of_another_authority_cannot_be_taken_up(made):
    """A check belongs to who made it."""
    with pytest.raises(NotFound):
        made.do(hits.take_up, STRANGER, made.match())


def test_a_device_takes_nothing_up(made):
    """A hit begins when a human takes up a match."""
    from dataclasses import replace

    with pytest.raises(NotPermitted):
        made.do(hits.take_up, replace(OFFICER, device="tok_gate"), made.match())


def test_the_first_line_does_not_open_the_hit(made):
    """Who stands at the gate refers it, and sees no evidence (PR-02)."""
    hit_id = made.referred()

    with pytest.raises(NotPermitted):
        made.do(hits.view, OFFICER, hit_id)


def test_who_asked_does_not_decide(made):
    """The decision needs another person than checked, referred or asked (PR-28)."""
    hit_id = made.confirmed()
    made.compared(hit_id, CLERK)

    with pytest.raises(NotPermitted, match="another person"):
        made.do(
            decisions.take_action, CLERK, hit_id, made.desk,
            action=Action.ARREST, legal_basis="Extradition Act, s. 4",
        )  # fmt: skip
    assert made.state(hit_id) is HitState.CONFIRMED


def test_no_more_is_done_than_is_asked(made):
    """The action is the requested one or a lesser one."""
    hit_id = made.confirmed()
    made.compared(hit_id, OTHER)

    with pytest.raises(Conflict, match="neither it nor lesser"):
        made.do(
            decisions.take_action, OTHER, hit_id, made.desk,
            action=Action.REFUSE_ENTRY, legal_basis="Border Act, s. 2",
        )  # fmt: skip
    made.do(
        decisions.take_action, OTHER, hit_id, made.desk,
        action=Action.INFORM, legal_basis="Police Act, s. 9",
    )  # fmt: skip
    assert made.state(hit_id) is HitState.ACTION_TAKEN


def test_a_question_is_answered_once(made):
    """A second answer is refused and changes nothing."""
    hit_id = made.asked()
    question = made.question_of(hit_id)
    made.do(answers.answer, OWNER, question, made.desk, kind=AnswerKind.CONFIRMED)

    with pytest.raises(Conflict):
        made.do(
            answers.answer, OWNER, question, made.desk, kind=AnswerKind.REFUTED, words="not her"
        )
    assert made.state(hit_id) is HitState.CONFIRMED


def test_only_the_owner_answers(made):
    """For everyone else the question is not there."""
    hit_id = made.asked()
    question = made.question_of(hit_id)

    for other in (HEAD, STRANGER):
        with pytest.raises(NotFound):
            made.do(answers.answer, other, question, made.desk, kind=AnswerKind.CONFIRMED)
    assert made.do(answers.put_to_us, STRANGER) == []
