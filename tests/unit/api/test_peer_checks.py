"""Questions to other nodes over HTTP."""

from __future__ import annotations

import pytest

from api_help import Api
from bank_help import passport
from didban import clock
from didban.exchange import peer_checks
from didban.guard.secrets import Secrets
from questions_help import Asking, Line

PAPER = {"number": "K12345678", "issuer": "XAR"}
ASKED = {"way": "clear", "seeks_protection": False, "documents": [PAPER]}


@pytest.fixture
def api(asking: Asking, tmp_path) -> Api:
    """Return the interface of the node of xbo."""
    secrets = Secrets(tmp_path / "secrets")
    secrets.make()
    return Api(asking["xbo"].database, secrets, index=asking.indexes["xbo"])


@pytest.fixture
def desk(api: Api):
    """Return somebody of the second line at xbo."""
    return api.as_("xbo", "second_line")


def send(asking: Asking) -> None:
    """Let what was asked at xbo leave, and be answered."""
    database, line = asking["xbo"].database, Line(asking.network, "xbo")
    for check, node in peer_checks.take_waiting(database, clock.now()):
        peer_checks.put(database, line.ask, check, node, clock.now())


def test_a_question_is_put_and_its_answers_are_read(asking: Asking, desk):
    """Partial at first; over when every node has answered."""
    asking.keep("xar", passport("K12345678"))
    put = desk.post("/peer-checks", ASKED)
    assert put.status_code == 201
    assert {one["state"] for one in put.json()["answers"]} == {"waiting"}
    send(asking)
    told = desk.get(f"/peer-checks/{put.json()['id']}").json()
    assert told["is_over"] is True
    assert {one["node"]: one["exists"] for one in told["answers"]} == {"xar": True, "xca": False}
    [row] = desk.get("/peer-checks").json()["items"]
    assert row["id"] == told["id"]
    assert "K12345678" not in f"{told}{row}"


def test_what_cannot_be_asked_is_refused_with_the_reason(desk):
    """Nothing leaves, and nothing is kept."""
    person = {"name": "Zahra Karimzadeh", "birth_date": "1971-05-02"}
    wrong = (
        ({**ASKED, "persons": [person]}, 422),
        ({**ASKED, "documents": []}, 422),
        ({**ASKED, "documents": [PAPER, PAPER]}, 422),
        ({**ASKED, "documents": [{"number": "K1", "issuer": "nowhere"}]}, 422),
        ({**ASKED, "nodes": ["xzz"]}, 404),
        ({**ASKED, "seeks_protection": True}, 403),
        ({key: value for key, value in ASKED.items() if key != "seeks_protection"}, 422),
    )
    for body, status in wrong:
        assert desk.post("/peer-checks", body).status_code == status, body
    assert desk.get("/peer-checks").json()["items"] == []


def test_the_first_line_does_not_ask_other_nodes(api: Api, desk):
    """The second line does; and another authority does not read its questions."""
    assert api.as_("xbo", "first_line").post("/peer-checks", ASKED).status_code == 403
    check = desk.post("/peer-checks", ASKED).json()["id"]
    other = api.as_("xca", "second_line")
    assert other.get(f"/peer-checks/{check}").status_code == 404
    assert other.post("/peer-checks", ASKED).status_code == 403


def test_lists_are_shown_without_what_they_hold(asking: Asking, api: Api):
    """How long, until when, and how often a hit is chance."""
    for number in range(10):
        asking.keep("xar", passport(f"K{number:08}"), audience=("blind:xbo",))
    asking.offer("xar")
    [row] = api.as_("xbo", "supervisor").get("/blind-lists").json()
    assert (row["node"], row["is_ours"], row["tags"], row["records"]) == ("xar", False, 16, None)
    assert 0 < row["false_hits"] < 1e-17
