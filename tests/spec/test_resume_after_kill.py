"""A `kill -9` at any moment loses nothing that was written and repeats nothing that was done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from screening_help import LISTED, PURPOSE, build_now, entries, environment, write_queries
from specimens import crowd

_PATIENCE = 120.0


def _until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.005)


def _start(folder: Path, out: str, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "didban", "screen", "in.jsonl", "--snapshot", "lists",
         "--output", out, "--workers", "2", *PURPOSE, *more],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip


def _alive_in(session: int) -> list[int]:
    """Return the processes of a session that still run (Linux)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see what is left running")
def test_a_killed_screening_is_resumed_to_the_same_bytes(tmp_path: Path):
    """No worker is left behind, no line is lost or doubled, and the log has both runs."""
    snapshot = build_now(tmp_path / "lists")
    names = [record.values("name")[0] for record in crowd(6_000)]
    write_queries(tmp_path / "in.jsonl", [LISTED, *names])
    assert _start(tmp_path, "whole").wait() == 10

    killed = _start(tmp_path, "cut")
    out = tmp_path / "cut"
    _until(lambda: out.exists() and out.stat().st_size > 0)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    written = out.read_bytes()
    _until(lambda: _alive_in(killed.pid) == [])

    assert (tmp_path / "whole").read_bytes().startswith(written)
    assert _start(tmp_path, "cut", "--resume").wait() == 10
    assert out.read_bytes() == (tmp_path / "whole").read_bytes()
    whole, lost, resumed = entries(snapshot)
    assert (whole.outcome, lost.outcome, resumed.outcome) == ("done", "interrupted", "done")
    assert lost.asked >= written.count(b"\n")
    assert resumed.asked == whole.asked - written.count(b"\n")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see what is left running")
def test_an_interrupted_screening_says_so_and_leaves_nobody_behind(tmp_path: Path):
    """Ctrl-C reaches the workers too; it ends with 3, whole lines, and an entry that tells."""
    snapshot = build_now(tmp_path / "lists")
    names = [record.values("name")[0] for record in crowd(30_000)]
    write_queries(tmp_path / "in.jsonl", names)
    started = _start(tmp_path, "cut")
    out = tmp_path / "cut"
    _until(lambda: out.exists() and out.stat().st_size > 0)
    os.killpg(started.pid, signal.SIGINT)

    assert started.wait() == 3
    _until(lambda: _alive_in(started.pid) == [])
    assert out.read_bytes().endswith(b"\n")
    assert [entry.outcome for entry in entries(snapshot)] == ["interrupted"]
