"""The node at a desk: how it stands, and what is done on its machine."""

from __future__ import annotations

from datetime import timedelta

from didban import clock
from didban.store import duties


def test_an_administrator_sees_how_the_node_stands(pages):
    """A duty that failed is seen; nobody else gives the machine's orders."""
    with pages.api.database.begin() as tx:
        duties.claim(tx, "lists.refresh", timedelta(hours=1), clock.now())
        duties.failed(tx, "lists.refresh", clock.now())
    page = pages.as_("xar", "administrator").get("/node")
    assert "lists.refresh" in page.text
    assert "failed" in page.text
    assert "charter.is_training" in page.text
    assert pages.as_("xar", "administrator", language="ru").get("/node").status == 200
    assert pages.as_("xar", "supervisor").get("/node").status == 403
