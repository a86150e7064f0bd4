"""Entries cross the wire between real nodes once, in order, whatever dies or is cut meanwhile."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, suppress
from typing import cast

import pytest
from sqlalchemy import func, select

from didban import clock
from didban.errors import DidbanError
from didban.exchange import feeds as publishing
from didban.exchange import identity
from didban.guard.secrets import Secrets
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.store.exchange import evidence
from didban.store.tables.exchange_feeds import entry
from tools.chaos.nodes import wait_until

pytestmark = pytest.mark.slow

_UNKNOWN = cast("Kind", "exercise")
"""A kind that no room knows: it is kept and not applied."""

_MOST_ON_THE_WAY = 60


class Sender:
    """Publishes numbered entries in a node's bilateral feed, as its desks would."""

    def __init__(self, node, database, to):
        self.database, self.to = database, to
        self.secrets = Secrets(node.data / "secrets")
        self.published = 0

    def publish(self, count=1):
        """Publish in one transaction."""
        now = clock.now()
        numbers = range(self.published, self.published + count)
        items = [Item(kind=_UNKNOWN, content={"n": n}, record=f"rec_{n}") for n in numbers]
        with self.database.begin() as tx:
            me = identity.load(tx, self.secrets)
            assert me is not None
            publishing.publish(tx, me, publishing.talk(tx, me, self.to, now), items, now)
        self.published += count


def arrived(database, owner):
    """Return the records that entries of a node are about, as they stand here, in order."""
    with database.begin() as tx:
        rows = tx.execute(
            select(entry).where(entry.c.feed.like(f"{owner}.%")).order_by(entry.c.seq)
        )
        return [row.record for row in rows if row.record]


# A node that is told by the bell alone: by looking, and by asking again, it learns nothing in time.
_BY_THE_BELL = """
import os
from didban.api import peers_wire
from didban.cli import main
peers_wire._LOOK_SECONDS = 3_600
os.environ["DIDBAN_EXCHANGE_POLL_SECONDS"] = "300"
main()
"""


@pytest.fixture
def program():
    """Return how a node is run."""
    return ("-m", "didban")


@pytest.fixture
def network(two_nodes, program):
    """Return both nodes, running, with their databases and links."""
    nodes, links = two_nodes
    with ExitStack() as stack:
        for node in nodes.values():
            node.program = program
            node.up()
        databases = {code: stack.enter_context(node.database()) for code, node in nodes.items()}
        yield nodes, databases, links
        stack.callback(lambda: [node.down() for node in nodes.values()])


def expected(sender):
    """Return what must have arrived."""
    return [f"rec_{n}" for n in range(sender.published)]


@pytest.mark.parametrize("program", [("-c", _BY_THE_BELL)], ids=["by_the_bell"])
def test_an_entry_is_there_as_soon_as_it_is_published(network):
    """The long poll is woken by the commit; nobody asks in vain."""
    nodes, databases, _ = network
    sender = Sender(nodes["xar"], databases["xar"], "xbo")
    for _ in range(5):
        sender.publish()
        wait_until(lambda: arrived(databases["xbo"], "xar") == expected(sender))


def test_nothing_is_lost_or_doubled_whatever_is_killed_or_cut(network):
    """Killed under load: reader, owner, both databases; the link cut. Then all is there, once."""
    nodes, databases, links = network
    sender = Sender(nodes["xar"], databases["xar"], "xbo")
    stopping = threading.Event()

    def load():
        while not stopping.is_set():
            with suppress(DidbanError):  # not more than is read: a slow machine would never be done
                if not has_more_than(databases["xbo"], sender.published - _MOST_ON_THE_WAY):
                    time.sleep(0.2)
                    continue
                sender.publish(3)
            time.sleep(0.02)

    def more():
        """Wait until something that is published from now on has arrived."""
        goal = sender.published + 3
        wait_until(lambda: has_more_than(databases["xbo"], goal))

    thread = threading.Thread(target=load)
    thread.start()
    try:
        more()
        nodes["xbo"].kill()
        nodes["xbo"].up()
        more()
        nodes["xar"].kill()
        nodes["xar"].up()
        more()
        for node in nodes.values():
            node.kill_database()
        more()
        links["xar"].cut()
        time.sleep(0.5)
        links["xar"].heal()
        more()
    finally:
        stopping.set()
        thread.join()
    published = arrived(databases["xar"], "xar")  # as its own database says
    wait_until(lambda: arrived(databases["xbo"], "xar") == published)
    assert len(published) >= sender.published
    with databases["xbo"].begin() as tx:
        assert evidence.count_open(tx, "xar") == 0


def has_more_than(database, count):
    """Return whether more has arrived; not while the database is away."""
    with suppress(DidbanError), database.begin() as tx:
        found = select(func.count()).where(entry.c.feed.like("xar.%"), entry.c.record.is_not(None))
        return (tx.scalar(found) or 0) > count
    return False
