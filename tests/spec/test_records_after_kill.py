"""Killed at any moment, the bank has each acknowledged version once, in a chain without a gap."""

from __future__ import annotations

import subprocess
import sys
import time

from sqlalchemy import text

from bank_help import authority, wait_for_the_dead
from didban.store import records

EVERYBODY = frozenset(range(10))

WORKER = """
import sys, threading
from dataclasses import replace
from bank_help import actor, alert, authority, marking, person
from didban.intake import attachments, bank, disputes, status
from didban.intake.attachments import File
from didban.intake.drafts import Draft
from didban.intake.status import StatusEvent
from didban.model.attachments import AttachmentRole
from didban.model.bank import SuspensionCause
from didban.model.disputes import Decision, DisputedBy, Ground
from didban.store.database import Database

database = Database(sys.argv[1])
recorder, reviewer = actor("xar"), actor("xar", "reviewer", user="usr_other")
photo = File(content=b"\\xff\\xd8\\xff" + b"0" * 500, role=AttachmentRole.PORTRAIT)

def step(do):
    with database.begin() as tx:
        made = do(tx)
    print(f"{made.id} {made.version}\\n", end="", flush=True)  # a line of one thread is one write
    return made

def live():
    while True:
        entity = person(birthDate="1971-05-02")
        kept = step(lambda tx: bank.report(tx, recorder, entity, marking("xar"), alert()))
        draft = Draft(entity=kept.entity, marking=kept.marking, alert=kept.alert)
        for number in range(3):
            renamed = replace(draft, entity=replace(entity, caption=str(number)))
            kept = step(lambda tx: bank.correct(
                tx, recorder, kept.id, renamed, expected=kept.version, reason="again"))
        with database.begin() as tx:
            attachments.attach(tx, recorder, kept.id, photo)
            disputes.dispute(tx, recorder, kept.id, by=DisputedBy.HOLDER, ground="not me")
        kept = step(lambda tx: disputes.decide(
            tx, recorder, kept.id, Decision.UPHOLD, expected=kept.version + 1, answer="it is"))
        kept = step(lambda tx: status.change(
            tx, recorder, kept.id, StatusEvent.ACQUITTED, expected=kept.version, reason="court"))
        kept = step(lambda tx: bank.withdraw(
            tx, recorder, kept.id, expected=kept.version, ground=Ground.ERROR, reason="over",
            key=b"k" * 32))

for _ in range(2):
    threading.Thread(target=live, daemon=True).start()
threading.Event().wait()
"""

HALF_DONE = """
select from record r join suspension s on s.record = r.id and s.lifted_at is null
    where r.state not in ('suspended', 'withdrawn');
select from record r where r.state = 'under_review'
    and not exists (select from dispute d where d.record = r.id and d.decided_at is null);
select from refusal f join record r on r.id = f.record where r.state <> 'withdrawn';
select from record r where r.state = 'withdrawn'
    and not exists (select from refusal f where f.record = r.id);
select from blob b where not exists (select from attachment a where a.sha256 = b.sha256)
"""


def killed_after(url: str, seconds: float) -> dict[str, int]:
    """Let a process work, kill it, and return the last version that it acknowledged of each."""
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
    lines = [line.split() for line in (first + rest).splitlines()]
    return {parts[0]: int(parts[1]) for parts in lines if len(parts) == 2}


def test_acknowledged_versions_are_there_once_and_in_order(database):
    """And an attachment, a suspension, a dispute or a refusal is there with its version, or not."""
    with database.begin() as tx:
        authority(tx, "xar")
    url = database.url.render_as_string(hide_password=False)
    acknowledged: dict[str, int] = {}
    for seconds in (0.4, 0.6):
        acknowledged |= killed_after(url, seconds)

    wait_for_the_dead(database)
    with database.begin() as tx:
        there = set(tx.scalars(text("select id from record")))
        assert set(acknowledged) <= there
        for record_id in there:
            chain = records.versions(tx, record_id, EVERYBODY)
            assert [each.version for each in chain] == list(range(1, len(chain) + 1))
            assert len(chain) >= acknowledged.get(record_id, 0)
            for each in chain:
                found = records.as_of(tx, record_id, EVERYBODY, recorded_at=each.recorded_at)
                assert found is not None
                assert found.version == each.version
        for question in HALF_DONE.strip().split(";"):
            assert tx.scalar(text(f"select exists ({question})")) is False
        assert (tx.scalar(text("select count(*) from blob")) or 0) <= 1
