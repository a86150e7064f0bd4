"""Whatever is done to the log behind its back is found, and the place is named."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from bank_help import actor, fresh_bank
from didban import clock
from didban.errors import IntegrityFailure
from didban.guard import audit, audit_verification, checkpoints, merkle, sealing
from didban.guard.checkpoints import Signer
from didban.model.audit import FIELDS, canonical, field_marks
from didban.model.deeds import Deed
from didban.store import audit_tree
from didban.store.tables.audit import audit_leaf

SIGNER = Signer("xar/didban/audit", bytes(range(32)))


class Undone(Exception):
    """Ends a test's transaction."""


def enter(database, count: int) -> None:
    """Enter some deeds and seal them."""
    with database.begin() as tx:
        for number in range(count):
            audit.enter(
                tx, actor(), Deed.RECORD_VIEWED, subject=f"rec_{number}", facts={"n": number}
            )
    sealing.seal_all(database)


def verify(tx, *noted: str, verifiers=(SIGNER.verifier,)):
    """Return what verification finds."""
    return audit_verification.verify(tx, verifiers, noted=noted)


def run(tx, statement: str, **values) -> None:
    """Do something to the tables that no code of ours does."""
    assert tx.execute(text(statement), values).rowcount > 0


@pytest.fixture(scope="module")
def bank(postgres):
    """Return a bank with 8 entries up to a first checkpoint and 5 more up to a second."""
    with fresh_bank(postgres) as made:
        enter(made, 8)
        checkpoints.make(made, SIGNER)
        enter(made, 5)
        checkpoints.make(made, SIGNER)
        yield made


@pytest.fixture
def log(bank):
    """Return a transaction in which the log may be spoilt: it is rolled back."""
    with contextlib.suppress(Undone), bank.begin() as tx:
        yield tx
        raise Undone


def test_a_log_that_nobody_touched_is_whole(log):
    """Every entry, kept hash and checkpoint holds."""
    found = verify(log)
    assert (found.size, found.checked, found.signed_size, found.faults) == (13, 2, 13, ())


def test_an_empty_log_is_whole(database):
    """A checkpoint of nothing is one too."""
    checkpoints.make(database, SIGNER)
    with database.begin() as tx:
        found = verify(tx)
    assert (found.size, found.checked, found.faults) == (0, 1, ())


CHANGES = {
    "at": "at = at + interval '1 microsecond'",
    "actor": "actor = actor || 'x'",
    "authority": "authority = 'xbo'",
    "roles": "roles = '{analyst}'",
    "device": "device = 'tok_1'",
    "purpose": "purpose = 'document_fraud'",
    "reference": "reference = ''",
    "place": "place = 'Gate 4'",
    "request": "request = 'r'",
    "deed": "deed = 'record.reported'",
    "subject": "subject = 'rec_9'",
    "facts": "facts = '{\"n\": 41}'",
    "salt": "salt = set_bit(salt, 5, 1 - get_bit(salt, 5))",
}


def test_every_field_can_be_told_from_the_others():
    """The test below changes each field but the number, which others test."""
    assert set(CHANGES) == set(FIELDS) - {"number"}


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_field_is_named_with_its_entry(log, field):
    """Even a change of one bit."""
    run(log, f"update audit_entry set {CHANGES[field]} where number = 6")
    (fault,) = verify(log).faults
    assert (fault.entry, fault.leaf, fault.fields) == (6, 5, (field,))


def test_a_deleted_entry_is_named(log):
    """The entry alone was deleted."""
    run(log, "delete from audit_entry where number = 4")
    (fault,) = verify(log).faults
    assert (fault.what, fault.entry) == ("the entry is gone", 4)


def test_an_entry_deleted_with_its_leaf_is_named_by_its_place(log):
    """The leaf's number is missing in the row of leaves."""
    run(log, "delete from audit_entry where number = 4")
    run(log, "delete from audit_leaf where entry = 4")
    (fault,) = verify(log).faults
    assert fault.leaf == 3


def test_a_deleted_leaf_is_named_with_the_entry_that_lost_it(log):
    """The entry is there, older than what was sealed, and without a leaf."""
    run(log, "delete from audit_leaf where entry = 4")
    assert {(fault.entry, fault.leaf) for fault in verify(log).faults} == {(None, 3), (4, None)}


def test_an_end_that_was_cut_off_is_found(log):
    """Entries and leaves of the end are gone, and everything before them is sound."""
    run(log, "delete from audit_leaf where leaf >= 11")
    run(log, "delete from audit_entry where number >= 12")
    (fault,) = verify(log).faults
    assert "cut off" in fault.what


def test_an_end_that_was_cut_off_with_its_checkpoint_is_found_by_a_note_of_it(log):
    """What was kept elsewhere counts."""
    noted = audit_tree.last_checkpoint(log)
    assert noted is not None
    run(log, "delete from audit_checkpoint where size = 13")
    run(log, "delete from audit_leaf where leaf >= 11")
    run(log, "delete from audit_entry where number >= 12")
    assert verify(log).faults == ()
    (fault,) = verify(log, noted.text).faults
    assert "cut off" in fault.what


def test_entries_that_changed_places_are_named(log):
    """Each is told where it belongs."""
    run(
        log,
        "update audit_entry set number = case number when 3 then 1000 else 3 end"
        " where number in (3)",
    )
    run(log, "update audit_entry set number = 3 where number = 10")
    run(log, "update audit_entry set number = 10 where number = 1000")
    told = {fault.what for fault in verify(log).faults if fault.entry == 3}
    assert "what was entered as 10 stands here" in told
    assert {fault.entry for fault in verify(log).faults} == {3, 10}


def test_leaves_that_changed_places_are_named(log):
    """The entries are sound, but no longer in their order."""
    run(log, "update audit_leaf set entry = -entry where entry in (3, 10)")
    run(log, "update audit_leaf set entry = 13 + entry where entry in (-3, -10)")
    assert {fault.entry for fault in verify(log).faults} == {3, 10}


def test_an_entry_slipped_in_among_the_sealed_ones_is_named(log):
    """It has the transaction number of their time, so that no sealing will find it."""
    run(
        log,
        "insert into audit_entry (at, actor, authority, reference, place, request, deed, subject,"
        " facts, roles, xid) select at, 'usr_x', authority, reference, place, request, deed, subject,"
        " facts, roles, xid from audit_entry where number = 2",
    )
    (fault,) = verify(log).faults
    assert "has no leaf" in fault.what
    assert fault.entry is not None


def test_an_entry_slipped_in_with_an_old_date_is_named_once_it_is_sealed(log):
    """It comes after a checkpoint whose time it claims to precede."""
    run(
        log,
        "insert into audit_entry (at, actor, authority, reference, place, request, deed, subject,"
        " facts, roles) select at - interval '2 days', 'usr_x', authority, reference, place, request, deed,"
        " subject, facts, roles from audit_entry where number = 2",
    )
    sealing.seal(log, wait=True)
    (fault,) = verify(log).faults
    assert (fault.leaf, fault.what) == (
        13,
        "the entry is dated before a checkpoint that does not hold it",
    )


@pytest.mark.parametrize("byte", [0, 31])
def test_a_changed_leaf_hash_is_told_from_a_changed_entry(log, byte):
    """The marks say that the entry is as it was."""
    run(log, f"update audit_leaf set hashes = set_byte(hashes, {byte}, 255 - get_byte(hashes, {byte})) where leaf = 5")  # fmt: skip
    (fault,) = verify(log).faults
    assert (fault.entry, fault.what) == (6, "the hash of the leaf was changed; its entry was not")


@pytest.mark.parametrize(("leaf", "level", "first"), [(5, 1, 4), (7, 2, 4), (7, 3, 0), (11, 2, 8)])
def test_a_changed_subtree_hash_is_named_by_its_leaves(log, leaf, level, first):
    """One fault for one change."""
    place = 32 * level + 7
    run(log, f"update audit_leaf set hashes = set_byte(hashes, {place}, 255 - get_byte(hashes, {place})) where leaf = {leaf}")  # fmt: skip
    (fault,) = verify(log).faults
    assert fault.leaf == first
    assert f"leaves {first} to {leaf}" in fault.what


def rewrite(tx, statement: str) -> None:
    """Change an entry and every hash that follows from it, as who owns the server can."""
    run(tx, statement)
    edge = merkle.Frontier()
    for leaf in list(audit_tree.leaves(tx)):
        assert leaf.found is not None
        made = b"".join(edge.append(merkle.leaf_hash(canonical(leaf.found))))
        values = {"hashes": made, "marks": field_marks(leaf.found)}
        tx.execute(update(audit_leaf).where(audit_leaf.c.leaf == leaf.place).values(values))


def test_rewritten_hashes_are_found_by_the_checkpoint_after_them(log):
    """The fault lies between the last checkpoint that holds and the first that does not."""
    rewrite(log, "update audit_entry set subject = 'rec_0' where number = 11")
    (fault,) = verify(log).faults
    assert fault.leaf == 8
    assert "leaves 8 to 12" in fault.what


def test_rewritten_hashes_and_checkpoints_are_found_by_a_note_kept_elsewhere(log):
    """Even by one who has the signing key."""
    noted = audit_tree.last_checkpoint(log)
    assert noted is not None
    rewrite(log, "update audit_entry set subject = 'rec_0' where number = 3")
    run(log, "delete from audit_checkpoint")
    checkpoints.sign_present(log, SIGNER)
    assert verify(log).faults == ()
    (fault,) = verify(log, noted.text).faults
    assert "rewritten" in fault.what


def test_a_second_past_is_not_signed(log):
    """Whether the end was cut off or hashes were rewritten: nothing is signed before an inquiry."""
    within = log.begin_nested()
    rewrite(log, "update audit_entry set subject = 'rec_0' where number = 11")
    with pytest.raises(IntegrityFailure, match="verify it"):
        checkpoints.sign_present(log, SIGNER)
    within.rollback()
    run(log, "delete from audit_leaf where leaf >= 11")
    with pytest.raises(IntegrityFailure, match="verify it"):
        checkpoints.sign_present(log, SIGNER)


@pytest.mark.parametrize(
    "change",
    [
        "text = replace(text, E'\\n8\\n', E'\\n9\\n')",
        "text = replace(text, 'time 2', 'time 3')",
        "text = overlay(text placing 'QQQQ' from length(text) - 20)",
        "text = 'nothing'",
        "size = 7",
    ],
)
def test_a_changed_checkpoint_is_named_by_its_size(log, change):
    """Text, signature and the columns beside them."""
    run(log, f"update audit_checkpoint set {change} where size = 8")
    (fault,) = verify(log).faults
    assert "checkpoint of" in fault.what


def test_a_checkpoint_of_another_key_is_refused_unless_the_key_is_given(log):
    """Who rotates keys verifies with all of them."""
    other = Signer("xar/didban/audit", bytes(32))
    assert len(verify(log, verifiers=(other.verifier,)).faults) == 2
    assert verify(log, verifiers=(other.verifier, SIGNER.verifier)).faults == ()


def test_several_faults_are_each_named(log):
    """One fault does not hide the next."""
    run(log, "update audit_entry set place = 'Gate 9' where number in (2, 12)")
    run(log, "delete from audit_entry where number = 7")
    assert {fault.entry for fault in verify(log).faults} == {2, 7, 12}


def test_what_is_not_sealed_yet_is_no_fault(log):
    """A deed of this second waits for its leaf."""
    audit.enter(log, actor(), Deed.RECORD_VIEWED, subject="rec_1")
    assert verify(log).faults == ()


def test_the_time_of_a_checkpoint_is_that_of_the_clock(database, monkeypatch):
    """To the second, in UTC."""
    moment = clock.now().replace(microsecond=0) + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert checkpoints.read(checkpoints.make(database, SIGNER)).at == moment
