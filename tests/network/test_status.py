"""How it stands with another node is told as it is: what is owed, what failed, what is stopped."""

from __future__ import annotations

import pytest

from bank_help import actor
from didban import clock
from didban.errors import NotPermitted
from didban.exchange import network as standing
from didban.model.exchange.feeds import FeedState
from didban.store.exchange import feeds
from exchange_help import banks, item
from tools.chaos.nodes import wait_until
from wire_help import connected


@pytest.fixture
def wire(postgres):
    """Return a wire to xbo, from which xar fetches."""
    with banks(postgres, "xar", "xbo") as network, connected(network, "xbo") as made:
        yield made


def seen_by(wire, code, node_secrets, other):
    """Return how it stands with another node, and the sums of it."""
    found = wire.network[code].do(standing.read, node_secrets, clock.now())
    [one] = [each for each in found.nodes if each.node == other]
    return one, standing.readings(found)


def test_what_is_owed_and_what_failed_is_told(wire, node_secrets):
    """From publishing to acknowledgement, and from silence to the next answer."""
    xbo, xar, puller = wire.network["xbo"], wire.network["xar"], wire.puller("xar")
    feed = xbo.publish("talk:xar", item(), item())
    one, sums = seen_by(wire, "xbo", node_secrets, "xar")
    assert (one.owed, one.called_at, sums["peers_entries_owed"]) == (2, None, 2)
    assert one.owed_since is not None

    began = clock.now()
    puller.pull()
    puller.pull()  # which acknowledges
    ended = clock.now()
    one, _ = seen_by(wire, "xbo", node_secrets, "xar")
    assert (one.owed, one.owed_since) == (0, None)
    assert one.called_at is not None
    one, _ = seen_by(wire, "xar", node_secrets, "xbo")
    assert (one.to_come, one.failures, one.fault) == (0, 0, None)
    assert abs(one.skew_seconds) <= (ended - began).total_seconds()  # both have one clock
    assert one.heard_at is not None

    xbo.do(feeds.set_state, feed, FeedState.STOPPED)
    xar.do(feeds.set_state, feed, FeedState.STOPPED)
    one, sums = seen_by(wire, "xar", node_secrets, "xbo")
    assert (one.stopped, sums["feeds_stopped"]) == ((feed,), 1)
    own = xbo.do(standing.read, node_secrets, clock.now()).own_stopped
    assert own == (feed,)


def test_who_may_see_it(wire, node_secrets):
    """Administrators, supervisors and oversight: it is no matter of a post."""
    xar, now = wire.network["xar"], clock.now()
    assert xar.do(standing.status, actor("xar", "administrator"), node_secrets, now).nodes
    with pytest.raises(NotPermitted):
        xar.do(standing.status, actor("xar", "first_line"), node_secrets, now)


def test_a_node_that_calls_is_tried_at_once(wire):
    """However long the wait was: its call says that it can be reached (Synapse#2528)."""
    puller = wire.puller("xar", longest_wait_seconds=3_600)
    puller._failures = 12  # as after hours away: the wait of the next one would be minutes
    wire.tamper = lambda _body: b""
    puller.start()
    wait_until(lambda: puller._failures > 12)
    wire.tamper = None
    before = len(wire.network["xar"].arrived)
    wire.network["xbo"].publish("talk:xar", item())
    puller.wake()
    wait_until(lambda: len(wire.network["xar"].arrived) > before)
    puller.stop()
    wait_until(lambda: not puller._thread.is_alive())
