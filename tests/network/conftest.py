"""Real nodes on the loopback, made once for each worker and copied for each test."""

from __future__ import annotations

import pytest

from folders_help import new_folder
from tools.chaos import nodes


@pytest.fixture(scope="session")
def made_nodes():
    """Return two nodes that have pinned each other, stopped; to be copied."""
    folder = new_folder("didban-net-")
    yield nodes.make(folder, nodes.ports_for("xar", "xbo"))
    nodes.remove(folder)


@pytest.fixture
def two_nodes(made_nodes, place):
    """Return two nodes that are stopped, by code, and the links to them."""
    copies = nodes.copied(made_nodes, place)
    with nodes.linked(copies) as links:
        yield copies, links
