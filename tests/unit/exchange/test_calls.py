"""A call is answered once, to who signed it, and an answer is to its question alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from didban import clock
from didban.errors import (
    BadSignature,
    LimitReached,
    Malformed,
    NotPermitted,
    PeerFault,
    PeerRefused,
    Replayed,
    UnknownPeer,
)
from didban.exchange import calls, descriptors
from didban.model.exchange.envelopes import Envelope, Header
from didban.model.exchange.kinds import Call
from didban.model.exchange.peers import PeerState
from didban.store.exchange import links, peers
from exchange_help import descriptor_of, new_identity


def echo(_tx, caller, body, _now):
    """Answer who asked, and what."""
    return {"caller": caller.node, "said": body}


def question_of(network, body=None, now=None, asker="xar"):
    """Return a call of one node to xbo."""
    bank = network[asker]
    return calls.ask(bank.identity, bank.do(peers.get, "xbo"), Call.ASK, body, now or clock.now())


def received(network, question, call=Call.ASK, now=None):
    """Let xbo receive it."""
    xbo = network["xbo"]
    raw = calls.lines(question)
    return xbo.do(calls.receive, xbo.identity, call, raw, now or clock.now())


def test_a_call_is_answered(network):
    """The room is told who asks, and its answer comes back."""
    network["xbo"].calls[Call.ASK] = echo
    answer = network.ask("xar", "xbo", Call.ASK, {"n": 1})
    assert answer == {"caller": "xar", "said": {"n": 1}}


@pytest.mark.parametrize(
    ("error", "reason", "retry_after"),
    [
        (NotPermitted("words of ours", "a_reason"), "not_permitted", None),
        (LimitReached("too many", 12.2), "limit_reached", 13),
        (Malformed("what stood where"), "malformed", None),
    ],
)
def test_a_refusal_reaches_the_caller_as_a_code(network, error, reason, retry_after):
    """Neither words nor reasons leave, and what the room had done is undone."""

    def refuse(tx, caller, _body, now):
        links.add_later(tx, caller.node, _item(), now)
        raise error

    network["xbo"].calls[Call.ASK] = refuse
    with pytest.raises(PeerRefused) as told:
        network.ask("xar", "xbo", Call.ASK, {})
    assert (told.value.reason, told.value.retry_after) == (reason, retry_after)
    assert network["xbo"].do(links.take_due, clock.now(), 10) == []


def _item():
    from exchange_help import item

    return item()


def test_a_call_that_no_room_answers_is_refused(network):
    """An older node says so to a newer one."""
    with pytest.raises(PeerRefused) as told:
        network.ask("xar", "xbo", Call.WITNESS, {})
    assert told.value.reason == "not_found"


def test_a_call_is_received_once(network):
    """The same bytes again are a replay."""
    question = question_of(network)
    received(network, question)
    with pytest.raises(Replayed):
        received(network, question)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_call_of_another_time_is_a_replay(network, minutes):
    """An old one that was kept, and one of a clock that lies."""
    question = question_of(network, now=clock.now() + timedelta(minutes=minutes))
    with pytest.raises(Replayed):
        received(network, question)


def test_a_nonce_is_kept_as_long_as_its_call_would_be_accepted(network):
    """What the duty forgets could not be replayed any more."""
    xbo, now = network["xbo"], clock.now()
    received(network, question_of(network, now=now + timedelta(seconds=299)))
    assert calls.run_due(xbo.database, now + timedelta(seconds=590)) == 0
    assert calls.run_due(xbo.database, now + timedelta(seconds=1_000)) == 1


def test_a_call_to_another_node_is_refused(network):
    """Who was asked cannot ask others in the asker's name."""
    xar = network["xar"]
    question = calls.ask(xar.identity, xar.do(peers.get, "xca"), Call.ASK, {}, clock.now())
    with pytest.raises(Malformed):
        received(network, question)


def test_a_call_of_one_kind_is_none_of_another(network):
    """The path has to say what was signed."""
    with pytest.raises(Malformed):
        received(network, question_of(network), call=Call.BLIND)


def test_an_entry_of_a_feed_is_no_call(network):
    """What was published cannot be sent as a question."""
    from didban.store.exchange import feeds
    from exchange_help import item

    xar = network["xar"]
    feed = xar.publish("talk:xbo", item())
    [entry] = xar.do(feeds.entries, feed, 0, 1)
    with pytest.raises(Malformed):
        received(network, entry, call="message")


def test_who_is_not_pinned_is_told_nothing(network):
    """Neither one whose fingerprint was not compared, nor one in quarantine, nor a removed one."""
    for state in set(PeerState) - {PeerState.PINNED}:
        network["xbo"].do(peers.set_state, "xar", state, by="usr_test", now=clock.now())
        with pytest.raises(UnknownPeer):
            received(network, question_of(network))


def test_a_stranger_in_the_name_of_a_peer_is_refused(network):
    """A signature by another key is none of the peer's, whatever its identifier says."""
    stranger = new_identity("xar")
    peer = network["xar"].do(peers.get, "xbo")
    question = calls.ask(stranger, peer, Call.ASK, {}, clock.now())
    with pytest.raises(BadSignature):
        received(network, question)


def test_what_a_compromised_key_signs_is_refused(network):
    """From the moment on that its owner names (PR-41)."""
    xar, xbo = network["xar"], network["xbo"]
    [key] = xar.descriptor.online_keys
    said = replace(key, compromised_since=clock.now() - timedelta(hours=1))
    newer = descriptor_of("xar", xar.root, xar.identity, version=2, online_keys=(said,))
    signed = descriptors.sign(newer, xar.root)
    xbo.do(peers.add_descriptor, newer, signed, clock.now())
    with pytest.raises(BadSignature):
        received(network, question_of(network))


def test_an_answer_is_to_its_question_alone(network):
    """The answer to another question of the same kind is not taken for it."""
    xar, xbo = network["xar"], network["xbo"]
    first, second = question_of(network), question_of(network)
    answer = calls.reply(xbo.identity, received(network, first), {"hit": True}, clock.now())
    peer = xar.do(peers.get, "xbo")
    assert calls.read(xar.identity, peer, first, answer, clock.now()) == {"hit": True}
    with pytest.raises(Malformed):
        calls.read(xar.identity, peer, second, answer, clock.now())


def test_an_answer_of_another_node_is_refused(network):
    """Even of one that is pinned."""
    xar, xca = network["xar"], network["xca"]
    question = question_of(network)
    to = replace(received(network, question), caller=xca.do(peers.get, "xar"))
    answer = calls.reply(xca.identity, to, {"hit": True}, clock.now())
    with pytest.raises(BadSignature):
        calls.read(xar.identity, xar.do(peers.get, "xbo"), question, answer, clock.now())


def test_what_is_no_envelope_is_refused(network):
    """Whatever the bytes are, it is one kind of error."""
    xbo = network["xbo"]
    for raw in (
        b"",
        b"[]",
        b"{}",
        b"\x00\xff",
        b"[" * 100_000,
        b'{"header":"","key":"k","signature":"","header":""}',
        b'{"header": NaN}',
        json.dumps({"header": "e30=", "key": "k", "signature": "A" * 88}).encode(),
    ):
        with pytest.raises(PeerFault):
            xbo.do(calls.receive, xbo.identity, Call.ASK, raw, clock.now())


def test_a_swapped_body_is_refused(network):
    """The body of one call under the header of another."""
    first, second = question_of(network, {"n": 1}), question_of(network, {"n": 2})
    swapped = Envelope(
        header=first.header, key=first.key, signature=first.signature, body=second.body
    )
    with pytest.raises(BadSignature):
        received(network, swapped)
    assert Header.from_bytes(first.header).nonce != Header.from_bytes(second.header).nonce
