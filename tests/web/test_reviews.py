"""The receiver's review at its pages: what was sent, what speaks against it, one decision."""

from __future__ import annotations

import pytest

from bank_help import authority
from didban import clock
from didban.store import node as node_row
from didban.store.node import NodeRow
from review_help import arrive, kept, wanted

CLEAR = {"claim_for_protection": "no", "human_rights": "no", "political": "no"}


@pytest.fixture
def arrived(pages):
    """Return an alert of Boreland that arrived at Arvand's node."""
    with pages.api.database.begin() as tx:
        authority(tx, "xbo")
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
        return arrive(tx, ask=wanted())


def reading(desk):
    """Return the path of the one review that waits, and the digest that its page bears."""
    [row] = desk.get("/alert-reviews").all(".//main//tbody/tr")
    path = row.find(".//a").get("href").removeprefix("/desk")
    page = desk.get(path)
    read = {one.get("value") for one in page.all(".//main//input") if one.get("name") == "read"}
    return path, page, read.pop()


def test_an_alert_is_read_and_accepted(pages, arrived):
    """What it rests on stands on the page; every question is answered; nothing is preselected."""
    desk = pages.as_("xar", "reviewer")
    path, page, read = reading(desk)
    assert "Robbed a bank in Boreport." in page.text
    assert "warrant 12/2031" in page.text
    assert [one for one in page.all(".//main//input") if "checked" in one.attrib] == []

    assert desk.send(f"{path}/acceptance", read=read).status == 422
    assert desk.send(f"{path}/acceptance", read="00" * 32, **CLEAR).status == 409
    after = desk.follow(desk.send(f"{path}/acceptance", read=read, **CLEAR))
    assert "The alert is accepted" in after.text
    with pages.api.database.begin() as tx:
        assert kept(tx, arrived.id).review == "accepted"


def test_a_doubt_needs_two_persons(pages, arrived):
    """Who proposed it is told that somebody else agrees."""
    desk = pages.as_("xar", "reviewer")
    path, _, read = reading(desk)
    doubted = {**CLEAR, "political": "yes", "words": "a journalist, but of a bank robbery"}

    desk.send(f"{path}/acceptance", read=read, **doubted)
    assert "Another person must agree" in desk.get(path).text
    second = pages.as_("xar", "supervisor")
    assert "Agree, as the second person" in second.get(path).text
    second.send(f"{path}/acceptance", read=read, **CLEAR, words="the warrant names the robbery")
    with pages.api.database.begin() as tx:
        assert kept(tx, arrived.id).review == "accepted"


def test_a_refusal_names_ground_and_reason(pages, arrived):
    """One person is enough."""
    desk = pages.as_("xar", "reviewer", language="fa")
    path, _, read = reading(desk)

    assert desk.send(f"{path}/refusal", read=read, ground="art3").status == 422
    desk.send(f"{path}/refusal", read=read, ground="art3", why="a trade unionist")
    with pages.api.database.begin() as tx:
        assert kept(tx, arrived.id).review == "refused"
    assert "a trade unionist" in desk.get(path).text
