"""What tests in a browser get: the three nodes of the story with people at their desks, and Chromium.

The story is told once for the whole folder; who needs a fresh record makes one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from didban.cli.demo import sitting
from tools import touring


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    """Return the bureaus of the story, running."""
    folder = tmp_path_factory.mktemp("office")
    if os.geteuid() == 0:  # PostgreSQL runs as another user, and must get to its data
        for each in (folder, *folder.parents[:2]):
            each.chmod(0o755)
    told = [sys.executable, "-m", "didban", "demo", "--story", "network", "--keep", folder]
    done = subprocess.run(told, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    with sitting.desks(folder) as bureaus:
        yield bureaus


@pytest.fixture(scope="session")
def chromium():
    """Return the browser; skipped (which fails in CI) where this machine has none."""
    named = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not named or not Path(named).exists():
        pytest.skip("there is no Chromium here: tools/find-chromium says how to get one")
    os.environ["CHROMIUM"] = named
    with touring.browser() as running:
        yield running
