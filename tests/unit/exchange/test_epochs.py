"""A feed that forked or went back goes on in a new epoch, which the root key signs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from didban import clock
from didban.errors import BadSignature, Conflict, Forked
from didban.exchange import descriptors, epochs, faults, offering
from didban.guard.crypto import dsse
from didban.model.exchange.feeds import Cursor, FeedState
from didban.model.exchange.kinds import Kind
from didban.store.exchange import evidence, feeds, peers
from exchange_help import item

FORGET = """
    delete from entry where feed = '{feed}' and seq > {to};
    update feed set head_seq = {to}, state = 'open',
        head_hash = coalesce(
            (select hash from entry where feed = '{feed}' and seq = {to}),
            decode(repeat('00', 32), 'hex'))
    where id = '{feed}';
    update feed_reader set cursor_seq = least(cursor_seq, {to}) where feed = '{feed}'
"""


@pytest.fixture
def talk(network):
    """Return the feed that xar and xbo have together, four entries long, all taken in."""
    for bank in network.values():
        bank.handlers[Kind.REFUSAL] = partial(faults.told, bank.identity)
    feed = say(network, 1, 2, 3, 4)
    network.carry()
    return feed


def say(network, *numbers):
    """Publish numbers for xbo."""
    return network["xar"].publish("talk:xbo", *(item(Kind.MESSAGE, {"n": n}) for n in numbers))


def restore(network, feed, to):
    """Bring the owner's bank back as it was when the feed had so many entries."""
    network["xar"].do(lambda tx: tx.exec_driver_sql(FORGET.format(feed=feed, to=to)))


def recover(network, feed, **more):
    """Let the feed go on, behind the last common entry that the owner knows of."""
    xar = network["xar"]
    last = more.get("last", last_common(network, feed))
    with xar.database.begin() as tx:
        return epochs.begin(tx, xar.identity, more.get("root", xar.root), feed, last, clock.now())


def last_common(network, feed):
    """Return the last entry that the owner knows to be common."""
    with network["xar"].database.begin() as tx:
        return epochs.last_common(tx, feeds.require(tx, feed))


def heard(network):
    """Return the numbers that arrived at xbo."""
    return [one.content["n"] for one in network["xbo"].arrived if one.header.kind == Kind.MESSAGE]


def test_an_owner_restored_from_a_backup_is_caught_by_its_readers(network, talk):
    """Its head is below theirs: the feed stops at both ends, before anything new is believed."""
    restore(network, talk, 2)
    with pytest.raises(Forked):
        network.pull("xbo", "xar")
    assert network["xbo"].do(feeds.get, talk).state is FeedState.STOPPED
    [kept] = network["xbo"].do(evidence.of_node, "xar")
    assert (kept.fault, len(kept.envelopes)) == ("forked", 1)
    network.pull("xar", "xbo")
    assert network["xar"].do(feeds.get, talk).state is FeedState.STOPPED
    with pytest.raises(Conflict):
        say(network, 5)


def test_a_restored_owner_goes_on_under_a_new_epoch(network, talk):
    """What it had lost is void at the reader, and stays there to be looked at."""
    restore(network, talk, 2)
    with pytest.raises(Forked):
        network.pull("xbo", "xar")
    network.pull("xar", "xbo")
    feed = recover(network, talk)
    assert (feed.epoch, feed.head_seq, feed.state) == (2, 3, FeedState.OPEN)
    say(network, 5)
    network.carry()
    xbo = network["xbo"]
    assert heard(network) == [1, 2, 3, 4, 5]
    now = xbo.do(feeds.get, talk)
    assert (now.epoch, now.head_seq, now.state) == (2, 4, FeedState.OPEN)
    assert len(xbo.do(feeds.void, talk, 1)) == 2
    assert [one.header.place.epoch for one in xbo.arrived][-1] == 2
    assert network["xar"].do(epochs.stopped, network["xar"].identity) == []


def test_a_restored_owner_that_published_meanwhile_goes_on_behind_the_last_common_entry(
    network, talk
):
    """The reader shows the first entry that differs; what both hold before it stays."""
    restore(network, talk, 2)
    say(network, 33, 44, 55)
    with pytest.raises(Forked):
        network.pull("xbo", "xar")
    [kept] = network["xbo"].do(evidence.of_node, "xar")
    assert len(kept.envelopes) == 2
    network.pull("xar", "xbo")
    assert last_common(network, talk) == 2
    recover(network, talk)
    say(network, 6)
    network.carry()
    assert heard(network) == [1, 2, 3, 4, 6]
    assert len(network["xar"].do(feeds.void, talk, 1)) == 3


def test_a_reader_that_was_away_goes_through_both_epochs(network, talk):
    """It takes in what both hold, and then the new beginning: nothing of what is void."""
    say(network, 5)
    recover(network, talk, last=4)
    say(network, 6)
    network.carry()
    assert heard(network) == [1, 2, 3, 4, 6]


def test_only_the_root_key_begins_an_epoch(network, talk):
    """Neither the owner's program nor its reader takes another key for it."""
    other = dsse.SigningKey.generate("other")
    with pytest.raises(Conflict):
        recover(network, talk, root=other)
    xar = network["xar"]
    xar.do(_pretend_root, other)
    recover(network, talk, root=other)
    with pytest.raises(BadSignature):
        network.pull("xbo", "xar")
    assert network["xbo"].do(feeds.get, talk).state is FeedState.STOPPED


def test_an_epoch_behind_what_the_reader_does_not_hold_is_refused(network, talk):
    """The last common entry must be common."""
    restore(network, talk, 2)
    say(network, 33)
    recover(network, talk, last=3)
    with pytest.raises(Forked, match="do not hold"):
        network.pull("xbo", "xar")


def test_what_is_void_does_not_bring_a_feed_to_stop_again(network, talk):
    """A refusal that comes late, of an entry of an epoch that ended, is noted and no more."""
    restore(network, talk, 2)
    with pytest.raises(Forked):
        network.pull("xbo", "xar")
    recover(network, talk, last=2)
    network.carry()
    assert network["xar"].do(feeds.get, talk).state is FeedState.OPEN


def test_a_reader_cannot_stop_a_feed_by_saying_so(network, talk):
    """Without the owner's own signature over what it does not have, it goes on."""
    [held] = network["xar"].do(feeds.entries, talk, 3, 1)
    shown = {"held": {k: v for k, v in held.to_json().items() if k != "body"}}
    said = {"feed": talk, "epoch": 1, "seq": 4, "fault": "forked", "is_stop": True}
    network["xbo"].publish("talk:xar", item(Kind.REFUSAL, {**said, **shown}))
    network["xbo"].publish("talk:xar", item(Kind.REFUSAL, said))
    network.carry()
    assert network["xar"].do(feeds.get, talk).state is FeedState.OPEN
    assert [one.is_stop for one in network["xar"].do(evidence.refused)] == [True]


def test_a_cursor_that_nobody_proved_is_not_acknowledged(network, talk):
    """What a reader has taken in counts by the hash that it shows."""
    xar = network["xar"]
    with xar.database.begin() as tx:
        cursor = Cursor(epoch=1, seq=4, head=bytes(32))
        offering.offer(tx, "xbo", talk, cursor, clock.now(), limit=10)
    assert [one.cursor for one in xar.do(feeds.reading, talk)] == [4]
    say(network, 5)
    with xar.database.begin() as tx:
        cursor = Cursor(epoch=1, seq=5, head=bytes(32))
        offering.offer(tx, "xbo", talk, cursor, clock.now(), limit=10)
    assert [one.cursor for one in xar.do(feeds.reading, talk)] == [4]


def _pretend_root(tx, other):
    """Let a bank believe that another root key is its own."""
    last = peers.descriptors(tx, "xar")[-1]
    made = replace(last, version=last.version + 1, root=other.public)
    peers.add_descriptor(tx, made, descriptors.sign(made, other), clock.now())
