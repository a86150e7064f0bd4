"""The network at a desk: a node is brought in, compared by its words, and left."""

from __future__ import annotations

import json

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
def host(pages):
    """Return the pages of a training node of xar."""
    with pages.api.database.begin() as tx:
        authority(tx, "xar", country="XAR")
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return pages


def test_a_node_is_brought_in_compared_and_left(host):
    """Its words are not shown before somebody of it was heard; wrong words pin nobody."""
    root = root_keys.new()
    said = descriptor_of("xca", root, new_identity("xca"))
    file = json.dumps(descriptors.to_file([descriptors.sign(said, root)])).encode()
    heard = " ".join(words.of("xca", root.public))
    desk = host.as_("xar", "administrator", language="fa")

    assert desk.upload("/network", {"file": ("x.json", b"{}")}).status == 422
    page = desk.follow(desk.upload("/network", {"file": ("xca.json", file)}))
    assert heard not in page.text
    assert desk.send("/network/xca/pin", words="acid " * 13).status == 422
    pinned = desk.follow(desk.send("/network/xca/pin", words=heard))
    assert heard in pinned.text
    assert "/desk/network/xca" in desk.get("/network").links()

    with host.api.database.begin() as tx:
        found = evidence.keep(
            tx, node="xca", feed=None, fault="forked", what="two", signed=[], now=clock.now()
        )
    watcher = host.as_("xar", "inspector")
    assert "It said two different things in one place" in watcher.get("/network/xca").text
    assert watcher.send("/network/xca/suspend").status == 403
    closed = desk.follow(desk.send(f"/network/xca/evidence/{found}/close"))
    assert f"/evidence/{found}/close" not in closed.response.body.decode()
    for deed in ("agree", "suspend", "remove"):
        assert desk.get(f"/network/xca/{deed}").status == 200
    desk.send("/network/xca/suspend")
    gone = desk.follow(desk.send("/network/xca/remove"))
    assert "/desk/network/xca/remove" not in gone.links()
