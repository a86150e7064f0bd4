"""What others rely on does not run out unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from didban import clock
from didban.exchange import descriptors, expiry
from didban.exchange.expiry import Ending
from didban.store.exchange import peers

DAY = timedelta(days=1)


def _renewed(network, reader, node, **values):
    """Let a node be known by another version of its descriptor."""
    bank = network[node]
    newer = replace(bank.descriptor, version=2, **values)
    signed = descriptors.sign(newer, bank.root)
    network[reader].do(peers.add_descriptor, newer, signed, clock.now())


def _told(network, reader, now):
    """Return of what somebody is told at this moment."""
    told = []
    expiry.run_due(network[reader].database, now, told=lambda _tx, one: told.append(one))
    return [(one.node, one.what, one.is_ours) for one in told]


def test_an_end_is_told_of_60_30_and_7_days_ahead_and_on_the_day(network):
    """Once each time, and once more after a renewal."""
    ends = network["xbo"].descriptor.expires_at
    what = [("xbo", Ending.DESCRIPTOR, False)]
    _renewed(network, "xar", "xar", expires_at=ends + 9 * DAY)
    _renewed(network, "xar", "xca", expires_at=ends + 9 * DAY)
    assert _told(network, "xar", ends - 61 * DAY) == []
    for days in (60, 30, 7, 0):
        assert [one for one in _told(network, "xar", ends - days * DAY) if one in what] == what
        assert [one for one in _told(network, "xar", ends - days * DAY) if one in what] == []


def test_our_own_end_is_ours_to_mend(network):
    """The operator sees first what ends first."""
    now = clock.now()
    _renewed(network, "xar", "xar", expires_at=now + 5 * DAY)
    assert ("xar", Ending.DESCRIPTOR, True) in _told(network, "xar", now)
    first, *_ = network["xar"].do(expiry.ahead)
    assert (first.node, first.what, first.days_left(now)) == ("xar", Ending.DESCRIPTOR, 5)


def test_a_signing_key_may_end_before_its_descriptor(network):
    """Then its end is told of as well."""
    xbo = network["xbo"].descriptor
    short = tuple(replace(key, valid_until=clock.now() + DAY) for key in xbo.online_keys)
    _renewed(network, "xar", "xbo", online_keys=short)
    assert ("xbo", Ending.SIGNING_KEY, False) in _told(network, "xar", clock.now())
