"""`kill -9` of the owner and of the reader, again and again: nothing is lost and nothing comes twice."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

from bank_help import wait_for_the_dead
from didban import clock
from didban.exchange import feeds
from didban.guard.crypto import envelopes
from didban.model.exchange.feeds import START
from didban.model.exchange.kinds import Kind
from didban.store.exchange import feeds as kept
from exchange_help import item
from node_help import wait_until

_COMMON = """
import json, sys
from didban import clock
from didban.exchange import feeds, offering, receiving
from didban.exchange.identity import Identity
from didban.guard.crypto import dsse, hpke
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.store.database import Database
from didban.store.exchange import peers

given = json.loads(sys.argv[1])
here, there = Database(given["here"]), Database(given["there"])
seal = hpke.PrivateKey(given["seal"], hpke.Suite.HYBRID, bytes.fromhex(given["sealing"]))
signing = dsse.SigningKey.of(given["sign"], bytes.fromhex(given["signing"]))
me = Identity(node=given["node"], signing=signing, sealing={seal.id: seal})
print("begun", flush=True)
"""

# One deed after another: what it says and what it publishes are one transaction.
_PUBLISHES = (
    _COMMON
    + """
while True:
    with here.begin() as tx:
        n = tx.exec_driver_sql("insert into said (n) select count(*) from said returning n").scalar()
        feed = feeds.talk(tx, me, "xbo", clock.now())
        items = [Item(kind=Kind.MESSAGE, content={"n": n, "part": part}) for part in range(2)]
        feeds.publish(tx, me, feed, items, clock.now())
"""
)

# What it hears is written down by the room in the transaction that moves the cursor.
_READS = (
    _COMMON
    + """
def hear(tx, arrived, now):
    for one in arrived:
        values = (one.content["n"], one.content["part"])
        tx.exec_driver_sql("insert into heard values (%s, %s)", values)

while True:
    with there.begin() as tx:
        published = offering.offered(tx, "xbo")
    for feed in published:
        with here.begin() as tx:
            cursor = offering.cursor_of(tx, feed)
        with there.begin() as tx:
            offer = offering.offer(tx, "xbo", feed, cursor, clock.now(), limit=3)
        with here.begin() as tx:
            peer, rooms = peers.get(tx, "xar"), {Kind.MESSAGE: hear}
            receiving.take_in(tx, me, peer, feed, offer.entries, rooms, clock.now())
"""
)


def started(script, bank, other):
    """Start a node's process."""
    [seal] = bank.identity.sealing.values()
    given = {
        "node": bank.code,
        "here": bank.database.url.render_as_string(hide_password=False),
        "there": other.database.url.render_as_string(hide_password=False),
        "sign": bank.identity.signing.id,
        "signing": bank.identity.signing.raw.hex(),
        "seal": seal.id,
        "sealing": seal.raw.hex(),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", script, json.dumps(given)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def killed(process):
    """End a process as a power cut does."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def more_of(bank, table, chance):
    """Wait until some more rows are there, and then any time."""
    count = f"select count(*) from {table}"
    goal = bank.do(lambda tx: tx.exec_driver_sql(count).scalar()) + 3
    wait_until(lambda: bank.do(lambda tx: tx.exec_driver_sql(count).scalar()) >= goal)
    time.sleep(chance.uniform(0, 0.3))


def test_owner_and_reader_are_killed_again_and_again(network):
    """What was said is heard, each part of it once, in its order; the chain has no gap."""
    xar, xbo = network["xar"], network["xbo"]
    xar.do(lambda tx: tx.exec_driver_sql("create table said (n int primary key)"))
    xbo.do(lambda tx: tx.exec_driver_sql("create table heard (n int, part int)"))
    chance = random.Random(4)
    owner, reader = started(_PUBLISHES, xar, xbo), started(_READS, xbo, xar)
    for _ in range(2):
        more_of(xar, "said", chance)
        killed(owner)
        owner = started(_PUBLISHES, xar, xbo)
        more_of(xbo, "heard", chance)
        killed(reader)
        reader = started(_READS, xbo, xar)
    killed(owner)
    killed(reader)
    for bank in (xar, xbo):
        wait_for_the_dead(bank.database)

    def hear(tx, arrived, _now):
        for one in arrived:
            values = (one.content["n"], one.content["part"])
            tx.exec_driver_sql("insert into heard values (%s, %s)", values)

    xbo.handlers[Kind.MESSAGE] = hear
    network.carry()
    said = xar.do(lambda tx: tx.exec_driver_sql("select count(*) from said").scalar())
    heard = xbo.do(lambda tx: tx.exec_driver_sql("select n, part from heard order by ctid").all())
    assert said > 5
    assert [tuple(one) for one in heard] == [(n, part) for n in range(said) for part in range(2)]
    [feed] = xar.do(kept.owned, "xar")
    assert_whole(xar, feed.id)


def test_numbers_have_no_gap_however_transactions_overlap(network):
    """Many deeds at once, some of them undone: no cursor passes an entry that is still to come."""
    xar, xbo = network["xar"], network["xbo"]
    feed = xar.do(feeds.talk, xar.identity, "xbo", clock.now())
    done: list[int] = []

    def deed(number):
        with contextlib.suppress(ZeroDivisionError), xar.database.begin() as tx:
            feeds.publish(tx, xar.identity, feed, [item(content={"n": number})], clock.now())
            time.sleep(0.002 * (number % 3))
            _ = 1 / (number % 4)  # every fourth is undone
            done.append(number)

    threads = [threading.Thread(target=deed, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        network.pull("xbo", "xar", limit=2)
    for thread in threads:
        thread.join()
    network.carry()
    assert sorted(one.content["n"] for one in xbo.arrived) == sorted(done)
    assert len(done) == 18
    assert xar.do(kept.get, feed).head_seq == 18
    assert_whole(xar, feed)


def assert_whole(bank, feed):
    """Check a feed from its first entry to its last, as a reader would."""
    before = START
    for number, entry in enumerate(bank.do(kept.entries, feed, 0, 10_000), 1):
        header = envelopes.verify(entry, bank.identity.signing.public)
        assert header.place is not None
        assert (header.place.seq, header.place.prev) == (number, before)
        before = entry.hash
