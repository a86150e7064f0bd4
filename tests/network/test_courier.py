"""Two real nodes without a wire between them: a file goes there, and one comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack

import pytest

from didban import clock
from didban.exchange import feeds as publishing
from didban.exchange import identity
from didban.guard.crypto import root_keys
from didban.guard.crypto.dsse import SigningKey
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.store.exchange import feeds

pytestmark = pytest.mark.slow


def didban(node, *arguments, **how):
    """Run a command on the machine of a node."""
    about = {"DIDBAN_NODE_DATA_FOLDER": str(node.data)}
    return subprocess.run(
        [sys.executable, "-m", "didban", *arguments],
        env={**os.environ, **about},
        capture_output=True,
        check=False,
        **how,
    )


@pytest.fixture
def apart(two_nodes):
    """Return two nodes, and their parts, whose databases run and who do not see each other."""
    nodes, _ = two_nodes
    with ExitStack() as stack:
        yield nodes, {code: stack.enter_context(node.parts()) for code, node in nodes.items()}


def publish(parts, count):
    """Publish for xbo, as a desk would."""
    with parts.database.begin() as tx:
        me, now = identity.load(tx, parts.secrets), clock.now()
        assert me is not None
        items = [Item(kind=Kind.CORRECTION, content={"n": n}) for n in range(count)]
        talk = publishing.talk(tx, me, "xbo", now)
        publishing.publish(tx, me, talk, items, now)
        return talk


def test_a_file_goes_there_and_one_comes_back(apart):
    """By the commands alone; the second file acknowledges the first."""
    nodes, parts = apart
    feed = publish(parts["xar"], 3)
    there = didban(nodes["xar"], "export", "--to", "xbo")
    assert there.returncode == 0, there.stderr
    for new in (3, 0):
        found = didban(nodes["xbo"], "import", "-", "--json", input=there.stdout)
        assert found.returncode == 0, found.stderr
        told = json.loads(found.stdout)
        assert (told["node"], told["entries"]) == ("xar", new)
        assert f"{feed}=3" in told["cursor"]
    back = didban(nodes["xbo"], "export", "--to", "xar")
    assert didban(nodes["xar"], "import", "-", input=back.stdout).returncode == 0
    with parts["xar"].database.begin() as tx:
        assert [one.cursor for one in feeds.reading(tx, feed)] == [3]
    refused = didban(nodes["xar"], "import", "-", input=there.stdout)
    assert refused.returncode == 2
    assert b"for the node 'xbo'" in refused.stderr


def test_feeds_that_stopped_go_on_by_a_command(apart, place):
    """The root key comes on a medium of its own; another one is refused."""
    nodes, parts = apart
    feed = publish(parts["xar"], 2)
    other = place / "other.pem"
    root_keys.write(other, SigningKey.generate("other"))
    nothing = didban(nodes["xar"], "exchange", "recover", "--root-key", str(other))
    assert (nothing.returncode, nothing.stdout) == (0, b"No feed has stopped.\n")
    more = ("--feed", feed, "--last", "1")
    wrong = didban(nodes["xar"], "exchange", "recover", "--root-key", str(other), *more)
    assert wrong.returncode == 2
    assert b"not the root key" in wrong.stderr
