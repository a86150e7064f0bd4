"""Who reads a feed is said in the feed, by its owner; who is not named any more gets nothing."""

from __future__ import annotations

import pytest

from didban import clock
from didban.errors import Forked
from didban.exchange import feeds, members, offering, receiving
from didban.exchange.members import Membership
from didban.model.exchange.envelopes import Header
from didban.model.exchange.feeds import FeedState
from didban.model.exchange.kinds import Kind
from didban.store.exchange import feeds as kept
from didban.store.exchange import peers
from exchange_help import item


@pytest.fixture
def group(network):
    """Return a feed of xar for a group that xbo and xca are in."""
    xar = network["xar"]
    feed = xar.do(feeds.for_audience, xar.identity, "group:g", ["xbo", "xca"], clock.now())
    for bank in network.values():
        bank.destroyed = []

        def destroy(_tx, peer, which, _now, bank=bank):
            bank.destroyed.append((peer.node, which))

        bank.handlers[Kind.MEMBERS] = Membership(bank.identity, destroy)
    return feed


def say(network, feed, *numbers):
    """Publish numbers in the feed of the group."""
    xar = network["xar"]
    items = [item(Kind.MESSAGE, {"n": n}) for n in numbers]
    xar.do(feeds.publish, xar.identity, feed, items, clock.now())


def change(network, feed, *readers):
    """Let these nodes read the feed from here on."""
    xar = network["xar"]
    return xar.do(members.change, xar.identity, feed, readers, clock.now())


def heard(bank):
    """Return the numbers that arrived somewhere."""
    return [one.content and one.content["n"] for one in bank.arrived]


def test_a_feed_for_an_audience_begins_with_its_readers(network, group):
    """The first entry names them, and they are who opens it."""
    [first] = network["xar"].do(kept.entries, group, 0, 10)
    assert b'"kind":"members"' in first.header
    network.carry()
    assert network["xbo"].destroyed == []
    assert network["xbo"].do(kept.get, group).head_seq == 1


def test_a_removed_reader_is_refused_at_once_and_told_by_a_last_entry(network, group):
    """It learns that it is no reader any more, destroys what it has, and gets nothing after that."""
    say(network, group, 1)
    network.carry()
    made = change(network, group, "xca")
    assert (made.added, made.removed) == (frozenset(), {"xbo"})
    say(network, group, 2)
    network.carry()
    assert heard(network["xbo"]) == [1]
    assert heard(network["xca"]) == [1, 2]
    assert network["xbo"].destroyed == [("xar", group)]
    assert network["xbo"].do(kept.get, group).state is FeedState.ENDED
    assert network["xar"].do(offering.offered, "xbo") == []


def test_a_removed_reader_learns_nothing_from_a_third_party(network, group):
    """Whoever hands it the entries, what was published after its removal does not open for it."""
    network.carry()
    change(network, group, "xca")
    say(network, group, 1)
    network.carry()
    xca, xbo = network["xca"], network["xbo"]
    handed_on = xca.do(kept.entries, group, 2, 10)
    peer, now = xbo.do(peers.get, "xar"), clock.now()
    xbo.do(receiving.take_in, xbo.identity, peer, group, handed_on, xbo.handlers, now)
    assert heard(xbo) == [None]
    to = Header.from_bytes(handed_on[-1].header).recipients
    assert [one.node for one in to] == ["xca"]


def test_a_new_reader_begins_at_the_entry_that_names_it(network, group):
    """It gets nothing from before, and nothing that it could not open."""
    xar = network["xar"]
    feed = xar.do(feeds.for_audience, xar.identity, "group:h", ["xca"], clock.now())
    say(network, feed, 1)
    network.carry()
    assert change(network, feed, "xbo", "xca").added == {"xbo"}
    say(network, feed, 2)
    network.carry()
    assert heard(network["xbo"]) == [2]
    assert heard(network["xca"]) == [1, 2]
    assert [len(bank.do(kept.entries, feed, 0, 99)) for bank in network.values()] == [4, 2, 4]


def test_a_reader_that_comes_again_goes_on(network, group):
    """Between its removal and its return there is a gap, which nobody may fill."""
    say(network, group, 1)
    network.carry()
    change(network, group, "xca")
    say(network, group, 2)
    network.carry()
    change(network, group, "xbo", "xca")
    say(network, group, 3)
    network.carry()
    assert heard(network["xbo"]) == [1, 3]
    assert network["xbo"].do(kept.get, group).state is FeedState.OPEN


def test_a_reader_that_was_away_while_it_was_removed_and_named_again_goes_on(network, group):
    """Of what was published between it gets the headers: its chain has no gap."""
    network.carry()
    say(network, group, 1)
    change(network, group, "xca")
    say(network, group, 2)
    change(network, group, "xbo", "xca")
    say(network, group, 3)
    network.carry()
    assert heard(network["xbo"]) == [1, None, 3]
    assert network["xbo"].do(kept.get, group).state is FeedState.OPEN


def test_a_reader_that_was_away_through_many_changes_sees_them_one_by_one(network, group):
    """Named and not named in one batch: the last one counts."""
    for readers in ((), ("xbo",), ()):
        change(network, group, *readers)
    network.carry()
    assert network["xbo"].destroyed == [("xar", group)] * 2
    assert network["xbo"].do(kept.get, group).state is FeedState.ENDED
    change(network, group, "xbo", "xca")
    say(network, group, 1)
    network.carry()
    assert heard(network["xbo"]) == heard(network["xca"]) == [1]


def test_nobody_begins_to_read_where_it_is_not_named(network, group):
    """Entries in the middle of a feed are refused by a node that does not read it."""
    change(network, group, "xca")
    say(network, group, 1)
    xar, xbo = network["xar"], network["xbo"]
    peer, now = xbo.do(peers.get, "xar"), clock.now()
    for after in (1, 2):
        batch = xar.do(kept.entries, group, after, 10)
        with pytest.raises(Forked) as found:
            xbo.do(receiving.take_in, xbo.identity, peer, group, batch, {}, now)
        assert found.value.signed == (batch[0],)
