"""Each reader holds what its owner says is live; what drifted is found in a day, and mended."""

from __future__ import annotations

from functools import partial

import pytest

from bank_help import passport
from didban import clock
from didban.errors import PeerRefused
from didban.exchange import epochs
from didban.exchange.records import inventory
from didban.model.exchange.feeds import FeedState
from didban.model.exchange.kinds import Call
from didban.store.exchange import feeds
from didban.store.exchange import inventory as kept_inventory
from sharing_help import copy_of, held, holders, report, settle, withdraw


def state_and_mend(network):
    """Let the owner state what is live, and the readers mend; return what they mended."""
    xar = network["xar"]
    xar.sharing.state(xar.database, clock.now())
    settle(network)
    mended = [
        network[code].sharing.mend(
            network[code].database, clock.now(), ask=partial(network.ask, code)
        )
        for code in ("xbo", "xca")
    ]
    settle(network)
    return mended


def test_nodes_that_agree_have_nothing_to_mend(sharing):
    """A stated inventory that is the same at the reader leaves nothing behind."""
    kept = [report(sharing["xar"], passport(f"A1234567{n}")) for n in range(4)]
    settle(sharing)
    withdraw(sharing["xar"], kept[0])
    settle(sharing)
    assert state_and_mend(sharing) == [0, 0]
    assert sharing["xbo"].do(kept_inventory.drifts) == []


def test_drift_is_found_and_mended(sharing):
    """Lost, outlived and outdated copies are put right, without anybody comparing by hand."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    lost, outlived, old, good = (report(xar, passport(f"A1234567{n}")) for n in range(4))
    settle(sharing)
    feed = copy_of(xbo, good.id).feed

    def break_it(tx):
        run = tx.exec_driver_sql
        run(f"delete from copy where record = '{lost.id}'")
        run(f"delete from copy_version where record = '{lost.id}'")
        run(f"delete from record where id = '{lost.id}'")
        run(f"update copy set rev = rev - 5 where record = '{old.id}'")

    xbo.do(break_it)
    # As if the withdrawal had never been said: a bank that was restored from yesterday's copy.
    forget = f"update shared_record set class = null where record = '{outlived.id}'"
    xar.do(lambda tx: tx.exec_driver_sql(forget))

    assert state_and_mend(sharing) == [3, 1]
    assert held(xbo, lost.id) is not None
    assert held(xbo, outlived.id) is None
    assert held(sharing["xca"], outlived.id) is None
    assert holders(sharing, good.id) == ["xar", "xbo", "xca"]
    assert state_and_mend(sharing) == [0, 0]
    assert xbo.do(kept_inventory.held, feed)[0] == 3


def test_who_does_not_read_a_feed_learns_nothing_of_what_is_live_in_it(sharing):
    """Not even that there is such a feed."""
    xar = sharing["xar"]
    kept = report(xar, passport(), audience=["node:xbo"])
    settle(sharing)
    feed = copy_of(sharing["xbo"], kept.id).feed
    for named in (feed, "xar.no_such_feed"):
        with pytest.raises(PeerRefused):
            sharing.ask("xca", "xar", Call.BUCKETS, {"feed": named, "missing": [kept.id]})
    assert xar.do(feeds.readers, feed) == ["xbo"]


def test_the_root_is_that_of_rfc_6962_over_256_buckets():
    """The same bytes at both ends: what is empty, and what is not."""
    empty = inventory.root_of({})
    assert empty == inventory.root_of({0: kept_inventory.EMPTY_BUCKET})
    assert empty != inventory.root_of({0: bytes(32)})


def test_a_feed_that_stopped_holds_up_no_deed(sharing):
    """What it should have said is said as soon as it goes on."""
    xar = sharing["xar"]
    first, second = report(xar, passport()), report(xar, passport("B7654321"))
    settle(sharing)
    feed = copy_of(sharing["xbo"], first.id).feed
    xar.do(feeds.set_state, feed, FeedState.STOPPED)
    later = report(xar, passport("C7654321"))
    withdraw(xar, second)
    settle(sharing)
    assert holders(sharing, later.id) == ["xar"]
    head = xar.do(feeds.require, feed).head_seq
    xar.do(epochs.begin, xar.identity, xar.root, feed, head, clock.now())
    settle(sharing)
    assert holders(sharing, later.id) == ["xar", "xbo", "xca"]
    assert holders(sharing, second.id) == []


def test_an_owner_that_was_restored_from_a_backup_is_followed_again(sharing):
    """What it lost is gone at its readers, what it has is theirs again, and nothing stays between."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    kept = report(xar, passport())
    settle(sharing)
    feed, before = copy_of(xbo, kept.id).feed, xar.do(feeds.require, copy_of(xbo, kept.id).feed)
    lost = report(xar, passport("B7654321"))
    settle(sharing)

    def restore(tx):
        run = tx.exec_driver_sql
        run(f"delete from entry where feed = '{feed}' and seq > {before.head_seq}")
        run(f"delete from shared_record where record = '{lost.id}'")
        run(f"delete from record where id = '{lost.id}'")
        run(f"update feed set head_seq = {before.head_seq} where id = '{feed}'")

    xar.do(restore)
    xar.do(lambda tx: tx.exec_driver_sql(
        "update feed set head_hash = e.hash from entry e where e.feed = feed.id"
        f" and e.seq = feed.head_seq and feed.id = '{feed}'"
    ))  # fmt: skip
    xar.do(epochs.begin, xar.identity, xar.root, feed, before.head_seq, clock.now())
    settle(sharing)
    assert state_and_mend(sharing) == [1, 1]
    assert holders(sharing, kept.id) == ["xar", "xbo", "xca"]
    assert held(xbo, lost.id) is None
