"""How fast the audit log is written, sealed, proven and verified, and what an entry takes on disk.

    python -m benchmarks.audit --entries 100000

On a PostgreSQL of its own in a temporary folder, with the durability that a node has.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import threading
import time
from pathlib import Path

from sqlalchemy import text

from didban.guard import audit, audit_verification, checkpoints, merkle, sealing
from didban.guard.checkpoints import Signer
from didban.model.actors import Actor, AuthorityKind
from didban.model.deeds import Deed
from didban.model.permissions import Role
from didban.model.purposes import Purpose
from didban.store import audit_tree
from didban.store.database import Database
from didban.store.embedded import EmbeddedPostgres
from didban.store.tables import catalogue

WRITERS = 4
DEEDS_AT_ONCE = 50  # entries of one transaction where the write itself is measured
PROOFS = 500
SIGNER = Signer("xar/didban/audit", bytes(32))
ACTOR = Actor(
    user="usr_4kq2",
    authority="xar",
    kind=AuthorityKind.BORDER,
    roles=frozenset({Role.FIRST_LINE}),
    purpose=Purpose.BORDER_CONTROL,
    place="Gate 4",
)


def enter(database: Database, count: int, together: int) -> None:
    """Enter deeds, so many in each transaction."""
    for _ in range(0, count, together):
        with database.begin() as tx:
            for number in range(together):
                audit.enter(
                    tx, ACTOR, Deed.CHECK_MADE, subject=f"chk_{number}", facts={"n": number}
                )


def at_once(database: Database, count: int, together: int) -> None:
    """Enter deeds from several writers."""
    threads = [
        threading.Thread(target=enter, args=(database, count // WRITERS, together))
        for _ in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def rate(what: str, count: int, begun: float) -> None:
    """Print how many there were in a second."""
    took = time.perf_counter() - begun
    print(f"{what:58} {count:>9,} {took:>8.2f} s {count / took:>10,.0f}/s")


def measure(database: Database, entries: int) -> None:
    """Write, seal, prove, verify, and say how it went."""
    begun = time.perf_counter()
    at_once(database, 4_000, 1)
    rate("written, one durable transaction each, 4 writers", 4_000, begun)
    begun = time.perf_counter()
    at_once(database, entries, DEEDS_AT_ONCE)
    rate(f"written, {DEEDS_AT_ONCE} in a transaction, 4 writers", entries, begun)
    begun = time.perf_counter()
    rate("sealed", sealing.seal_all(database), begun)
    begun = time.perf_counter()
    checkpoints.make(database, SIGNER)
    rate("checkpoint with nothing new to seal", 1, begun)
    with database.begin() as tx:
        size = audit_tree.size(tx)
        begun = time.perf_counter()
        for number in range(PROOFS):
            place = number * size // PROOFS
            merkle.inclusion_proof(place, size, lambda nodes: sealing.read_nodes(tx, nodes))
        rate("inclusion proofs", PROOFS, begun)
        begun = time.perf_counter()
        for number in range(PROOFS):
            old = number * size // PROOFS
            merkle.consistency_proof(old, size, lambda nodes: sealing.read_nodes(tx, nodes))
        rate("consistency proofs", PROOFS, begun)
        begun = time.perf_counter()
        found = audit_verification.verify(tx, [SIGNER.verifier])
        rate(f"verified, {len(found.faults)} faults", found.size, begun)
        for table in ("audit_entry", "audit_leaf"):
            query = text("select pg_total_relation_size(cast(:table as regclass))")
            taken = tx.execute(query, {"table": table}).scalar_one()
            print(f"{table} with its indexes: {taken / size:,.0f} bytes an entry")


def main() -> None:
    """Measure on a database of our own."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, default=100_000)
    entries = arguments.parse_args().entries
    folder = Path(tempfile.mkdtemp(prefix="didban-bench-"))
    server = EmbeddedPostgres(folder)
    server.start("max_connections=20")
    try:
        database = Database(server.url)
        with database.begin() as tx:
            catalogue().create_all(tx)
        measure(database, entries)
        database.close()
    finally:
        server.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
