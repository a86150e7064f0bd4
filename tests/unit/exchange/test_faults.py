"""What a node refuses is kept as evidence and told to the sender as a code; the feed goes on."""

from __future__ import annotations

from functools import partial

import pytest

from didban import clock
from didban.errors import BadSignature, Forked, HandlingRefused, InvalidInput, UnknownKey
from didban.exchange import faults, receiving
from didban.model.exchange.feeds import FeedState
from didban.model.exchange.kinds import Kind
from didban.model.exchange.peers import PeerState
from didban.model.notifications import Channel, Post
from didban.store import notifications
from didban.store.exchange import evidence, feeds, peers
from didban.store.notifications import Contact
from exchange_help import item


def refuse_odd(kept, _tx, arrived, _now):
    """Stand in for a room that takes even numbers only."""
    for each in arrived:
        if each.content["n"] % 2:
            raise HandlingRefused("odd numbers are not taken")
    kept += [each.content["n"] for each in arrived]


def numbers(count):
    """Return things to publish, with a number in each."""
    return [item(Kind.MESSAGE, {"n": n}) for n in range(1, count + 1)]


def told(network):
    """Let every bank note what readers refuse of it."""
    for bank in network.values():
        bank.handlers[Kind.REFUSAL] = partial(faults.told, bank.identity)


def supervised(bank):
    """Let somebody be told of alarms."""
    contact = Contact(
        authority=bank.code, post=Post.SUPERVISOR, channel=Channel.EMAIL, address="a@example.org"
    )
    bank.do(notifications.set_contact, contact, at=clock.now(), by="usr_test")


def alarms(bank):
    """Return what waits to be told."""
    query = "select kind, subject from notification order by 1, 2"
    return [tuple(row) for row in bank.do(lambda tx: tx.exec_driver_sql(query).all())]


def test_an_entry_that_its_room_refuses_is_put_aside_and_the_feed_goes_on(network):
    """The entries beside it are applied; the sender learns which one was refused, as a code."""
    told(network)
    xar, xbo = network["xar"], network["xbo"]
    kept: list[int] = []
    xbo.handlers[Kind.MESSAGE] = partial(refuse_odd, kept)
    feed = xar.publish("talk:xbo", *numbers(4))
    network.carry()
    assert kept == [2, 4]
    first, second = sorted(
        xbo.do(evidence.of_node, "xar"), key=lambda one: one.envelopes[0]["header"]
    )
    assert {(one.fault, one.feed) for one in (first, second)} == {("handling_refused", feed)}
    assert "body" not in first.envelopes[0]
    assert [(one.node, one.seq, one.fault) for one in xar.do(evidence.refused)] == [
        ("xbo", 3, "handling_refused"),
        ("xbo", 1, "handling_refused"),
    ]


def test_what_the_bank_itself_does_not_take_is_put_aside_as_well(network):
    """A room may refuse by an error of the bank: nothing of another node stops its own feed."""
    told(network)
    xbo = network["xbo"]

    def invalid(_tx, _arrived, _now):
        raise InvalidInput("nothing of that form")

    xbo.handlers[Kind.MESSAGE] = invalid
    network["xar"].publish("talk:xbo", *numbers(1))
    network.carry()
    assert [one.fault for one in xbo.do(evidence.of_node, "xar")] == ["invalid_input"]
    assert [one.fault for one in network["xar"].do(evidence.refused, "xbo")] == ["invalid_input"]


def test_refusals_of_refusals_end(network):
    """What says that an entry was refused is itself never answered."""
    for bank in network.values():
        bank.handlers = dict.fromkeys(bank.handlers, partial(refuse_odd, []))

        def nothing(_tx, _arrived, _now):
            raise HandlingRefused("nothing at all")

        bank.handlers[Kind.REFUSAL] = nothing
    network["xar"].publish("talk:xbo", *numbers(1))
    assert network.carry() == 2
    assert [one.fault for one in network["xar"].do(evidence.of_node)] == ["handling_refused"]


def test_a_forked_feed_stops_with_both_envelopes_and_its_owner_is_shown(network):
    """The owner learns from its own signature that it said more than its bank knows."""
    told(network)
    xar, xbo = network["xar"], network["xbo"]
    feed = xar.publish("talk:xbo", item())
    network.carry()
    forget = "delete from entry; update feed set head_seq = 0, head_hash = decode(repeat('00', 32), 'hex')"
    xar.do(lambda tx: tx.exec_driver_sql(forget))
    xar.publish("talk:xbo", item(content={"text": "something else"}))
    [forged] = xar.do(feeds.entries, feed, 0, 10)
    peer, now = xbo.do(peers.get, "xar"), clock.now()
    with pytest.raises(Forked) as found:
        xbo.do(receiving.take_in, xbo.identity, peer, feed, [forged], {}, now)
    supervised(xbo)
    assert xbo.do(faults.stop, xbo.identity, "xar", feed, found.value, now)
    assert alarms(xbo) == [("feed_stopped", feed)]
    assert not xbo.do(faults.stop, xbo.identity, "xar", feed, found.value, now)
    [kept] = xbo.do(evidence.of_node, "xar")
    assert len(kept.envelopes) == 2
    assert xbo.do(feeds.get, feed).state is FeedState.STOPPED
    network.pull("xar", "xbo")
    assert xar.do(feeds.get, feed).state is FeedState.STOPPED
    assert [one.node for one in xar.do(evidence.of_node)] == ["xar"]


def test_a_feed_whose_first_entry_is_wrong_stops_before_it_begins(network):
    """So it is neither asked for again and again, nor the evidence kept each time."""
    xbo, now = network["xbo"], clock.now()
    wrong = BadSignature("the signature does not hold")
    for _ in range(3):
        xbo.do(faults.stop, xbo.identity, "xar", "xar.fed_new", wrong, now)
        xbo.do(faults.stop, xbo.identity, "xar", "xca.fed_foreign", wrong, now)
        xbo.do(faults.stop, xbo.identity, "xar", "xar.fed_new", UnknownKey("not known"), now)
    assert len(xbo.do(evidence.of_node, "xar")) == 2
    assert [one.state for one in xbo.do(feeds.owned, "xar")] == [FeedState.STOPPED]
    assert xbo.do(feeds.owned, "xca") == []


def test_a_node_with_too_much_evidence_is_quarantined(network, monkeypatch):
    """Then nothing more of it is taken in, nor given to it, until a person decides."""
    monkeypatch.setattr(faults, "MOST_OPEN", 2)
    told(network)
    xbo = network["xbo"]
    xbo.handlers[Kind.MESSAGE] = partial(refuse_odd, [])
    supervised(xbo)
    network["xar"].publish("talk:xbo", *numbers(3))
    network.pull("xbo", "xar")
    assert xbo.do(peers.get, "xar").state is PeerState.QUARANTINED
    assert alarms(xbo) == [("peer_quarantined", "xar")]
    network["xar"].publish("talk:xbo", *numbers(1))
    assert network.pull("xbo", "xar") == 0
