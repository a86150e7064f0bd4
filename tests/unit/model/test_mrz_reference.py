"""The reference page tells of every warning, and of no other."""

from __future__ import annotations

import re
from pathlib import Path

from didban.model.mrz import doubts


def test_every_warning_has_its_row_in_the_reference(root):
    """An officer who meets a code can look it up."""
    page = (root / "docs" / "reference" / "mrz.md").read_text(encoding="utf-8")
    table = page[page.index("## Warnings") :]
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    told = {code for row in rows for code in re.findall(r"`([a-z_]+)`", row)}
    source = Path(doubts.__file__).read_text(encoding="utf-8")

    assert told == set(re.findall(r'yield\s*\(?\s*"([a-z_]+)"', source))
