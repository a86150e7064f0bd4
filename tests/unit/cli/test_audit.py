"""`didban audit`: the log of the node on this machine, read, proven, signed and verified."""

from __future__ import annotations

import base64
import json
import sys

import pytest
from sqlalchemy import text

from bank_help import actor, authority
from didban import cli, clock
from didban.guard import audit
from didban.guard.checkpoints import Verifier
from didban.model.deeds import Deed
from didban.store import node
from didban.store.node import NodeRow


@pytest.fixture
def didban(database, monkeypatch, tmp_path, capsys):
    """Return the command line of a node with three entries."""
    with database.begin() as tx:
        authority(tx, "xar")
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
        for number in range(3):
            audit.enter(tx, actor(), Deed.RECORD_VIEWED, subject=f"rec_{number}")
    monkeypatch.setenv("DIDBAN_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("DIDBAN_NODE_DATA_FOLDER", str(tmp_path))
    seed = base64.b64encode(bytes(range(32))).decode()
    monkeypatch.setenv("DIDBAN_SECRET_AUDIT", seed)

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["didban", "audit", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


WHY = ("--reference", "inspection-7")


def test_a_checkpoint_is_kept_elsewhere_and_still_holds(didban, tmp_path):
    """It is signed by the key that `key` prints."""
    code, checkpoint = didban("checkpoint", *WHY)
    kept = tmp_path / "kept.txt"
    kept.write_text(checkpoint, encoding="utf-8")
    _, key = didban("key")
    assert code == 0
    assert Verifier.from_text(key).is_signed(checkpoint)
    assert didban("verify", *WHY, "--checkpoint", str(kept), "--json")[0] == 0


def test_a_changed_entry_is_named_and_the_command_fails(didban, database):
    """Entry, leaf and field."""
    didban("checkpoint", *WHY)
    code, said = didban("verify", *WHY)
    assert (code, "The log is whole." in said) == (0, True)
    with database.begin() as tx:
        tx.execute(text("update audit_entry set subject = 'rec_9' where number = 2"))
    code, said = didban("verify", *WHY)
    assert code == 3
    assert "FAULT: entry 2, leaf 1: the entry was changed (subject)" in said
    code, said = didban("verify", *WHY, "--json")
    assert json.loads(said)["faults"] == [
        {"what": "the entry was changed", "entry": 2, "leaf": 1, "fields": ["subject"]}
    ]


def test_entries_are_shown_and_showing_them_is_an_entry(didban):
    """The newest last; the second look sees the first."""
    code, said = didban("show", *WHY, "--actor", "usr_xar")
    assert (code, said.count("record.viewed")) == (0, 3)
    _, again = didban("show", *WHY, "--last", "1", "--json")
    entry = json.loads(again)
    assert (entry["deed"], entry["reference"], entry["place"]) == (
        "audit.read",
        "inspection-7",
        "command line",
    )
    assert entry["actor"].startswith("operator:")


def test_an_entry_is_proven_once_it_is_signed(didban):
    """Before that the command says what to do."""
    code, said = didban("prove", "2", *WHY)
    assert (code, "take a checkpoint first" in said) == (2, True)
    didban("checkpoint", *WHY)
    code, said = didban("prove", "2", *WHY)
    assert code == 0
    assert json.loads(said)["entry"]["subject"] == "rec_1"
    assert didban("prove", "99", *WHY)[0] == 2


def test_no_reference_no_reading(didban):
    """PR-01 holds on the command line too."""
    assert didban("show")[0] == 2
