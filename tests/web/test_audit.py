"""The audit log at a desk: read, filtered, verified, proved."""

from __future__ import annotations

import json

from bank_help import authority
from didban import clock
from didban.guard import checkpoints
from didban.store import node as node_row
from didban.store.node import NodeRow


def test_the_log_is_read_verified_and_proved(pages, node_secrets):
    """Who reads it is in it; an entry is sent with its proof."""
    with pages.api.database.begin() as tx:
        authority(tx, "xar", country="XAR")
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    desk = pages.as_("xar", "inspector", language="ru")

    assert desk.get("/audit").status == 200
    assert "audit.read" in desk.get("/audit", actor=desk.who.user).text
    assert desk.get("/audit", since="soon").status == 422
    assert "audit.read" not in desk.get("/audit", subject="rec_1").text
    assert desk.get("/audit/checkpoint").status == 409
    with pages.api.database.begin() as tx:
        signer = checkpoints.signer_of(tx, node_secrets)
    checkpoints.make(pages.api.database, signer)

    assert desk.send("/audit/verification").status == 200
    [first, *_] = [link for link in desk.get("/audit").links() if link.endswith("/proof")][::-1]
    sent = desk.get(first.removeprefix("/desk")).response
    assert json.loads(sent.body)["checkpoint"]
    assert json.loads(desk.get("/audit/checkpoint").response.body)["key"]
    assert desk.get("/audit/sight", user=desk.who.user).status == 200
    assert desk.get("/audit/use").status == 200
    assert pages.as_("xar", "administrator").get("/audit").status == 403
