"""`didban device` at the node and on the device: every way between them, as people take it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bank_help import actor, authority, passport
from devices_help import PASSPHRASE, record_of
from didban import clock
from didban.exchange import words
from didban.guard.secrets import Secrets
from didban.screening.devices import enrolment, vault
from didban.store import node, records
from didban.store.exchange import peers
from didban.store.node import NodeRow
from screening_help import now_is, run


@pytest.fixture
def bank(database, tmp_path, monkeypatch):
    """Return the bank of a node with an identity, which the command line finds."""
    monkeypatch.setattr(vault, "_COST", 2**10)
    Secrets(tmp_path / "secrets").make()
    monkeypatch.setenv("DIDBAN_NODE_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("DIDBAN_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("DIDBAN_DEVICE", str(tmp_path / "device"))
    monkeypatch.setenv("DIDBAN_DEVICE_PASSPHRASE", PASSPHRASE)
    with database.begin() as tx:
        authority(tx, "xar", country="XAR")
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
        records.insert_record(tx, record_of(passport("A12345678")))
    (tmp_path / "passphrase").write_text("")
    made = run("identity", "make", "--root-key", tmp_path / "root.pem",
               "--endpoint", "http://127.0.0.1:9000")  # fmt: skip
    assert made.code == 0, made.err
    return database


@pytest.fixture
def memory(tmp_path):
    """Return a folder that stands for the device's memory."""
    place = tmp_path / "memory"
    place.mkdir()
    return ("--memory", place)


def _ready(bank, tmp_path) -> str:
    """Make a device, register and confirm it, and make a whole package; return its identifier."""
    made = _told("device", "new", "Gate 4, no. 2", "--out", tmp_path / "request.json")
    bound = ("--place", "Gate 4", "--purpose", "border_control")
    asked = _told("device", "enrol", tmp_path / "request.json", *bound)
    assert asked["id"] == made["id"]
    with bank.begin() as tx:
        enrolment.confirm(tx, actor("xar", "supervisor", user="usr_second"), made["id"])
    packed = _told("device", "make", made["id"], "--out", tmp_path / "whole.package")
    assert packed["records"] == 1
    return str(made["id"])


def _told(*arguments: object) -> dict[str, Any]:
    ended = run(*arguments, "--json")
    assert ended.out, ended.err
    told: dict[str, Any] = ended.json
    return told


def _words(bank) -> str:
    with bank.begin() as tx:
        return " ".join(words.of("xar", peers.descriptors(tx, "xar")[-1].root))


def test_a_device_is_carried_from_its_making_to_its_return(bank, tmp_path, memory):
    """Every step by a command, every answer by its exit code."""
    device = _ready(bank, tmp_path)

    opened = run("device", "open", tmp_path / "whole.package", "--words", _words(bank), *memory)
    hit = run("device", "check", "--document", "XAR:P:A12345678", *memory)
    none = run("device", "check", "--document", "XAR:P:B00000001", *memory, "--json")
    status = run("device", "status", *memory, "--json")
    back = run("device", "return", tmp_path / "back", "--json")
    home = run("device", "receive", tmp_path / "back", "--json")
    receipts = run("device", "receipts", device, "--json")
    closed = run("device", "close", *memory)

    assert opened.code == 0, opened.err
    assert (hit.code, none.code) == (10, 0), hit.err
    assert "POSSIBLE MATCH" in hit.out
    assert "asked: seize" in hit.out
    assert none.json["answer"] == "no_match"
    assert status.json["waiting"] == back.json["entries"] == 3
    assert (home.json["checks"], home.json["matches"]) == (2, 1), home.err
    assert json.loads(receipts.out)["holds"] == "1"
    assert closed.out == "Closed.\n"
    assert run("device", "check", "--name", "Anybody", *memory).code == 3


def test_it_says_how_old_it_is_and_then_refuses_to_say_no_hit(bank, tmp_path, memory):
    """Past the soft limit a banner, past the hard one UNKNOWN and exit 20 (PR-43)."""
    _ready(bank, tmp_path)
    run("device", "open", tmp_path / "whole.package", "--words", _words(bank), *memory)
    asked = ("device", "check", "--document", "XAR:P:A12345678", *memory)

    with now_is(clock.now() + timedelta(hours=30)):
        old = run(*asked)
    with now_is(clock.now() + timedelta(hours=200)):
        gone = run(*asked)
        status = run("device", "status", *memory)

    assert (old.code, gone.code, status.code) == (10, 20, 20)
    assert "contact the owner" in old.out
    assert "UNKNOWN" in gone.out


@pytest.mark.parametrize("said", [None, "acid " * 13])
def test_the_words_of_the_node_are_compared_first(bank, tmp_path, memory, said):
    """Nothing is taken in from a node of which nobody said the words."""
    _ready(bank, tmp_path)
    more = ("--words", said) if said else ()

    ended = run("device", "open", tmp_path / "whole.package", *more, *memory)

    assert ended.code in {2, 5}
    assert run("device", "status", *memory).code == 3


def test_an_update_is_small_and_a_lost_device_gets_none(bank, tmp_path, memory):
    """What changed since; and an end to it."""
    device = _ready(bank, tmp_path)
    run("device", "open", tmp_path / "whole.package", "--words", _words(bank), *memory)
    with bank.begin() as tx:
        records.insert_record(tx, record_of(passport("B55555555")))

    update = run("device", "update", device, "--out", tmp_path / "update", "--json")
    opened = run("device", "open", tmp_path / "update", *memory, "--json")
    listed = run("device", "list", "--json")
    revoked = run("device", "revoke", device)
    refused = run("device", "update", device, "--out", tmp_path / "never")

    assert (update.json["put"], update.json["withdrawn"]) == (1, 0)
    assert opened.json["records"] == 2
    assert json.loads(listed.out)["state"] == "active"
    assert revoked.code == 0
    assert refused.code == 2
    assert not (tmp_path / "never").exists()
