"""The protocol's document names what the code says to other nodes, and can be quoted by number."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from didban.model.exchange.kinds import Call, Kind

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reference" / "exchange-protocol.md").read_text(encoding="utf-8")
CLAUSES = [
    (int(part), int(number)) for part, number in re.findall(r"^(\d+)\.(\d+) ", TEXT, re.MULTILINE)
]


def test_every_kind_and_call_stands_in_the_document():
    """Clause 13 says what each of them is about, and where."""
    part = TEXT[TEXT.index("\n## 13.") : TEXT.index("\n## 14.")]
    named = set(re.findall(r"`([a-z_]+)`", part))
    assert {*map(str, Kind), *map(str, Call)} - named == set()


def test_clauses_are_numbered_without_a_gap():
    """So that a number means one clause."""
    for part, numbers in groupby(CLAUSES, key=lambda one: one[0]):
        found = [number for _, number in numbers]
        assert found == list(range(1, len(found) + 1)), f"part {part}"


def test_clauses_that_are_referred_to_are_there():
    """A reader who follows a number arrives."""
    referred = re.findall(r"\((\d+)\.(\d+)\)|[Cc]lause (\d+)\.(\d+)", TEXT)
    named = {(int(a or c), int(b or d)) for a, b, c, d in referred}
    assert named - set(CLAUSES) == set()


def test_files_that_are_named_are_there():
    """The vectors and the second writings."""
    for path in re.findall(r"`((?:tests|src)/[^`]+)`", TEXT):
        assert (ROOT / path).exists(), path
