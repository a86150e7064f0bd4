"""Committed entries get their places in the tree, once each, whatever the order of commits."""

from __future__ import annotations

import contextlib
import threading

from bank_help import actor
from didban import clock
from didban.guard import audit, merkle, sealing
from didban.model.audit import canonical
from didban.model.deeds import Deed
from didban.store import audit_tree


def enter(tx, count: int = 1, **more) -> None:
    """Enter some deeds."""
    for number in range(count):
        audit.enter(tx, actor(), Deed.RECORD_VIEWED, subject=f"rec_{number}", facts=more)


def leaves(database):
    """Return the leaves as they are kept."""
    with database.begin() as tx:
        return list(audit_tree.leaves(tx))


def test_the_root_is_that_of_the_entries(database):
    """The tree over the kept hashes is the tree over the entries' canonical bytes."""
    with database.begin() as tx:
        enter(tx, 11)
    assert sealing.run_due(database, clock.now()) == 11

    with database.begin() as tx:
        edge = sealing.frontier(tx)
    again = merkle.Frontier()
    for leaf in leaves(database):
        assert leaf.found is not None
        again.append(merkle.leaf_hash(canonical(leaf.found)))
    assert (edge.size, edge.root()) == (11, again.root())


def test_an_entry_is_sealed_once(database):
    """A duty that finds nothing new does nothing."""
    with database.begin() as tx:
        enter(tx, 3)
    assert sealing.run_due(database, clock.now()) == 3
    assert sealing.run_due(database, clock.now()) == 0


def test_an_entry_whose_transaction_ends_late_is_not_missed(database):
    """Numbers are given before transactions end, in any order."""
    with database.begin() as slow:
        enter(slow)
        with database.begin() as quick:
            enter(quick, 2)
        assert sealing.run_due(database, clock.now()) == 2
        assert sealing.run_due(database, clock.now()) == 0
    assert sealing.run_due(database, clock.now()) == 1
    assert [leaf.entry for leaf in leaves(database)] == [2, 3, 1]


def test_an_entry_of_a_transaction_that_failed_leaves_no_trace(database):
    """Entries stand or fall with their deed."""
    with contextlib.suppress(ZeroDivisionError), database.begin() as tx:
        enter(tx)
        _ = 1 / 0
    with database.begin() as tx:
        enter(tx)
    assert sealing.run_due(database, clock.now()) == 1


def test_a_backlog_is_sealed_in_several_transactions(database, monkeypatch):
    """What waits is more than one batch; the order and the sum hold."""
    monkeypatch.setattr(sealing, "BATCH", 4)
    for _ in range(3):
        with database.begin() as tx:
            enter(tx, 5)
    assert sealing.run_due(database, clock.now()) == 15
    assert [leaf.entry for leaf in leaves(database)] == list(range(1, 16))


def test_two_sealers_seal_each_entry_once(database):
    """The advisory lock lets one of them through at a time."""
    with database.begin() as tx:
        enter(tx, 200)
    threads = [threading.Thread(target=sealing.seal_all, args=(database,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [leaf.place for leaf in leaves(database)] == list(range(200))


def test_a_bank_restored_into_another_cluster_is_looked_through_again(database):
    """Numbers of transactions of the old cluster say nothing in the new one."""
    with database.begin() as tx:
        enter(tx)
    sealing.seal_all(database)
    with database.begin() as tx:
        tx.exec_driver_sql("update audit_position set cluster = 'old', xid = '99999999999'")
        enter(tx)
    assert sealing.run_due(database, clock.now()) == 1
