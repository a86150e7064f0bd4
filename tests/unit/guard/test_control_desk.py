"""The control desk tries the protection rules on the node as it is, and signs what it finds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from bank_help import actor
from didban.errors import NotPermitted
from didban.guard import control_desk, sealing
from didban.guard.checkpoints import Signer
from didban.guard.control_checks import CHECKS
from didban.model.hits import HIT, HitEvent
from didban.model.retention import RetentionPolicy
from rights_help import INSPECTOR, reported

SIGNER = Signer("xar/didban/audit", bytes(range(32)))


def run(tx, who=INSPECTOR):
    """Return the report of a run."""
    return control_desk.run(tx, who, SIGNER, RetentionPolicy(), software="1.0")


def failed(report) -> list[str]:
    """Return the rules whose claims do not hold."""
    return [result.rule for result in report.results if not result.holds]


def test_pr_50_every_rule_holds_on_a_node_that_nobody_touched(tx):
    """In the order of the rules, each with its claim."""
    reported(tx, "xbo")
    sealing.seal(tx, wait=True)
    report = run(tx)
    assert failed(report) == []
    assert report.is_whole
    assert [result.rule for result in report.results] == sorted(check.rule for check in CHECKS)
    assert all(result.claim.endswith(".") for result in report.results)


def test_pr_50_the_report_is_signed_and_a_changed_one_is_not(tx):
    """Text and data are bound together by the digest that is signed."""
    report = run(tx)
    assert SIGNER.verifier.is_signed(report.note)
    assert not SIGNER.verifier.is_signed(report.note.replace("holds PR-09", "FAILS PR-09"))
    packed = json.dumps(report.data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert f"sha256 {hashlib.sha256(packed.encode()).hexdigest()}" in report.note
    assert json.loads(json.dumps(report.to_json()))["note"] == report.note


def test_pr_50_a_run_leaves_nothing_but_its_entry(tx):
    """Probes are undone."""
    before = tx.scalar(text("select count(*) from record"))
    entries = tx.scalar(text("select count(*) from audit_entry"))
    run(tx)
    assert tx.scalar(text("select count(*) from record")) == before
    assert tx.scalar(text("select count(*) from audit_entry")) == entries + 1


def test_pr_50_what_is_wrong_is_named(tx, monkeypatch):
    """A changed entry, prose in the log, a record beyond its day, a way around the decision."""
    held = reported(tx, "xbo")
    sealing.seal(tx, wait=True)
    tx.execute(text("update audit_entry set place = 'Gate 9' where subject = :id"), {"id": held.id})
    assert failed(run(tx)) == ["PR-36"]
    tx.execute(
        text('update audit_entry set facts = \'{"who": "Zahra Karimzadeh"}\' where subject = :id'),
        {"id": held.id},
    )
    tx.execute(text("update record set retention_until = '2020-01-01'"))
    assert failed(run(tx)) == ["PR-31", "PR-36", "PR-37"]
    tx.execute(text("update record set retention_until = '2090-01-01'"))
    short = next(arrow for arrow in HIT.transitions if arrow.event is HitEvent.TAKE_ACTION)
    without = replace(HIT, transitions=(*HIT.transitions, replace(short, source=HIT.initial)))
    monkeypatch.setattr("didban.guard.control_checks.HIT", without)
    assert failed(run(tx)) == ["PR-26", "PR-30", "PR-36", "PR-37"]


def test_pr_50_only_who_watches_runs_it(tx):
    """Inspectors and data-protection officers."""
    for role in ("supervisor", "second_line", "administrator"):
        with pytest.raises(NotPermitted):
            run(tx, actor("xar", role))
    assert run(tx, actor("xar", "data_protection_officer")).results
