"""A `kill -9` while lists are being resolved leaves no half file, and a trace."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from screening_help import LISTED, PURPOSE, build_now, entries, environment
from specimens import crowd, person

_PATIENCE = 120.0


def _start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "didban", "resolve", "lists", "--output", "out.jsonl",
         "--pairs", "pairs.jsonl", "--workers", "2", *PURPOSE],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.slow
def test_what_was_there_stays_until_all_is_there(tmp_path: Path):
    """The older answer is whole, the newer one comes at once, and the log knows of both runs."""
    twice = [person(LISTED, id=f"{name}-1", datasets=(name,), birthDate="1970") for name in "ab"]
    snapshot = build_now(tmp_path / "lists", [*twice, *crowd(1_500)])
    out = tmp_path / "out.jsonl"
    out.write_text("older\n")

    killed = _start(tmp_path)
    limit = time.monotonic() + _PATIENCE
    while not list(tmp_path.glob("lists.checks.jsonl.run-*")):
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.005)
    killed.kill()
    killed.wait()

    assert (out.read_text(), (tmp_path / "pairs.jsonl").exists()) == ("older\n", False)
    assert _start(tmp_path).wait() == 0
    assert out.read_text().startswith('{"cluster": "cluster-a-1"')
    assert [entry.outcome for entry in entries(snapshot)] == ["interrupted", "done"]
