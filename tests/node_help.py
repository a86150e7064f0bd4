"""Clusters and whole nodes for tests, in folders that the database's account can reach."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from didban.store.embedded import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Iterator

FAST = ("fsync=off", "shared_buffers=16MB")

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="lends an account to the server: root's")


@pytest.fixture
def place() -> Iterator[Path]:
    """Return an empty folder with a short path, which every account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="didban-"))
    folder.chmod(0o755)
    yield folder
    for data in folder.rglob("PG_VERSION"):
        if data.parent.name == "data":
            EmbeddedPostgres(data.parent.parent).stop()
    shutil.rmtree(folder)


def didban(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line, and return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "didban", *map(str, arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def told(*arguments: str | Path, **environment: str) -> dict[str, Any]:
    """Run a command that answers in JSON, and return its answer."""
    done = didban(*arguments, "--json", **environment)
    assert done.stdout, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
