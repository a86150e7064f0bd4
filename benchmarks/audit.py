"""How fast the audit log is written, sealed, proven and verified, and what an entry takes on disk.

    python -m benchmarks.audit --entries 100000
    python -m benchmarks audit                      the same, kept for the reference page

On a PostgreSQL of its own in a temporary folder, with the durability that a node has.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from benchmarks.figures import Table
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.figures import Row
    from didban.store.database import Transaction

ENTRIES = 100_000
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


def measure(entries: int = ENTRIES) -> Iterator[Table]:
    """Measure on a database of our own."""
    folder = Path(tempfile.mkdtemp(prefix="didban-bench-"))
    server = EmbeddedPostgres(folder)
    server.start("max_connections=20")
    try:
        database = Database(server.url)
        with database.begin() as tx:
            catalogue().create_all(tx)
        rows: list[Row] = []
        taken = _measure(database, entries, partial(_rate, rows))
        database.close()
    finally:
        server.stop()
        shutil.rmtree(folder)
    yield Table(
        name="audit",
        command=f"python -m benchmarks.audit --entries {entries}",
        columns=("the audit log", "number", "time", "per second"),
        rows=tuple(rows),
        note=f"With the durability that a node has. On the disk an entry takes {taken:,.0f} bytes,"
        " its place in the tree and all indexes included.",
    )


def _rate(rows: list[Row], what: str, count: int, begun: float) -> None:
    """Note how many there were in a second."""
    took = time.perf_counter() - begun
    rows.append((what, f"{count:,}", f"{took:,.2f} s", f"{count / took:,.0f}"))


def _measure(database: Database, entries: int, rate: Callable[[str, int, float], None]) -> float:
    """Write, seal, prove, verify; return the bytes that an entry takes on the disk."""
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
        return sum(_size(tx, name) / size for name in ("audit_entry", "audit_leaf"))


def _size(tx: Transaction, name: str) -> int:
    query = text("select pg_total_relation_size(cast(:name as regclass))")
    return int(tx.execute(query, {"name": name}).scalar_one())


def main() -> None:
    """Measure from the command line."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    arguments.add_argument("--entries", type=int, default=ENTRIES)
    for table in measure(arguments.parse_args().entries):
        print(table.text())


if __name__ == "__main__":
    main()
