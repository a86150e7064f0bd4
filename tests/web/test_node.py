"""The node at a desk: how it stands, and what is done on its machine."""

from __future__ import annotations

from datetime import timedelta

from didban import clock
from didban.guard import audit
from didban.guard.users import operator
from didban.model.deeds import Deed
from didban.store import duties, jobs


def test_an_administrator_sees_how_the_node_stands(pages):
    """What failed comes first, in words; who watches reads it too, and nobody else."""
    now = clock.now()
    desk = pages.as_("xar", "administrator")
    assert "No backup of this node was ever written." in desk.get("/node").text
    with pages.api.database.begin() as tx:
        duties.claim(tx, "lists.refresh", timedelta(hours=1), now)
        duties.failed(tx, "lists.refresh", now)
        jobs.add(tx, "letter", {"hit": "hit_1"}, now=now)
        audit.enter(tx, operator("root", "xar"), Deed.NODE_BACKED_UP)
    page = desk.get("/node")
    assert "This duty failed: Read lists anew." in page.text
    assert "The last one was written" in page.text
    assert "letter" in page.text
    assert "charter.is_training" in page.text
    assert "Перечитать списки" in pages.as_("xar", "inspector", language="ru").get("/node").text
    assert pages.as_("xar", "supervisor").get("/node").status == 403
