"""Killed at any moment, a witness never forgets a checkpoint that it cosigned."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from bank_help import authority, wait_for_the_dead
from didban import clock
from didban.exchange import descriptors, witness
from didban.guard import merkle
from didban.guard.checkpoints import Checkpoint, Signer
from didban.guard.crypto import root_keys
from didban.guard.secrets import Secrets
from didban.model.exchange.peers import PeerState
from didban.store import node
from didban.store.exchange import peers
from didban.store.exchange import witness as kept
from didban.store.node import NodeRow
from exchange_help import descriptor_of, new_identity

LOG = Signer("xar/didban/audit", bytes(range(32)))

WORKER = """
import sys
from pathlib import Path
from didban import clock
from didban.exchange import witness
from didban.guard.secrets import Secrets
from didban.store.database import Database
from didban.store.exchange import peers
from test_witness_after_kill import offer_after

database, secrets = Database(sys.argv[1]), Secrets(Path(sys.argv[2]))
size = int(sys.argv[3])
while True:
    with database.begin() as tx:
        caller, body = peers.get(tx, "xar"), offer_after(size)
        answer = witness.answer(tx, caller, body, clock.now(), secrets=secrets)
    assert answer["status"] == 200, answer
    size += 1
    print(size, answer["cosignatures"][0].strip(), flush=True)
"""


def offer_after(size):
    """Return the offer of one entry more than so many."""
    edge, nodes = merkle.Frontier(), {}
    for place in range(size + 1):
        for level, found in enumerate(edge.append(merkle.leaf_hash(b"%d" % place))):
            nodes[merkle.Node(level, place >> level)] = found
    made = Checkpoint(origin=LOG.origin, size=size + 1, root=edge.root(), at=_at())
    proof = merkle.consistency_proof(size, size + 1, lambda wanted: {n: nodes[n] for n in wanted})
    return witness.Offer(old=size, proof=tuple(proof), note=LOG.sign(made)).to_json()


def _at():
    return clock.now().replace(microsecond=0)


def test_what_was_cosigned_is_kept_whenever_the_witness_is_killed(database, tmp_path):
    """It is on the disk before the line leaves: a smaller tree is never cosigned again."""
    secrets = Secrets(tmp_path / "secrets")
    secrets.make()
    _know_each_other(database)
    told = 0
    for seconds in (0.4, 0.05, 0.3):
        lines = _killed_after(database, secrets, _seen(database), seconds)
        wait_for_the_dead(database)
        told = max([told, *(int(line.split()[0]) for line in lines)])
        assert told <= _seen(database) <= told + 1
    with database.begin() as tx:
        caller = peers.get(tx, "xar")
        assert caller is not None
        answer = partial(witness.answer, tx, caller, now=clock.now(), secrets=secrets)
        assert answer(offer_after(0)) == {"status": 409, "size": _seen(database)}
        assert answer(offer_after(_seen(database)))["status"] == 200
    assert told > 1


def _know_each_other(database):
    """Let the witness know whose log it is."""
    root, now = root_keys.new(), clock.now()
    said = replace(descriptor_of("xar", root, new_identity("xar")), log=LOG.verifier.text())
    with database.begin() as tx:
        authority(tx, "xbo")
        node.add(tx, NodeRow(host="xbo", is_training=True, made_at=now))
        peers.add_descriptor(tx, said, descriptors.sign(said, root), now)
        peers.add(tx, "xar", root.public, now)
        peers.set_state(tx, "xar", PeerState.PINNED, by="usr_1", now=now)


def _seen(database):
    with database.begin() as tx:
        return max((one.size for one in kept.seen(tx)), default=0)


def _killed_after(database, secrets, size, seconds):
    """Let a process cosign, kill it, and return the whole lines that left it."""
    url = database.url.render_as_string(hide_password=False)
    path = ":".join([*sys.path, str(Path(__file__).parent)])
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, url, str(secrets.folder), str(size)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": path},
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    rest, _ = process.communicate()
    return [line for line in (first + rest).split("\n")[:-1] if line]
