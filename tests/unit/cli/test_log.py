from __future__ import annotations

from pathlib import Path

import pytest

from screening_help import LISTED, ask, build_now, run


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """Return a snapshot of a few invented people."""
    listed = build_now(tmp_path / "lists")
    ask(listed, "--name", LISTED)
    ask(listed, "--name", "Quirin Eggenfelder")
    return listed


def test_show_tells_who_why_and_how_many(snapshot: Path):
    """As a table, or as the entries themselves."""
    words = run("log", "show", snapshot)
    lines = run("log", "show", snapshot, "--json", "--last", 1).out.splitlines()

    assert (words.code, "quality_test" in words.out, len(lines)) == (0, True, 1)


def test_verify_says_that_the_log_is_whole(snapshot: Path):
    """And which seal to note down."""
    found = run("log", "verify", snapshot, "--json")

    assert (found.code, found.json["whole"], found.json["entries"]) == (0, True, 2)


def test_verify_ends_with_3_when_something_was_changed(snapshot: Path):
    """An administrator is called."""
    log = Path(f"{snapshot}.checks.jsonl")
    log.write_text(log.read_text().replace('"matched":1', '"matched":0'))
    ended = run("log", "verify", snapshot)

    assert ended.code == 3
    assert "FAULT: line 1" in ended.out


def test_a_seal_noted_earlier_must_still_be_there(snapshot: Path):
    """A log that was rewritten whole has other seals."""
    seal = run("log", "verify", snapshot, "--json").json["seal"]

    assert run("log", "verify", snapshot, "--seal", seal).code == 0
    assert run("log", "verify", snapshot, "--seal", "f" * 64).code == 3


@pytest.mark.parametrize("command", ["show", "verify"])
def test_a_mistyped_snapshot_is_not_called_whole(snapshot: Path, command: str):
    """An empty log of nothing would look like one that is in order."""
    assert run("log", command, snapshot.with_name("elsewhere")).code == 2
    assert run("log", command, snapshot / "manifest.json").code == 2
