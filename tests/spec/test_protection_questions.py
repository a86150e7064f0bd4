"""The gate before an owner is asked (PR-53, PR-55): what it sees, and what it never learns."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bank_help import actor, marking, person
from casework_help import (
    CLAIMED,
    CLEAR,
    CLERK,
    HEAD,
    NOON,
    OTHER,
    OWNER,
    STRANGER,
    scene,
    with_terms,
)  # fmt: skip
from didban.casework import answers, decisions, hits, notifications, questions
from didban.errors import Conflict, NotFound, NotPermitted
from didban.guard import assessments
from didban.intake import bank
from didban.model.assessments import AssessmentVerdict, Harm
from didban.model.casework import AnswerKind, AskedOwner, Disclosure, QuestionState
from didban.model.hits import Clock, HitState, NotActedReason, Outcome, Urgency
from didban.model.notifications import Channel, Post
from didban.store import hits as store
from didban.store.notifications import Contact
from didban.store.tables.notify import notification


@pytest.fixture
def made(database, monkeypatch):
    """Return a bank with one record of Boreland."""
    return scene(database, monkeypatch)


def ask(made, gate, hit_id=None):
    """Ask the owner with these answers at the gate."""
    hit_id = hit_id or made.referred()
    made.do(questions.ask, CLERK, hit_id, made.desk, urgency=Urgency.URGENT, gate=gate)
    return hit_id


DUTY_OF_OWNER = Contact(
    authority="xbo", post=Post.DUTY_OFFICER, channel=Channel.EMAIL, address="duty@xbo.example"
)


@pytest.mark.parametrize(
    "gate",
    [
        replace(CLEAR, claim_for_protection=True),
        replace(CLEAR, refugee_papers=True),
        replace(CLEAR, flagged=True),
    ],
    ids=["claim", "papers", "flag"],
)
def test_pr_53_any_yes_bars_an_open_question(made, gate):
    """Nothing leaves, and the hit stays where it was."""
    hit_id = made.referred()

    with pytest.raises(NotPermitted):
        ask(made, gate, hit_id)
    assert made.state(hit_id) is HitState.SECOND_LINE
    assert made.do(answers.put_to_us, OWNER) == []


def test_pr_53_a_withheld_question_needs_a_second_person(made):
    """Until another person agrees, nothing leaves."""
    hit_id = ask(made, CLAIMED)
    made.clock.pass_(days=10)

    assert made.state(hit_id) is HitState.SECOND_LINE
    assert made.do(answers.put_to_us, OWNER) == []
    with pytest.raises(NotPermitted):
        made.do(questions.agree, CLERK, hit_id, made.desk, gate=CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    assert made.state(hit_id) is HitState.CONFIRMATION_REQUESTED


def test_pr_53_a_withheld_question_tells_neither_where_when_nor_by_whom(made):
    """The owner sees what it needs to recognise the person, and nothing of the encounter."""
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    made.clock.pass_(days=2)

    (seen,) = made.do(answers.put_to_us, OWNER)
    told = asdict(seen)
    assert {name for name in told if told[name] is None or told[name] == ""} == {
        "words",
        "urgency",
        "reply_by",
        "authority",
        "place",
        "met_at",
        "answer",
        "feedback",
        "node",
    }
    assert seen.identity is not None
    assert set(seen.identity.properties) == {"name", "birthDate", "nationality"}
    text = repr(seen)
    for secret in (hit_id, "xar", "gate 4", "usr_", "Boreport"):
        assert secret not in text


def test_pr_53_a_withheld_question_leaves_when_a_lot_says(made, monkeypatch):
    """So the owner cannot tell from its arrival when the person was met."""
    monkeypatch.setattr("didban.casework.questions.secrets.randbelow", lambda most: most - 1)
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)

    made.clock.at = NOON + timedelta(hours=23, minutes=59)
    assert made.do(answers.put_to_us, OWNER) == []
    made.clock.at = NOON + timedelta(hours=24)
    assert len(made.do(answers.put_to_us, OWNER)) == 1


def test_pr_53_the_order_of_questions_does_not_tell_when_one_was_asked(made, monkeypatch):
    """A withheld question stands where it left, not where it was asked."""
    monkeypatch.setattr("didban.casework.questions.secrets.randbelow", lambda _: 3600)
    withheld = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, withheld, made.desk, gate=CLAIMED)
    made.clock.pass_(minutes=30)
    later = made.asked()
    made.clock.pass_(hours=1)

    assert [q.id for q in made.do(answers.put_to_us, OWNER)] == [
        made.question_of(later), made.question_of(withheld),
    ]  # fmt: skip


def test_pr_53_no_notification_reveals_the_encounter(made, monkeypatch):
    """The owner's duty officer is told of a withheld question when it leaves, without a deadline."""
    monkeypatch.setattr("didban.casework.questions.secrets.randbelow", lambda _: 3600)
    made.do(notifications.set_contact, actor("xbo", "supervisor"), DUTY_OF_OWNER)
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)

    with made.database.begin() as tx:
        (row,) = tx.execute(select(notification)).all()
    assert row.next_try_at == NOON + timedelta(hours=1)
    assert row.due_at is None
    assert row.subject.startswith("qst_")


def test_pr_53_no_question_at_all_lets_the_person_go(made):
    """The hit ends unconfirmed, the owner hears nothing, not even the outcome."""
    hit_id = ask(made, replace(CLAIMED, disclosure=Disclosure.NONE))
    assert made.state(hit_id) is HitState.RELEASED_UNCONFIRMED
    made.do(decisions.record_outcome, CLERK, hit_id, made.desk, outcome=Outcome.RELEASED)

    with pytest.raises(Conflict, match="hears nothing"):
        made.do(decisions.send_feedback, CLERK, hit_id, made.desk)
    made.do(decisions.close_without_feedback, CLERK, hit_id, made.desk)
    assert made.do(answers.put_to_us, OWNER, states=frozenset(QuestionState)) == []


def test_pr_53_the_end_of_a_withheld_question_does_not_tell_when_the_person_was_let_go(made):
    """For its owner it stays open; an answer is taken and changes nothing any more."""
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    made.clock.pass_(days=1)
    before = made.do(answers.put_to_us, OWNER)
    with made.database.begin() as tx:
        store.start_clock(tx, hit_id, Clock.HOLD_LIMIT, made.clock.now())
    made.do(hits.release, CLERK, hit_id, "hold_limit")

    assert made.do(answers.put_to_us, OWNER) == before
    made.answered(hit_id, AnswerKind.CONFIRMED)
    assert made.state(hit_id) is HitState.RELEASED_UNCONFIRMED


def test_pr_53_a_withheld_question_that_has_not_left_does_not_leave_any_more(made, monkeypatch):
    """When the person is let go before, the owner never hears of it."""
    monkeypatch.setattr("didban.casework.questions.secrets.randbelow", lambda _: 3600)
    made.do(notifications.set_contact, actor("xbo", "supervisor"), DUTY_OF_OWNER)
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    made.withdraw_record()
    made.do(hits.release, CLERK, hit_id, "record_gone")
    made.clock.pass_(days=3)

    assert made.do(answers.put_to_us, OWNER, states=frozenset(QuestionState)) == []
    with made.database.begin() as tx:
        assert tx.execute(select(notification)).all() == []


def test_pr_53_feedback_of_a_withheld_question_stays_here(made):
    """An outcome would tell that the person was met after all."""
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    made.clock.pass_(days=2)
    made.answered(hit_id, AnswerKind.CONFIRMED)
    made.compared(hit_id, HEAD)
    made.do(
        decisions.cannot_act, HEAD, hit_id, made.desk,
        reason=NotActedReason.LAW, words="non-refoulement",
    )  # fmt: skip
    made.do(decisions.record_outcome, CLERK, hit_id, made.desk, outcome=Outcome.NO_ACTION)

    with pytest.raises(Conflict):
        made.do(decisions.send_feedback, CLERK, hit_id, made.desk)
    with pytest.raises(NotPermitted):
        made.do(questions.ask_more, CLERK, hit_id, made.desk, words="a photo", gate=CLEAR)


def test_pr_53_the_desk_cannot_answer_no_to_what_lies_before_it(made):
    """A record found by the same check says from whom the person is protected (PR-16)."""
    protecting = replace(marking("xca"), protected_from=("node:xbo",))
    refugee = person("Zahra Karimzadeh", birthDate="1971-05-02")
    with made.database.begin() as tx:
        bank.report(tx, actor("xca"), refugee, protecting)
    hit_id = made.referred(beside=refugee.id)

    with pytest.raises(NotPermitted, match="speaks against"):
        ask(made, CLEAR, hit_id)
    ask(made, CLAIMED, hit_id)


def assess(made, verdict):
    """Record what is held of Boreland."""
    draft = assessments.Draft(
        partner="xbo",
        harm=Harm.TORTURE,
        verdict=verdict,
        reason="report of the committee",
        review_due=NOON.date() + timedelta(days=365),
    )
    made.do(assessments.record, actor("xar", "data_protection_officer"), draft)


def test_pr_55_what_is_held_of_an_owner_bars_an_open_question(made):
    """The register is asked before anything of a person leaves; the desk cannot overlook it."""
    assess(made, AssessmentVerdict.ASSURANCES)
    hit_id = made.referred()

    with pytest.raises(NotPermitted, match="speaks against"):
        ask(made, CLEAR, hit_id)
    ask(made, CLAIMED, hit_id)


def test_pr_55_nothing_leaves_for_an_owner_that_no_assurance_makes_safe(made):
    """Not even a withheld question; the hit is let go."""
    hit_id = ask(made, CLAIMED)
    assess(made, AssessmentVerdict.BARRED)

    with pytest.raises(NotPermitted, match="PR-55"):
        made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    ask(made, replace(CLAIMED, disclosure=Disclosure.NONE), hit_id)
    assert made.state(hit_id) is HitState.RELEASED_UNCONFIRMED


def test_pr_53_an_open_question_says_what_it_must_and_no_more(made):
    """Who asks, where and when; of the person only what identifies them, and no hit."""
    hit_id = made.asked(Urgency.URGENT)
    (seen,) = made.do(answers.put_to_us, OWNER)

    assert (seen.authority, seen.place, seen.met_at) == ("xar", "gate 4", NOON)
    assert seen.identity is not None
    assert "birthPlace" not in seen.identity.properties
    assert {field.name for field in fields(AskedOwner)}.isdisjoint({"hit", "asked_by", "score"})
    assert hit_id not in repr(seen)


def test_pr_09_a_question_is_not_there_before_it_left(made, monkeypatch):
    """Guessing its identifier brings the very answer of a question that never was."""
    monkeypatch.setattr("didban.casework.questions.secrets.randbelow", lambda _: 3600)
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    with made.database.begin() as tx:
        from didban.store.tables.hits import owner_question

        question = tx.scalar(select(owner_question.c.id))

    said = []
    for who, name in ((OWNER, question), (OWNER, "qst_never"), (STRANGER, question)):
        with pytest.raises(NotFound) as error:
            made.do(answers.answer, who, name, made.desk, kind=AnswerKind.CONFIRMED)
        said.append(str(error.value))
    assert len(set(said)) == 1


def test_the_longest_wait_is_a_setting(made):
    """A desk may allow an owner longer."""
    longer = with_terms(made, longest_wait_hours=48.0)
    hit_id = longer.asked()
    longer.answered(hit_id, AnswerKind.WILL_BE_CONFIRMED, until=NOON + timedelta(hours=40))

    assert longer.state(hit_id) is HitState.WAITING
