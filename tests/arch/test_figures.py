"""Figures that the documentation states are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from didban.cli.exits import Exit
from didban.match.modes import Mode


@pytest.mark.parametrize("mode", list(Mode))
def test_the_threshold_of_each_mode_is_the_documented_one(root: Path, mode: Mode):
    """An officer reads there what a mode calls a match."""
    page = (root / "docs" / "explanation" / "matching.md").read_text(encoding="utf-8")

    assert f"| `{mode}` | {mode.threshold:.2f} |" in page


def test_every_exit_code_is_documented_and_no_other(root: Path):
    """Scripts are written from that page."""
    page = (root / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")

    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}

    assert documented == {code.value for code in Exit}
