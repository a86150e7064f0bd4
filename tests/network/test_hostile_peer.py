"""Whatever a hostile node, or who carries for it, sends: nothing changes, and the evidence is kept.

Over HTTP on the loopback. `xbo` answers; `xar` fetches from it; `xca` is another node.
"""

from __future__ import annotations

import base64
import itertools
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from didban import clock
from didban.errors import DidbanError, LimitReached, Malformed, PeerFault
from didban.exchange import calls
from didban.exchange import feeds as publishing
from didban.exchange.lines import Unanswered
from didban.exchange.pulls import Question
from didban.guard.crypto import dsse, envelopes
from didban.model.exchange.envelopes import Envelope, Header, Place, Recipient
from didban.model.exchange.feeds import FeedState
from didban.model.exchange.kinds import Call
from didban.model.exchange.peers import PeerState
from didban.store.exchange import evidence, feeds, links, peers
from exchange_help import banks, item, new_identity
from wire_help import connected

_audience = (f"audience-{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def wire(postgres):
    """Return a wire to xbo. The tests share it: none of them may change anything for the others."""
    with banks(postgres, "xar", "xbo", "xca") as network, connected(network, "xbo") as made:
        made.network["xbo"].calls[Call.ASK] = lambda _tx, caller, _body, _now: caller.node
        yield made


@pytest.fixture(autouse=True)
def honest(wire):
    """Let nobody be in between at the beginning, and everything be fetched."""
    wire.tamper = None
    with suppress(DidbanError, Unanswered):
        wire.puller("xar").pull()
    for bank in wire.network.values():
        bank.arrived.clear()


# ------------------------------------------------------------------ who calls


def question(wire, body=None, *, asker="xar", call=Call.ASK, **lies):
    """Return a call, as honest as it is not said otherwise."""
    bank = wire.network[asker]
    peer = bank.do(peers.get, lies.get("to", "xbo"))
    me, now = lies.get("me", bank.identity), lies.get("at", clock.now())
    return calls.ask(me, peer, call, body or {}, now)


def unspoken(wire):
    """Return what a node answers that says nothing: to a path of which it knows nothing."""
    return wire.send("ask", b"{}")


def changed_header(envelope, old, new):
    """Return an envelope with other words in its header."""
    assert old in envelope.header
    return replace(envelope, header=envelope.header.replace(old, new))


def other_body(wire):
    """Return one call with the body of another."""
    return replace(question(wire, {"n": 1}), body=question(wire, {"n": 2}).body)


def nested(depth):
    """Return JSON of so many levels."""
    return b"[" * depth + b"]" * depth


HOSTILE_CALLS = {
    "of_a_stranger": lambda w: question(w, me=new_identity("xza")),
    "of_a_stranger_in_a_peer_s_name": lambda w: question(w, me=new_identity("xar")),
    "with_a_wrong_signature": lambda w: replace(question(w), signature=bytes(64)),
    "with_another_key_s_name": lambda w: replace(question(w), key="xar-sign-9"),
    "with_other_recipients": lambda w: changed_header(
        question(w), b'"node":"xbo"', b'"node":"xca"'
    ),
    "for_another_node": lambda w: question(w, to="xca"),
    "with_another_kind": lambda w: question(w, call=Call.BLIND),
    "with_a_swapped_ciphertext": other_body,
    "without_a_body": lambda w: replace(question(w), body=None),
    "of_ten_minutes_ago": lambda w: question(w, at=clock.now() - timedelta(minutes=10)),
    "of_a_clock_that_is_ahead": lambda w: question(w, at=clock.now() + timedelta(minutes=10)),
    "of_the_year_9999": lambda w: question(w, at=clock.now().replace(year=9999, day=1)),
}


@pytest.mark.parametrize("kind", HOSTILE_CALLS)
def test_a_hostile_call_is_answered_by_silence(wire, kind):
    """Always the same silence: who asks cannot tell a stranger from a wrong signature."""
    sent = HOSTILE_CALLS[kind](wire)
    status, body, headers = wire.send("ask", calls.lines(sent))
    assert (status, body) == (404, b"")
    assert headers == unspoken(wire)[2]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 1_000,
        b"{}",
        nested(100_000),
        b'{"header": ' + nested(50_000) + b"}",
        b'{"header":"e30=","header":"e30=","key":"k","signature":"AA=="}',
        b'{"header": NaN, "key": 1e999, "signature": ' + b"9" * 10_000 + b"}",
        b"A" * (calls.MAX_BYTES + 1),
        json.dumps({"header": base64.b64encode(nested(50_000)).decode(), "key": "k"}).encode(),
    ],
    ids=lambda raw: f"{raw[:12]!r} {len(raw)}",
)
def test_what_is_no_call_is_answered_by_silence(wire, raw):
    """Oversized, deeply nested, of members twice, of numbers that are none."""
    assert wire.send("ask", raw)[:2] == (404, b"")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_answered_by_silence(wire, method):
    """Nothing tells that there is something at the path."""
    assert wire.send("ask", b"", method=method)[:2] == (404, b"")


def test_a_replay_is_answered_by_silence(wire):
    """Who overheard a call learns nothing by sending it again, not even that it was one."""
    sent = calls.lines(question(wire))
    assert wire.send("ask", sent)[0] == 200
    assert wire.send("ask", sent)[:2] == (404, b"")


@pytest.mark.parametrize("state", [PeerState.QUARANTINED, PeerState.REMOVED, PeerState.PROPOSED])
def test_a_node_that_is_not_pinned_gets_silence(wire, state):
    """From the moment on that it is said, whatever it was before."""
    xbo = wire.network["xbo"]
    xbo.do(peers.set_state, "xar", state, by="usr_test", now=clock.now())
    try:
        assert wire.send("ask", calls.lines(question(wire)))[:2] == (404, b"")
    finally:
        xbo.do(peers.set_state, "xar", PeerState.PINNED, by="usr_test", now=clock.now())


def test_nobody_reads_the_feed_of_others_by_naming_it(wire):
    """A cursor in a feed that is for xar opens nothing of it to xca."""
    xbo, xca = wire.network["xbo"], wire.network["xca"]
    feed = xbo.publish("talk:xar", item())
    head = xbo.do(feeds.get, feed)
    cursor = {"feed": feed, "epoch": 1, "seq": 0, "head": "A" * 43 + "=", "paused": False}
    sent = question(wire, {"feeds": [cursor], "wait": 0}, asker="xca", call=Call.PULL)
    _, body, _ = wire.send("pull", calls.lines(sent))
    first, *entries = body.splitlines()
    answer = Envelope.from_json(json.loads(first))
    told = calls.read(xca.identity, xca.do(peers.get, "xbo"), sent, answer, clock.now())
    assert entries == []
    assert head.id not in json.dumps(told)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"feeds": [], "wait": -1},
        {"feeds": [{"feed": "f"}] * 6_000, "wait": 0},
        {"feeds": {"a": 1}, "wait": 0},
        {"feeds": [], "wait": 0, "more": 1},
    ],
    ids=str,
)
def test_a_pull_that_is_none_is_refused(wire, body):
    """By a code, to a node that is known."""
    sent = question(wire, body, call=Call.PULL)
    status, raw, _ = wire.send("pull", calls.lines(sent))
    xar = wire.network["xar"]
    answer = Envelope.from_json(json.loads(raw))
    assert status == 200
    with pytest.raises(PeerFault) as told:
        calls.read(xar.identity, xar.do(peers.get, "xbo"), sent, answer, clock.now())
    assert told.value.reason == "malformed"  # type: ignore[attr-defined]


# ------------------------------------------------------------------ who publishes


@pytest.fixture
def feed(wire):
    """Return a new feed of xbo for xar, with one entry that was taken in."""
    made = publish(wire, next(_audience))
    wire.puller("xar").pull()
    wire.network["xar"].arrived.clear()
    return made


def publish(wire, audience, *contents):
    """Let xbo publish for xar; return the feed."""
    xbo, now = wire.network["xbo"], clock.now()
    with xbo.database.begin() as tx:
        made = publishing.for_audience(tx, xbo.identity, audience, ["xar"], now)
        items = [item(content=content) for content in contents or ({"n": 0},)]
        publishing.publish(tx, xbo.identity, made, items, now)
    return made


def more(wire, feed, *contents):
    """Let xbo publish more in a feed."""
    xbo = wire.network["xbo"]
    items = [item(content=content) for content in contents]
    xbo.do(publishing.publish, xbo.identity, feed, items, clock.now())


def tampering(change):
    """Return what changes the entries of an answer, and leaves the rest as it is."""

    def tamper(body):
        first, *lines = body.splitlines()
        entries = [Envelope.from_json(json.loads(line)) for line in lines]
        return first + b"\n" + calls.lines(*change(entries)) if entries else body

    return tamper


def require_refused(wire, feed, fault=PeerFault):
    """Fail unless a pull changes nothing, stops the feed, and keeps the evidence."""
    xar = wire.network["xar"]
    before, open_before = xar.do(feeds.get, feed), xar.do(evidence.count_open, "xbo")
    with pytest.raises(fault):
        wire.puller("xar").pull()
    after = xar.do(feeds.get, feed)
    assert (after.head_seq, after.head_hash) == (before.head_seq, before.head_hash)
    assert after.state is FeedState.STOPPED
    assert xar.do(evidence.count_open, "xbo") == open_before + 1
    assert xar.arrived == []
    [found] = [one for one in xar.do(evidence.of_node, "xbo") if one.feed == feed]
    return found


def resealed(wire, envelope, **changed):
    """Return an entry that xbo itself signs anew, with something else in the header."""
    header = replace(Header.from_bytes(envelope.header), **changed)
    signature = wire.network["xbo"].identity.signing.sign(dsse.ENVELOPE, header.to_bytes())
    return replace(envelope, header=header.to_bytes(), signature=signature)


def place_of(envelope):
    """Return where an entry stands."""
    place = Header.from_bytes(envelope.header).place
    assert isinstance(place, Place)
    return place


@pytest.mark.parametrize("terms", [{"entries_per_day": 2}, {"bytes_per_day": 1_000}])
def test_feeds_do_not_grow_without_end(wire, feed, terms):
    """Who says more in a day than is fetched of one node is not asked that day; then it goes on."""
    xar = wire.network["xar"]
    more(wire, feed, {"n": 1}, {"n": 2})
    wire.puller("xar").pull()
    more(wire, feed, {"n": 3})
    with pytest.raises(LimitReached) as error:
        wire.puller("xar", **terms).pull()
    assert 0 < error.value.retry_after <= 86_400
    assert [one.content for one in xar.arrived] == [{"n": 1}, {"n": 2}]
    tomorrow = clock.now().date() + timedelta(days=1)
    assert xar.do(links.taken, "xbo", tomorrow) == (0, 0)


def test_a_node_does_not_begin_feeds_without_end(wire, feed):
    """One too many is not taken in, and counts against the node; the others go on."""
    xar = wire.network["xar"]
    known = xar.do(feeds.count_owned, "xbo")
    another = publish(wire, next(_audience))
    more(wire, feed, {"n": 1})
    with pytest.raises(Malformed):
        wire.puller("xar", feeds_per_node=known).pull()
    assert [one.content for one in xar.arrived] == [{"n": 1}]
    assert xar.do(feeds.get, another).state is FeedState.STOPPED


def swapped(entries):
    """Exchange the ciphertexts of two entries."""
    one, two, *rest = entries
    return [replace(one, body=two.body), replace(two, body=one.body), *rest]


CHANGED_ENTRIES = {
    "wrong_signature": lambda _w, e: [replace(e[0], signature=bytes(64)), *e[1:]],
    "signature_of_another": lambda _w, e: [replace(e[0], signature=e[1].signature), *e[1:]],
    "other_recipients": lambda _w, e: [
        changed_header(e[0], b'"node":"xar"', b'"node":"xca"'), *e[1:],
    ],
    "swapped_ciphertexts": lambda _w, e: swapped(e),
    "one_left_out": lambda _w, e: [e[1], e[1]],
    "reordered": lambda _w, e: e[::-1],
    "of_a_time_to_come": lambda w, e: [
        resealed(w, e[0], time=clock.now() + timedelta(hours=1)), *e[1:],
    ],
    "of_a_time_before_its_key": lambda w, e: [
        resealed(w, e[0], time=clock.now() - timedelta(days=800)), *e[1:],
    ],
    "in_another_feed": lambda w, e: [
        resealed(w, e[0], place=replace(place_of(e[0]), feed="xca.fed_other")), *e[1:],
    ],
    "of_an_epoch_that_did_not_begin": lambda w, e: [
        resealed(w, e[0], place=replace(place_of(e[0]), epoch=2)), *e[1:],
    ],
    "of_another_sender": lambda w, e: [resealed(w, e[0], sender="xca"), *e[1:]],
    "with_another_one_before": lambda w, e: [
        resealed(w, e[0], place=replace(place_of(e[0]), prev=bytes(32))), *e[1:],
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGED_ENTRIES)
def test_a_changed_entry_changes_nothing(wire, feed, kind):
    """None of the batch is taken in, the feed stops, and what was signed is kept."""
    more(wire, feed, {"n": 1}, {"n": 2})
    wire.tamper = tampering(lambda entries: CHANGED_ENTRIES[kind](wire, entries))
    require_refused(wire, feed)


def test_what_is_wrong_with_one_feed_does_not_hold_up_the_others(wire, feed):
    """The fault is reported, and everything else is here."""
    other = publish(wire, next(_audience))
    wire.puller("xar").pull()
    wire.network["xar"].arrived.clear()
    more(wire, feed, {"n": 1})
    more(wire, other, {"n": 2})

    def change(entries):
        return [
            replace(one, signature=bytes(64)) if place_of(one).feed == feed else one
            for one in entries
        ]

    wire.tamper = tampering(change)
    with pytest.raises(PeerFault):
        wire.puller("xar").pull()
    assert [one.content for one in wire.network["xar"].arrived] == [{"n": 2}]


def test_a_fork_is_kept_with_both_signatures(wire, feed):
    """Two entries of one place, both signed: the proof is what a court needs, and both are in it."""
    xbo = wire.network["xbo"]
    more(wire, feed, {"n": 1})
    wire.puller("xar").pull()
    wire.network["xar"].arrived.clear()
    [taken] = xbo.do(feeds.entries, feed, 1, 1)
    more(wire, feed, {"n": 2})

    def forked(entries):
        place = replace(place_of(entries[0]), seq=2, prev=place_of(taken).prev)
        return [resealed(wire, entries[0], place=place)]

    wire.tamper = tampering(forked)
    found = require_refused(wire, feed)
    assert len(found.envelopes) == 2


def test_a_feed_that_went_back_is_found_by_its_head_alone(wire, feed):
    """The owner was restored, and offers nothing: what it signs as its head is the evidence."""
    xbo = wire.network["xbo"]
    before = xbo.do(feeds.get, feed)
    more(wire, feed, {"n": 1})
    wire.puller("xar").pull()
    wire.network["xar"].arrived.clear()
    with xbo.database.begin() as tx:  # as a copy of yesterday has it
        from sqlalchemy import delete, update

        from didban.store.tables.exchange_feeds import entry
        from didban.store.tables.exchange_feeds import feed as table

        tx.execute(delete(entry).where(entry.c.feed == feed, entry.c.seq > before.head_seq))
        values = {"head_seq": before.head_seq, "head_hash": before.head_hash}
        tx.execute(update(table).where(table.c.id == feed).values(values))
    found = require_refused(wire, feed)
    assert found.fault == "forked"


def test_the_updates_of_another_node_are_not_taken_from_this_one(wire):
    """A feed that bears another node's code is refused, though everything in it is signed."""
    xbo, xar, now = wire.network["xbo"], wire.network["xar"], clock.now()
    foreign = "xca.fed_of_another"
    with xbo.database.begin() as tx:
        new = feeds.require(tx, publishing.for_audience(tx, xbo.identity, "foreign", [], now))
        feeds.add(tx, replace(new, id=foreign, audience=None), now)
        feeds.add_reader(tx, foreign, "xar", 0)
        publishing.publish(tx, xbo.identity, foreign, [item()], now)
    try:
        with pytest.raises(PeerFault):
            wire.puller("xar").pull()
    finally:
        xbo.do(feeds.end_reader, foreign, "xar", 0)
    assert xar.arrived == []
    assert xar.do(feeds.get, foreign) is None


ANSWERS = {
    "nothing": lambda _: b"",
    "no_json": lambda _: b"\x00\xff" * 100,
    "nested": lambda _: nested(100_000),
    "without_entries_that_it_announces": lambda body: body.splitlines()[0],
    "more_entries_than_it_announces": lambda body: body + body.splitlines()[-1] + b"\n",
    "entries_that_are_none": lambda body: body.splitlines()[0] + b"\n" + nested(50_000),
    "the_first_line_alone_and_again": lambda body: body.splitlines()[0] * 2,
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_that_is_none_changes_nothing(wire, feed, kind):
    """It is a failure of the link; the feed goes on when it is an answer again."""
    more(wire, feed, {"n": 1})
    wire.tamper = ANSWERS[kind]
    with pytest.raises(Malformed):
        wire.puller("xar").pull()
    assert wire.network["xar"].arrived == []
    wire.tamper = None
    assert wire.puller("xar").pull() >= 1


def test_the_answer_to_an_older_question_is_refused(wire, feed):
    """A replayed answer, which withholds what came since, is none to this question."""
    answers = []

    def keep(body):
        answers.append(body)
        return answers[0]

    wire.tamper = keep
    wire.puller("xar").pull()
    more(wire, feed, {"n": 1})
    with pytest.raises(PeerFault):
        wire.puller("xar").pull()
    assert wire.network["xar"].arrived == []


def test_an_answer_without_end_is_given_up(wire, feed, monkeypatch):
    """No more is read than the protocol allows."""
    from didban.exchange import pulling

    monkeypatch.setattr(pulling, "_MAX_ANSWER", 10_000)
    wire.tamper = lambda body: body + b"A" * 20_000
    with pytest.raises(Unanswered):
        wire.puller("xar").pull()


def test_a_body_for_others_is_no_way_around_the_recipients(wire, feed):
    """A key wrapped for us under another place does not open, and the entry is put aside."""
    xbo, xar = wire.network["xbo"], wire.network["xar"]
    more(wire, feed, {"n": 1})
    [first, second] = xbo.do(feeds.entries, feed, 0, 2)
    [ours] = Header.from_bytes(first.header).recipients
    assert isinstance(ours, Recipient)

    def change(entries):
        return [resealed(wire, entries[-1], recipients=(ours,))]

    wire.tamper = tampering(change)
    open_before = xar.do(evidence.count_open, "xbo")
    wire.puller("xar").pull()  # it stands in its place, so the feed goes on
    assert xar.arrived == []
    assert xar.do(evidence.count_open, "xbo") == open_before + 1
    envelopes.verify(second, xbo.identity.signing.public)  # as it was signed, it holds
    xbo.do(feeds.end_reader, feed, "xar", 0)  # it would go on from what xbo never published


def test_a_question_names_what_it_holds_and_no_more():
    """What the wire tells of a reader are its cursors."""
    body = Question(positions=(), wait=0).to_json()
    assert body == {"feeds": [], "wait": 0}


def test_an_errant_room_does_not_stop_the_server(wire):
    """What breaks in a room is our own fault: the caller learns nothing of it."""
    xbo = wire.network["xbo"]

    def broken(_tx, _caller, _body, _now):
        raise RuntimeError("Zahra Karimzadeh")

    xbo.calls[Call.BLIND] = broken
    sent = question(wire, call=Call.BLIND)
    status, body, _ = wire.send("blind", calls.lines(sent))
    assert (status, body) == (500, b"")
    assert issubclass(Unanswered, DidbanError)
