"""A slice of the chaos run: three nodes under load, killed, frozen and cut off at random."""

from __future__ import annotations

import pytest

from folders_help import new_folder
from tools.chaos import nodes
from tools.chaos.__main__ import run

pytestmark = pytest.mark.slow

_SECONDS = 20.0


@pytest.fixture(scope="module")
def three_nodes():
    """Return three nodes that run, and the links to them."""
    folder = new_folder("didban-chaos-")
    made = nodes.make(folder, nodes.ports_for("xar", "xbo", "xca"))
    try:
        with nodes.linked(made) as links:
            for node in made.values():
                node.up()
            yield made, links
    finally:
        nodes.remove(folder)


def test_all_copies_are_equal_after_every_blow(three_nodes):
    """Nothing that was acknowledged is lost, nothing is there twice, nobody is accused.

    Minutes of it: `python -m tools.chaos --seed N --minutes M`.
    """
    network, links = three_nodes
    told = run(network, links, seed=11, seconds=_SECONDS)
    assert told.differences == ()
    assert told.reported > told.withdrawn >= 9
    assert sum(told.blows.values()) >= 3
