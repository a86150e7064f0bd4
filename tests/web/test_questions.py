"""The owner's desk at its pages: what other desks ask it, and what it answers."""

from __future__ import annotations

import pytest

from casework_help import CLAIMED, CLEAR, CLERK, OTHER, OWNER, scene
from didban.casework import questions
from didban.model.hits import HitState, Urgency

LATER = {"words": "the person is in our prison"}


@pytest.fixture
def made(pages, monkeypatch):
    """Return the bank behind the pages, in which Boreland asks for the arrest of one person."""
    return scene(pages.api.database, monkeypatch)


@pytest.fixture
def owner(pages, made):
    """Return an officer of Boreland."""
    return pages.as_("xbo", "second_line", user=OWNER.user)


def test_the_owner_compares_and_answers_one_question_after_the_other(made, owner):
    """Confirmed, somebody else with a reason, or a time: nothing is preselected."""
    confirmed, refuted, waiting = made.asked(Urgency.URGENT), made.asked(), made.asked()
    inbox = owner.get("/questions")
    assert len(inbox.all(".//main//tbody/tr")) == 3
    assert "10 minutes left" in inbox.text

    page = owner.get(f"/questions/{made.question_of(confirmed)}")
    assert "Arvand" in page.text
    assert "gate 4" in page.text
    assert "ZAHRA KARIMZADEH" in page.text
    assert [one for one in page.all(".//main//input") if "checked" in one.attrib] == []
    path = f"/questions/{made.question_of(confirmed)}/confirm"
    assert owner.send(path).status == 422
    owner.send(path, compared="yes")
    assert made.state(confirmed) is HitState.CONFIRMED
    assert "left" not in owner.get(f"/questions/{made.question_of(confirmed)}").text

    path = f"/questions/{made.question_of(refuted)}/refute"
    assert owner.send(path, words=" ", shared="no").status == 422
    assert owner.send(path, **LATER).status == 422
    owner.send(path, **LATER, shared="no")
    assert made.state(refuted) is HitState.CLOSED

    path = f"/questions/{made.question_of(waiting)}/later"
    assert owner.send(path, hours="13").status == 422
    owner.send(path, hours="8")
    assert made.state(waiting) is HitState.WAITING
    assert len(owner.get("/questions", state="answered").all(".//main//tbody/tr")) == 2


def test_an_urgent_question_stands_first_at_the_owners_desk(made, owner):
    """Somebody is kept waiting for its answer; the margin of every page counts what is open."""
    made.asked()
    urgent = made.question_of(made.asked(Urgency.URGENT))

    desk = owner.get("/mine")
    first, *_ = [one for one in desk.links() if "/questions/" in one]
    assert first == f"/desk/questions/{urgent}"
    assert desk.text.count("Person waits") == 1
    [count] = [one for one in desk.all(".//nav//span") if one.get("data-count") == "questions"]
    assert count.get("data-waiting") == "2"


def test_what_else_is_asked_is_supplied(made, owner):
    """It stays in the history of the hit that it is about."""
    hit_id = made.asked()
    made.do(questions.ask_more, CLERK, hit_id, made.desk, words="a photograph", gate=CLEAR)
    [link] = {one for one in owner.get("/questions").links() if "/questions/" in one} - {
        f"/desk/questions/{made.question_of(hit_id)}"
    }
    path = link.removeprefix("/desk")

    assert "a photograph" in owner.get(path).text
    assert owner.follow(owner.send(f"{path}/supplement", words="it is on its way")).status == 200


def test_a_withheld_question_does_not_tell_where_somebody_was_met(pages, made):
    """Neither where, when nor by whom (PR-53)."""
    hit_id = made.referred()
    made.do(questions.ask, CLERK, hit_id, made.desk, urgency=Urgency.ROUTINE, gate=CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    made.clock.pass_(hours=25)
    owner = pages.as_("xbo", "second_line", user=OWNER.user)

    page = owner.get(f"/questions/{made.question_of(hit_id)}")
    assert "Withheld" in page.text
    assert "gate 4" not in page.text
    assert "Arvand" not in page.text


def test_a_question_is_there_for_its_owner_alone(pages, made):
    """Who asked does not answer."""
    hit_id = made.asked()

    asker = pages.as_("xar", "second_line", user=CLERK.user)
    assert asker.get(f"/questions/{made.question_of(hit_id)}").status == 404
