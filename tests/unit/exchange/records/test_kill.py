"""`kill -9` of who reports and of who takes in: what is live at the owner is live at its readers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bank_help import wait_for_the_dead
from sharing_help import held, open_receipts, settle

# Reports documents, and withdraws every third one, each in a transaction of its own.
_REPORTS = """
import itertools, json, sys
given = json.loads(sys.argv[1])
sys.path.insert(0, given["tests"])
from bank_help import actor, marking, passport
from didban.exchange.identity import Identity
from didban.exchange.records.rooms import Sharing
from didban.guard.crypto import dsse, hpke
from didban.intake import bank
from didban.model.disputes import Ground
from didban.model.retention import RetentionPolicy
from didban.settings import Sharing as Terms
from didban.store.database import Database

seal = hpke.PrivateKey(given["seal"], hpke.Suite.HYBRID, bytes.fromhex(given["sealing"]))
signing = dsse.SigningKey.of(given["sign"], bytes.fromhex(given["signing"]))
me = Identity(node="xar", signing=signing, sealing={seal.id: seal})
database = Database(given["bank"])
Sharing(identity_of=lambda _: me, terms=Terms(), policy=RetentionPolicy()).publish_from(database)
who = actor("xar")
print("begun", flush=True)
for number in itertools.count(given["first"]):
    with database.begin() as tx:
        kept = bank.report(tx, who, passport(f"A{number:08d}"), marking("xar"))
    if number % 3 == 0:
        with database.begin() as tx:
            bank.withdraw(tx, who, kept.id, expected=1, ground=Ground.ERROR, reason="a mistake")
"""


def started(bank, first):
    """Start a process that reports to a bank."""
    [seal] = bank.identity.sealing.values()
    given = {
        "tests": str(Path(__file__).parents[3]),
        "bank": bank.database.url.render_as_string(hide_password=False),
        "sign": bank.identity.signing.id,
        "signing": bank.identity.signing.raw.hex(),
        "seal": seal.id,
        "sealing": seal.raw.hex(),
        "first": first,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _REPORTS, json.dumps(given)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def counted(tx):
    """Return how many records a bank has."""
    return tx.exec_driver_sql("select count(*) from record").scalar()


def test_what_is_live_at_a_killed_owner_is_live_at_its_readers(sharing):
    """No report is lost, no withdrawal forgotten, whenever the process died."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    there: list[int] = []
    for first in (0, 10_000):
        process = started(xar, first)
        until = time.monotonic() + 0.5
        while time.monotonic() < until or xar.do(counted) < (len(there) + 1) * 3:
            sharing.pull("xbo", "xar", limit=3)
        there.append(first)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    wait_for_the_dead(xar.database)
    settle(sharing)

    rows = "select id, state from record order by id"
    for record_id, state in xar.do(lambda tx: tx.exec_driver_sql(rows).all()):
        assert (held(xbo, record_id) is not None) == (state == "active")
    assert open_receipts(xar) == []
