"""Killed at any moment, the node keeps deeds and their entries together, and sealing goes on."""

from __future__ import annotations

import subprocess
import sys
import time

from sqlalchemy import text

from didban.guard import audit_verification, checkpoints, sealing
from didban.guard.checkpoints import Signer

SIGNER = Signer("xar/didban/audit", bytes(range(32)))

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
        print(entity.id, flush=True)

for _ in range(3):
    threading.Thread(target=report, daemon=True).start()
while True:
    sealing.seal_all(database)
    checkpoints.make(database, signer)
"""


def killed_after(url: str, seconds: float) -> set[str]:
    """Let a process report records and seal, kill it, and return what it had acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, url],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    rest, _ = process.communicate()
    return {line for line in (first + rest).split("\n") if line}


def test_deeds_and_entries_stand_or_fall_together_and_the_log_is_whole(database):
    """Every acknowledged record is there, each with its one entry; checkpoints hold."""
    from bank_help import authority

    with database.begin() as tx:
        authority(tx, "xar")
    url = database.url.render_as_string(hide_password=False)
    acknowledged = set[str]()
    for seconds in (0.3, 0.05, 0.6):
        acknowledged |= killed_after(url, seconds)

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
