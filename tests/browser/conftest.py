"""What tests in a browser get: the three nodes of the story with people at their desks, and Chromium.

The story is told once for the whole folder; who needs a fresh record makes one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from folders_help import new_folder
from tools import touring


def pytest_collection_modifyitems(items):
    """Look at the offices first, work in them then: what is reached is what the story alone left."""
    items.sort(key=lambda item: item.path.name == "test_journeys.py")


@pytest.fixture(scope="session")
def office():
    """Return the bureaus of the story, running."""
    place = new_folder("didban-office-")
    with touring.office(place / "office") as bureaus:
        yield bureaus
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def chromium():
    """Return the browser, for one file: its loop must be gone when other tests run theirs.

    Skipped, which fails in CI, where this machine has none.
    """
    named = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not named or not Path(named).exists():
        pytest.skip("there is no Chromium here: tools/find-chromium says how to get one")
    os.environ["CHROMIUM"] = named
    with touring.browser() as running:
        yield running
