"""What must not leave at the moment of the deed leaves when it is due, once, or not at all."""

from __future__ import annotations

from datetime import timedelta

from didban import clock
from didban.exchange import later
from didban.model.exchange.kinds import Kind
from didban.model.exchange.peers import PeerState
from didban.store.exchange import links, peers
from exchange_help import item


def test_it_leaves_when_it_is_due_and_once(network):
    """In the order in which it is due, each in the bilateral feed of its node."""
    xar, now = network["xar"], clock.now()

    def run(at):
        return later.run_due(xar.database, at, identity_of=lambda _tx: xar.identity)

    second = [item(Kind.FEEDBACK, {"n": 2}), item(Kind.FEEDBACK, {"n": 3})]
    xar.do(later.send, "xbo", second, now)
    xar.do(later.send, "xbo", [item(Kind.QUESTION, {"n": 1})], now - timedelta(hours=1))
    assert run(now - timedelta(hours=2)) == 0
    assert run(now) == 3
    assert run(now) == 0
    network.carry()
    told = [(one.header.kind, one.content) for one in network["xbo"].arrived]
    assert told == [("question", {"n": 1}), ("feedback", {"n": 2}), ("feedback", {"n": 3})]

    # What is for a node that is gone by then is dropped; what is of an erased record is forgotten.
    xar.do(later.send, "xca", [item()], now)
    xar.do(peers.set_state, "xca", PeerState.REMOVED, by="usr_test", now=now)
    xar.do(later.send, "xbo", [item(record="rec_1")], now)
    xar.do(links.forget, "rec_1")
    assert run(now) == 1
    assert network.carry() == 0
