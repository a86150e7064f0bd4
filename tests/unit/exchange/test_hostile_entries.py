"""What a node must not publish changes nothing at its readers, and is kept as evidence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from didban import clock
from didban.errors import BadSignature, Expired, Forked, Malformed, UnknownKey, UnknownPeer
from didban.exchange import faults, receiving
from didban.guard.crypto import dsse, envelopes, hpke
from didban.ids import new_id
from didban.model.exchange.envelopes import MAX_HEADER_BYTES, Envelope, Header, Place
from didban.model.exchange.feeds import START, FeedState
from didban.model.exchange.kinds import Kind
from didban.model.exchange.peers import PeerState
from didban.store.exchange import evidence, feeds, peers
from exchange_help import banks


@pytest.fixture(scope="module")
def network(postgres):
    """Return the banks of two nodes, for all tests of this file: each has a feed of its own."""
    with banks(postgres, "xar", "xbo") as made:
        yield made


@pytest.fixture
def hostile(network):
    """Return xar, which publishes what it likes for xbo."""
    return Hostile(network)


class Hostile:
    """A node that holds its own keys and keeps no rules."""

    def __init__(self, network):
        self.owner, self.reader = network["xar"], network["xbo"]
        self.feed = f"xar.{new_id('fed')}"
        self.heard = []
        self.peer = self.reader.do(peers.get, "xar")

    def entry(self, content=b'{"n": 1}', *, after=None, key=None, to=None, **changed):
        """Return an entry behind another one, with whatever is changed about it."""
        place = Header.from_bytes(after.header).place if after else None
        about: dict[str, Any] = {
            "feed": self.feed,
            "epoch": 1,
            "seq": place.seq + 1 if place else 1,
            "prev": after.hash if after else START,
        }
        about |= {name: changed.pop(name) for name in [*changed] if name in about}
        header = Header(sender="xar", kind=Kind.MESSAGE, time=clock.now(), place=Place(**about))
        [sealing] = self.reader.identity.sealing.values()
        recipients = to if to is not None else [("xbo", sealing.public)]
        signing = key or self.owner.identity.signing
        return envelopes.seal(replace(header, **changed), content, signing, recipients)

    def send(self, *entries, feed=None, peer=None):
        """Let the reader take entries in."""

        def hear(_tx, arrived, _now):
            self.heard += [one.content for one in arrived]

        return self.reader.do(
            receiving.take_in,
            self.reader.identity,
            peer or self.peer,
            feed or self.feed,
            list(entries),
            {Kind.MESSAGE: hear},
            clock.now(),
        )

    def refused(self, fault, *entries, **more):
        """Return the fault for which all of it is refused: nothing was taken in."""
        with pytest.raises(fault) as found:
            self.send(*entries, **more)
        assert self.heard == []
        assert self.reader.do(feeds.entries, self.feed, 0, 10) == []
        return found.value

    def aside(self):
        """Return the faults of the entries of this feed that were put aside."""
        found = self.reader.do(evidence.of_node, "xar")
        return [one.fault for one in found if one.feed == self.feed]


def changed(envelope, **fields):
    """Return an envelope whose header says something else, under the signature of before."""
    header = json.loads(envelope.header) | fields
    return replace(envelope, header=json.dumps(header, separators=(",", ":")).encode())


def test_a_signature_by_another_key_is_refused(hostile):
    """Whether it names the right key or its own."""
    forged = dsse.SigningKey.generate(hostile.owner.identity.signing.id)
    hostile.refused(BadSignature, hostile.entry(key=forged))
    hostile.refused(UnknownKey, hostile.entry(key=dsse.SigningKey.generate("xar-sign-9")))


@pytest.mark.parametrize(
    "fields",
    [
        {"to": []},
        {"seq": 2},
        {"time": "2031-01-01T00:00:00Z"},
        {"kind": "withdraw"},
        {"valid_until": "2039-01-01T00:00:00Z"},
        {"from": "xca"},
        {"p": ""},
    ],
)
def test_no_part_of_a_header_can_be_changed(hostile, fields):
    """Recipients, place, time, kind, lease: all of it is under the signature."""
    hostile.refused(BadSignature, changed(hostile.entry(), **fields))


def test_a_ciphertext_of_another_entry_is_refused(hostile):
    """Swapped between two entries, both are refused; the feed stops with the evidence."""
    first = hostile.entry(b'{"n": 1}')
    second = hostile.entry(b'{"n": 2}', after=first)
    swapped = replace(first, body=second.body), replace(second, body=first.body)
    fault = hostile.refused(BadSignature, *swapped)
    assert fault.signed == (swapped[0],)


def test_a_body_that_was_signed_for_another_place_does_not_open(hostile):
    """Its owner may sign what it likes: the entry is put aside and nothing is applied."""
    other = hostile.entry(b'{"n": 1}', seq=7)
    header = Header.from_bytes(other.header)
    assert header.place is not None
    moved = replace(header, place=replace(header.place, seq=1))
    raw = moved.to_bytes()
    signature = hostile.owner.identity.signing.sign(dsse.ENVELOPE, raw)
    signed = Envelope(header=raw, key=other.key, signature=signature, body=other.body)
    hostile.send(signed)
    assert hostile.heard == []
    assert hostile.aside() == ["bad_signature"]


def test_what_is_for_another_node_of_the_same_name_does_not_open(hostile):
    """A body that is sealed under a key that is not ours, or of another suite, is put aside."""
    stranger = hpke.PrivateKey.generate("stranger", hpke.Suite.X25519)
    first = hostile.entry(to=[("xbo", stranger.public)])
    [ours] = hostile.reader.identity.sealing
    wrong = hpke.PrivateKey.generate(ours, hpke.Suite.X25519)
    hostile.send(first, hostile.entry(after=first, to=[("xbo", wrong.public)]))
    assert hostile.heard == []
    assert hostile.aside() == ["bad_signature", "bad_signature"]


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"n": 1, "n": 2}',
        b'{"n": 1e999}',
        b'{"n": "\\u0000"}',
        b"\xff\xfe",
        b"",
    ],
)
def test_content_that_breaks_readers_is_put_aside(hostile, content):
    """The entry behind it is applied: one bad sentence does not hold up the others."""
    first = hostile.entry(content)
    hostile.send(first, hostile.entry(b'{"n": 2}', after=first))
    assert hostile.heard == [{"n": 2}]
    assert hostile.aside() == ["malformed"]


def test_a_body_larger_than_the_protocol_allows_is_refused(hostile):
    """Before anything of it is opened."""
    with pytest.raises(Malformed):
        Envelope.from_json(hostile.entry(b"1" * 8_000_001).to_json())
    with pytest.raises(Malformed):
        Envelope.from_json(replace(hostile.entry(), header=b"{" * (MAX_HEADER_BYTES + 1)).to_json())


def test_entries_of_another_feed_or_node_are_refused(hostile):
    """A node publishes in its own feeds, and each entry in the one that it names."""
    hostile.refused(Malformed, hostile.entry(feed=f"xar.{new_id('fed')}"))
    hostile.refused(Malformed, hostile.entry(feed="xbo.fed_a"), feed="xbo.fed_a")
    hostile.refused(Malformed, hostile.entry(sender="xca"))
    call = replace(Header.from_bytes(hostile.entry().header), place=None, nonce=bytes(16))
    asked = envelopes.seal(call, b"{}", hostile.owner.identity.signing, [])
    hostile.refused(Malformed, asked)
    assert hostile.reader.do(feeds.get, "xbo.fed_a") is None


def test_an_entry_of_a_time_to_come_is_refused(hostile):
    """A clock may be ahead by five minutes."""
    ahead = clock.now() + timedelta(minutes=6)
    hostile.refused(Malformed, hostile.entry(time=ahead))
    hostile.send(hostile.entry(time=clock.now() + timedelta(minutes=4)))
    assert hostile.heard == [{"n": 1}]


def test_a_key_signs_within_its_window_and_until_it_was_compromised(hostile):
    """What was signed in time counts when it arrives late; what was signed after the theft, never."""
    signing = hostile.owner.identity.signing
    key = hostile.peer.online_keys[signing.id]
    now = clock.now()
    ended = replace(key, valid_until=now - timedelta(minutes=5))
    stolen = replace(key, compromised_since=now - timedelta(minutes=5))
    in_time = hostile.entry(time=now - timedelta(minutes=6))
    late = hostile.entry(time=now - timedelta(minutes=4))
    for known, fault in ((ended, Expired), (stolen, BadSignature)):
        hostile.refused(fault, late, peer=replace(hostile.peer, online_keys={key.id: known}))
    both = replace(ended, compromised_since=stolen.compromised_since)
    hostile.send(in_time, peer=replace(hostile.peer, online_keys={key.id: both}))
    assert hostile.heard == [{"n": 1}]


def test_a_gap_or_another_predecessor_stops_the_feed(hostile):
    """Both envelopes are kept, and the feed does not go on."""
    first = hostile.entry()
    hostile.send(first)
    for wrong in ({"seq": 3}, {"prev": START}, {"epoch": 2}):
        with pytest.raises(Forked) as found:
            hostile.send(hostile.entry(after=first, **wrong))
        fault = found.value
        assert fault.signed[0] == first
        reader = hostile.reader
        reader.do(faults.stop, reader.identity, "xar", hostile.feed, fault, clock.now())
    with pytest.raises(Forked):
        hostile.send(hostile.entry(after=first))
    assert hostile.reader.do(feeds.get, hostile.feed).state is FeedState.STOPPED
    assert hostile.heard == [{"n": 1}]


def test_a_kind_that_is_not_known_is_kept_and_not_applied(hostile):
    """Newer nodes know more: the feed goes on."""
    first = hostile.entry(kind="horoscope")
    hostile.send(first, hostile.entry(b'{"n": 2}', after=first))
    assert hostile.heard == [{"n": 2}]
    assert hostile.aside() == []
    assert hostile.reader.do(feeds.at, hostile.feed, 1).hash == first.hash


def test_a_node_that_is_not_pinned_is_told_nothing_and_gives_nothing(hostile):
    """Quarantined, removed or only proposed."""
    for state in set(PeerState) - {PeerState.PINNED}:
        hostile.refused(UnknownPeer, hostile.entry(), peer=replace(hostile.peer, state=state))
