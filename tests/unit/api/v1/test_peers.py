"""Other nodes over HTTP: administrators decide, those who watch may look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bank_help import authority
from didban import clock
from didban.exchange import descriptors, words
from didban.guard.crypto import root_keys
from didban.store import node as node_row
from didban.store.exchange import evidence
from didban.store.node import NodeRow
from exchange_help import descriptor_of, new_identity


@pytest.fixture
def host(api):
    """Return the interface of a training node of xar."""
    with api.database.begin() as tx:
        authority(tx, "xar", country="XAR")
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return api


@pytest.fixture
def xbo():
    """Return another node's root key, and the file by which it introduces itself."""
    root = root_keys.new()
    said = descriptor_of("xbo", root, new_identity("xbo"))
    return root, descriptors.to_file([descriptors.sign(said, root)])


def test_a_node_is_proposed_compared_and_pinned(host, xbo):
    """Its words are not shown before somebody of it was heard."""
    root, file = xbo
    administrator = host.as_("xar", "administrator")
    made = administrator.post("/peers", file)
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["words"]) == ("proposed", None)
    assert [one["is_agreed"] for one in made.json()["authorities"]] == [False]
    wrong = administrator.post("/peers/xbo/pin", {"words": "acid " * 13})
    assert wrong.status_code == 422
    heard = " ".join(words.of("xbo", root.public))
    pinned = administrator.post("/peers/xbo/pin", {"words": heard.upper()})
    assert pinned.status_code == 200
    assert (pinned.json()["state"], pinned.json()["words"]) == ("pinned", heard)
    watching = host.as_("xar", "data_protection_officer")
    assert [one["node"] for one in watching.get("/peers").json()] == ["xbo"]
    assert watching.post("/peers/xbo/suspend").status_code == 403
    assert administrator.post("/peers/xbo/suspend").json()["state"] == "quarantined"
    assert administrator.post("/peers/xbo/remove").json()["state"] == "removed"
    assert administrator.post("/peers/xbo/agree").status_code == 409


def test_a_file_that_was_changed_is_refused(host, xbo):
    """The caller is told that it is the file, and nothing is kept."""
    _, file = xbo
    administrator = host.as_("xar", "administrator")
    other = root_keys.new()
    false = descriptor_of("xbo", other, new_identity("xbo"))
    signed = descriptors.sign(false, root_keys.new()).to_json()
    assert administrator.post("/peers", {"descriptors": [signed]}).status_code == 422
    assert administrator.post("/peers", {"descriptors": []}).status_code == 422
    assert administrator.get("/peers").json() == []
    assert administrator.get("/peers/xbo").status_code == 404
    assert host.as_("xar", "recorder").get("/peers").status_code == 403
    assert host.as_("xca", "administrator").post("/peers", file).status_code == 403


def test_evidence_is_shown_and_closed(host, xbo):
    """It stays when it is closed, however much came after it."""
    administrator = host.as_("xar", "administrator")
    administrator.post("/peers", xbo[1])
    with host.database.begin() as tx:
        found, *later = [
            evidence.keep(
                tx, node="xbo", feed=None, fault="forked", what="two", signed=[], now=clock.now()
            )
            for _ in range(3)
        ]
    inspector = host.as_("xar", "inspector")
    newest = inspector.get("/peers/xbo/evidence?limit=2").json()
    assert [one["id"] for one in newest["items"]] == later[::-1]
    following = f"limit=2&cursor={newest['next_cursor']}"
    rest = inspector.get(f"/peers/xbo/evidence?{following}").json()
    [shown] = rest["items"]
    assert (shown["id"], shown["fault"], shown["closed_at"]) == (found, "forked", None)
    assert administrator.post(f"/peers/xbo/evidence/{found}/close").status_code == 204
    assert administrator.post(f"/peers/xbo/evidence/{found}/close").status_code == 404
    *_, shown = administrator.get("/peers/xbo/evidence").json()["items"]
    assert shown["closed_at"] is not None


def test_what_there_is_not_yet_is_not_found(host):
    """No identity, no charter; nothing ends, and nobody witnessed the log."""
    administrator = host.as_("xar", "administrator")
    assert administrator.get("/identity").status_code == 404
    assert administrator.get("/charter").status_code == 404
    assert administrator.get("/expiries").json() == []
    told = host.as_("xar", "inspector").get("/audit/witnesses").json()
    assert told == {"wanted": 2, "witnesses": [], "checkpoint": None}


def test_the_days_that_are_left_are_told(host, xbo):
    """Of nodes that are pinned."""
    root, file = xbo
    administrator = host.as_("xar", "administrator")
    administrator.post("/peers", file)
    administrator.post("/peers/xbo/pin", {"words": " ".join(words.of("xbo", root.public))})
    [ends] = administrator.get("/expiries").json()
    assert (ends["node"], ends["what"], ends["is_ours"]) == ("xbo", "descriptor", False)
    assert ends["days_left"] == timedelta(days=364).days
