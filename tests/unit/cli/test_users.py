"""The operator gives access on the machine itself; each command is entered in the audit."""

from __future__ import annotations

import json

import pytest

from bank_help import authority
from didban import clock
from didban.guard import credentials
from didban.guard.secrets import Secrets
from didban.store import node
from didban.store.node import NodeRow
from didban.store.tables.audit import audit_entry
from screening_help import run


@pytest.fixture
def bank(database, tmp_path, monkeypatch):
    """Return the bank of a node of `xar` that the command line finds."""
    Secrets(tmp_path / "secrets").make()
    monkeypatch.setenv("DIDBAN_NODE_DATA_FOLDER", str(tmp_path))
    url = database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DIDBAN_DATABASE_URL", url)
    with database.begin() as tx:
        authority(tx, "xar")
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return database


def _json(*arguments: str) -> dict[str, str]:
    ended = run(*arguments, "--json")
    assert ended.code == 0, ended.err
    told: dict[str, str] = json.loads(ended.out)
    return told


def test_a_user_is_added_listed_and_disabled(bank):
    """The secret is shown once, the list never shows it."""
    told = _json("user", "add", "Z.Karimi", "--role", "second_line", "--role", "recorder")
    run("user", "add", "a.first", "--role", "administrator")
    listed = run("user", "list")
    disabled = run("user", "disable", "z.karimi")
    refused = run("user", "disable", "a.first")

    assert (told["login"], told["enrolment"][:4]) == ("z.karimi", "enr_")
    assert "recorder,second_line  invited" in listed.out
    assert told["enrolment"] not in listed.out
    assert disabled.code == 0
    assert "closed" in run("user", "list").out
    assert refused.code != 0
    assert "last administrator" in refused.err
    with bank.begin() as tx:
        entries = [(row.actor.split(":")[0], row.deed) for row in tx.execute(audit_entry.select())]
    assert entries[0] == ("operator", "user.added")


def test_a_reset_is_asked_for_and_done_alone_only_where_nobody_is_left(bank):
    """Two persons, or a signal."""
    _json("user", "add", "a.first", "--role", "administrator")
    asked = run("user", "reset", "a.first")
    alone = _json("user", "reset", "a.first", "--no-second-person")

    assert "Another person confirms it" in asked.out
    assert alone["enrolment"].startswith("enr_")
    assert run("user", "reset", "nobody.here").code != 0


def test_a_token_is_issued_listed_and_revoked(bank):
    """It works in between."""
    given = ("--role", "first_line", "--purpose", "border_control", "--place", "Gate 4")
    told = _json("token", "issue", "scanner 4", *given)
    with bank.begin() as tx:
        assert credentials.actor_of(tx, told["secret"], "").place == "Gate 4"
    listed = run("token", "list")
    revoked = run("token", "revoke", told["id"])

    assert "Gate 4" in listed.out
    assert told["secret"] not in listed.out
    assert revoked.code == 0
    assert "revoked" in _json("token", "list")["until"]


NONSENSE = (
    ("user", "add", "z.karimi", "--role", "captain"),
    ("user", "add", "z.karimi", "--role", "administrator", "--role", "analyst"),
    ("token", "issue", "x", "--role", "first_line", "--purpose", "none", "--place", "G"),
    ("token", "issue", "x", "--role", "supervisor", "--purpose", "supervision", "--place", "G"),
    ("token", "revoke", "tok_unknown"),
)


def test_what_makes_no_sense_is_refused_in_words(bank):
    """Nothing is changed."""
    for arguments in NONSENSE:
        ended = run(*arguments)

        assert ended.code != 0
        assert ended.err.startswith("didban: ")
    assert run("user", "list").out.strip() == "none"
