"""What other ways of exchanging lose, repeat or forget, and this one does not.

Further ones stand beside what they are about: a reader that was removed
(`tests/unit/exchange/test_members.py`), an owner restored from a backup (`test_epochs.py`), a key
that ended while an entry was on its way, an altered recipient list, swapped ciphertexts
(`test_hostile_entries.py`), a file that comes twice (`test_bundles.py`).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from didban import clock
from didban.exchange import feeds, offering, receiving
from didban.model.exchange.kinds import Kind
from didban.store.exchange import feeds as kept
from didban.store.exchange import peers
from exchange_help import item


def heard(bank):
    """Return the numbers that arrived."""
    return [one.content["n"] for one in bank.arrived]


def test_a_reader_resumes_inside_a_page_of_one_moment(network):
    """Seen in TAXII: of 25 objects of one time stamp, paged by 10, the last 15 never came."""
    xar, now = network["xar"], clock.now()
    items = [item(Kind.MESSAGE, {"n": n}) for n in range(25)]
    feed = xar.do(feeds.talk, xar.identity, "xbo", now)
    xar.do(feeds.publish, xar.identity, feed, items, now)
    for page in (10, 10, 5):
        assert network.pull("xbo", "xar", limit=10) == page
    assert heard(network["xbo"]) == list(range(25))


def test_nothing_is_acknowledged_before_it_is_applied(network):
    """Seen in OpenCTI: what is acknowledged first and applied later, a crash between loses."""
    xar, xbo = network["xar"], network["xbo"]
    feed = xar.publish("talk:xbo", item(Kind.MESSAGE, {"n": 1}))

    def die(_tx, _arrived, _now):
        raise KeyboardInterrupt

    xbo.handlers[Kind.MESSAGE] = die
    with pytest.raises(KeyboardInterrupt):
        network.pull("xbo", "xar")
    assert xbo.do(offering.cursor_of, feed) is None
    assert [one.cursor for one in xar.do(kept.reading, feed)] == [0]
    xbo.handlers[Kind.MESSAGE] = xbo.keep
    network.carry()
    assert heard(xbo) == [1]
    assert [one.cursor for one in xar.do(kept.reading, feed)] == [1]


def test_what_comes_again_an_hour_later_is_passed_over(network):
    """Seen in NATS: behind the window of its duplicates, the same is stored a second time."""
    xar, xbo = network["xar"], network["xbo"]
    feed = xar.publish("talk:xbo", *(item(Kind.MESSAGE, {"n": n}) for n in range(3)))
    batch = xar.do(kept.entries, feed, 0, 10)
    network.carry()
    later, peer = clock.now() + timedelta(hours=1), xbo.do(peers.get, "xar")
    xbo.do(receiving.take_in, xbo.identity, peer, feed, batch[1:], xbo.handlers, later)
    assert heard(xbo) == [0, 1, 2]
