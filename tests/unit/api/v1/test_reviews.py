"""The receiver's desk over HTTP: alerts of other nodes, read, accepted and refused."""

from __future__ import annotations

import pytest

from didban import clock
from didban.store import node as node_row
from didban.store.node import NodeRow
from review_help import arrive, kept, wanted

CLEAR = {"claim_for_protection": False, "human_rights": False, "political": False}


@pytest.fixture
def desk(api):
    """Return a reviewer of the node's host; Boreland's records arrive here."""
    reviewer = api.as_("xar", "reviewer")
    api.as_("xbo", "first_line")
    with api.database.begin() as tx:
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return reviewer


def arrived(api):
    """Let an alert of Boreland arrive."""
    with api.database.begin() as tx:
        return arrive(tx, ask=wanted())


def the_review(desk):
    """Return the one review that waits."""
    (review,) = desk.get("/alert-reviews").json()["items"]
    return review


def test_an_alert_is_read_accepted_and_asks_from_then_on(api, desk):
    """What was read is named; the owner is not told."""
    record = arrived(api)
    waiting = the_review(desk)
    assert (waiting["state"], waiting["owner"]) == ("waiting", "xbo")

    seen = desk.get(f"/alert-reviews/{waiting['id']}").json()
    assert seen["would_ask"] == "arrest"
    assert "requested" not in seen["record"]["action"]
    assert seen["record"]["facts"]["legal_references"] == ["warrant 12/2031"]

    given = {"read": waiting["digest"], **CLEAR}
    answer = desk.post(f"/alert-reviews/{waiting['id']}/acceptance", given)
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    assert desk.get("/alert-reviews").json()["items"] == []
    with api.database.begin() as tx:
        assert kept(tx, record.id).review == "accepted"


def test_a_doubt_waits_for_another_person(api, desk):
    """The same person again is refused; a colleague agrees."""
    arrived(api)
    waiting = the_review(desk)
    path = f"/alert-reviews/{waiting['id']}/acceptance"
    given = {"read": waiting["digest"], **CLEAR, "political": True, "words": "a journalist"}
    assert desk.post(path, given).json()["state"] == "proposed"
    assert desk.post(path, given).status_code == 403

    second = api.as_("xar", "supervisor")
    told = second.post(path, {**given, "political": False}).json()
    assert (told["state"], told["doubts"]) == ("accepted", ["political"])


def test_a_refusal_names_its_ground_and_says_why(api, desk):
    """And what was not read is not decided."""
    arrived(api)
    waiting = the_review(desk)
    path = f"/alert-reviews/{waiting['id']}/refusal"
    given = {"read": waiting["digest"], "ground": "art3", "words": "a trade unionist"}

    assert desk.post(path, {**given, "words": ""}).status_code == 422
    assert desk.post(path, {**given, "read": "00" * 32}).status_code == 409
    assert desk.post(path, given).json()["ground"] == "art3"
    (refused,) = desk.get("/alert-reviews?state=refused").json()["items"]
    assert refused["id"] == waiting["id"]


def test_reviews_are_the_hosts_and_its_reviewers(api, desk):
    """Neither another authority's, nor another role's; what is not there is not found."""
    arrived(api)
    review = the_review(desk)["id"]
    assert api.as_("xbo", "reviewer").get("/alert-reviews").status_code == 403
    assert api.as_("xar", "first_line").get(f"/alert-reviews/{review}").status_code == 403
    assert desk.get("/alert-reviews/rvw_never").status_code == 404
