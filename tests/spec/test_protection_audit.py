"""The audit log: nothing can be changed unseen, nothing personal is in it, who reads it is in it.

PR-36, PR-37, PR-40. That every kind of change is found and named stands in
tests/unit/guard/test_audit_verification.py; the tree itself in tests/oracle/test_merkle.py.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bank_help import actor
from casework_help import scene
from didban.analysis import search
from didban.analysis.search import Means
from didban.errors import InvalidInput, NotFound, NotPermitted
from didban.guard import (
    assessments,
    audit,
    audit_reading,
    audit_verification,
    checkpoints,
    oversight,
    reconstruct,
    sealing,
)
from didban.guard import subject_requests as requests
from didban.guard.assessments import Draft
from didban.guard.checkpoints import Signer
from didban.guard.secrets import Secrets
from didban.intake import bank, disputes
from didban.model.assessments import AssessmentVerdict, Harm
from didban.model.deeds import Deed
from didban.model.disputes import DisputedBy
from didban.model.searches import Search
from didban.settings import Access
from didban.store import node
from didban.store.audit import Selection
from didban.store.node import NodeRow
from rights_help import INSPECTOR, OFFICER, answered, reported, scoped

SIGNER = Signer("xar/didban/audit", bytes(range(32)))


# ------------------------------------------------------------------------------------- PR-36


def test_pr_36_a_flipped_bit_in_any_entry_is_found_with_its_place(tx):
    """Whatever bit of the column, whatever the entry."""
    for _ in range(9):
        reported(tx, "xbo")
    sealing.seal(tx, wait=True)
    checkpoints.sign_present(tx, SIGNER)
    numbers = list(tx.scalars(text("select number from audit_entry order by number")))
    for number in numbers:
        within = tx.begin_nested()
        tx.execute(
            text("update audit_entry set salt = set_bit(salt, 100, 1 - get_bit(salt, 100))"
                 " where number = :number"),
            {"number": number},
        )  # fmt: skip
        (fault,) = audit_verification.verify(tx, [SIGNER.verifier]).faults
        assert (fault.entry, fault.fields) == (number, ("salt",))
        within.rollback()
    assert audit_verification.verify(tx, [SIGNER.verifier]).faults == ()


def test_pr_36_every_deed_of_a_hit_is_sealed_and_signed(database, monkeypatch):
    """From the check to the outcome."""
    scene(database, monkeypatch).closed()
    checkpoints.make(database, SIGNER)
    with database.begin() as tx:
        entries = tx.scalar(text("select count(*) from audit_entry"))
        found = audit_verification.verify(tx, [SIGNER.verifier])
    assert entries > 10
    assert (found.size, found.signed_size, found.faults) == (entries, entries, ())


# ------------------------------------------------------------------------------------- PR-37

KNOWN = (
    "zahra", "karimzad", "1971", "boreport", "x1234567", "port sahel", "opinion", "robbery",
    "three reports", "mother", "extradition act", "penal code", "court", "neighbour", "mistaken",
)  # fmt: skip
"""Words that stand in the records, checks, requests, questions and reasons below."""


def test_pr_37_no_name_number_date_or_word_of_a_case_is_in_the_log(database, monkeypatch, tmp_path):
    """Many deeds of every room, about people with known names, and a scanner that knows them."""
    made = scene(database, monkeypatch)
    Secrets(tmp_path).make()
    with database.begin() as tx:
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=made.clock.now()))
    made.closed()
    made.change_record(birthPlace="Boreport", notes="Her mother lives there.")
    reader = actor("xar", "second_line")
    with database.begin() as tx:
        held = bank.read(tx, reader, made.record.id)
        bank.history(tx, reader, held.id)
        disputes.dispute(
            tx, actor("xar", "supervisor"), held.id, by=DisputedBy.HOLDER, ground="A neighbour."
        )
        means = Means(index=None, secrets=Secrets(tmp_path), access=Access())
        search.find(
            tx, actor("xar", "supervisor", purpose="supervision"), means, Search(schema="Person", country="xbo", born_from=date(1971, 5, 2)),
            limit=10,
        )  # fmt: skip
        request = scoped(tx, asks="They took me for Zahra Karimzadeh of Port Sahel.")
        answered(tx, request)
        requests.view(tx, OFFICER, request.id)
        asked = oversight.suspend(tx, INSPECTOR, held.id, "It seems to punish an opinion.")
        oversight.answer(tx, actor("xbo", "reviewer"), asked.id, "No, a robbery.")
        draft = Draft(
            partner="xbo",
            harm=Harm.TORTURE,
            verdict=AssessmentVerdict.BARRED,
            reason="Three reports.",
            review_due=made.clock.now().date() + timedelta(days=9),
        )
        assessments.record(tx, OFFICER, draft)
        moment = made.clock.now()
        reconstruct.seen_by(
            tx, OFFICER, reader.user, since=moment - timedelta(days=1), until=moment
        )
    made.withdraw_record()

    with database.begin() as tx:
        rows = tx.execute(text("select to_jsonb(e) - 'salt' - 'at' from audit_entry e")).scalars()
        log = [json.dumps(row, ensure_ascii=False).lower() for row in rows]
        deeds = set(tx.scalars(text("select distinct deed from audit_entry")))
    assert len(deeds) > 15
    found = {word for word in KNOWN for line in log if word in line}
    assert found == set()


@given(
    words=st.text(min_size=1, max_size=30).filter(
        lambda words: not re.fullmatch(r"[A-Za-z0-9_.,:;+/=@#*-]*", words)
    )
)
def test_pr_37_prose_is_refused_wherever_it_is_put(words):
    """By every room's one way into the log."""
    assert not audit.is_code("rec_1", {"note": words})
    assert not audit.is_code("rec_1", {words: 1})
    assert not audit.is_code(f"{words} Karimzadeh", {})


def test_pr_37_a_deed_with_prose_is_an_error_of_ours_and_does_not_happen(tx):
    """The message does not repeat it."""
    with pytest.raises(RuntimeError) as refused:
        audit.enter(tx, actor(), Deed.RECORD_VIEWED, facts={"who": "Zahra Karimzadeh"})
    assert "Zahra" not in str(refused.value)


# ------------------------------------------------------------------------------------- PR-40


def entered(tx, deed: Deed) -> int:
    """Return how many entries of a deed there are."""
    found: int = tx.scalar(text("select count(*) from audit_entry where deed = :d"), {"d": deed})
    return found


def test_pr_40_who_reads_proves_or_verifies_the_log_is_in_it(tx):
    """Each access is an entry of its own."""
    reported(tx, "xbo")
    sealing.seal(tx, wait=True)
    checkpoints.sign_present(tx, SIGNER)
    number = tx.scalar(text("select max(number) from audit_entry"))
    audit_reading.select(tx, OFFICER, Selection())
    audit_reading.verify(tx, OFFICER, [SIGNER.verifier])
    audit_reading.prove(tx, OFFICER, number)
    audit_reading.last_checkpoint(tx, OFFICER)
    assert [
        entered(tx, deed)
        for deed in (
            Deed.AUDIT_READ,
            Deed.AUDIT_VERIFIED,
            Deed.AUDIT_PROVED,
            Deed.AUDIT_CHECKPOINT_TAKEN,
        )
    ] == [1, 1, 1, 1]


def test_pr_40_only_who_watches_reads_the_log(tx):
    """Not the desk whose deeds are in it, not who gives access; and what they ask is no name."""
    with pytest.raises(InvalidInput):
        audit_reading.select(tx, OFFICER, Selection(actor="Zahra Karimzadeh"))
    with pytest.raises(InvalidInput):
        audit_reading.select(tx, OFFICER, Selection(), limit=1001)
    for role in ("second_line", "supervisor", "analyst", "recorder", "administrator"):
        with pytest.raises(NotPermitted):
            audit_reading.select(tx, actor("xar", role), Selection())


def test_pr_40_an_owner_does_not_find_in_the_log_where_its_person_was_met(tx):
    """Entries of other authorities are not there for it: not read, not proven (PR-53)."""
    held = reported(tx, "xbo")
    bank.read(tx, actor("xar", "second_line"), held.id)
    sealing.seal(tx, wait=True)
    checkpoints.sign_present(tx, SIGNER)
    number = tx.scalar(text("select max(number) from audit_entry"))
    watcher = actor("xbo", "data_protection_officer")
    for chosen in (Selection(subject=held.id), Selection(actor="usr_xar"), Selection()):
        found = audit_reading.select(tx, watcher, chosen)
        assert {entry.authority for entry in found} <= {"xbo"}
    with pytest.raises(NotFound):
        audit_reading.prove(tx, watcher, number)
    assert audit_reading.prove(tx, OFFICER, number).entry.subject == held.id
