"""`kill -9` while nodes ask and answer about hits: each step stands with its entry, or neither does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import select

from bank_help import wait_for_the_dead
from casework_help import CLEAR, CLERK
from didban import clock
from didban.casework import questions
from didban.model.exchange.kinds import Kind
from didban.model.hits import Urgency
from didban.store.tables.asked import asked_question
from didban.store.tables.hits import hit, owner_question
from peer_hits_help import border

# Asks about one hit after another; each is said once it is committed.
_ASKS = """
import json, sys
from casework_help import CLEAR, CLERK
from didban.casework import questions
from didban.exchange.identity import Identity
from didban.guard.crypto import dsse
from didban.model.hits import Urgency
from didban.store.database import Database
from exchange_help import Bank
from peer_hits_help import desk_of

given = json.load(sys.stdin)
signing = dsse.SigningKey.of(given["id"], bytes.fromhex(given["private"]))
identity = Identity(node="xar", signing=signing, sealing={})
database = Database(sys.argv[1])
bank = Bank(code="xar", database=database, root=None, identity=identity, descriptor=None)
desk = desk_of(bank)
for hit_id in given["hits"]:
    with database.begin() as tx:
        questions.ask(tx, CLERK, hit_id, desk, urgency=Urgency.URGENT, gate=CLEAR)
    print(hit_id, flush=True)
"""

_MANY = 30


@pytest.mark.slow
def test_who_is_killed_while_asking_has_asked_once_or_not_at_all(postgres, monkeypatch, root):
    """A hit stands at asked if and only if its question is in the feed and reaches the owner once."""
    with border(postgres, monkeypatch) as nodes:
        scene = nodes.scene()
        *hits, left = [scene.referred() for _ in range(_MANY)]
        monkeypatch.undo()
        url = nodes.here.database.url.render_as_string(hide_password=False)
        with subprocess.Popen(
            [sys.executable, "-c", _ASKS, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": f"{root / 'src'}:{root / 'tests'}"},
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(_handed(nodes.here.identity, hits))
            process.stdin.close()
            said = [process.stdout.readline() for _ in range(5)]
            time.sleep(0.02)
            os.kill(process.pid, signal.SIGKILL)
            said += process.stdout.readlines()

        wait_for_the_dead(nodes.here.database)
        acknowledged = {line.decode().strip() for line in said if line.endswith(b"\n")}
        with nodes.here.database.begin() as tx:
            asked = set(tx.scalars(select(hit.c.id).where(hit.c.state == "confirmation_requested")))
            put = set(tx.scalars(select(owner_question.c.id)))
        assert acknowledged <= asked
        assert len(asked) == len(put)
        assert {header.record for kind, header in nodes.sent("xar") if kind == Kind.QUESTION} == put

        # And who comes after goes on.
        nodes.here.do(questions.ask, CLERK, left, scene.desk, urgency=Urgency.URGENT, gate=CLEAR)
        nodes.clock.at = clock.now()
        nodes.carry()
        with nodes.there.database.begin() as tx:
            arrived = sorted(tx.scalars(select(asked_question.c.id)))
        assert len(arrived) == len(put) + 1
        assert put < set(arrived)


def _handed(identity, hits):
    """Return what the other process is given: the key that signs, and what to ask about."""
    key = identity.signing
    return json.dumps({"id": key.id, "private": key.raw.hex(), "hits": hits}).encode()
