"""Messages over HTTP, between two desks of one node."""

from __future__ import annotations

import pytest

from api_help import Api
from didban.store import node as node_row


@pytest.fixture
def api(database, node_secrets):
    """Return a node that speaks with no other."""
    from bank_help import authority
    from didban import clock

    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xar-border", kind="border")
        node_row.add(tx, node_row.NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return Api(database, node_secrets)


def test_a_request_walks_its_whole_way(api: Api):
    """Sent, read under its conditions, taken into work, answered, closed; a bundle for the court."""
    purpose = {"purpose": "criminal_investigation"}
    asking = api.as_("xar", "liaison_officer", **purpose)
    asked = api.as_("xar-border", "liaison_officer", **purpose)
    part = {"text": "who passed the gate?", "handling": "H3", "conditions": "for the desk alone"}
    given = {"kind": "request", "recipient": "xar-border", "topic": "case", "parts": [part]}

    sent = asking.post("/messages", given)
    assert (sent.status_code, sent.json()["state"]) == (201, "accepted")
    one = f"/messages/{sent.json()['id']}"
    assert asked.get("/messages").json()["items"][0]["state"] == "accepted"
    assert asked.get(one).json()["parts"][0]["text"] == ""
    assert asked.post(f"{one}/acknowledgement", {"part": 0}).status_code == 204
    assert asked.get(one).json()["parts"][0]["text"] == "who passed the gate?"
    assert asked.post(f"{one}/work").json()["state"] == "in_work"
    file = {"name": "gate.txt", "media_type": "text/plain", "data": "bm9ib2R5"}
    reply = {"kind": "answer", "parts": [{"file": file}]}
    assert asked.post(f"{one}/reply", reply).status_code == 201
    view = asking.get(one).json()
    assert (view["message"]["state"], view["possible"]) == (
        "answered",
        ["close", "reopen", "recall"],
    )
    thread = sent.json()["thread"]
    first = asking.get(f"/threads/{thread}?limit=1").json()
    assert len(first["items"]) == 1
    rest = asking.get(f"/threads/{thread}?limit=1&cursor={first['next_cursor']}").json()
    ([answer], last) = rest["items"], rest["next_cursor"]
    assert last is None
    assert asking.get(f"/messages/{answer['id']}").json()["parts"][0]["data"] == "bm9ib2R5"
    order = {"use": "court", "recipient": "court"}
    assert asking.post(f"/threads/{thread}/bundle", order).json()["handling"] == "H3"
    assert asking.post(f"{one}/closure", {"useful": 3}).json()["state"] == "closed"
    assert asking.post(f"{one}/recall", {"words": "sent in error"}).json()["state"] == "recalled"
    assert asked.get(one).json()["parts"] == []


def test_only_desks_write_and_another_authority_finds_nothing(api: Api):
    """The same answer for what is not there and for what is not theirs."""
    purpose = {"purpose": "criminal_investigation"}
    given = {
        "kind": "spontaneous", "recipient": "xar-border", "topic": "cooperation",
        "parts": [{"text": "the gate is closed on Friday"}],
    }  # fmt: skip
    sent = api.as_("xar", "liaison_officer", **purpose).post("/messages", given).json()
    stranger = api.as_("xca", "supervisor", **purpose)
    analyst = api.as_("xar", "analyst", **purpose)

    assert analyst.post("/messages", given).status_code == 403
    assert analyst.get(f"/messages/{sent['id']}").status_code == 200
    for path in (f"/messages/{sent['id']}", f"/threads/{sent['thread']}", "/messages/msg_never"):
        assert stranger.get(path).status_code == 404
    wrong = {**given, "parts": [{"text": "a", "record": "rec_1"}]}
    assert api.as_("xar", "liaison_officer", **purpose).post("/messages", wrong).status_code == 422


@pytest.mark.parametrize("data", ["Ä", "A", "no base64"])
def test_a_file_that_is_no_base64_is_refused(api: Api, data: str):
    """Whatever else its text is."""
    file = {"name": "gate.txt", "media_type": "text/plain", "data": data}
    given = {
        "kind": "spontaneous", "recipient": "xar-border", "topic": "cooperation",
        "parts": [{"file": file}],
    }  # fmt: skip
    asker = api.as_("xar", "liaison_officer", purpose="criminal_investigation")
    refused = asker.post("/messages", given)

    assert (refused.status_code, "no base64" in str(refused.json())) == (422, True)
