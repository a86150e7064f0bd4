"""Other nodes are asked at a page: whether they have a record, in clear or blind."""

from __future__ import annotations

import pytest

from api_help import Api
from bank_help import passport
from didban import clock
from didban.exchange import peer_checks
from didban.guard.secrets import Secrets
from pages_help import Pages
from questions_help import Asking, Line

PAPER = {"way": "clear", "sought": "document", "seeks_protection": "no"}


@pytest.fixture
def desk(asking: Asking, tmp_path):
    """Return somebody of the second line at the pages of xbo's node."""
    secrets = Secrets(tmp_path / "secrets")
    secrets.make()
    api = Api(asking["xbo"].database, secrets, index=asking.indexes["xbo"])
    return Pages(api).as_("xbo", "second_line")


def test_a_question_is_put_and_its_answers_come(asking: Asking, desk):
    """The page looks for answers by itself while they are coming, and then no more."""
    asking.keep("xar", passport("K12345678"))
    asked = desk.follow(desk.send("/peer-checks", **PAPER, documents="XAR:P:K12345678"))
    assert asked.all(".//section[@data-hx-trigger]")
    assert "K12345678" not in asked.text

    database, line = asking["xbo"].database, Line(asking.network, "xbo")
    for check, node in peer_checks.take_waiting(database, clock.now()):
        peer_checks.put(database, line.ask, check, node, clock.now())
    [link] = {one for one in desk.get("/peer-checks").links() if "/pck_" in one}
    told = desk.get(link.removeprefix("/desk"))
    assert "Hit: a record exists" in told.text
    assert "No hit" in told.text
    assert told.all(".//section[@data-hx-trigger]") == []
    assert desk.get(link.removeprefix("/desk"), part=True).all(".//h1") == []


def test_what_cannot_be_asked_is_named_at_its_field(desk):
    """Who seeks protection is not named to another state (PR-53)."""
    empty = desk.send("/peer-checks")
    assert empty.status == 422
    person = {**PAPER, "sought": "person", "name": "Zahra Karimzadeh"}
    unread = desk.send("/peer-checks", **person, birth_date="some day")
    assert "the birth date cannot be read" in unread.text
    protected = {**person, "seeks_protection": "yes"}
    assert desk.send("/peer-checks", **protected, birth_date="1971-05-02").status == 403
    nowhere = desk.send("/peer-checks", **PAPER, documents="XAR:P:K1", nodes="xzz")
    assert nowhere.status == 404
