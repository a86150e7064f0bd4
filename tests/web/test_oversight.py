"""Oversight at a desk: signals judged and closed, equal criteria, the protection rules tried."""

from __future__ import annotations

from bank_help import actor, authority
from didban import clock
from didban.guard import signals
from didban.model.signals import SignalKind
from didban.store import node as node_row
from didban.store.node import NodeRow


def test_signals_are_judged_and_the_rules_are_tried(pages):
    """A signal is judged before it is closed; every rule is tried on the node itself."""
    with pages.api.database.begin() as tx:
        authority(tx, "xar", country="XAR")
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
        signals.raise_about(tx, SignalKind.SELF_LOOKUP, actor("xar", "analyst"))
    desk = pages.as_("xar", "data_protection_officer", language="ar")

    page = desk.get("/signals")
    [path] = {form.get("action") for form in page.all(".//main//form")}
    triage = path.removeprefix("/desk")
    assert desk.send(triage).status == 422
    judged = desk.follow(desk.send(triage, verdict="noise"))
    [closing] = {form.get("action") for form in judged.all(".//main//form")}
    assert desk.follow(desk.send(closing.removeprefix("/desk"))).all(".//main//form") == []
    assert desk.get("/signals", state="closed").status == 200

    assert desk.get("/oversight").status == 200
    assert "PR-40" in desk.send("/oversight/control").text
    supervisor = pages.as_("xar", "supervisor")
    assert supervisor.get("/oversight").status == 200
    assert supervisor.send("/oversight/control").status == 403
