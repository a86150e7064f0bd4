"""A node that is removed learns what to destroy, confirms it, and gets and says nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bank_help import actor, passport, person
from didban import clock
from didban.errors import UnknownPeer
from didban.exchange import calls, leaving, offering, peers
from didban.exchange.feeds import talk
from didban.model.exchange.envelopes import Header
from didban.model.exchange.kinds import Call, Kind
from didban.model.exchange.peers import PeerState
from didban.store.exchange import feeds, pulls
from didban.store.exchange import peers as kept_peers
from exchange_help import item
from sharing_help import held, holders, open_receipts, report, settle, withdraw


def remove(bank, node):
    """Remove a node as an administrator of the host; return how many copies it is told to destroy."""
    who = actor(bank.code, "administrator")
    count = bank.do(peers.copies_at, who, node)
    bank.do(peers.remove, who, node, clock.now())
    return count


def call(network, which, asker="xbo", asked="xar"):
    """Let one node call another, and the other receive it."""
    here, there = network[asker], network[asked]
    question = calls.ask(here.identity, here.do(kept_peers.get, asked), which, {}, clock.now())
    return there.do(calls.receive, there.identity, which, calls.lines(question), clock.now())


def test_pr_34_a_removed_node_is_told_what_to_destroy_and_confirms_it(sharing):
    """What it has from us is gone, what we have from it is gone, and only it owes a receipt."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    ours = [report(xar, passport(f"A1234567{n}")) for n in range(3)]
    theirs = report(xbo, person())
    settle(sharing)
    assert remove(xar, "xbo") == 3
    assert open_receipts(xar) == ["xbo"]
    settle(sharing)
    assert [holders(sharing, one.id) for one in ours] == [["xar", "xca"]] * 3
    assert holders(sharing, theirs.id) == ["xbo", "xca"]
    assert (open_receipts(xar), open_receipts(xbo)) == ([], [])
    with pytest.raises(UnknownPeer):
        call(sharing, Call.PULL)


def test_pr_34_until_then_it_may_fetch_its_last_entries_and_nothing_else(sharing):
    """No other call, no other feed, and of what it had not fetched before only that it is over."""
    xar = sharing["xar"]
    early = report(xar, passport())
    settle(sharing)
    late = report(xar, passport("B7654321"))
    withdraw(xar, early)
    xar.publish("talk:xbo", item())
    remove(xar, "xbo")
    after = report(xar, passport("C7654321"))
    call(sharing, Call.PULL)
    for which in set(Call) - {Call.PULL}:
        with pytest.raises(UnknownPeer):
            call(sharing, which)
    [feed] = xar.do(offering.offered, "xbo")
    assert [one.feed for one in xar.do(pulls.stands, "xbo")] == [feed]
    assert feed != xar.do(talk, xar.identity, "xbo", clock.now())
    got = xar.do(offering.offer, "xbo", feed, None, clock.now(), limit=100).entries
    read = [Header.from_bytes(one.header).kind for one in got if one.body is not None]
    assert set(read) == {Kind.MEMBERS, Kind.WITHDRAW}
    settle(sharing)
    assert [held(sharing["xbo"], one.id) for one in (early, late, after)] == [None] * 3
    assert open_receipts(xar) == []


def test_pr_34_of_what_it_says_only_its_receipts_are_read(sharing):
    """What else it publishes is passed over, as long as it has not confirmed."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    report(xar, passport())
    report(xbo, person())
    settle(sharing)
    remove(xar, "xbo")
    said = xbo.publish("talk:xar", item())
    new = report(xbo, person())
    settle(sharing)
    assert open_receipts(xar) == []
    assert xar.arrived == []
    assert held(xar, new.id) is None
    bodies = {
        Header.from_bytes(one.header).kind
        for one in xar.do(feeds.entries, said, 0, 100)
        if one.body is not None
    }
    assert bodies == {Kind.RECEIPT}


def test_pr_34_it_is_heard_until_the_longest_lease_is_over(sharing):
    """After that nothing of ours can be there any more; the list still says that it owes."""
    xar, now = sharing["xar"], clock.now()
    report(xar, passport())
    settle(sharing)
    remove(xar, "xbo")
    assert xar.do(leaving.heard, now) == {"xbo", "xca"}
    assert xar.do(leaving.heard, now + timedelta(days=401)) == {"xca"}
    assert open_receipts(xar) == ["xbo"]


def test_a_suspended_node_is_told_nothing(sharing):
    """Nor one that is removed and has nothing of ours."""
    xar, who = sharing["xar"], actor("xar", "administrator")
    assert remove(xar, "xca") == 0
    report(xar, passport())
    settle(sharing)
    xar.do(peers.suspend, who, "xbo", clock.now())
    assert open_receipts(xar) == ["xbo"]
    assert xar.do(leaving.heard, clock.now()) == set()
    for node in ("xbo", "xca"):
        with pytest.raises(UnknownPeer):
            call(sharing, Call.PULL, asker=node)
    assert remove(xar, "xbo") == 1
    settle(sharing)
    assert open_receipts(xar) == []


def test_a_removed_node_that_is_pinned_again_gets_all_of_it_again(sharing):
    """Whether it had heard of its removal or not."""
    xar = sharing["xar"]
    kept = report(xar, passport())
    settle(sharing)
    for is_heard in (False, True):
        remove(xar, "xbo")
        if is_heard:
            settle(sharing)
        xar.do(kept_peers.set_state, "xbo", PeerState.PINNED, by="usr_test", now=clock.now())
        settle(sharing)
        assert holders(sharing, kept.id) == ["xar", "xbo", "xca"]
        assert open_receipts(xar) == []
