"""What is under version control belongs to everyone: no machine's paths, no addresses, no ballast."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

LARGEST_FILE = 400_000  # bytes; lists and models come from outside
GENERATED = frozenset({"docs/reference/openapi.json"})  # kept so that a change of it is seen

# Written so that this file does not match itself.
MACHINE_PATHS = re.compile(r"(?<![\w.}])/(?:work|root|farm|home/\w+|Users/\w+|tmp/(?!\{))/[\w.-]+")
REGISTRY_HOSTS = re.compile(r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|deb[.]debian")


@pytest.fixture(scope="module")
def tracked(root: Path) -> dict[str, str]:
    """Return the text of every tracked text file by its path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
    )
    texts = {}
    for name in filter(None, listed.stdout.split("\0")):
        path = root / name
        if path.is_file():
            texts[name] = path.read_text(encoding="utf-8", errors="replace")
    return texts


def test_no_path_of_one_machine_is_tracked(tracked: dict[str, str]):
    """A path that only one machine has misleads everyone else."""
    found = {name: m.group() for name, text in tracked.items() if (m := MACHINE_PATHS.search(text))}

    assert found == {}


def test_no_registry_is_named(tracked: dict[str, str]):
    """Where packages come from is the user's choice; lock files name versions and hashes only."""
    found = {
        name: m.group() for name, text in tracked.items() if (m := REGISTRY_HOSTS.search(text))
    }

    assert found == {}


def test_no_large_file_is_tracked(root: Path, tracked: dict[str, str]):
    """Lists, snapshots and models stay outside."""
    sizes = {name: (root / name).stat().st_size for name in tracked if name not in GENERATED}

    assert {name: size for name, size in sizes.items() if size > LARGEST_FILE} == {}


def test_every_text_file_ends_with_one_newline(tracked: dict[str, str]):
    """Tools that join files, and people who read differences, rely on it."""
    found = [
        name
        for name, text in tracked.items()
        if name.endswith((".py", ".md", ".toml", ".pyx", ".cpp", ".hpp"))
        and text
        and (not text.endswith("\n") or text.endswith("\n\n"))
    ]

    assert found == []
