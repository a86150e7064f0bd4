"""In CI nothing is skipped in silence: what should run there and does not is a failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_SKIPPED_TEST = """
import pytest

def test_that_needs_the_real_lists(shared_data):
    pass

def test_that_skips_itself():
    pytest.skip("no reason at all")
"""


def _pytest(root: Path, folder: Path, *, ci: str) -> subprocess.CompletedProcess[str]:
    """Run two tests under our conftest in a folder that has no shared data beside it."""
    tests = folder / "repository" / "tests"
    tests.mkdir(parents=True)
    for path in (root / "tests").glob("*.py"):
        shutil.copy(path, tests)
    (tests / "test_skipped.py").write_text(_SKIPPED_TEST, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_skipped.py"],
        cwd=tests,
        env=os.environ | {"CI": ci, "PYTHONPATH": str(tests)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_skipped_test_fails_in_ci_only(root: Path, tmp_path: Path, ci: str, code: int):
    """A contributor may be without the real lists; CI may not."""
    done = _pytest(root, tmp_path, ci=ci)

    assert done.returncode == code, done.stdout
    for told in ("1 failed", "1 error") if code else ("2 skipped",):
        assert told in done.stdout
