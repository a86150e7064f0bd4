"""What another node published is verified, opened and applied once, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from didban import clock
from didban.errors import BadSignature, Forked, InvalidInput
from didban.exchange import descriptors, offering, receiving
from didban.model.exchange.kinds import Kind
from didban.store.exchange import feeds, peers
from exchange_help import item


def test_entries_arrive_in_order_and_once(network):
    """Two entries of one node are handed to the room of the other, as they were said."""
    network["xar"].publish("talk:xbo", item(Kind.MESSAGE, {"n": 1}), item(Kind.MESSAGE, {"n": 2}))
    assert network.carry() == 2
    assert network.carry() == 0
    assert [arrived.content for arrived in network["xbo"].arrived] == [{"n": 1}, {"n": 2}]
    assert network["xca"].arrived == []


def test_an_offer_is_as_large_as_it_may_be_and_never_empty(network):
    """A large entry goes alone, and holds up nothing behind it."""
    xar = network["xar"]
    feed = xar.publish("talk:xbo", *(item(Kind.MESSAGE, {"n": "n" * 5_000}) for _ in range(3)))
    for most, count in ((1, 1), (14_500, 2), (1_000_000, 3)):
        given = {"limit": 10, "most": most}
        assert len(xar.do(offering.offer, "xbo", feed, None, clock.now(), **given).entries) == count


def test_a_body_for_others_is_passed_over(network):
    """Who is not among the recipients of an entry keeps its header and learns no more."""
    xar = network["xar"]
    feed = xar.publish("talk:xbo", item())
    xar.do(feeds.add_reader, feed, "xca", 0)
    network.carry()
    assert [arrived.content for arrived in network["xca"].arrived] == [None]


def test_a_changed_header_is_refused(network):
    """A recipient list that was altered on the way does not verify."""
    xar, xbo = network["xar"], network["xbo"]
    feed = xar.publish("talk:xbo", item())
    [sent] = xar.do(feeds.entries, feed, 0, 10)
    altered = type(sent)(
        header=sent.header.replace(b'"node":"xbo"', b'"node":"xca"'),
        key=sent.key,
        signature=sent.signature,
        body=sent.body,
    )
    peer = xbo.do(peers.get, "xar")
    with pytest.raises(BadSignature):
        xbo.do(receiving.take_in, xbo.identity, peer, feed, [altered], {}, peer.descriptor.made_at)


def test_an_erased_body_leaves_a_chain_that_verifies(network):
    """A reader that comes later gets the header of what was erased, and goes on."""
    xar = network["xar"]
    feed = xar.publish("talk:xbo", item(Kind.PUT, {"a": 1}, record="rec_1", rev=1))
    xar.publish("talk:xbo", item())
    assert xar.do(feeds.erase_bodies, ["rec_1"], frozenset({Kind.PUT})) == 1
    assert network.carry() == 2
    assert [arrived.content for arrived in network["xbo"].arrived] == [None, {"text": "hello"}]
    assert xar.do(feeds.get, feed).head_seq == 2


def test_a_fork_is_found(network):
    """Another entry in a place that is taken is a fork, though its signature holds."""
    xar, xbo = network["xar"], network["xbo"]
    feed = xar.publish("talk:xbo", item())
    network.carry()
    forget = "delete from entry; update feed set head_seq = 0, head_hash = decode(repeat('00', 32), 'hex')"
    xar.do(lambda tx: tx.exec_driver_sql(forget))
    xar.publish("talk:xbo", item(content={"text": "something else"}))
    [forged] = xar.do(feeds.entries, feed, 0, 10)
    peer = xbo.do(peers.get, "xar")
    now = peer.descriptor.made_at
    with pytest.raises(Forked):
        xbo.do(receiving.take_in, xbo.identity, peer, feed, [forged], {}, now)


def test_what_is_sealed_for_a_node_that_forgot_its_renewal_waits_for_it(network):
    """The deed does not wait, and nothing is lost: its old key still opens the body."""
    xar, now = network["xar"], clock.now()
    known = xar.do(peers.get, "xbo").descriptor
    ended = replace(known.sealing_keys[0], valid_until=now - timedelta(days=1))
    lapsed = replace(known, version=2, sealing_keys=(ended,))
    signed = descriptors.sign(lapsed, network["xbo"].root)
    xar.do(peers.add_descriptor, lapsed, signed, now)
    xar.publish("talk:xbo", item(Kind.MESSAGE, {"n": 1}))
    network.carry()
    assert [arrived.content for arrived in network["xbo"].arrived] == [{"n": 1}]


def test_what_no_entry_can_hold_is_not_published(network):
    """The deed is told, and no reader is sent what it must refuse."""
    with pytest.raises(InvalidInput):
        network["xar"].publish("talk:xbo", item(content={"text": "x" * 8_000_000}))
    assert network["xar"].do(feeds.owned, "xar") == []
