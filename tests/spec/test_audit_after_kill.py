"""Killed at any moment, the node keeps deeds and their entries together, and sealing goes on."""

from __future__ import annotations

import subprocess
import sys
import time

from sqlalchemy import text

from bank_help import authority, wait_for_the_dead
from didban.guard import audit_verification, checkpoints, sealing
from didban.guard.checkpoints import Signer

SIGNER = Signer("xar/didban/audit", bytes(range(32)))

SIGNED = "signed"
WORKER = """
import sys, threading
from bank_help import actor, authority, marking, person
from didban.guard import checkpoints, sealing
from didban.guard.checkpoints import Signer
from didban.intake import bank
from didban.store.database import Database

database = Database(sys.argv[1])
signer = Signer("xar/didban/audit", bytes(range(32)))

def report():
    while True:
        entity = person()
        with database.begin() as tx:
            bank.report(tx, actor("xar"), entity, marking("xar"))
        print(f"{entity.id}\\n", end="", flush=True)  # a line of one thread is one write

for _ in range(3):
    threading.Thread(target=report, daemon=True).start()
signed = ""
while True:
    sealing.seal_all(database)
    before, signed = signed, checkpoints.make(database, signer)
    if signed != before:
        print("signed\\n", end="", flush=True)
"""


def killed_after(url: str, seconds: float) -> set[str]:
    """Let a process report records and seal, kill it, and return what it had acknowledged.

    It is killed so many seconds after its second checkpoint.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, url],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert process.stdout is not None
    told: list[str] = []
    while told.count(SIGNED) < 2:
        told.append(process.stdout.readline().rstrip())
        assert told[-1], "it ended by itself"
    time.sleep(seconds)
    process.kill()
    rest, _ = process.communicate()
    return {*told, *rest.split()} - {SIGNED}


def test_deeds_and_entries_stand_or_fall_together_and_the_log_is_whole(database):
    """Every acknowledged record is there, each with its one entry; checkpoints hold."""
    with database.begin() as tx:
        authority(tx, "xar")
    url = database.url.render_as_string(hide_password=False)
    acknowledged = set[str]()
    for seconds in (0.3, 0.05, 0.6):
        acknowledged |= killed_after(url, seconds)

        wait_for_the_dead(database)
        sealing.seal_all(database)
        checkpoints.make(database, SIGNER)
        with database.begin() as tx:
            records = sorted(tx.scalars(text("select id from record")))
            entries = sorted(
                tx.scalars(text("select subject from audit_entry where deed = 'record.reported'"))
            )
            leaves = tx.scalar(text("select count(*) from audit_leaf"))
            found = audit_verification.verify(tx, [SIGNER.verifier])

        assert acknowledged <= set(records)
        assert entries == records
        assert (found.faults, found.size) == ((), leaves)
        assert found.signed_size == found.size >= len(entries)
        assert found.checked > 1
