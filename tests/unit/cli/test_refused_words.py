"""What a command refuses is named: what it is, where it is wrong, and what to do next."""

from __future__ import annotations

import json

import pytest

from didban import clock
from didban.cli import given_files
from didban.cli.desk import ask, deeds
from didban.cli.network import remarks
from didban.errors import InvalidFile, InvalidInput, Malformed
from didban.model.exchange.peers import PeerState
from didban.model.exchange.standing import NetworkStatus, Standing


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"-----BEGIN PRIVATE KEY-----\n", "a root key: it stays in its safe"),
        (b'{"payload": "e30=", "signatures": {}}', "a charter"),
        (b'{"header": "e30=", "key": "k"}', "entries for a courier"),
        (b'{"entity": {}}', "a record"),
        (b"", "empty"),
        (b"\x00\x01", "no good"),
    ],
)
def test_a_file_of_another_kind_is_named_with_what_it_is(tmp_path, content, what):
    """Whoever hands over the wrong file learns which one it was."""
    file = tmp_path / "given"
    file.write_bytes(content)
    wanted = given_files.INTRODUCTION
    with pytest.raises(InvalidFile) as refused, given_files.reading(file, wanted):
        raise Malformed("no good")
    assert str(file) in str(refused.value)
    assert what in str(refused.value)


def test_a_draft_that_is_no_json_is_named_with_the_place(tmp_path):
    """The line and the column."""
    file = tmp_path / "notice.json"
    file.write_text('{\n  "form": notice\n}')
    with pytest.raises(InvalidInput, match=r"notice\.json is not JSON at line 2, column 11"):
        deeds.json_of(file)


def test_the_gate_is_answered_before_anything_is_asked(tmp_path):
    """And who did not answer it reads by which options that is done (PR-53)."""
    with pytest.raises(InvalidInput, match=r"--seeks-protection .* --no-protection"):
        ask.document("B2290417", issuer="xbo", session=tmp_path / "none")


def test_who_looks_at_the_network_reads_what_to_do_next():
    """About a node that does not answer, and about one that was never heard."""
    values = json.loads(
        '{"failures": 0, "fault": null, "skew_seconds": null, "to_come": 0, "owed": 0,'
        ' "owed_since": null, "evidence": 0, "ends_at": null, "called_at": null,'
        ' "heard_at": null, "witnessed_at": null, "unseen": 0, "witness_fault": null}'
    )
    silent = Standing(
        node="xbo", state=PeerState.PINNED, stopped=(),
        **{**values, "failures": 3, "fault": "unanswered"},
    )  # fmt: skip
    new = Standing(node="xca", state=PeerState.PINNED, stopped=(), **values)
    found = NetworkStatus(at=clock.now(), nodes=(silent, new), own_stopped=(), own_ends_at=None)
    said = remarks(found)
    assert said[0] == "xbo: 3 calls failed in a row (unanswered)"
    assert "'didban peer show xbo'" in said[1]
    assert said[2].startswith("xca: nothing came of it yet")
