"""The same entries as a file for a courier: taken in by the same code, as often as it comes."""

from __future__ import annotations

import json

import pytest

from bank_help import actor
from didban import clock
from didban.errors import Conflict, Forked, InvalidFile, InvalidInput, NotFound, NotPermitted
from didban.exchange import bundles, members, offering
from didban.exchange import feeds as publishing
from didban.model.exchange.feeds import FeedState
from didban.model.exchange.kinds import Kind
from didban.store.exchange import evidence, feeds
from exchange_help import item

OPERATOR = actor("xar", "administrator")


def export(network, owner="xar", reader="xbo", since=None):
    """Return the lines of a file."""
    bank = network[owner]
    return list(
        bundles.write(
            bank.database, OPERATOR, lambda _: bank.identity, reader, clock.now(), since=since
        )
    )


def bring(network, lines, reader="xbo"):
    """Take a file in."""
    bank = network[reader]
    return bundles.take_in(
        bank.database, OPERATOR, lambda _: bank.identity, lines, bank.handlers, clock.now()
    )


def say(network, *numbers, to="xbo"):
    """Publish numbers."""
    return network["xar"].publish(f"talk:{to}", *(item(Kind.MESSAGE, {"n": n}) for n in numbers))


def heard(network, reader="xbo"):
    """Return the numbers that arrived."""
    return [one.content["n"] for one in network[reader].arrived]


def test_a_file_carries_what_the_wire_would(network):
    """Taken in twice it is taken in once; what came over the wire is passed over."""
    feed = say(network, 1, 2, 3)
    file = export(network)
    assert len(file) == 5
    assert bring(network, file) == bundles.TakenIn(node="xar", entries=3, cursor=f"{feed}=3")
    assert bring(network, file).entries == 0
    assert network.carry() == 0
    assert heard(network) == [1, 2, 3]


def test_the_file_that_comes_back_says_how_far_the_first_was_taken_in(network):
    """So the next one begins behind it, without any wire between the two."""
    feed = say(network, 1, 2)
    bring(network, export(network))
    bring(network, export(network, "xbo", "xar"), "xar")
    assert [one.cursor for one in network["xar"].do(feeds.reading, feed)] == [2]
    say(network, 3)
    file = export(network)
    assert len(file) == 3
    bring(network, file)
    assert heard(network) == [1, 2, 3]


def test_a_reader_that_left_is_brought_what_the_wire_would_bring(network):
    """That it reads no more, and of what it had not fetched before only the headers."""
    xar, now = network["xar"], clock.now()
    feed = xar.do(publishing.for_audience, xar.identity, "group:g", ["xbo"], now)
    xar.do(publishing.publish, xar.identity, feed, [item(Kind.MESSAGE, {"n": 1})], now)
    xar.do(members.change, xar.identity, feed, [], now)
    bring(network, export(network))
    assert [one.content for one in network["xbo"].arrived] == [
        {"readers": ["xbo"]},
        None,
        {"readers": []},
    ]


def test_a_file_may_begin_behind_a_cursor(network):
    """As the other side printed it; `start` is everything that it may read."""
    feed = say(network, 1, 2, 3)
    assert len(export(network, since=bundles.cursor_from(f"{feed}=2"))) == 3
    assert len(export(network, since=bundles.cursor_from("start"))) == 5
    for text in ("", "2", "xar.fed_a=", "xar.fed_a=01", "xar.fed_a=1;", "xar.fed_a=1,"):
        with pytest.raises(InvalidInput):
            bundles.cursor_from(text)


def test_files_come_in_any_order_and_nothing_is_lost(network):
    """A later file waits for the earlier one, and stops nothing."""
    feed = say(network, 1, 2)
    first = export(network)
    say(network, 3)
    second = export(network, since={feed: 2})
    with pytest.raises(Conflict, match="entries 1 to 2"):
        bring(network, second)
    bring(network, first)
    bring(network, second)
    bring(network, first)
    assert heard(network) == [1, 2, 3]
    assert network["xbo"].do(feeds.get, feed).state is FeedState.OPEN


def test_a_file_for_another_node_is_refused(network):
    """Nor can it be opened by whom it is not for, whatever its first line is made to say."""
    say(network, 1)
    file = export(network)
    with pytest.raises(InvalidFile, match="for the node 'xbo'"):
        bring(network, file, "xca")
    first = json.loads(file[0]) | {"to": "xca"}
    with pytest.raises(InvalidFile):
        bring(network, [json.dumps(first).encode(), *file[1:]], "xca")
    assert network["xca"].arrived == []


def test_a_file_of_a_node_that_is_not_pinned_is_refused(network):
    """Also where the one that it names is known under its own keys."""
    say(network, 1)
    file = export(network)
    first = json.loads(file[0]) | {"from": "xzz"}
    with pytest.raises(InvalidFile, match="not pinned"):
        bring(network, [json.dumps(first).encode(), *file[1:]])
    first = json.loads(file[0]) | {"from": "xca"}
    with pytest.raises(InvalidFile):
        bring(network, [json.dumps(first).encode(), *file[1:]])
    with pytest.raises(NotFound):
        export(network, reader="xzz")


def test_a_file_that_was_changed_on_its_way_is_refused_and_stops_nothing(network):
    """Anybody can spoil a file: it says nothing about who is said to have written it."""
    feed = say(network, 1, 2)
    file = export(network)
    for line in (1, 2, 3):
        changed = json.loads(file[line])
        signature = changed["signature"]
        changed["signature"] = ("B" if signature[0] != "B" else "C") + signature[1:]
        spoiled = [*file[:line], json.dumps(changed).encode(), *file[line + 1 :]]
        with pytest.raises(InvalidFile):
            bring(network, spoiled)
    assert network["xbo"].do(evidence.of_node) == []
    bring(network, file)
    assert heard(network) == [1, 2]
    assert network["xbo"].do(feeds.get, feed).state is FeedState.OPEN


def test_a_file_that_breaks_off_gives_what_it_has(network, monkeypatch):
    """What was taken in stays; the whole file goes on from there."""
    monkeypatch.setattr(bundles, "PAGE", 2)
    say(network, 1, 2, 3)
    file = export(network)
    with pytest.raises(InvalidFile, match="breaks off"):
        bring(network, file[:4])
    assert heard(network) == [1, 2]
    assert bring(network, file).entries == 1
    assert heard(network) == [1, 2, 3]


def test_a_file_that_contradicts_the_wire_stops_the_feed(network):
    """Two signatures over one place are proof, wherever they come from."""
    feed = say(network, 1)
    file = export(network)
    forget = "delete from entry; update feed set head_seq = 0, head_hash = decode(repeat('00', 32), 'hex')"
    network["xar"].do(lambda tx: tx.exec_driver_sql(forget))
    say(network, 2)
    network.carry()
    with pytest.raises(Forked):
        bring(network, file)
    [kept] = network["xbo"].do(evidence.of_node)
    assert len(kept.envelopes) == 2
    assert network["xbo"].do(feeds.get, feed).state is FeedState.STOPPED


def test_only_who_manages_the_nodes_writes_or_takes_in_files(network):
    """A file is everything that a node may read."""
    bank = network["xar"]
    who = actor("xar", "analyst")
    with pytest.raises(NotPermitted):
        list(bundles.write(bank.database, who, lambda _: bank.identity, "xbo", clock.now()))
    with pytest.raises(NotPermitted):
        bundles.take_in(bank.database, who, lambda _: bank.identity, [], {}, clock.now())


def test_what_is_no_such_file_is_refused(network):
    """Whatever it holds."""
    for line in (b"", b"[]", b'{"bundle": 2}', b"\xff", b'{"bundle": 1}'):
        with pytest.raises(InvalidFile):
            bring(network, [line])


def test_a_file_holds_bodies_for_its_reader_alone(network):
    """What others of a group are told is not carried."""
    bank = network["xar"]
    feed = bank.publish("talk:xbo", item())
    bank.do(feeds.add_reader, feed, "xca", 0)
    bodies = [json.loads(line).get("body") for line in export(network, reader="xca")[2:]]
    assert bodies == [None]
    assert bank.do(offering.offered, "xca") == [feed]
