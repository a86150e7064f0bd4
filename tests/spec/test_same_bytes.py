"""Same input, same output, to the byte: whatever the process, the workers or the hash seed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from screening_help import LISTED, PURPOSE, build_now, environment, write_queries
from specimens import crowd


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return a folder with a snapshot and, where it is needed, a list to screen."""
    folder: Path = tmp_path_factory.mktemp("same")
    build_now(folder / "lists")
    names = [record.values("name")[0] for record in crowd(400)]
    write_queries(folder / "in.jsonl", [LISTED, *names])
    return folder


def _run(folder: Path, *arguments: str, seed: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "didban", *arguments, "--snapshot", "lists", *PURPOSE],
        cwd=folder,
        env=environment(PYTHONHASHSEED=seed),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 10, done.stderr
    return done.stdout


def test_a_list_gives_the_same_bytes_in_every_run(folder: Path):
    """With one worker and with three."""
    outputs = []
    for seed, workers in (("1", "1"), ("2", "3")):
        out = f"out-{seed}"
        _run(folder, "screen", "in.jsonl", "--output", out, "--threshold", "0",
             "--workers", workers, seed=seed)  # fmt: skip
        outputs.append((folder / out).read_bytes())

    assert outputs[0] == outputs[1]


def test_a_check_gives_the_same_bytes_in_every_run(folder: Path):
    """Its JSON holds nothing that the clock or the process changes."""
    answers = {
        _run(folder, "check", "--name", LISTED, "--json", "--threshold", "0", seed=seed)
        for seed in ("1", "2")
    }

    assert len(answers) == 1
