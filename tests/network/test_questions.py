"""Hit or no hit between two real nodes, in clear and blind, one of which dies."""

from __future__ import annotations

import time
from contextlib import ExitStack

import pytest

from didban import clock
from tools.chaos.desks import Desk, recorder
from tools.chaos.nodes import wait_until

pytestmark = pytest.mark.slow

OFFERED = [f"Q{number:08}" for number in range(50)]


def asked(desk: Desk, number: str, way: str) -> dict[str, object]:
    """Ask every node about a passport of Arvand, and return the answer of xar."""
    desk.hang_up()  # the node lets go of a line that was idle
    paper = {"number": number, "issuer": "xar"}
    body = {"way": way, "seeks_protection": way == "blind", "documents": [paper]}
    told = desk.ask("POST", "/peer-checks", body)
    while not told["is_over"]:
        time.sleep(0.05)
        told = desk.ask("GET", f"/peer-checks/{told['id']}")
    [answer] = told["answers"]
    return dict(answer)


def report(desk: Desk, numbers: list[str], audience: list[str]) -> None:
    """Report stolen passports for an audience."""
    papers = [{"number": n, "issuer": "xar", "type": "P", "status": "stolen"} for n in numbers]
    marking = {
        "purpose": "document_fraud",
        "legal_basis": "Passport Act, s. 31",
        "retention_until": f"{clock.now().year + 1}-06-30",
        "audience": audience,
    }
    desk.ask("POST", "/documents", {"documents": papers, "marking": marking})


def test_pr_54_what_is_not_handed_out_is_found_blind_at_another_node(two_nodes):
    """The list reaches the other node by itself; who is away has not said that there is no hit."""
    nodes, _ = two_nodes
    with ExitStack() as stack:
        banks = {code: stack.enter_context(node.database()) for code, node in nodes.items()}
        stack.callback(lambda: [node.down() for node in nodes.values()])
        for node in nodes.values():
            node.up()
        reporter = recorder(nodes["xar"], banks["xar"])
        desk = Desk.of(nodes["xbo"], banks["xbo"], "second_line", "border_control")
        stack.callback(reporter.hang_up)
        stack.callback(desk.hang_up)

        report(reporter, ["P00000001"], ["*"])
        wait_until(lambda: asked(desk, "P00000001", "clear")["exists"] is True)

        report(reporter, OFFERED, ["blind:xbo"])
        wait_until(lambda: asked(desk, OFFERED[7], "blind")["exists"] is True)
        # Whoever has not answered in time has said nothing: on a busy machine it is asked again.
        wait_until(lambda: asked(desk, "R00000001", "blind")["exists"] is False)
        wait_until(lambda: asked(desk, OFFERED[7], "clear")["exists"] is False)

        nodes["xar"].kill()
        away = asked(desk, OFFERED[7], "blind")
        assert (away["state"], away["exists"]) == ("no_answer", None)
        nodes["xar"].up()
        wait_until(lambda: asked(desk, OFFERED[7], "blind")["exists"] is True)
